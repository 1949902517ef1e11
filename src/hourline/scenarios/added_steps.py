"""Let the actions happen that Hourline adds to the format."""

from hourline import flow
from hourline.billing.model import Because
from hourline.flow.correcting.acts import Act, Wish
from hourline.kernel.money import currency_numbered, minor_units
from hourline.scenarios.agreeing import approve_draft, grant, override_revenue
from hourline.scenarios.corrections import correct, selection_of
from hourline.scenarios.crediting import approve_credits, rebill
from hourline.scenarios.firm import Firm
from hourline.scenarios.format.added_steps import (
    AcceptPrice,
    ApproveCredit,
    ApproveDraft,
    Cancel,
    Correct,
    GrantRight,
    HoldMilestone,
    OverrideRevenue,
    Postpone,
    Rebill,
    ReleaseMilestone,
    ReleaseRetainage,
    Reprice,
    Revalue,
    Transfer,
    VendorBill,
    WriteOffInvoice,
)
from hourline.scenarios.format.period_steps import (
    AcceptLate,
    OverrideLock,
)
from hourline.scenarios.named import into_of, invoice_named, stated_bill
from hourline.scenarios.row_changes import plain
from hourline.scenarios.steps import because, perform

__all__ = ["perform"]
_LETTING_GO_ON = {
    OverrideLock: flow.override_entry_lock,
    AcceptLate: flow.accept_late_work,
    AcceptPrice: flow.accept_price,
}


@perform.register
def _let_go_on(
    action: OverrideLock | AcceptLate | AcceptPrice, firm: Firm, _number: int
) -> None:
    _LETTING_GO_ON[type(action)](
        firm.database,
        firm.tenant,
        flow.EntryName(action.entry),
        Because(actor=action.by, reason=action.reason),
    )


@perform.register
def _grant_right(action: GrantRight, firm: Firm, number: int) -> None:
    grant(firm, action, step=number)


@perform.register
def _cancel(action: Cancel, firm: Firm, number: int) -> None:
    with firm.books() as books:
        invoice = invoice_named(books, action.invoice)
    cancelled = flow.Credit(
        document_no=invoice.document_no,
        because=because(number),
        dated=action.cancel_date,
        into=into_of(action),
        cancels=True,
    )
    flow.credit_or_propose(firm.database, firm.tenant, cancelled)


@perform.register
def _write_off_invoice(action: WriteOffInvoice, firm: Firm, number: int) -> None:
    with firm.books() as books:
        invoice = invoice_named(books, action.invoice)
    amount = None
    if action.amount is not None:
        amount = minor_units(action.amount, currency_numbered(invoice.currency))
    flow.write_off_invoice(
        firm.database,
        firm.tenant,
        document_no=invoice.document_no,
        because=because(number),
        dated=action.dated,
        amount=amount,
        into=into_of(action),
    )


@perform.register
def _release_retainage(action: ReleaseRetainage, firm: Firm, number: int) -> None:
    flow.release_retainage(
        firm.database,
        firm.tenant,
        contract=action.contract,
        because=because(number),
        dated=action.dated,
        amount=plain(action.amount),
        customer=action.customer,
        into=into_of(action),
    )


@perform.register
def _postpone(action: Postpone, firm: Firm, number: int) -> None:
    entry = flow.EntryName(action.entry)
    flow.postpone_entry(firm.database, firm.tenant, entry, because(number))


@perform.register
def _transfer(action: Transfer, firm: Firm, number: int) -> None:
    entry, why = flow.EntryName(action.entry), because(number)
    if action.hours is None and action.amount is None:
        flow.transfer_entry(
            firm.database, firm.tenant, entry, why, project=action.project
        )
        return
    part = flow.PartWanted(
        project=action.project, seconds=action.seconds, amount=action.amount
    )
    flow.transfer_part(firm.database, firm.tenant, entry, why, part=part)


@perform.register
def _reprice(action: Reprice, firm: Firm, number: int) -> None:
    correct(firm, Wish(act=Act.REPRICE), selection_of(action), because(number))


@perform.register
def _correct(action: Correct, firm: Firm, number: int) -> None:
    wish = Wish(act=Act(action.act), project=action.to)
    correct(firm, wish, selection_of(action), because(number))


@perform.register
def _revalue(action: Revalue, firm: Firm, _number: int) -> None:
    flow.revalue_receivables(
        firm.database,
        firm.tenant,
        entity=action.entity,
        through=action.through,
        into=into_of(action),
    )


@perform.register
def _vendor_bill(action: VendorBill, firm: Firm, _number: int) -> None:
    flow.receive_vendor_bills(firm.database, firm.tenant, [stated_bill(action)])


@perform.register
def _hold_milestone(
    action: HoldMilestone | ReleaseMilestone, firm: Firm, number: int
) -> None:
    is_release = isinstance(action, ReleaseMilestone)
    review = flow.release_milestone if is_release else flow.hold_milestone
    review(
        firm.database,
        firm.tenant,
        contract_line=action.contract_line,
        milestone=action.milestone,
        because=because(number),
    )


@perform.register
def _override_revenue(action: OverrideRevenue, firm: Firm, number: int) -> None:
    override_revenue(firm, action, because(number))


@perform.register
def _rebill(action: Rebill, firm: Firm, number: int) -> None:
    rebill(firm, action, because(number))


@perform.register
def _approve_credit(action: ApproveCredit, firm: Firm, _number: int) -> None:
    approve_credits(firm, action)


@perform.register
def _approve_draft(action: ApproveDraft, firm: Firm, _number: int) -> None:
    approve_draft(firm, action)
