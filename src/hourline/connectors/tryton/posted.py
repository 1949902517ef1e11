"""Page through what is posted in Tryton, and read the lines of its moves."""

from collections.abc import Sequence

from hourline.connectors.sdk.booked import ID_LENGTH_MAX, BookedSpan
from hourline.connectors.tryton import wire
from hourline.connectors.tryton.records import Told
from hourline.kernel.booked import BookedLine

# What a line of a move is asked for.
LINES = ("lines.account.code", "lines.debit", "lines.credit", "lines.description")


def within(field: str, span: BookedSpan) -> list[object]:
    """Return the part of a domain that asks for days; the last is left out."""
    return [[field, ">=", wire.day(span.since)], [field, "<", wire.day(span.until)]]


def after(cursor: str) -> list[object]:
    """Return the part of a domain that goes on behind an id."""
    return [["id", ">", int(cursor)]] if cursor else []


def behind(told: Sequence[Told]) -> str | None:
    """Return the cursor behind a page, None where it was the last."""
    return str(told[-1]["id"]) if len(told) == wire.PAGE_RECORDS else None


def move_lines(move: Told) -> tuple[BookedLine, ...]:
    """Return the lines of a move, in the company's currency."""
    return tuple(
        BookedLine(
            account=line["account"]["code"] or "",
            debit=line["debit"],
            credit=line["credit"],
            description=line["description"] or "",
        )
        for line in move["lines"]
    )


def references(*texts: str) -> tuple[str, ...]:
    """Return the texts that can name a document, each once."""
    found = dict.fromkeys(text.strip() for text in texts)
    return tuple(text for text in found if 0 < len(text) <= ID_LENGTH_MAX)
