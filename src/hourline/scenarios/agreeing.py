"""Let two persons agree to what opens a month or unlocks days, as in the product."""

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import (
    ClosingChange,
    Said,
    SetLock,
    SetPeriod,
    approve_closing,
    change_closing,
)
from hourline.infra.approvals import open_proposals
from hourline.scenarios.firm import Firm
from hourline.scenarios.format.given import EntryLockRow
from hourline.scenarios.format.period_steps import ClosePeriod, ReopenPeriod
from hourline.scenarios.row_changes import period_change


def set_lock(firm: Firm, row: EntryLockRow, *, step: int) -> None:
    """Let a lock hold as its row says; a second person agrees where that takes two."""
    lock = SetLock(
        id=row.id,
        through=row.through,
        grace_days=row.grace_days,
        time_zone=row.time_zone,
        role=row.role,
        entity=row.entity,
    )
    _agree(firm, lock, step=step)


def closed_by(action: ClosePeriod) -> MasterChange:
    """Return the change that closes a month, which takes nobody else."""
    return period_change(
        action.entity, action.period, status="closed", ledger=action.ledger
    )


def soft_close(firm: Firm, action: ClosePeriod, *, step: int) -> None:
    """Soft-close a month; a second person agrees where it was closed."""
    month = SetPeriod(
        entity=action.entity,
        period=str(action.period),
        state="soft_closed",
        ledger=action.ledger,
    )
    _agree(firm, month, step=step)


def reopen(firm: Firm, action: ReopenPeriod, *, step: int) -> None:
    """Open a month for everybody or only softly, as two persons agree."""
    month = SetPeriod(
        entity=action.entity,
        period=str(action.period),
        state="soft_closed" if action.soft else "open",
        ledger=action.ledger,
    )
    _agree(firm, month, step=step)


def _agree(firm: Firm, change: ClosingChange, *, step: int) -> None:
    said = Said("scenario", f"step {step} of a scenario")
    number = change_closing(firm.database, firm.tenant, change, said)
    if number is None:
        return
    with firm.database.tenant(firm.tenant) as session:
        [shown] = [
            one.content_hash
            for one in open_proposals(session)
            if one.proposal_no == number
        ]
    approve_closing(
        firm.database,
        firm.tenant,
        number,
        approver="second person",
        shown_hash=shown,
    )
