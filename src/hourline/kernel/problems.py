"""Name every expected refusal and the queue that owns it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Queue(StrEnum):
    """Name the exception queues; each has one owner."""

    MASTER_DATA = "master_data"
    PRICING = "pricing"
    TAX = "tax"
    POSTING = "posting"
    APPROVAL = "approval"
    PERIOD = "period"
    LIMIT = "limit"
    CONFLICT = "conflict"
    CONNECTIVITY = "connectivity"


class ProblemCode(StrEnum):
    """Name the problems; each code is the name of its documentation page."""

    # What an approved entry can lack or break, in the order they are reported.
    PERSON_NOT_KNOWN = "person_not_known"
    PROJECT_NOT_KNOWN = "project_not_known"
    CONTRACT_LINE_NOT_KNOWN = "contract_line_not_known"
    PROJECT_CLOSED = "project_closed"
    NOT_ASSIGNED = "not_assigned"
    ACTIVITY_NOT_ALLOWED = "activity_not_allowed"
    HOUR_TYPE_NOT_KNOWN = "hour_type_not_known"
    DIMENSION_MISSING = "dimension_missing"
    PERIOD_CLOSED = "period_closed"
    LATE_WORK = "late_work"
    PRICE_NOT_ACCEPTED = "price_not_accepted"
    PRICE_NOT_FOUND = "price_not_found"
    TAX_NOT_DETERMINED = "tax_not_determined"
    FX_RATE_NOT_FOUND = "fx_rate_not_found"
    TRANSFER_PRICE_NOT_FOUND = "transfer_price_not_found"
    RECEIPT_MISSING = "receipt_missing"
    # What can be wrong with a delivery or a record in it.
    ENTRY_LOCKED = "entry_locked"
    CREDIT_NOT_APPROVED = "credit_not_approved"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"
    RECORD_MALFORMED = "record_malformed"
    FIELD_MISSING = "field_missing"
    FIELD_INVALID = "field_invalid"
    DURATION_OUT_OF_RANGE = "duration_out_of_range"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    FORMULA_REFUSED = "formula_refused"
    ENCODING_WRONG = "encoding_wrong"
    COLUMNS_WRONG = "columns_wrong"
    ROW_COUNT_WRONG = "row_count_wrong"
    CONTROL_TOTAL_WRONG = "control_total_wrong"
    FILE_REFUSED = "file_refused"
    EVENT_NOT_READ = "event_not_read"
    DURATION_NOT_AS_TIMES = "duration_not_as_times"
    TOTALS_ROW_DIFFERS = "totals_row_differs"
    ROWS_GONE = "rows_gone"
    INVOICED_ELSEWHERE = "invoiced_elsewhere"
    # What can stop a change of master data.
    NOT_THE_OWNER = "not_the_owner"
    MASTER_RECORD_INVALID = "master_record_invalid"
    MASTER_REFERENCE_MISSING = "master_reference_missing"
    TAX_ID_MALFORMED = "tax_id_malformed"
    REOPENING_NOT_APPROVED = "reopening_not_approved"
    RIGHT_NOT_APPROVED = "right_not_approved"
    # What can stop billing.
    MILESTONE_EXCEEDS_PRICE = "milestone_exceeds_price"
    CREDIT_EXCEEDS_INVOICE = "credit_exceeds_invoice"
    CANCELLATION_REFUSED = "cancellation_refused"
    WRITE_OFF_EXCEEDS_DUE = "write_off_exceeds_due"
    RELEASE_EXCEEDS_RETAINAGE = "release_exceeds_retainage"
    PAYMENT_REFUSED = "payment_refused"
    REVIEW_EXCEEDS_OPEN = "review_exceeds_open"
    LIMIT_EXCEEDED = "limit_exceeded"
    DRAFT_NOT_APPROVED = "draft_not_approved"
    NOT_AS_APPROVED = "not_as_approved"
    TAX_ENGINE_REFUSED = "tax_engine_refused"
    # What can stop a person.
    RIGHT_MISSING = "right_missing"
    # What can stop a bill of a subcontractor.
    VENDOR_BILL_DIFFERS = "vendor_bill_differs"
    # What can stop an issued document from being written for its customer.
    DOCUMENT_INCOMPLETE = "document_incomplete"
    # What can stop taking over an acquired unit, or one customer becoming another.
    OPENING_DUPLICATE = "opening_duplicate"
    OPENING_NOT_NET = "opening_not_net"
    OPENING_BILLED = "opening_billed"
    MERGE_REFUSED = "merge_refused"
    # What can stop posting.
    ROUTE_NOT_FOUND = "route_not_found"
    ACCOUNT_NOT_FOUND = "account_not_found"
    REFERENCE_NOT_FOUND = "reference_not_found"
    POSTING_REFUSED = "posting_refused"
    POSTING_PERIOD_CLOSED = "posting_period_closed"
    POSTING_RECORD_REFUSED = "posting_record_refused"
    POSTING_TAX_REFUSED = "posting_tax_refused"
    POSTING_NOT_PERMITTED = "posting_not_permitted"
    POSTING_MISMATCH = "posting_mismatch"
    POSTING_QUARANTINED = "posting_quarantined"
    POSTING_GROUP_HELD = "posting_group_held"
    POSTING_GROUP_SHORT = "posting_group_short"
    SOURCE_UNREACHABLE = "source_unreachable"


@dataclass(frozen=True, slots=True)
class Problem:
    """Hold one refusal: what is wrong, where, and what to do, as values."""

    code: ProblemCode
    sentence: str
    remedy: str
    detail: dict[str, str] = field(default_factory=dict)


# The queue decides the owner and the due time (exceptions/rules).
QUEUE_OF: dict[ProblemCode, Queue] = {
    ProblemCode.PERSON_NOT_KNOWN: Queue.MASTER_DATA,
    ProblemCode.PROJECT_NOT_KNOWN: Queue.MASTER_DATA,
    ProblemCode.CONTRACT_LINE_NOT_KNOWN: Queue.MASTER_DATA,
    ProblemCode.PROJECT_CLOSED: Queue.MASTER_DATA,
    ProblemCode.NOT_ASSIGNED: Queue.MASTER_DATA,
    ProblemCode.ACTIVITY_NOT_ALLOWED: Queue.MASTER_DATA,
    ProblemCode.HOUR_TYPE_NOT_KNOWN: Queue.MASTER_DATA,
    ProblemCode.DIMENSION_MISSING: Queue.MASTER_DATA,
    ProblemCode.PERIOD_CLOSED: Queue.PERIOD,
    ProblemCode.LATE_WORK: Queue.PERIOD,
    ProblemCode.PRICE_NOT_ACCEPTED: Queue.PRICING,
    ProblemCode.PRICE_NOT_FOUND: Queue.PRICING,
    ProblemCode.TAX_NOT_DETERMINED: Queue.TAX,
    ProblemCode.TAX_ID_MALFORMED: Queue.TAX,
    ProblemCode.FX_RATE_NOT_FOUND: Queue.PRICING,
    ProblemCode.TRANSFER_PRICE_NOT_FOUND: Queue.PRICING,
    ProblemCode.RECEIPT_MISSING: Queue.APPROVAL,
    ProblemCode.ENTRY_LOCKED: Queue.PERIOD,
    ProblemCode.CREDIT_NOT_APPROVED: Queue.APPROVAL,
    ProblemCode.RIGHT_MISSING: Queue.APPROVAL,
    ProblemCode.CONFLICTING_DUPLICATE: Queue.CONFLICT,
    ProblemCode.RECORD_MALFORMED: Queue.CONNECTIVITY,
    ProblemCode.FIELD_MISSING: Queue.CONNECTIVITY,
    ProblemCode.FIELD_INVALID: Queue.CONNECTIVITY,
    ProblemCode.DURATION_OUT_OF_RANGE: Queue.APPROVAL,
    ProblemCode.DATE_OUT_OF_RANGE: Queue.APPROVAL,
    ProblemCode.FORMULA_REFUSED: Queue.CONNECTIVITY,
    ProblemCode.ENCODING_WRONG: Queue.CONNECTIVITY,
    ProblemCode.COLUMNS_WRONG: Queue.CONNECTIVITY,
    ProblemCode.ROW_COUNT_WRONG: Queue.CONNECTIVITY,
    ProblemCode.CONTROL_TOTAL_WRONG: Queue.CONNECTIVITY,
    ProblemCode.FILE_REFUSED: Queue.CONNECTIVITY,
    ProblemCode.EVENT_NOT_READ: Queue.CONNECTIVITY,
    ProblemCode.DURATION_NOT_AS_TIMES: Queue.APPROVAL,
    ProblemCode.TOTALS_ROW_DIFFERS: Queue.CONNECTIVITY,
    ProblemCode.ROWS_GONE: Queue.APPROVAL,
    ProblemCode.INVOICED_ELSEWHERE: Queue.APPROVAL,
    ProblemCode.NOT_THE_OWNER: Queue.MASTER_DATA,
    ProblemCode.MASTER_RECORD_INVALID: Queue.MASTER_DATA,
    ProblemCode.MASTER_REFERENCE_MISSING: Queue.MASTER_DATA,
    ProblemCode.REOPENING_NOT_APPROVED: Queue.PERIOD,
    ProblemCode.RIGHT_NOT_APPROVED: Queue.APPROVAL,
    ProblemCode.MILESTONE_EXCEEDS_PRICE: Queue.APPROVAL,
    ProblemCode.CREDIT_EXCEEDS_INVOICE: Queue.APPROVAL,
    ProblemCode.CANCELLATION_REFUSED: Queue.APPROVAL,
    ProblemCode.WRITE_OFF_EXCEEDS_DUE: Queue.APPROVAL,
    ProblemCode.RELEASE_EXCEEDS_RETAINAGE: Queue.APPROVAL,
    # Whoever keeps the ledger knows what the bank said.
    ProblemCode.PAYMENT_REFUSED: Queue.POSTING,
    ProblemCode.REVIEW_EXCEEDS_OPEN: Queue.APPROVAL,
    ProblemCode.LIMIT_EXCEEDED: Queue.LIMIT,
    ProblemCode.DRAFT_NOT_APPROVED: Queue.APPROVAL,
    ProblemCode.NOT_AS_APPROVED: Queue.APPROVAL,
    ProblemCode.TAX_ENGINE_REFUSED: Queue.TAX,
    ProblemCode.VENDOR_BILL_DIFFERS: Queue.APPROVAL,
    ProblemCode.DOCUMENT_INCOMPLETE: Queue.MASTER_DATA,
    ProblemCode.OPENING_DUPLICATE: Queue.CONFLICT,
    ProblemCode.OPENING_NOT_NET: Queue.APPROVAL,
    ProblemCode.OPENING_BILLED: Queue.APPROVAL,
    ProblemCode.MERGE_REFUSED: Queue.MASTER_DATA,
    ProblemCode.ROUTE_NOT_FOUND: Queue.POSTING,
    ProblemCode.ACCOUNT_NOT_FOUND: Queue.POSTING,
    ProblemCode.REFERENCE_NOT_FOUND: Queue.MASTER_DATA,
    ProblemCode.POSTING_REFUSED: Queue.POSTING,
    ProblemCode.POSTING_PERIOD_CLOSED: Queue.PERIOD,
    ProblemCode.POSTING_RECORD_REFUSED: Queue.MASTER_DATA,
    ProblemCode.POSTING_TAX_REFUSED: Queue.TAX,
    ProblemCode.POSTING_NOT_PERMITTED: Queue.CONNECTIVITY,
    ProblemCode.POSTING_MISMATCH: Queue.POSTING,
    ProblemCode.POSTING_QUARANTINED: Queue.POSTING,
    ProblemCode.POSTING_GROUP_HELD: Queue.POSTING,
    ProblemCode.POSTING_GROUP_SHORT: Queue.POSTING,
    ProblemCode.SOURCE_UNREACHABLE: Queue.CONNECTIVITY,
}

# A missing record is waited for; it is not an exception until somebody is asked.
WAITED_FOR = frozenset(
    {
        ProblemCode.PERSON_NOT_KNOWN,
        ProblemCode.PROJECT_NOT_KNOWN,
        ProblemCode.CONTRACT_LINE_NOT_KNOWN,
    }
)
