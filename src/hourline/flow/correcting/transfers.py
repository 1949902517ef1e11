"""Transfer open work to another project: reversed and decided anew, in the chain."""

from dataclasses import dataclass

from hourline.billing.model import Because
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.correcting.figures import Figures, read_figures
from hourline.flow.correcting.redeciding import Anew, Redecided, redecide
from hourline.flow.reviews import EntryName, entry_no_of
from hourline.flow.transactions import (
    in_one_transaction,
    now,
    number_of,
    snapshot_of,
    tried,
)
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.codes import Redecision
from hourline.kernel.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """Hold what stood of an entry and what stands of it now; None where undecided."""

    changed: bool
    before: Figures | None
    after: Figures | None


def transfer_entry(
    database: Database,
    tenant: int,
    entry: EntryName,
    because: Because,
    *,
    project: str,
    try_only: bool = False,
) -> Transferred | Problem:
    """Put an entry on another project and decide it anew there.

    With `try_only` nothing of it stays. A refusal changes nothing and waits in its
    queue. Raises NotKnown for an entry or project there is none of, and NotOne.
    """

    def work(session: Session) -> Transferred | Problem:
        number_of(snapshot_of(session), "project", project)
        entry_no = entry_no_of(session, entry)
        before = read_figures(session, entry_no)
        anew = Anew(kind=Redecision.TRANSFER, because=because, project=project)
        outcome = redecide(session, entry_no, anew)
        if isinstance(outcome, Problem):
            if not try_only:
                subject = Subject("entry", str(entry_no), entry_no)
                exceptions.open_items(session, [(subject, outcome)], at=now())
            return outcome
        if outcome.changed and not try_only:
            record_change(session, _change(outcome, before, project, because))
        after = read_figures(session, entry_no)
        return Transferred(changed=outcome.changed, before=before, after=after)

    if try_only:
        return tried(database, tenant, work)
    return in_one_transaction(database, tenant, work)


def _change(
    outcome: Redecided, before: Figures | None, project: str, because: Because
) -> ManualChange:
    return ManualChange(
        actor=because.actor,
        action="entry.transferred",
        subject=f"entry {outcome.entry_no}",
        reason=because.reason,
        before=None if before is None else {"project": before.project},
        after={"project": project},
    )
