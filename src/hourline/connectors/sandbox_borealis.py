"""Book invoices, credit notes and journals in the sandbox's ERP Borealis (class D).

Borealis takes any number of drafts with a marker and posts one of them by its id;
posting it again changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from hourline.connectors.sdk.booked import BookedListing, as_ledger_entry, told_entry
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.declare import Connector
from hourline.connectors.sdk.documents import (
    Content,
    Document,
    InvoiceDocument,
    JournalDocument,
    WriteBack,
    ledger_content_of,
    ledger_currency_of,
    ledger_lines_of,
)
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.master import Listing
from hourline.connectors.sdk.target import Ask, Reading, Receipt, Refusal
from hourline.kernel.capability import Capability, Draft, Probe, Undo
from hourline.kernel.codes import DocumentKind

_BOOKED = frozenset({200, 201})
_ENTRY = partial(told_entry, key="marker")
_KINDS = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.JOURNAL)
_CAPABILITY = Capability(
    probe=Probe(lag_seconds=0),
    draft=Draft(posts_by_id=True, deletes=True),
    request_lifetime_seconds=3,
    parallel_max=4,
    undo=Undo.CREDIT,
)


@dataclass(frozen=True, slots=True)
class _Documents:
    """Book one kind of document."""

    kind: str
    capability: Capability = _CAPABILITY

    def content(self, document: Document) -> Content:
        return ledger_content_of(_for_ledger(document))

    def book(self, document: Document, key: str) -> Ask:
        document = _for_ledger(document)
        content = {
            "marker": key,
            "kind": self.kind,
            "entity": document.entity,
            "date": document.accounting_date.isoformat(),
            "currency": ledger_currency_of(document),
            "our_number": document.number,
            "lines": ledger_lines_of(document),
        }
        return Ask(method="POST", path=("api", "documents"), content=content)

    def read(self, reply: HttpReply) -> Reading:
        told = reply.json()
        if reply.status in _BOOKED:
            return _receipt(told)
        return Refusal(reason=told["code"], sentence=told["message"])

    def find(self, document: Document, key: str) -> Ask:  # noqa: ARG002 - found by key
        return Ask(method="GET", path=("api", "documents"), query={"marker": key})

    def found(self, reply: HttpReply) -> Sequence[Receipt]:
        return [_receipt(item) for item in reply.json()["items"]]

    def post(self, document: Document, draft_id: str) -> Ask:  # noqa: ARG002 - by id
        return Ask(method="POST", path=("api", "documents", draft_id, "post"))

    def discard(self, document: Document, draft_id: str) -> Ask:  # noqa: ARG002 - by id
        return Ask(method="DELETE", path=("api", "documents", draft_id))


def _for_ledger(document: Document) -> InvoiceDocument | JournalDocument:
    if isinstance(document, WriteBack):
        raise ValueError("Borealis keeps a ledger, not time entries")  # noqa: TRY004 - the SDK says ValueError
    return document


def _receipt(told: Any) -> Receipt:  # noqa: ANN401 - JSON as it came
    lines = told["lines"]
    return Receipt(
        external_id=told["id"],
        number=told["number"],
        draft=told["status"] == "draft",
        content=Content(
            currency=told["currency"],
            total=sum((Decimal(line["debit"]) for line in lines), Decimal()),
            party=told["entity"],
            lines=len(lines),
        ),
    )


def _entity(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    names = ("country", "currency", "name", "tax_id")
    policy = ("receipts_above", "vendor_hours_tolerance", "vendor_percent_tolerance")
    fields = {name: row[name] for name in (*names, *policy)}
    yield MasterChange("legal_entity", row["id"], fields=fields)


def _period(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    names = ("entity", "period", "status")
    fields = {name: row[name] for name in names}
    name = f"{row['entity']}:{row['period']}"
    yield MasterChange("posting_period", name, fields=fields)


CONNECTOR = Connector(
    name="sandbox_borealis",
    title="Sandbox ERP Borealis",
    masters={
        "entities": Listing(("legal_entity",), ("api", "entities"), _entity),
        "periods": Listing(("posting_period",), ("api", "periods"), _period),
    },
    owns=("legal_entity", "posting_period"),
    booked={
        kind: BookedListing(
            ("api", "booked"), _ENTRY, as_ledger_entry, {"kind": kind.name.lower()}
        )
        for kind in _KINDS
    },
    targets={kind: _Documents(kind.name.lower()) for kind in _KINDS},
)
