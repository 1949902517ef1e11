"""Read expenses from the sandbox's expense tool and tell it what was billed (class A).

The tool has words of its own; the connection's reading says what they mean.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.declare import Connector
from hourline.connectors.sdk.documents import (
    Content,
    Document,
    WriteBack,
    content_of,
)
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.master import Listing
from hourline.connectors.sdk.source import Feed
from hourline.connectors.sdk.target import Ask, Reading, Receipt, Refusal
from hourline.kernel.capability import Capability, IdempotencyKey, Replayed
from hourline.kernel.codes import DocumentKind

_OK = 200
_CAPABILITY = Capability(
    idempotency=IdempotencyKey(
        length_max=255,
        retention_seconds=7 * 86_400,
        compares_body=True,
        replays=Replayed.SUCCESSES,
    ),
    request_lifetime_seconds=3,
    parallel_max=4,
)
_READING: dict[str, object] = {
    "kind": "expense",
    "fields": {
        "id": "expense",
        "revision": "version",
        "status": "state",
        "person": "account",
        "project": "code",
        "date": "spent_on",
        "cost": "paid",
        "recoverable": "tax_reclaimable",
        "note": "purpose",
        "updated_at": "changed_at",
    },
    "statuses": {
        "released": "approved",
        "draft": "submitted",
        "withdrawn": "recalled",
    },
}


@dataclass(frozen=True, slots=True)
class _Billed:
    """State which expenses a document bills, all of them or none."""

    capability: Capability = _CAPABILITY

    def content(self, document: Document) -> Content:
        return content_of(document)

    def book(self, document: Document, key: str) -> Ask:
        if not isinstance(document, WriteBack):
            raise ValueError("the tool takes the billing of expenses only")  # noqa: TRY004 - the SDK says ValueError
        content = {
            "document": document.invoice_number,
            "state": document.status,
            "currency": document.currency,
            "expenses": [
                {"expense": entry.time_entry, "amount": entry.amount}
                for entry in document.entries
            ],
        }
        return Ask(
            method="POST",
            path=("api", "billed-expenses"),
            headers={"Idempotency-Key": key},
            content=content,
        )

    def read(self, reply: HttpReply) -> Reading:
        told = reply.json()
        if reply.status != _OK:
            return Refusal(reason=told["code"], sentence=told["message"])
        expenses = told["expenses"]
        return Receipt(
            external_id=told["document"],
            content=Content(
                currency=told["currency"],
                total=sum((Decimal(one["amount"]) for one in expenses), Decimal()),
                party=told["document"],
                lines=len(expenses),
            ),
        )


def _account(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    # The HCM owns the person; the tool only has another id for the same employee.
    yield MasterChange("person", row["id"], row["employee_number"])


def _project(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    yield MasterChange("project", row["id"], row["psa_project"])


CONNECTOR = Connector(
    name="sandbox_expenses",
    title="Sandbox expense tool",
    masters={
        "accounts": Listing(("person",), ("api", "accounts"), _account),
        "projects": Listing(("project",), ("api", "projects"), _project),
    },
    targets={DocumentKind.WRITE_BACK: _Billed()},
    sources={"time_entries": Feed(("api", "expenses"))},
    reading=_READING,
)
