"""Record payments the ERP reports, and what remains due of an invoice."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from hourline.billing.model import Document, Movement
from hourline.billing.parties import Exchange, exchange_on
from hourline.billing.rules.payable import BOOKABLE_MAX, too_large
from hourline.billing.rules.payment import receivable_cleared
from hourline.billing.store import QUERIES, lock_contracts
from hourline.billing.store_documents import Booking, write_movements
from hourline.billing.store_invoiced import (
    Cleared,
    PaymentRow,
    read_cleared,
    read_document,
)
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, DocumentKind, Effect, Role
from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Due:
    """Hold what a customer owes of an invoice: its total less what was taken off it.

    Drawdowns of retainers, payments, credits, write-offs and what is `retained` are.
    Below zero it is the customer's credit.
    """

    net: int
    tax: int
    total: int
    due: int
    retained: int


def amounts_due(session: Session, document_no: int) -> Due:
    """Return what is due of an invoice in its currency; a credit note is due nothing.

    Raises LookupError where there is no such document.
    """
    document = read_document(session, document_no)
    due = retained = 0
    if document.kind == DocumentKind.INVOICE:
        cleared = read_cleared(session, document_no)
        due, retained = cleared.due(document), cleared.retained
    return Due(document.net, document.tax, document.total, due, retained)


def record_payment(
    session: Session,
    snapshot: Snapshot,
    document_no: int,
    *,
    amount: int,
    paid_on: date,
    reference: str,
) -> bool | Problem:
    """Record a payment of an invoice in minor units of its currency; say if it is new.

    The same again changes nothing, also when its month is closed by now. The receivable
    falls at the rate of the invoice, cash rises at the rate of the payment, the
    difference goes to fx_gain_loss. Returns the problem
    `conflicting_duplicate` where the reference was reported with other content,
    `fx_rate_not_found`, `period_closed` or `payment_refused` where it cannot be booked.
    Raises LookupError for an unknown document, ValueError for one that is no invoice.
    """
    document = read_document(session, document_no)
    if document.kind != DocumentKind.INVOICE:
        raise ValueError(f"{document.number} is no invoice; it cannot be paid")
    lock_contracts(session, [document.contract_no])
    stated = PaymentRow(paid_on, amount)
    known = session.first(
        QUERIES["payment"], PaymentRow, document_no=document_no, reference=reference
    )
    if known is not None:
        return _repeated(document, known, stated, reference)
    exchange = exchange_on(
        snapshot,
        (document.entity_no, Subledger.RECEIVABLES),
        document.currency,
        paid_on,
    )
    if isinstance(exchange, Problem):
        return exchange
    movements = _movements(
        document, read_cleared(session, document_no), exchange, amount
    )
    if any(one.entity_amount >= BOOKABLE_MAX for one in movements):
        return too_large(document.number, reference)
    booking = Booking(
        cause=Cause.PAYMENT,
        cause_no=_insert(session, document, stated, reference),
        entity_no=document.entity_no,
        contract_no=document.contract_no,
        currency=document.currency,
        entity_currency=document.entity_currency,
        accounting_date=exchange.accounting_date,
        document_date=paid_on,
    )
    write_movements(session, booking, movements)
    return True


def _insert(
    session: Session, document: Document, stated: PaymentRow, reference: str
) -> int:
    number = session.value(
        QUERIES["insert_payment"],
        int,
        document_no=document.document_no,
        reference=reference,
        paid_on=stated.paid_on,
        currency=document.currency,
        amount=stated.amount,
    )
    return int(number or 0)


def _repeated(
    document: Document, known: PaymentRow, stated: PaymentRow, reference: str
) -> Literal[False] | Problem:
    if known == stated:
        return False
    currency = currency_numbered(document.currency)
    return Problem(
        ProblemCode.CONFLICTING_DUPLICATE,
        f"Payment {reference} of invoice {document.number} is recorded with"
        f" {major_units(known.amount, currency)} {currency.code} on {known.paid_on};"
        f" now it says {major_units(stated.amount, currency)} on {stated.paid_on}.",
        "Find out which of the two is right; a further payment needs a reference of"
        " its own.",
        {"invoice": document.number, "reference": reference},
    )


def _movements(
    document: Document, cleared: Cleared, exchange: Exchange, amount: int
) -> list[Movement]:
    cash = exchange.translate(amount)
    fall = receivable_cleared(
        amount,
        due=cleared.due(document),
        entity_due=cleared.entity_due(document),
        invoice_rate=Fraction(document.entity_total, document.total)
        if document.total
        else Fraction(cash, amount),
        rounding=exchange.rounding,
    )
    paid = Movement(
        part=0,
        effect=Effect.PAYMENT,
        debit=Role.CASH,
        credit=Role.RECEIVABLE,
        amount=amount,
        entity_amount=cash,
    )
    lost = fall - cash
    if lost == 0:
        return [paid]
    # A gain moves the other way. The difference exists in the entity's currency only.
    difference = Movement(
        part=0,
        effect=Effect.FX,
        debit=Role.FX_GAIN_LOSS if lost > 0 else Role.RECEIVABLE,
        credit=Role.RECEIVABLE if lost > 0 else Role.FX_GAIN_LOSS,
        amount=0,
        entity_amount=abs(lost),
    )
    return [paid, difference]
