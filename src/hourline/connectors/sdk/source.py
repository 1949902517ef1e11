"""Say what a connector implements so that time entries can be read from its vendor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from hourline.connectors.sdk.http import Exchanged, HttpReply, HttpRequest
from hourline.connectors.sdk.target import Ask, request_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold records exactly as they came, and where the next page starts.

    `next_cursor` is what the next poll starts from, also when `more` is false: then
    everything up to now has been read.
    """

    records: tuple[bytes, ...]
    next_cursor: str
    more: bool


class Source(Protocol):
    """Read one stream of records, page by page."""

    def page(self, cursor: str) -> Ask:
        """Return the call for the page after a cursor; empty is from the beginning."""

    def read(self, reply: HttpReply) -> Page:
        """Return what a reply of status 200 holds; raises ValueError if unreadable."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """Say why a page could not be had; `retry_after_seconds` where the vendor says."""

    reason: str
    retry_after_seconds: int | None = None


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
        if not isinstance(reply, HttpReply):
            return NotRead(reply.reason.value)
        if reply.status != _STATUS_OK:
            return NotRead(f"status {reply.status}", reply.retry_after_seconds)
        try:
            return self.source.read(reply)
        except ValueError as fault:
            return NotRead(f"unreadable page: {fault}")


_STATUS_OK = 200
