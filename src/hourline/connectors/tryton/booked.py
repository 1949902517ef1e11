"""Read posted customer invoices and credit notes from Tryton, and name its books.

Amounts of lines are those of the account move, so in the company's currency; total,
net and tax of an invoice are in its own. Analytic dimensions are not read.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from hourline.connectors.sdk.booked import (
    BookedPage,
    BookedSpan,
    BookedStream,
    as_ledger_entry,
)
from hourline.connectors.sdk.documents import Document, InvoiceDocument
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import Ask
from hourline.connectors.tryton import wire
from hourline.connectors.tryton.posted import (
    LINES,
    after,
    behind,
    move_lines,
    references,
    within,
)
from hourline.connectors.tryton.posted_moves import PostedMoves
from hourline.connectors.tryton.records import Told, day_of
from hourline.kernel.booked import BookedDocument
from hourline.kernel.codes import DocumentKind

_FIELDS = (
    "number",
    "reference",
    "total_amount",
    "untaxed_amount",
    "tax_amount",
    "currency.code",
    "party.id",
    "company.id",
    "move.date",
    *(f"move.{name}" for name in LINES),
)
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
        domain = [*posted, *within("move.date", span), *after(cursor)]
        return wire.search("account.invoice", domain, fields=_FIELDS)

    def read(self, reply: HttpReply) -> BookedPage:
        """Return the documents of a page that are of this kind."""
        told = wire.told_records(reply)
        return BookedPage(
            documents=tuple(
                self._booked(item)
                for item in told
                if (item["total_amount"] < 0) is self._is_credit
            ),
            next_cursor=behind(told),
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
            references=references(reference, *words),
            entity=str(told["company"]["id"]),
            booked_on=day_of(told["move"]["date"]),
            party=str(told["party"]["id"]),
            currency=told["currency"]["code"],
            total=told["total_amount"],
            net=told["untaxed_amount"],
            tax=told["tax_amount"],
            lines=move_lines(told["move"]),
        )


BOOKED: dict[DocumentKind, BookedStream] = {
    DocumentKind.INVOICE: PostedInvoices(DocumentKind.INVOICE),
    DocumentKind.CREDIT_NOTE: PostedInvoices(DocumentKind.CREDIT_NOTE),
    DocumentKind.JOURNAL: PostedMoves(),
}
