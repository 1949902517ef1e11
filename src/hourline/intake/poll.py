"""Read a stream of a source page by page; the cursor moves with the records, or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hourline.infra.database import Session
from hourline.intake.envelope import content_id
from hourline.intake.model import Delivery, Received, SourceReading
from hourline.intake.reading import QUERIES
from hourline.intake.rules.keeping import Keeping
from hourline.intake.service import receive
from hourline.kernel.codes import Method


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one page: its records as they came, and where the stream goes on.

    `next_cursor` is None where the source has nothing more to say than this page;
    without `more`, it is where the next poll starts.
    """

    records: Sequence[bytes]
    next_cursor: str | None
    more: bool = True


class FetchPage(Protocol):
    """Fetch the page at a cursor; None is the beginning of the stream."""

    def __call__(self, cursor: str | None) -> Page:
        """Return the page; raise what the connector raises when it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class PolledPage:
    """Hold a fetched page as a delivery, with the cursors on both sides of it."""

    stream: str
    cursor: str | None
    next_cursor: str | None
    delivery: Delivery


class CursorMoved(Exception):
    """Say that another poll of the stream went on from the same cursor."""


def read_cursor(session: Session, connection_no: int, stream: str) -> str | None:
    """Return how far a stream has been read, None where it never was."""
    return session.value(
        QUERIES["read_cursor"], str, connection_no=connection_no, stream=stream
    )


def polled_pages(
    fetch_page: FetchPage,
    *,
    connection_no: int,
    stream: str,
    cursor: str | None,
    received_at: datetime,
    pages_max: int = 1_000,
) -> Iterator[PolledPage]:
    """Fetch page after page from the cursor on, each before the next is asked for.

    No transaction is open while a page is fetched. It ends at a page without successor,
    at one that leads back to itself, or after `pages_max`.
    """
    for _ in range(pages_max):
        page = fetch_page(cursor)
        whole = b"\n".join(page.records)
        delivery = Delivery(
            connection_no=connection_no,
            method=Method.POLL,
            delivery_id=f"{stream}:{content_id(whole)}",
            received_at=received_at,
            records=page.records,
            whole=whole,
        )
        yield PolledPage(stream, cursor, page.next_cursor, delivery)
        if page.next_cursor is None or page.next_cursor == cursor or not page.more:
            return
        cursor = page.next_cursor


def take_page(
    session: Session,
    page: PolledPage,
    reading: SourceReading,
    keeping: Keeping | None = None,
) -> Received | None:
    """Receive a page and move the cursor past it, in this one transaction.

    `keeping` as in `receive`.
    Returns None for a page without records. Raises CursorMoved where another poll was
    faster; the caller undoes the transaction and starts again from the cursor.
    """
    received = None
    if page.delivery.records:
        received = receive(session, page.delivery, reading, keeping=keeping)
    if page.next_cursor is not None and page.next_cursor != page.cursor:
        _move_cursor(session, page, page.next_cursor)
    return received


def _move_cursor(session: Session, page: PolledPage, next_cursor: str) -> None:
    moved = session.run(
        QUERIES["move_cursor"],
        connection_no=page.delivery.connection_no,
        stream=page.stream,
        cursor=page.cursor,
        next_cursor=next_cursor,
    )
    if moved != 1:
        msg = f"stream {page.stream} is not at the cursor this page was fetched with"
        raise CursorMoved(msg)
