"""Tell a person what stopped a document, in words that say what to do."""

from collections.abc import Mapping

from hourline.connectors.sdk.documents import (
    Document,
    InvoiceDocument,
    JournalDocument,
    WriteBack,
)
from hourline.kernel.capability import Undo
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.kernel.problems import Problem, ProblemCode

# What helps against the reasons that connectors give.
_REMEDY_OF_REASON = {
    "period_closed": "Open the posting period at the target, or move the document to an"
    " open one; then resubmit it.",
    "unknown_account": "Create the ledger account at the target or correct the chart of"
    " accounts here; then resubmit the document.",
    "wrong_currency": "Correct the currency of the entity or of the contract; then"
    " resubmit the document.",
    "unbalanced": "Report this as a fault of Hourline: its journals balance.",
    "access_denied": "Give the connection the permission the target asks for; then"
    " resubmit the document.",
    "not_supported": "Route this kind of document to another connection.",
}
_REMEDY = "Correct what the target objects to; then resubmit the document."
_UNDO = {
    Undo.VOID: "void it",
    Undo.CREDIT: "credit it",
    Undo.DELETE: "delete it",
    None: "correct it",
}


def name_of(document: Document) -> str:
    """Return what a person calls this document."""
    match document:
        case InvoiceDocument(kind=DocumentKind.CREDIT_NOTE):
            return f"credit note {document.number}"
        case InvoiceDocument():
            return f"invoice {document.number}"
        case JournalDocument():
            return f"journal {document.number}"
        case WriteBack():
            return f"billing status by {document.invoice_number}"


def problem_of(
    state: IntentState,
    *,
    name: str,
    refusal: Mapping[str, str],
    undo: Undo | None = None,
) -> Problem | None:
    """Return the problem of an intent in this state, None where there is none."""
    if state is IntentState.READY:
        return Problem(
            ProblemCode.SOURCE_UNREACHABLE,
            f"The target has not taken {name} for some time: {refusal['sentence']}",
            "See that the target answers and that the connection's address and"
            " credentials are right; the document is tried again by itself.",
            dict(refusal),
        )
    if state is IntentState.REJECTED:
        return Problem(
            ProblemCode.POSTING_REFUSED,
            f"The target refused {name}: {refusal['sentence']}",
            _REMEDY_OF_REASON.get(refusal["reason"], _REMEDY),
            dict(refusal),
        )
    if state is IntentState.MISMATCH:
        return Problem(
            ProblemCode.POSTING_MISMATCH,
            f"The target holds {name} with other content: {refusal['sentence']}",
            "Compare both. Where the target's is right, adopt it; where it is wrong,"
            f" {_UNDO[undo]} there, then cancel this intent and issue the document"
            " anew.",
            dict(refusal),
        )
    if state is IntentState.QUARANTINED:
        return Problem(
            ProblemCode.POSTING_QUARANTINED,
            f"Nobody can tell whether the target booked {name}: {refusal['sentence']}",
            "Look it up at the target by its key. Where it is there, adopt it; where it"
            " surely is not and never will be, declare it absent.",
            dict(refusal),
        )
    return None
