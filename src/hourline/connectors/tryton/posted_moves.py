"""Read journals from Tryton: the posted moves in its general journals."""

import re
from dataclasses import dataclass
from decimal import Decimal

from hourline.connectors.sdk.booked import BookedPage, BookedSpan, as_ledger_entry
from hourline.connectors.sdk.documents import Document
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
from hourline.connectors.tryton.records import Told, day_of
from hourline.kernel.booked import BookedDocument
from hourline.kernel.codes import DocumentKind

_FIELDS = (
    "number",
    "date",
    "description",
    "company.id",
    "company.currency.code",
    *LINES,
)
_KEY = re.compile(r"\bH1[A-Z2-7]{26}\b")


@dataclass(frozen=True, slots=True)
class PostedMoves:
    """Read journals: the moves in journals of type general."""

    def page(self, cursor: str, span: BookedSpan) -> Ask:
        """Return the call for the moves behind an id."""
        posted = (["state", "=", "posted"], ["journal.type", "=", "general"])
        domain = [*posted, *within("date", span), *after(cursor)]
        return wire.search("account.move", domain, fields=_FIELDS)

    def read(self, reply: HttpReply) -> BookedPage:
        """Return the journals of a page."""
        told = wire.told_records(reply)
        return BookedPage(
            documents=tuple(_journal(item) for item in told), next_cursor=behind(told)
        )

    def expected(self, document: Document) -> BookedDocument:
        """Return how Tryton would show one of our documents."""
        return as_ledger_entry(document)


def _journal(told: Told) -> BookedDocument:
    lines = move_lines(told)
    return BookedDocument(
        kind=DocumentKind.JOURNAL,
        external_id=str(told["id"]),
        number=told["number"],
        # Words of a description are anybody's; only a key is sure to be ours.
        references=references(*_KEY.findall(told["description"] or "")),
        entity=str(told["company"]["id"]),
        booked_on=day_of(told["date"]),
        currency=told["company"]["currency"]["code"],
        total=sum((line.debit for line in lines), Decimal()),
        lines=lines,
    )
