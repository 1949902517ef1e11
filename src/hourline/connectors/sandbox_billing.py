"""Book invoices and credit notes on the sandbox's billing platform (class A).

One effect for each Idempotency-Key; the platform gives its own numbers, and a credit
note names the invoice by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hourline.connectors.sdk.declare import Connector
from hourline.connectors.sdk.documents import (
    Content,
    Document,
    InvoiceDocument,
    content_of,
)
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import Ask, Reading, Receipt, Refusal
from hourline.kernel.capability import (
    Capability,
    IdempotencyKey,
    Probe,
    Replayed,
    Undo,
)
from hourline.kernel.codes import DocumentKind

_CREATED = 201
_CAPABILITY = Capability(
    idempotency=IdempotencyKey(
        length_max=255,
        retention_seconds=7 * 86_400,
        compares_body=True,
        replays=Replayed.SUCCESSES,
    ),
    probe=Probe(lag_seconds=0),
    request_lifetime_seconds=3,
    parallel_max=4,
    undo=Undo.CREDIT,
)


@dataclass(frozen=True, slots=True)
class _Documents:
    """Book one kind of document below one path."""

    path: str
    capability: Capability = _CAPABILITY

    def content(self, document: Document) -> Content:
        return content_of(document)

    def book(self, document: Document, key: str) -> Ask:
        if not isinstance(document, InvoiceDocument):
            raise ValueError("the platform takes invoices and credit notes")  # noqa: TRY004 - the SDK says ValueError
        return Ask(
            method="POST",
            path=("api", self.path),
            headers={"Idempotency-Key": key},
            content=_written(document, key),
        )

    def read(self, reply: HttpReply) -> Reading:
        told = reply.json()
        if reply.status == _CREATED:
            return _receipt(told)
        return Refusal(reason=told["code"], sentence=told["message"])

    def find(self, document: Document, key: str) -> Ask:  # noqa: ARG002 - found by key
        return Ask(
            method="GET", path=("api", self.path), query={"external_reference": key}
        )

    def found(self, reply: HttpReply) -> Sequence[Receipt]:
        return [_receipt(item) for item in reply.json()["items"]]


def _written(document: InvoiceDocument, key: str) -> dict[str, object]:
    content: dict[str, object] = {
        "external_reference": key,
        "entity": document.entity,
        "customer": document.customer,
        "currency": document.currency,
        "date": document.invoice_date.isoformat(),
        "due_date": document.due_date.isoformat(),
        "our_number": document.number,
        "net": document.net,
        "tax": document.tax,
        "total": document.total,
        "lines": document.lines,
    }
    if document.kind is DocumentKind.CREDIT_NOTE:
        content["invoice"] = document.credits_number
    return content


def _receipt(told: Any) -> Receipt:  # noqa: ANN401 - JSON as it came
    return Receipt(
        external_id=told["id"],
        number=told["number"],
        content=Content(
            currency=told["currency"],
            total=Decimal(told["total"]),
            party=told["customer"],
            lines=len(told["lines"]),
        ),
    )


CONNECTOR = Connector(
    name="sandbox_billing",
    title="Sandbox billing platform",
    targets={
        DocumentKind.INVOICE: _Documents("invoices"),
        DocumentKind.CREDIT_NOTE: _Documents("credit-notes"),
    },
)
