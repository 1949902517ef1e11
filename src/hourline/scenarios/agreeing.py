"""Close and open months, lock days and give rights, by two persons if it takes two."""

from contextlib import suppress
from decimal import Decimal

from hourline.billing.drafts import NotToApprove
from hourline.billing.model import Because
from hourline.flow import revenue_decisions
from hourline.flow.closing import ClosingChange, SetLock, SetPeriod
from hourline.flow.drafts import approve_draft as flow_approve_draft
from hourline.flow.drafts import list_drafts
from hourline.flow.revenue_decisions import Override
from hourline.scenarios.firm import Firm
from hourline.scenarios.format.added_steps import ApproveDraft, OverrideRevenue
from hourline.scenarios.format.given import EntryLockRow, RightRow
from hourline.scenarios.format.period_steps import ClosePeriod, ReopenPeriod
from hourline.scenarios.row_changes import period_change
from hourline.scenarios.two_persons import SECOND_PERSON, agree, granted, shown_of


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


def close(firm: Firm, action: ClosePeriod, *, step: int) -> None:
    """Close a month, which takes nobody else, or soft-close it."""
    if action.soft:
        _soft_close(firm, action, step=step)
        return
    closed = period_change(
        action.entity, action.period, status="closed", ledger=action.ledger
    )
    firm.change_master([closed])


def _soft_close(firm: Firm, action: ClosePeriod, *, step: int) -> None:
    # Of a month that was closed it is more open, and takes two.
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


def grant(firm: Firm, row: RightRow, *, step: int) -> None:
    """Give a user a right, as two persons agree."""
    _agree(firm, granted(row), step=step)


def approve_draft(firm: Firm, action: ApproveDraft) -> None:
    """Let somebody approve the open draft of a contract as it is shown."""
    with firm.books() as books:
        [draft] = list_drafts(books.session, books.snapshot, contract=action.contract)
    with suppress(NotToApprove):
        flow_approve_draft(
            firm.database,
            firm.tenant,
            contract=action.contract,
            approver=action.by,
            shown=draft.fingerprint,
        )


def override_revenue(firm: Firm, action: OverrideRevenue, because: Because) -> None:
    """Let two persons agree by hand on what a contract line has earned."""
    place = (firm.database, firm.tenant)
    by_hand = Override(
        contract_line=action.contract_line, earned=Decimal(action.earned)
    )
    number = revenue_decisions.propose(
        *place, by_hand, actor=because.actor, reason=because.reason
    )
    revenue_decisions.approve(
        *place, number, approver=SECOND_PERSON, shown_hash=shown_of(*place, number)
    )


def _agree(firm: Firm, change: ClosingChange, *, step: int) -> None:
    agree(firm.database, firm.tenant, change, reason=f"step {step} of a scenario")
