"""Read what is posted in Tryton: customer invoices, credit notes and general journals.

Amounts of lines are those of the account move, so in the company's currency; total,
net and tax of an invoice are in its own. Analytic dimensions are not read.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from hourline.connectors.sdk.booked import (
    ID_LENGTH_MAX,
    BookedPage,
    BookedSpan,
    BookedStream,
    as_ledger_entry,
)
from hourline.connectors.sdk.documents import Document, InvoiceDocument
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import Ask
from hourline.connectors.tryton import wire
from hourline.connectors.tryton.records import Told, day_of
from hourline.kernel.booked import BookedDocument, BookedLine
from hourline.kernel.codes import DocumentKind

_LINES = ("lines.account.code", "lines.debit", "lines.credit", "lines.description")
_INVOICE = (
    "number",
    "reference",
    "total_amount",
    "untaxed_amount",
    "tax_amount",
    "currency.code",
    "party.id",
    "company.id",
    "move.date",
    *(f"move.{name}" for name in _LINES),
)
_MOVE = (
    "number",
    "date",
    "description",
    "company.id",
    "company.currency.code",
    *_LINES,
)
_KEY = re.compile(r"\bH1[A-Z2-7]{26}\b")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class PostedInvoices:
    """Read invoices, or credit notes: those have a total below zero.

    Both read the same list, as Tryton keeps them in one.
    """

    kind: DocumentKind

    def page(self, cursor: str, span: BookedSpan) -> Ask:
        """Return the call for the documents behind an id."""
        posted = (["type", "=", "out"], ["state", "in", ["posted", "paid"]])
        domain = [*posted, *_within("move.date", span), *_after(cursor)]
        return wire.search("account.invoice", domain, fields=_INVOICE)

    def read(self, reply: HttpReply) -> BookedPage:
        """Return the documents of a page that are of this kind."""
        told = wire.told_records(reply)
        return BookedPage(
            documents=tuple(
                self._booked(item)
                for item in told
                if (item["total_amount"] < 0) is self._is_credit
            ),
            next_cursor=_behind(told),
        )

    def expected(self, document: Document) -> BookedDocument:
        """Return how Tryton would show one of our documents."""
        if not isinstance(document, InvoiceDocument):
            return as_ledger_entry(document)
        return replace(
            as_ledger_entry(document),
            party=document.customer,
            total=Decimal(document.total),
            net=Decimal(document.net),
            tax=Decimal(document.tax),
        )

    @property
    def _is_credit(self) -> bool:
        return self.kind is DocumentKind.CREDIT_NOTE

    def _booked(self, told: Told) -> BookedDocument:
        reference = told["reference"] or ""
        words = [word for word in reference.split() if _DIGIT.search(word)]
        return BookedDocument(
            kind=self.kind,
            external_id=str(told["id"]),
            number=told["number"],
            references=_references(reference, *words),
            entity=str(told["company"]["id"]),
            booked_on=day_of(told["move"]["date"]),
            party=str(told["party"]["id"]),
            currency=told["currency"]["code"],
            total=told["total_amount"],
            net=told["untaxed_amount"],
            tax=told["tax_amount"],
            lines=_lines(told["move"]),
        )


@dataclass(frozen=True, slots=True)
class PostedMoves:
    """Read journals: the moves in journals of type general."""

    def page(self, cursor: str, span: BookedSpan) -> Ask:
        """Return the call for the moves behind an id."""
        posted = (["state", "=", "posted"], ["journal.type", "=", "general"])
        domain = [*posted, *_within("date", span), *_after(cursor)]
        return wire.search("account.move", domain, fields=_MOVE)

    def read(self, reply: HttpReply) -> BookedPage:
        """Return the journals of a page."""
        told = wire.told_records(reply)
        return BookedPage(
            documents=tuple(_journal(item) for item in told), next_cursor=_behind(told)
        )

    def expected(self, document: Document) -> BookedDocument:
        """Return how Tryton would show one of our documents."""
        return as_ledger_entry(document)


def _journal(told: Told) -> BookedDocument:
    lines = _lines(told)
    return BookedDocument(
        kind=DocumentKind.JOURNAL,
        external_id=str(told["id"]),
        number=told["number"],
        # Words of a description are anybody's; only a key is sure to be ours.
        references=_references(*_KEY.findall(told["description"] or "")),
        entity=str(told["company"]["id"]),
        booked_on=day_of(told["date"]),
        currency=told["company"]["currency"]["code"],
        total=sum((line.debit for line in lines), Decimal()),
        lines=lines,
    )


def _after(cursor: str) -> list[object]:
    return [["id", ">", int(cursor)]] if cursor else []


def _within(field: str, span: BookedSpan) -> list[object]:
    return [[field, ">=", wire.day(span.since)], [field, "<", wire.day(span.until)]]


def _behind(told: list[Told]) -> str | None:
    return str(told[-1]["id"]) if len(told) == wire.PAGE_RECORDS else None


def _lines(move: Told) -> tuple[BookedLine, ...]:
    return tuple(
        BookedLine(
            account=line["account"]["code"] or "",
            debit=line["debit"],
            credit=line["credit"],
            description=line["description"] or "",
        )
        for line in move["lines"]
    )


def _references(*texts: str) -> tuple[str, ...]:
    found = dict.fromkeys(text.strip() for text in texts)
    return tuple(text for text in found if 0 < len(text) <= ID_LENGTH_MAX)


BOOKED: dict[DocumentKind, BookedStream] = {
    DocumentKind.INVOICE: PostedInvoices(DocumentKind.INVOICE),
    DocumentKind.CREDIT_NOTE: PostedInvoices(DocumentKind.CREDIT_NOTE),
    DocumentKind.JOURNAL: PostedMoves(),
}
