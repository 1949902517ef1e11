"""Say that a milestone is reached; one that is refused waits and is tried again."""

from datetime import date

from hourline.billing import service as billing
from hourline.billing.service import WaitingMilestone
from hourline.flow.best_guess import guess_revenue
from hourline.flow.transactions import (
    in_one_transaction,
    number_of,
    queued,
    snapshot_of,
)
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
