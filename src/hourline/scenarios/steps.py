"""Let each step of a scenario happen, through the same doors the product uses."""

from collections.abc import Sequence
from functools import partial, singledispatch

from hourline import flow
from hourline.billing.model import Because
from hourline.scenarios.agreeing import close, reopen, set_lock
from hourline.scenarios.deliveries import (
    Arrival,
    Record,
    approved_record,
    expense_record,
    recalled_record,
)
from hourline.scenarios.firm import Firm
from hourline.scenarios.format.given import EntryLockRow
from hourline.scenarios.format.period_steps import (
    ClosePeriod,
    Recall,
    ReopenPeriod,
)
from hourline.scenarios.format.steps import (
    Action,
    Approve,
    Bill,
    Credit,
    Deliver,
    Estimate,
    Expense,
    Hold,
    IntercompanyInvoice,
    Issue,
    MethodName,
    ReachMilestone,
    ReceivePayment,
    Recognise,
    Release,
    SetMaster,
    SetRate,
    WriteOff,
)
from hourline.scenarios.named import credit_line, into_of, invoice_named
from hourline.scenarios.row_changes import plain


@singledispatch
def perform(action: Action, firm: Firm, number: int) -> None:
    """Let the action of a step happen; what the rules refuse is no failure here.

    Raises NotInTheBooks where the action names something that does not exist, and
    ValueError for an amount that its currency cannot have.
    """
    msg = f"nothing performs {type(action).__name__} (step {number} of {firm.tenant})"
    raise NotImplementedError(msg)


@perform.register
def _approve(action: Approve, firm: Firm, number: int) -> None:
    _arrive(action, firm, number, approved_record(action), methods=("webhook",))


@perform.register
def _deliver(action: Deliver, firm: Firm, number: int) -> None:
    _arrive(action, firm, number, approved_record(action), methods=action.by)


@perform.register
def _expense(action: Expense, firm: Firm, number: int) -> None:
    _arrive(action, firm, number, expense_record(action), methods=action.by)


def _arrive(
    action: Approve | Expense,
    firm: Firm,
    number: int,
    record: Record,
    *,
    methods: Sequence[MethodName],
) -> None:
    firm.note_delivered(action.entry, action.revision, at=action.arrived)
    for position, method in enumerate(methods, start=1):
        firm.source.deliver(
            method,
            Arrival(
                record,
                action.arrived,
                f"step-{number}-{position}-{method}",
            ),
        )


@perform.register
def _recall(action: Recall, firm: Firm, number: int) -> None:
    latest = firm.latest_delivered(action.entry)
    record = recalled_record(action.entry, action.revision or latest.revision)
    at = action.received or latest.at
    firm.source.deliver("webhook", Arrival(record, at, f"step-{number}-recall"))


@perform.register
def _set_rate(action: SetRate, firm: Firm, _number: int) -> None:
    firm.change_master(firm.rows.of_rate(action))


@perform.register
def _set_master(action: SetMaster, firm: Firm, number: int) -> None:
    if isinstance(action.row, EntryLockRow):
        set_lock(firm, action.row, step=number)
    else:
        firm.change_master(firm.rows.of_row(action.row))


@perform.register
def _close_period(action: ClosePeriod, firm: Firm, number: int) -> None:
    close(firm, action, step=number)


@perform.register
def _reopen_period(action: ReopenPeriod, firm: Firm, number: int) -> None:
    reopen(firm, action, step=number)


@perform.register
def _reach_milestone(action: ReachMilestone, firm: Firm, _number: int) -> None:
    flow.reach_milestone(
        firm.database,
        firm.tenant,
        contract_line=action.contract_line,
        milestone=action.milestone,
        reached_on=action.reached_on,
    )


@perform.register
def _bill(action: Bill, firm: Firm, number: int) -> None:
    entries = tuple(
        flow.Billed(flow.EntryName(one.entry), one.billed_seconds, one.amount)
        for one in action.adjust
    )
    bill = (
        flow.open_draft
        if action.draft
        else partial(flow.bill_contract, into=into_of(action))
    )
    bill(
        firm.database,
        firm.tenant,
        contract=action.contract,
        through=action.through,
        invoice_date=action.invoice_date,
        adjusting=flow.Adjusting(entries, because(number)) if entries else None,
    )


@perform.register
def _issue(action: Issue, firm: Firm, _number: int) -> None:
    flow.issue_draft(
        firm.database, firm.tenant, contract=action.contract, into=into_of(action)
    )


@perform.register
def _credit(action: Credit, firm: Firm, number: int) -> None:
    with firm.books() as books:
        invoice = invoice_named(books, action.invoice)
        lines = [credit_line(books, invoice, line) for line in action.lines]
    wanted = flow.Credit(
        document_no=invoice.document_no,
        because=because(number),
        lines=lines or None,
        dated=action.credit_date or invoice.invoice_date,
        into=into_of(action),
    )
    flow.credit_or_propose(firm.database, firm.tenant, wanted)


@perform.register
def _hold(action: Hold, firm: Firm, number: int) -> None:
    entry = flow.EntryName(action.entry)
    flow.hold_entry(firm.database, firm.tenant, entry, because(number))


@perform.register
def _release(action: Release, firm: Firm, number: int) -> None:
    entry = flow.EntryName(action.entry)
    flow.release_entry(firm.database, firm.tenant, entry, because(number))


@perform.register
def _write_off(action: WriteOff, firm: Firm, number: int) -> None:
    flow.write_off_entry(
        firm.database,
        firm.tenant,
        flow.EntryName(action.entry),
        because(number),
        seconds=action.written_off_seconds,
    )


@perform.register
def _recognise(action: Recognise, firm: Firm, _number: int) -> None:
    flow.recognise_revenue(
        firm.database,
        firm.tenant,
        entity=action.entity,
        through=action.through,
        into=into_of(action),
    )


@perform.register
def _estimate(action: Estimate, firm: Firm, number: int) -> None:
    flow.revise_estimate(
        firm.database,
        firm.tenant,
        flow.Estimate(
            contract_line=action.contract_line,
            estimate_hours=plain(action.estimate_hours),
            estimate_cost=plain(action.estimate_cost),
            price=plain(action.price),
            treatment=action.treatment,
        ),
        flow.Decision(actor=because(number).actor, reason=because(number).reason),
    )


def because(number: int) -> Because:
    """Say that a step of a scenario wanted it."""
    return Because(actor="scenario", reason=f"step {number} of a scenario")


@perform.register
def _intercompany_invoice(
    action: IntercompanyInvoice, firm: Firm, _number: int
) -> None:
    flow.invoice_intercompany(
        firm.database,
        firm.tenant,
        lender=action.lender,
        borrower=action.borrower,
        through=action.through,
        invoice_date=action.invoice_date,
        into=into_of(action),
    )


@perform.register
def _receive_payment(action: ReceivePayment, firm: Firm, number: int) -> None:
    with firm.books() as books:
        invoice = invoice_named(books, action.invoice)
    paid = flow.StatedPayment(
        number=invoice.number,
        paid_on=action.paid_on,
        amount=action.amount,
        currency=None,
        reference=f"step-{number}",
    )
    flow.record_payments(firm.database, firm.tenant, [paid])
