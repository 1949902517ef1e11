"""Say what a connector implements so that the books of its vendor can be read.

Reading changes nothing there: a port sends GET and no other method, whatever a
connector asks for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from hourline.connectors.sdk.documents import (
    Document,
    InvoiceDocument,
    JournalDocument,
    LedgerLine,
    kind_of,
    ledger_currency_of,
    ledger_lines_of,
)
from hourline.connectors.sdk.http import Exchanged, HttpReply, HttpRequest
from hourline.connectors.sdk.source import NotRead, read_reply
from hourline.connectors.sdk.target import Ask, request_for
from hourline.kernel.booked import BookedDocument, BookedLine
from hourline.kernel.codes import DocumentKind

ID_LENGTH_MAX = 300
_READS_ONLY = "GET"


@dataclass(frozen=True, slots=True)
class BookedSpan:
    """Name the accounting dates asked for; `until` is exclusive."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedPage:
    """Hold the documents of one page; `next_cursor` is None where it was the last.

    Raises ValueError for what could not be kept or compared.
    """

    documents: tuple[BookedDocument, ...]
    next_cursor: str | None

    def __post_init__(self) -> None:
        """Refuse a vendor's JSON that only looks like documents."""
        for document in self.documents:
            _refuse_unusable(document)


class BookedStream(Protocol):
    """Read the booked documents of one kind by accounting date, page by page.

    Only what has an effect on the ledger is shown: no drafts, nothing voided.
    """

    def page(self, cursor: str, span: BookedSpan) -> Ask:
        """Return the GET for the page after a cursor; empty is from the beginning."""

    def read(self, reply: HttpReply) -> BookedPage:
        """Return what a reply of status 200 holds.

        Raises ValueError, KeyError or TypeError where it is not what it should be.
        """

    def expected(self, document: Document) -> BookedDocument:
        """Return how the system would show one of our documents, once booked.

        Parties are named by our ids, and the external id is our number. Raises
        ValueError for a document the vendor cannot take.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedPort:
    """Reach the booked documents of one connection through its egress."""

    stream: BookedStream
    address: str
    send: Callable[[HttpRequest], Exchanged]
    deadline: timedelta = timedelta(seconds=30)

    def fetch_page(self, cursor: str, span: BookedSpan) -> BookedPage | NotRead:
        """Return the page after a cursor, or why there is none to be had now."""
        ask = self.stream.page(cursor, span)
        if ask.method != _READS_ONLY:
            return NotRead(f"{ask.method} is no way to read books", lasting=True)
        reply = self.send(request_for(self.address, ask, deadline=self.deadline))
        return read_reply(_Within(self.stream, span), reply)


@dataclass(frozen=True, slots=True)
class _Within:
    """Bind a stream to the dates asked for."""

    stream: BookedStream
    span: BookedSpan

    def page(self, cursor: str) -> Ask:
        return self.stream.page(cursor, self.span)

    def read(self, reply: HttpReply) -> BookedPage:
        return self.stream.read(reply)


@dataclass(frozen=True, slots=True)
class BookedListing:
    """Read a list endpoint that answers items, next_cursor and has_more.

    `booked` says what one item means; the dates go into the query as from and until.
    """

    path: tuple[str, ...]
    booked: Callable[[Mapping[str, Any]], BookedDocument]
    shows: Callable[[Document], BookedDocument]
    query: Mapping[str, str] = field(default_factory=dict)

    def page(self, cursor: str, span: BookedSpan) -> Ask:
        """Return the call for the page after a cursor."""
        dates = {"from": span.since.isoformat(), "until": span.until.isoformat()}
        after = {"cursor": cursor} if cursor else {}
        query = {"limit": "500", **self.query, **dates, **after}
        return Ask(method="GET", path=self.path, query=query)

    def read(self, reply: HttpReply) -> BookedPage:
        """Return the documents of a page."""
        told = reply.json()
        return BookedPage(
            documents=tuple(self.booked(item) for item in told["items"]),
            next_cursor=str(told["next_cursor"]) if told["has_more"] else None,
        )

    def expected(self, document: Document) -> BookedDocument:
        """Return how the system would show one of our documents."""
        return self.shows(document)


def as_ledger_entry(document: Document) -> BookedDocument:
    """Return one of our documents as a system shows it that keeps ledger lines only.

    Its total is the sum of its debits; it knows no customer, net or tax.
    """
    if not isinstance(document, InvoiceDocument | JournalDocument):
        raise ValueError("a ledger keeps no billing status of time entries")  # noqa: TRY004 - the SDK says ValueError
    lines = tuple(booked_line(line) for line in ledger_lines_of(document))
    return BookedDocument(
        kind=kind_of(document),
        external_id=document.number,
        entity=document.entity,
        booked_on=document.accounting_date,
        currency=ledger_currency_of(document),
        total=sum((line.debit for line in lines), Decimal()),
        number=document.number,
        references=(document.number,),
        lines=lines,
    )


def booked_line(line: LedgerLine) -> BookedLine:
    """Return a line of ours as a line of somebody's books."""
    return BookedLine(
        account=line.account,
        debit=Decimal(line.debit),
        credit=Decimal(line.credit),
        dimensions=line.dimensions,
        description=line.description,
    )


def told_entry(told: Mapping[str, Any], *, key: str) -> BookedDocument:
    """Return what a vendor tells in the shape of our own ledger documents.

    `key` is the field that holds our key there.
    """
    lines = tuple(_told_line(line) for line in told["lines"])
    names = (told.get("our_number"), told[key])
    return BookedDocument(
        kind=DocumentKind[told["kind"].upper()],
        external_id=told["id"],
        number=told["number"],
        references=tuple(name for name in names if name),
        entity=told["entity"],
        booked_on=date.fromisoformat(told["date"]),
        currency=told["currency"],
        total=sum((line.debit for line in lines), Decimal()),
        lines=lines,
    )


def _told_line(told: Mapping[str, Any]) -> BookedLine:
    return BookedLine(
        account=told["account"],
        debit=Decimal(told.get("debit", "0")),
        credit=Decimal(told.get("credit", "0")),
        dimensions=told.get("dimensions", {}),
        description=told.get("description", ""),
    )


def _refuse_unusable(document: BookedDocument) -> None:
    # A vendor's JSON can hold anything, whatever the types say.
    ids: tuple[object, ...] = (document.external_id, document.entity)
    for found in (*ids, *document.references):
        if not isinstance(found, str) or not 0 < len(found) <= ID_LENGTH_MAX:
            raise ValueError("a booked document has no usable id")
    amounts: list[object] = [document.total]
    amounts += [one for one in (document.net, document.tax) if one is not None]
    for line in document.lines:
        amounts += [line.debit, line.credit]
    for amount in amounts:
        if not isinstance(amount, Decimal) or not amount.is_finite():
            raise ValueError(f"{document.external_id} has an amount that is none")
    if "\x00" in repr(document) or "\\x00" in repr(document):
        raise ValueError(f"{document.external_id} holds a NUL character")
