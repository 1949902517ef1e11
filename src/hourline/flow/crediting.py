"""Credit and cancel invoices, in the audit chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.billing import service as billing
from hourline.billing.model import Because, CreditLine, Issued
from hourline.billing.store_invoiced import read_document
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.rebilling.guard import asks_for_credits
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.transactions import in_one_transaction, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Say what of an invoice is credited, when and why; all that is left by default.

    With `cancels` the whole invoice is cancelled. With `into` the credit note may be
    booked into a soft-closed month.
    """

    document_no: int
    because: Because
    lines: Sequence[CreditLine] | None = None
    dated: date | None = None
    into: IntoSoftClosed | None = None
    cancels: bool = False


def issue_credit(database: Database, tenant: int, wanted: Credit) -> Issued | Problem:
    """Credit or cancel an invoice; a refusal changes nothing and waits in its queue.

    Who did what and why goes into the audit chain in the same transaction, and likewise
    who booked it into a soft-closed month. Problems as `credit_in`.
    """

    def work(session: Session) -> Issued | Problem:
        outcome = credit_in(session, working_snapshot(session), wanted)
        return queued(session, outcome, kind="invoice", key=str(wanted.document_no))

    return in_one_transaction(database, tenant, work)


def credit_in(
    session: Session, snapshot: Snapshot, wanted: Credit, *, approver: str | None = None
) -> Issued | Problem:
    """Issue the credit note and tell the audit chain; a problem changes nothing.

    Returns the problem `credit_not_approved` where the entity lets nobody credit
    without the `approver`.
    """
    entity_no = read_document(session, wanted.document_no).entity_no
    if approver is None and asks_for_credits(snapshot, entity_no):
        return _not_approved(session, wanted.document_no)
    books = books_for(snapshot, wanted.into, entity_no)
    if isinstance(books, Problem):
        return books
    issue = _cancel if wanted.cancels else _credit
    outcome = issue(session, books, wanted)
    if isinstance(outcome, Issued):
        allot(session, snapshot, [outcome.contract_no])
        _tell(session, wanted, outcome, approver)
    return outcome


def _credit(session: Session, books: Snapshot, wanted: Credit) -> Issued | Problem:
    return billing.credit(
        session,
        books,
        wanted.document_no,
        lines=wanted.lines,
        credit_date=wanted.dated,
        reason=wanted.because.reason,
    )


def _cancel(session: Session, books: Snapshot, wanted: Credit) -> Issued | Problem:
    return billing.cancel(
        session,
        books,
        wanted.document_no,
        wanted.because,
        cancel_date=wanted.dated,
    )


def _tell(session: Session, wanted: Credit, note: Issued, approver: str | None) -> None:
    subject = f"document {wanted.document_no}"
    after = {
        "credit_note": note.number,
        "net": note.net,
        "tax": note.tax,
        "currency": note.currency,
    }
    change = ManualChange(
        actor=wanted.because.actor,
        approver=approver,
        action="invoice.cancelled" if wanted.cancels else "invoice.credited",
        subject=subject,
        reason=wanted.because.reason,
        after=after,
    )
    record_change(session, change)
    record_act(session, wanted.into, subject, after)


def _not_approved(session: Session, document_no: int) -> Problem:
    document = read_document(session, document_no)
    return Problem(
        ProblemCode.CREDIT_NOT_APPROVED,
        f"Invoice {document.number} is credited by two persons only; nothing was"
        " changed.",
        "Propose the credit with hourline billing credit or cancel, and let somebody"
        " with the right approve_credits approve it.",
        {"invoice": document.number, "document_no": str(document_no)},
    )
