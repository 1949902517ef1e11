"""Be the receiving system of a scenario: in this process, and it confirms at once.

It keeps its promise by idempotency key and counts what it booked, so that a document
booked twice shows in the effects a scenario expects.
"""

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from hourline.connectors.sdk.documents import (
    Content,
    Document,
    InvoiceDocument,
    JournalDocument,
    WriteBack,
    content_of,
    decode_document,
)
from hourline.connectors.sdk.http import HttpReply, HttpRequest
from hourline.connectors.sdk.target import Ask, Reading, Receipt, TargetPort
from hourline.kernel.capability import Capability, IdempotencyKey
from hourline.kernel.codes import DocumentKind

CONNECTOR = "scenario"
_ADDRESS = "https://receiving-system.invalid"
_KEY_HEADER = "Idempotency-Key"


class _Booked(msgspec.Struct, frozen=True):
    """Be the reply to a booking: its id here, and the document as it now stands."""

    id: str
    document: Document


@dataclass(frozen=True, slots=True)
class Booking:
    """Write and read the one call that books a document under an idempotency key."""

    @property
    def capability(self) -> Capability:
        """Return the promise: one effect for a key, nothing after the reply."""
        return Capability(
            idempotency=IdempotencyKey(length_max=255), request_lifetime_seconds=0
        )

    def content(self, document: Document) -> Content:
        """Return what the receipt must agree with: all of the document."""
        return content_of(document)

    def book(self, document: Document, key: str) -> Ask:
        """Return the call that books the document."""
        return Ask(
            method="POST",
            path=("documents",),
            headers={_KEY_HEADER: key},
            content=document,
        )

    def read(self, reply: HttpReply) -> Reading:
        """Return the receipt in the reply."""
        booked = msgspec.json.decode(reply.body, type=_Booked)
        return Receipt(
            external_id=booked.id,
            number=_number(booked.document),
            content=content_of(booked.document),
        )


class ReceivingSystem:
    """Keep the books of one scenario's receiving side."""

    def __init__(self) -> None:
        """Start with empty books."""
        self._replies: dict[str, HttpReply] = {}
        self._times_booked: Counter[str] = Counter()

    def port(self) -> TargetPort:
        """Return the way to these books, for the posting stage."""
        booking = Booking()
        return TargetPort(
            targets=dict.fromkeys(DocumentKind, booking),
            address=_ADDRESS,
            send=self._receive,
        )

    def times_booked(self, number: str) -> int:
        """Return how many documents of a number stand in these books."""
        return self._times_booked[number]

    def _receive(self, request: HttpRequest) -> HttpReply:
        key = request.headers[_KEY_HEADER]
        if key not in self._replies:
            document = decode_document(request.body.decode())
            self._times_booked[_number(document)] += 1
            booked = _Booked(id=f"R{len(self._replies) + 1}", document=document)
            self._replies[key] = HttpReply(
                status=HTTPStatus.CREATED,
                headers={"content-type": "application/json"},
                body=msgspec.json.encode(booked),
            )
        return self._replies[key]


def _number(document: Document) -> str:
    match document:
        case InvoiceDocument(number=number) | JournalDocument(number=number):
            return number
        case WriteBack(invoice_number=number):
            return number
