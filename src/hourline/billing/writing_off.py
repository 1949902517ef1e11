"""Give up what is due of an issued invoice, and take it back where it is credited."""

from datetime import date

from hourline.billing.model import Because, Document
from hourline.billing.parties import booking_day
from hourline.billing.rules.write_off_due import (
    NOTHING,
    WrittenOff,
    taken_back,
    write_off_due,
    write_off_movement,
)
from hourline.billing.store import QUERIES, lock_contracts
from hourline.billing.store_documents import Booking, DocumentHead, write_movements
from hourline.billing.store_invoiced import Cleared, read_cleared, read_document
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, DocumentKind
from hourline.kernel.money import Rounding, currency_numbered, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot


def write_off_invoice(
    session: Session,
    snapshot: Snapshot,
    document_no: int,
    because: Because,
    *,
    dated: date,
    amount: int | None = None,
) -> WrittenOff | Problem:
    """Give up an amount of an invoice in its minor units, by default all that is due.

    The receivable falls as it is carried, `write_off` rises; the invoice keeps its
    total, revenue and tax. Returns the problem `write_off_exceeds_due` where so much is
    not due, `period_closed` where no month is open to book it in; then nothing changes.
    Raises LookupError for an unknown document, ValueError for one that is no invoice.
    """
    document = read_document(session, document_no)
    if document.kind != DocumentKind.INVOICE:
        raise ValueError(f"{document.number} is no invoice; nothing of it is due")
    lock_contracts(session, [document.contract_no])
    cleared = read_cleared(session, document_no)
    due = cleared.due(document)
    written_off = write_off_due(
        due if amount is None else amount,
        due=due,
        entity_due=cleared.entity_due(document),
        rounding=snapshot.rounding(document.entity_no),
    )
    if written_off is None:
        return _exceeds(document, due, amount)
    booked_on = booking_day(snapshot, document.entity_no, dated, Subledger.RECEIVABLES)
    if isinstance(booked_on, Problem):
        return booked_on
    write_off_no = _insert(session, document, written_off, dated=dated, because=because)
    booking = Booking(
        cause=Cause.WRITE_OFF,
        cause_no=write_off_no,
        entity_no=document.entity_no,
        contract_no=document.contract_no,
        currency=document.currency,
        entity_currency=document.entity_currency,
        accounting_date=booked_on,
        document_date=dated,
    )
    write_movements(session, booking, [write_off_movement(written_off)])
    return written_off


def plan_taking_back(
    document: Document, cleared: Cleared, *, gross: int, rounding: Rounding
) -> WrittenOff:
    """Return what a credit takes back of an invoice's write-offs.

    `cleared` is from before the credit note.
    """
    return taken_back(
        gross,
        due=cleared.due(document),
        standing=WrittenOff(cleared.written_off, cleared.written_off_entity),
        rounding=rounding,
    )


def take_back(
    session: Session, head: DocumentHead, document: Document, taken: WrittenOff
) -> None:
    """Record what a credit note took back, on its days."""
    if taken == NOTHING:
        return
    write_off_no = _insert(
        session,
        document,
        WrittenOff(-taken.amount, -taken.entity_amount),
        dated=head.invoice_date,
        credit_note_no=head.document_no,
    )
    booking = Booking.of(head, Cause.WRITE_OFF, cause_no=write_off_no)
    write_movements(session, booking, [write_off_movement(taken, back=True)])


def _insert(
    session: Session,
    document: Document,
    written_off: WrittenOff,
    *,
    dated: date,
    because: Because | None = None,
    credit_note_no: int | None = None,
) -> int:
    number = session.value(
        QUERIES["insert_write_off"],
        int,
        document_no=document.document_no,
        credit_note_no=credit_note_no,
        dated=dated,
        currency=document.currency,
        amount=written_off.amount,
        entity_amount=written_off.entity_amount,
        actor=None if because is None else because.actor,
        reason=None if because is None else because.reason,
    )
    return int(number or 0)


def _exceeds(document: Document, due: int, amount: int | None) -> Problem:
    currency = currency_numbered(document.currency)
    wanted = "anything"
    if amount is not None:
        wanted = f"{major_units(amount, currency)} {currency.code}"
    return Problem(
        ProblemCode.WRITE_OFF_EXCEEDS_DUE,
        f"Invoice {document.number} does not have {wanted} due to give up;"
        f" {major_units(due, currency)} {currency.code} of it are due.",
        "Give up no more than what is due.",
        {"invoice": document.number, "document_no": str(document.document_no)},
    )
