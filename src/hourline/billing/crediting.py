"""Issue credit notes: whole or in part, by a person or because work was corrected."""

from collections.abc import Sequence
from datetime import date

from hourline.billing.credit_notes import Request, issue_credit_note
from hourline.billing.model import CreditedLine, CreditLine, Document, Issued
from hourline.billing.rules.accrue_again import accrue_again
from hourline.billing.rules.credit import credit_everything, credit_lines
from hourline.billing.store import lock_contracts
from hourline.billing.store_invoiced import (
    read_contracts_of,
    read_document,
    read_invoiced_lines,
    read_live_documents,
)
from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.quantity import spoken_hours
from hourline.master.snapshot import Snapshot


def credit(
    session: Session,
    snapshot: Snapshot,
    document_no: int,
    *,
    lines: Sequence[CreditLine] | None = None,
    credit_date: date | None = None,
    reason: str = "",
) -> Issued | Problem:
    """Credit lines of an invoice, all that is left of it by default.

    What is credited is open to bill again, and accrued again where it was accrued.
    The date defaults to the invoice's. Returns the problem `credit_exceeds_invoice`,
    and changes nothing, where that much does not stand on the invoice.
    Raises LookupError for an unknown document, ValueError for one that is no invoice.
    """
    document = read_document(session, document_no)
    if document.kind != DocumentKind.INVOICE:
        raise ValueError(f"{document.number} is no invoice; it cannot be credited")
    lock_contracts(session, [document.contract_no])
    rounding = snapshot.rounding(document.entity_no)
    invoiced = read_invoiced_lines(session, document_no)
    if lines is None:
        credited: list[CreditedLine] | CreditLine = credit_everything(invoiced)
    else:
        credited = credit_lines(invoiced, lines, rounding)
    if isinstance(credited, CreditLine):
        return _exceeds(document, credited)
    if not credited:
        return _exceeds(document, None)
    return issue_credit_note(
        session,
        snapshot,
        Request(document, invoiced, credit_date or document.invoice_date, reason),
        accrue_again(credited, rounding),
    )


def credit_replaced(
    session: Session,
    snapshot: Snapshot,
    revisions: Sequence[tuple[int, int]],
    *,
    credit_date: date | None = None,
    reason: str = "",
) -> list[Issued] | Problem:
    """Credit all that stands of (entry, revision) pairs about to stop counting.

    One credit note for each invoice concerned. The work does not accrue again: it is
    superseded in the same transaction. Locks the revisions' contracts, also where
    nothing was billed, so that no bill can take them up meanwhile; call it before
    every supersession.
    """
    lock_contracts(session, read_contracts_of(session, revisions))
    wanted = set(revisions)
    notes = []
    for document_no in read_live_documents(session, revisions):
        document = read_document(session, document_no)
        invoiced = read_invoiced_lines(session, document_no)
        note = issue_credit_note(
            session,
            snapshot,
            Request(document, invoiced, credit_date or document.invoice_date, reason),
            credit_everything(
                line for line in invoiced if (line.entry_no, line.revision) in wanted
            ),
        )
        if isinstance(note, Problem):
            return note
        notes.append(note)
    return notes


def _exceeds(document: Document, request: CreditLine | None) -> Problem:
    return Problem(
        ProblemCode.CREDIT_EXCEEDS_INVOICE,
        f"Invoice {document.number} does not have {_wanted(document, request)} left to"
        " credit.",
        "Look up what of the invoice still stands and credit no more than that.",
        {"invoice": document.number, "document_no": str(document.document_no)},
    )


def _wanted(document: Document, request: CreditLine | None) -> str:
    if request is None:
        return "anything"
    named = (
        f"entry {request.entry_no}"
        if request.milestone is None
        else f"milestone {request.milestone}"
    )
    if request.seconds is not None:
        return f"{spoken_hours(request.seconds)} of {named}"
    if request.amount is not None:
        currency = currency_numbered(document.currency)
        return f"{major_units(request.amount, currency)} {currency.code} of {named}"
    return named
