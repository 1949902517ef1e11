"""Transfer open work to another project: reversed and decided anew, in the chain."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from hourline.billing.model import Because
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.correcting.figures import Figures, read_figures
from hourline.flow.correcting.redeciding import Anew, Redecided, redecide
from hourline.flow.correcting.splitting import PartWanted, split_entry
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
    """Hold what stood of an entry and what stands of it now; None where undecided.

    `part` is what stands of the part that was taken out, where it was only a part.
    """

    changed: bool
    before: Figures | None
    after: Figures | None
    part: Figures | None = None


# What was done, and what the audit chain is told of it.
_Done: TypeAlias = tuple[Transferred, ManualChange]


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

    def change(session: Session, entry_no: int) -> _Done | Problem:
        before = read_figures(session, entry_no)
        anew = Anew(kind=Redecision.TRANSFER, because=because, project=project)
        outcome = redecide(session, entry_no, anew)
        if isinstance(outcome, Problem):
            return outcome
        after = read_figures(session, entry_no)
        done = Transferred(changed=outcome.changed, before=before, after=after)
        return done, _change(outcome, before, project, because)

    work = _Transfer(entry, project, change, try_only=try_only)
    return (tried if try_only else in_one_transaction)(database, tenant, work)


def transfer_part(
    database: Database,
    tenant: int,
    entry: EntryName,
    because: Because,
    *,
    part: PartWanted,
    try_only: bool = False,
) -> Transferred | Problem:
    """Put a part of an entry on a project, as an entry of its own.

    Otherwise as `transfer_entry`. Raises AmountTooFine, too.
    """

    def change(session: Session, entry_no: int) -> _Done | Problem:
        before = read_figures(session, entry_no)
        outcome = split_entry(session, entry_no, part, because)
        if isinstance(outcome, Problem):
            return outcome
        taken = read_figures(session, outcome)
        after = read_figures(session, entry_no)
        done = Transferred(changed=True, before=before, after=after, part=taken)
        return done, _division(entry_no, outcome, part, because)

    work = _Transfer(entry, part.project, change, try_only=try_only)
    return (tried if try_only else in_one_transaction)(database, tenant, work)


class _Transfer:
    """Do a transfer in a transaction; a refusal that is no trial waits in its queue."""

    def __init__(
        self,
        entry: EntryName,
        project: str,
        change: Callable[[Session, int], _Done | Problem],
        *,
        try_only: bool,
    ) -> None:
        self._entry = entry
        self._project = project
        self._change = change
        self._try_only = try_only

    def __call__(self, session: Session) -> Transferred | Problem:
        number_of(snapshot_of(session), "project", self._project)
        entry_no = entry_no_of(session, self._entry)
        outcome = self._change(session, entry_no)
        if isinstance(outcome, Problem):
            if not self._try_only:
                subject = Subject("entry", str(entry_no), entry_no)
                exceptions.open_items(session, [(subject, outcome)], at=now())
            return outcome
        done, told = outcome
        if done.changed and not self._try_only:
            record_change(session, told)
        return done


def _division(
    entry_no: int, part_no: int, part: PartWanted, because: Because
) -> ManualChange:
    amount = None if part.amount is None else str(part.amount)
    return ManualChange(
        actor=because.actor,
        action="entry.divided",
        subject=f"entry {entry_no}",
        reason=because.reason,
        after={
            "part": f"entry {part_no}",
            "project": part.project,
            "seconds": part.seconds,
            "amount": amount,
        },
    )


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
