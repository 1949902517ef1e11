"""Say what a connector implements so that time entries can be read from its vendor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeVar

import msgspec

from hourline.connectors.sdk.http import (
    Exchanged,
    HttpReply,
    HttpRequest,
    UnreachedReason,
)
from hourline.connectors.sdk.target import Ask, request_for

P = TypeVar("P")
P_co = TypeVar("P_co", covariant=True)
_STATUS_OK = 200
_STATUS_REFUSED = range(400, 500)
# Timeout, too early, too many: the same call can succeed a little later.
_STATUS_LATER = frozenset({408, 425, 429})
_NEVER_SENT = frozenset({UnreachedReason.URL_REFUSED, UnreachedReason.ADDRESS_REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold records exactly as they came, and where the next page starts.

    `next_cursor` is what the next poll starts from, also when `more` is false: then
    everything up to now has been read. None is from where this one started.
    """

    records: tuple[bytes, ...]
    next_cursor: str | None
    more: bool


class Paged(Protocol[P_co]):
    """Read one list of a vendor page by page."""

    def page(self, cursor: str) -> Ask:
        """Return the call for the page after a cursor; empty is from the beginning."""

    def read(self, reply: HttpReply) -> P_co:
        """Return what a reply of status 200 holds.

        Raises ValueError, KeyError or TypeError where it is not what it should be.
        """


class Source(Paged[Page], Protocol):
    """Read one stream of records, page by page."""


class _FeedPage(msgspec.Struct):
    """A page as the vendor sends it; the records stay the bytes they are."""

    items: list[msgspec.Raw]
    next_cursor: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """Read a feed of changes that answers items, next_cursor and has_more.

    The oldest change is first, and the last cursor is where the next poll goes on.
    """

    path: tuple[str, ...]
    query: Mapping[str, str] = field(default_factory=lambda: {"limit": "500"})

    def page(self, cursor: str) -> Ask:
        """Return the call for the page after a cursor."""
        query = {**self.query, **({"cursor": cursor} if cursor else {})}
        return Ask(method="GET", path=self.path, query=query)

    def read(self, reply: HttpReply) -> Page:
        """Return the records of a page."""
        told = msgspec.json.decode(reply.body, type=_FeedPage)
        return Page(
            records=tuple(bytes(item) for item in told.items),
            next_cursor=told.next_cursor,
            more=told.has_more,
        )


@dataclass(frozen=True, slots=True)
class NotRead:
    """Say why a page could not be had; `retry_after_seconds` where the vendor says.

    `lasting` says that the same call will not succeed a little later either.
    """

    reason: str
    retry_after_seconds: int | None = None
    lasting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePort:
    """Reach one stream of one connection through its egress."""

    source: Source
    address: str
    send: Callable[[HttpRequest], Exchanged]
    deadline: timedelta = timedelta(seconds=30)

    def fetch_page(self, cursor: str) -> Page | NotRead:
        """Return the page after a cursor, or why there is none to be had now."""
        ask = self.source.page(cursor)
        reply = self.send(request_for(self.address, ask, deadline=self.deadline))
        return read_reply(self.source, reply)


def read_reply(paged: Paged[P], reply: Exchanged) -> P | NotRead:
    """Return the page that a reply holds, or why it holds none."""
    if not isinstance(reply, HttpReply):
        return NotRead(reply.reason.value, lasting=reply.reason in _NEVER_SENT)
    if reply.status != _STATUS_OK:
        return NotRead(
            f"status {reply.status}",
            reply.retry_after_seconds,
            lasting=reply.status in _STATUS_REFUSED
            and reply.status not in _STATUS_LATER,
        )
    try:
        return paged.read(reply)
    except (LookupError, TypeError, ValueError) as fault:
        return NotRead(f"unreadable page: {type(fault).__name__}: {fault}")
