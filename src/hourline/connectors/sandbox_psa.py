"""Read time entries from the sandbox's PSA and tell it what was billed (class A)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class _Billing:
    """State the billing of a document's time entries, all of them or none.

    The PSA shows the latest statement on an entry, not ours among several: no probe.
    """

    capability: Capability = _CAPABILITY

    def content(self, document: Document) -> Content:
        return content_of(document)

    def book(self, document: Document, key: str) -> Ask:
        if not isinstance(document, WriteBack):
            raise ValueError("the PSA takes the billing of time entries only")  # noqa: TRY004 - the SDK says ValueError
        content = {
            "invoice_number": document.invoice_number,
            "status": document.status,
            "currency": document.currency,
            "entries": document.entries,
        }
        return Ask(
            method="POST",
            path=("api", "time-entry-billings"),
            headers={"Idempotency-Key": key},
            content=content,
        )

    def read(self, reply: HttpReply) -> Reading:
        told = reply.json()
        if reply.status != _OK:
            return Refusal(reason=told["code"], sentence=told["message"])
        entries = told["entries"]
        return Receipt(
            external_id=told["invoice_number"],
            content=Content(
                currency=told["currency"],
                total=sum((Decimal(entry["amount"]) for entry in entries), Decimal()),
                party=told["invoice_number"],
                lines=len(entries),
            ),
        )


def _resource(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    # The HCM owns the person; the PSA only has another id for the same employee.
    yield MasterChange("person", row["id"], row["employee_number"])


def _project(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    fields = {
        "contract_line": row["contract_line"],
        "name": row["name"],
        "status": row["status"],
        "cost_centre": row["department"],
        "assigned_only": True,
    }
    yield MasterChange("project", row["id"], fields=fields)


def _assignment(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    until = row["effective_until"]
    yield MasterChange(
        "assignment",
        f"{row['resource']} on {row['project']} from {row['effective_from']}",
        fields={"person": row["resource"], "project": row["project"]},
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_until=date.max if until is None else date.fromisoformat(until),
    )


CONNECTOR = Connector(
    name="sandbox_psa",
    title="Sandbox PSA",
    masters={
        "resources": Listing(("person",), ("api", "resources"), _resource),
        "projects": Listing(("project",), ("api", "projects"), _project),
        "assignments": Listing(("assignment",), ("api", "assignments"), _assignment),
    },
    owns=("project", "assignment"),
    targets={DocumentKind.WRITE_BACK: _Billing()},
    sources={"time_entries": Feed(("api", "time-entries"))},
)
