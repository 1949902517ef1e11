"""Give up what is due of issued invoices, in the audit chain."""

from datetime import date

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.billing.rules.write_off_due import WrittenOff
from hourline.billing.store_invoiced import read_document
from hourline.flow.allotting import working_snapshot
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.transactions import in_one_transaction, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot


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

    def work(session: Session) -> WrittenOff | Problem:
        books = _books(session, working_snapshot(session), into, document_no)
        if isinstance(books, Problem):
            return queued(session, books, kind="invoice", key=str(document_no))
        outcome = billing.write_off_invoice(
            session, books, document_no, because, dated=dated, amount=amount
        )
        if isinstance(outcome, WrittenOff):
            due = billing.amounts_due(session, document_no)
            subject = f"document {document_no}"
            change = ManualChange(
                actor=because.actor,
                action="invoice.written_off",
                subject=subject,
                reason=because.reason,
                after={"written_off": outcome.amount, "due": due.due},
            )
            record_change(session, change)
            record_act(session, into, subject, {"written_off": outcome.amount})
        return queued(session, outcome, kind="invoice", key=str(document_no))

    return in_one_transaction(database, tenant, work)


def _books(
    session: Session, snapshot: Snapshot, into: IntoSoftClosed | None, document_no: int
) -> Snapshot | Problem:
    return books_for(snapshot, into, read_document(session, document_no).entity_no)
