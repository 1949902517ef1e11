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
    "period_missing": "Create the fiscal year or the period at the target; then"
    " resubmit the document.",
    "date_outside_period": "Create the period of the document's date at the target,"
    " sync, and resubmit the document.",
    "numbered_later": "The target numbers by date and has given a later one: book this"
    " document there by hand and adopt it, or change the numbering there and resubmit.",
    "unknown_record": "Create the record at the target, or sync where it has changed;"
    " then resubmit the document.",
    "party_missing": "Choose an account for this role that the target does not keep by"
    " party, and resubmit; payments are best left to the target's own journals.",
    "party_not_wanted": "Choose an account for this role that the target keeps by"
    " party; then resubmit the document.",
    "tax_not_accepted": "Compare the tax at the target with the tax rule here; then"
    " resubmit the document.",
    "too_many_digits": "Give the currency at the target the decimals of ISO 4217; then"
    " resubmit the document.",
    "field_missing": "Complete the record the target names, there; then resubmit the"
    " document.",
    "access_denied": "Give the connection the permission the target asks for; then"
    " resubmit the document.",
    "not_supported": "Route this kind of document to another connection.",
}
# Who can help is not always who posts: these lead to another queue.
_CODE_OF_REASON = {
    "period_closed": ProblemCode.POSTING_PERIOD_CLOSED,
    "period_missing": ProblemCode.POSTING_PERIOD_CLOSED,
    "date_outside_period": ProblemCode.POSTING_PERIOD_CLOSED,
    "unknown_account": ProblemCode.POSTING_RECORD_REFUSED,
    "unknown_record": ProblemCode.POSTING_RECORD_REFUSED,
    "party_missing": ProblemCode.POSTING_RECORD_REFUSED,
    "party_not_wanted": ProblemCode.POSTING_RECORD_REFUSED,
    "field_missing": ProblemCode.POSTING_RECORD_REFUSED,
    "tax_not_accepted": ProblemCode.POSTING_TAX_REFUSED,
    "access_denied": ProblemCode.POSTING_NOT_PERMITTED,
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
            _CODE_OF_REASON.get(refusal["reason"], ProblemCode.POSTING_REFUSED),
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
