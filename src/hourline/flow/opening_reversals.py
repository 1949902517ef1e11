"""Take opening positions back as exact mirrors, once a second person agrees."""

from collections.abc import Sequence
from dataclasses import dataclass

from hourline.billing import openings as billing
from hourline.billing.store_openings import Agreed, ListedPosition
from hourline.decide import service as decide
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.openings import CannotTakeOver
from hourline.flow.transactions import in_one_transaction, now
from hourline.infra.approvals import (
    NotApprovable,
    Proposal,
    approve_change,
    propose_change,
)
from hourline.infra.database import Database, Session
from hourline.intake.model import Superseded
from hourline.intake.opening_entries import recall_opening_entries
from hourline.kernel.openings import RowProblem

REVERSE = "opening.reverse"


@dataclass(frozen=True, slots=True)
class Reversed:
    """Say which rows of a batch were taken back."""

    batch_no: int
    rows: list[int]


def propose_opening_reversal(
    database: Database,
    tenant: int,
    batch_no: int,
    *,
    rows: Sequence[int] | None = None,
    actor: str,
    reason: str,
) -> int:
    """Propose to take back rows of a batch, all of it by default; return the number.

    Raises LookupError where there is nothing to take back, CannotTakeOver where a
    position stands on an invoice.
    """
    with database.tenant(tenant) as session:
        positions = _positions(session, batch_no, rows)
        return propose_change(
            session,
            action=REVERSE,
            content={
                "batch_no": batch_no,
                "rows": [one.row_no for one in positions],
                "references": [one.reference for one in positions],
            },
            reason=reason,
            proposer=actor,
        )


def approve_opening_reversal(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> Reversed:
    """Approve a reversal as it was shown and book its mirrors, in one transaction.

    Raises NotApprovable as `approve_change`, and what `propose_opening_reversal`
    raises where that has come true since; NoOpenPeriod where no month is open.
    """

    def work(session: Session) -> Reversed:
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        if proposal.action != REVERSE:
            msg = f"Proposal {proposal_no} is not about reversing opening positions."
            raise NotApprovable(msg)
        return _reverse(session, proposal, approver=approver)

    return in_one_transaction(database, tenant, work)


def _positions(
    session: Session, batch_no: int, rows: Sequence[int] | None
) -> list[ListedPosition]:
    found = billing.reversible(session, batch_no, rows)
    problems = [one for one in found if isinstance(one, RowProblem)]
    if problems:
        raise CannotTakeOver(problems)
    return [one for one in found if isinstance(one, ListedPosition)]


def _reverse(session: Session, proposal: Proposal, *, approver: str) -> Reversed:
    batch_no, rows = proposal.content["batch_no"], proposal.content["rows"]
    positions = _positions(session, batch_no, rows)
    snapshot, at = working_snapshot(session), now()
    ended = [
        Superseded(one.entry_no, one.revision, None)
        for one in positions
        if one.entry_no is not None and one.revision is not None
    ]
    decide.supersede_all(session, snapshot, ended, recorded_at=at)
    recall_opening_entries(
        session, [(one.entry_no, one.revision) for one in ended], recorded_at=at
    )
    agreed = Agreed(
        proposal_no=proposal.proposal_no,
        reason=proposal.reason,
        proposer=proposal.proposer,
        approver=approver,
    )
    billing.reverse_openings(session, snapshot, positions, agreed=agreed)
    allot(session, snapshot, {one.contract_no for one in positions})
    return Reversed(batch_no, rows)
