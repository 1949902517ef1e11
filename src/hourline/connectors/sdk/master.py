"""Say what a connector implements so that master data can be read from its vendor."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.http import Exchanged, HttpReply, HttpRequest
from hourline.connectors.sdk.source import NotRead, Paged, read_reply
from hourline.connectors.sdk.target import Ask, request_for

ID_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterPage:
    """Hold the changes of one page; `next_cursor` is None where it was the last.

    Raises ValueError for an id or a text that the database could not hold.
    """

    changes: tuple[MasterChange, ...]
    next_cursor: str | None

    def __post_init__(self) -> None:
        """Refuse what would stop the whole sync later."""
        for change in self.changes:
            # A vendor's JSON can hold anything, whatever the types say.
            ids: tuple[object, ...] = (change.source_id, change.canonical_id or "-")
            for found in ids:
                if not isinstance(found, str) or not 0 < len(found) <= ID_LENGTH_MAX:
                    raise ValueError(f"a {change.kind} has no usable id")
            texts = (change.source_id, change.canonical_id, *change.fields.values())
            if any(isinstance(text, str) and "\x00" in text for text in texts):
                raise ValueError(f"a text of a {change.kind} holds a NUL character")


class MasterStream(Paged[MasterPage], Protocol):
    """Read one list of records whole, page by page."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name the kinds of master data it gives; the first decides when it is read."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Read a list endpoint that answers items, next_cursor and has_more.

    `changes` says what one item means.
    """

    kinds: tuple[str, ...]
    path: tuple[str, ...]
    changes: Callable[[Mapping[str, Any]], Iterable[MasterChange]]
    query: Mapping[str, str] = field(default_factory=lambda: {"limit": "500"})

    def page(self, cursor: str) -> Ask:
        """Return the call for the page after a cursor."""
        query = {**self.query, **({"cursor": cursor} if cursor else {})}
        return Ask(method="GET", path=self.path, query=query)

    def read(self, reply: HttpReply) -> MasterPage:
        """Return the changes of a page."""
        told = reply.json()
        changes = (change for item in told["items"] for change in self.changes(item))
        return MasterPage(
            changes=tuple(changes),
            next_cursor=str(told["next_cursor"]) if told["has_more"] else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterPort:
    """Reach one list of one connection through its egress."""

    stream: MasterStream
    address: str
    send: Callable[[HttpRequest], Exchanged]
    deadline: timedelta = timedelta(seconds=30)

    def fetch_page(self, cursor: str) -> MasterPage | NotRead:
        """Return the page after a cursor, or why there is none to be had now."""
        ask = self.stream.page(cursor)
        reply = self.send(request_for(self.address, ask, deadline=self.deadline))
        return read_reply(self.stream, reply)
