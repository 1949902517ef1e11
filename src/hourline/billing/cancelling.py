"""Cancel an invoice whole: possible only as long as nothing has happened to it."""

from dataclasses import dataclass
from datetime import date

from hourline.billing.crediting import credit
from hourline.billing.model import Because, Document, Issued
from hourline.billing.rules.cancel import Happened, against_cancelling
from hourline.billing.store import QUERIES, lock_contracts
from hourline.billing.store_invoiced import read_cleared, read_document
from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _After:
    credit_notes: list[str]
    drawn: int


def cancel(
    session: Session,
    snapshot: Snapshot,
    document_no: int,
    because: Because,
    *,
    cancel_date: date | None = None,
) -> Issued | Problem:
    """Cancel an invoice by a credit note of everything on it.

    All of it is open to bill again, and what it drew of retainers is given back. The
    date defaults to the invoice's. Returns the problem `cancellation_refused` where it
    was paid, credited, given up, released or, a retainer, drawn, `period_closed` where
    no month is open to book it in; then nothing changes. A cancellation is a credit
    note, so it is final.
    Raises LookupError for an unknown document, ValueError for one that is no invoice.
    """
    document = read_document(session, document_no)
    if document.kind != DocumentKind.INVOICE:
        raise ValueError(f"{document.number} is no invoice; it cannot be cancelled")
    lock_contracts(session, [document.contract_no])
    cleared = read_cleared(session, document_no)
    after = session.one(QUERIES["happened_after"], _After, document_no=document_no)
    why_not = against_cancelling(
        Happened(
            currency=document.currency,
            paid=cleared.paid,
            written_off=cleared.written_off,
            credit_notes=tuple(after.credit_notes),
            drawn=after.drawn,
            released=cleared.released,
        )
    )
    if why_not is not None:
        return _refused(document, why_not)
    note = credit(
        session,
        snapshot,
        document_no,
        credit_date=cancel_date,
        reason=because.reason,
    )
    if isinstance(note, Issued):
        session.run(
            QUERIES["insert_cancellation"],
            document_no=document_no,
            credit_note_no=note.document_no,
            actor=because.actor,
            reason=because.reason,
        )
    return note


def _refused(document: Document, why_not: str) -> Problem:
    return Problem(
        ProblemCode.CANCELLATION_REFUSED,
        f"Invoice {document.number} cannot be cancelled: {why_not}.",
        "Credit what still stands of it instead.",
        {"invoice": document.number, "document_no": str(document.document_no)},
    )
