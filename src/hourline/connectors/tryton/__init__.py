"""Read master data and timesheets from Tryton 8.2, and book invoices and journals.

Tryton knows no idempotency key, so documents are drafts first and posted by id (class
D). Where the firm installs a module that keeps a key unique, mode unique_key lets
Tryton itself refuse a second document.
"""

from hourline.connectors.sdk.declare import Connector
from hourline.connectors.tryton.booked import BOOKED
from hourline.connectors.tryton.books import BOOKS
from hourline.connectors.tryton.invoices import Invoices
from hourline.connectors.tryton.journals import Journals
from hourline.connectors.tryton.parties import PARTIES
from hourline.connectors.tryton.projects import PROJECTS
from hourline.connectors.tryton.timesheets import READING, TimesheetLines
from hourline.kernel.capability import Capability, Draft, ExternalId, Probe, Undo
from hourline.kernel.codes import DocumentKind

_DRAFTS = Draft(posts_by_id=True, deletes=True)
_STOCK = Capability(probe=Probe(lag_seconds=0), draft=_DRAFTS, undo=Undo.CREDIT)
_KEYED = Capability(
    external_id=ExternalId(length_max=64, unique_enforced=True, strong_read=True),
    probe=Probe(lag_seconds=0),
    draft=_DRAFTS,
    undo=Undo.CREDIT,
)
_KEY_FIELD = "external_key"

CONNECTOR = Connector(
    name="tryton",
    title="Tryton 8.2",
    masters={**PARTIES, **BOOKS, "projects": PROJECTS},
    sources={"time_entries": TimesheetLines()},
    booked=BOOKED,
    owns=("legal_entity", "posting_period"),
    shows="key",
    reading=READING,
    targets={
        DocumentKind.INVOICE: Invoices(_STOCK),
        DocumentKind.CREDIT_NOTE: Invoices(_STOCK),
        DocumentKind.JOURNAL: Journals(_STOCK),
    },
    modes={
        "unique_key": {
            DocumentKind.INVOICE: Invoices(_KEYED, _KEY_FIELD),
            DocumentKind.CREDIT_NOTE: Invoices(_KEYED, _KEY_FIELD),
            DocumentKind.JOURNAL: Journals(_KEYED, _KEY_FIELD),
        }
    },
)
