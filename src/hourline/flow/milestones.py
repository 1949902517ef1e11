"""Say that a milestone is reached; one that is refused waits and is tried again."""

from collections.abc import Callable
from datetime import date

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.billing.service import WaitingMilestone
from hourline.flow.best_guess import guess_revenue
from hourline.flow.transactions import (
    in_one_transaction,
    number_of,
    queued,
    snapshot_of,
)
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot

_SUBJECT = "milestone"


def reach_milestone(
    database: Database,
    tenant: int,
    *,
    contract_line: str,
    milestone: str,
    reached_on: date,
) -> Problem | None:
    """Say that a milestone is reached; a refusal waits in its queue.

    It is tried again whenever master data changes. Raises NotKnown for an unknown
    contract line.
    """

    def run(session: Session) -> Problem | None:
        snapshot = snapshot_of(session)
        line_no = number_of(snapshot, "contract_line", contract_line)
        reported = WaitingMilestone(line_no, milestone, reached_on)
        return _reach(session, snapshot, reported)

    return in_one_transaction(database, tenant, run)


def hold_milestone(
    database: Database,
    tenant: int,
    *,
    contract_line: str,
    milestone: str,
    because: Because,
) -> bool:
    """Take a reached milestone out of billing; return whether that is new.

    Who did it and why goes into the audit chain. Raises NotKnown for an unknown line,
    LookupError for a milestone that is not reached.
    """

    def work(session: Session, line_no: int) -> bool:
        return billing.hold_milestone(session, line_no, milestone, because)

    named = (contract_line, milestone)
    return _reviewed(database, tenant, named, (because, "held"), review=work)


def release_milestone(
    database: Database,
    tenant: int,
    *,
    contract_line: str,
    milestone: str,
    because: Because,
) -> bool:
    """Put a held milestone back into billing; as `hold_milestone`."""

    def work(session: Session, line_no: int) -> bool:
        return billing.release_milestone(session, line_no, milestone)

    named = (contract_line, milestone)
    return _reviewed(database, tenant, named, (because, "released"), review=work)


def _reviewed(
    database: Database,
    tenant: int,
    named: tuple[str, str],
    said: tuple[Because, str],
    *,
    review: Callable[[Session, int], bool],
) -> bool:
    contract_line, milestone = named
    because, done = said

    def work(session: Session) -> bool:
        line_no = number_of(snapshot_of(session), "contract_line", contract_line)
        changed = review(session, line_no)
        if changed:
            change = ManualChange(
                actor=because.actor,
                action=f"milestone.{done}",
                subject=f"milestone {contract_line}/{milestone}",
                reason=because.reason,
            )
            record_change(session, change)
        return changed

    return in_one_transaction(database, tenant, work)


def resume_milestones(session: Session, *, contract_line_no: int | None = None) -> None:
    """Try what waits since older master data, of one contract line or of all."""
    snapshot = snapshot_of(session)
    for one in billing.waiting_milestones(
        session, snapshot, contract_line_no=contract_line_no
    ):
        _reach(session, snapshot, one)


def _reach(
    session: Session, snapshot: Snapshot, reported: WaitingMilestone
) -> Problem | None:
    outcome = billing.reach_milestone(
        session,
        snapshot,
        reported.contract_line_no,
        milestone=reported.milestone,
        reached_on=reported.reached_on,
    )
    billing.settle_milestone(session, snapshot, reported, waits=outcome is not None)
    line = snapshot.contract_line(reported.contract_line_no)
    if outcome is None:
        guess_revenue(session, snapshot, [line.contract_no])
    key = f"{line.id}/{reported.milestone}"
    return queued(session, outcome, kind=_SUBJECT, key=key)
