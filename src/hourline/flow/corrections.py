"""Cancel issued invoices and give up what is due of them, in the audit chain."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from hourline.billing import service as billing
from hourline.billing.model import Because, Issued
from hourline.billing.rules.write_off_due import WrittenOff
from hourline.billing.store_invoiced import read_document
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.transactions import in_one_transaction, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot

T = TypeVar("T")


def cancel_invoice(
    database: Database,
    tenant: int,
    *,
    document_no: int,
    because: Because,
    cancel_date: date | None = None,
    into: IntoSoftClosed | None = None,
) -> Issued | Problem:
    """Cancel an invoice whole; a refusal changes nothing and waits in its queue.

    With `into` its credit note may be booked into a soft-closed month.
    """

    def work(session: Session, snapshot: Snapshot) -> Issued | Problem:
        books = _books(session, snapshot, into, document_no)
        if isinstance(books, Problem):
            return books
        outcome = billing.cancel(
            session, books, document_no, because, cancel_date=cancel_date
        )
        if isinstance(outcome, Issued):
            allot(session, snapshot, [outcome.contract_no])
            _tell(
                session,
                document_no,
                because,
                action="invoice.cancelled",
                after={"credit_note": outcome.number},
            )
            about = f"document {document_no}"
            record_act(session, into, about, {"credit_note": outcome.number})
        return outcome

    return _corrected(database, tenant, document_no, work)


def write_off_invoice(
    database: Database,
    tenant: int,
    *,
    document_no: int,
    because: Because,
    dated: date,
    amount: int | None = None,
    into: IntoSoftClosed | None = None,
) -> WrittenOff | Problem:
    """Give up an amount of an invoice in minor units, by default all that is due.

    A refusal changes nothing and waits in its queue. With `into` it may be booked into
    a soft-closed month.
    """

    def work(session: Session, snapshot: Snapshot) -> WrittenOff | Problem:
        books = _books(session, snapshot, into, document_no)
        if isinstance(books, Problem):
            return books
        outcome = billing.write_off_invoice(
            session, books, document_no, because, dated=dated, amount=amount
        )
        if isinstance(outcome, WrittenOff):
            due = billing.amounts_due(session, document_no)
            _tell(
                session,
                document_no,
                because,
                action="invoice.written_off",
                after={"written_off": outcome.amount, "due": due.due},
            )
            about = f"document {document_no}"
            record_act(session, into, about, {"written_off": outcome.amount})
        return outcome

    return _corrected(database, tenant, document_no, work)


def _corrected(
    database: Database,
    tenant: int,
    document_no: int,
    work: Callable[[Session, Snapshot], T],
) -> T:
    def run(session: Session) -> T:
        outcome = work(session, working_snapshot(session))
        return queued(session, outcome, kind="invoice", key=str(document_no))

    return in_one_transaction(database, tenant, run)


def _books(
    session: Session, snapshot: Snapshot, into: IntoSoftClosed | None, document_no: int
) -> Snapshot | Problem:
    return books_for(snapshot, into, read_document(session, document_no).entity_no)


def _tell(
    session: Session,
    document_no: int,
    because: Because,
    *,
    action: str,
    after: dict[str, str] | dict[str, int],
) -> None:
    change = ManualChange(
        actor=because.actor,
        action=action,
        subject=f"document {document_no}",
        reason=because.reason,
        after=after,
    )
    record_change(session, change)
