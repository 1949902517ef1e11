"""Read master data from the systems that own it, in the order records depend on it."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.master import MasterPage, MasterPort
from hourline.connectors.sdk.source import NotRead
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.model import KINDS
from hourline.master.service import Applied

Apply = Callable[[int, Sequence[MasterChange]], Applied]

_ORDER = {kind.kind: position for position, kind in enumerate(KINDS)}
_TRIES_MAX = 8
_PAUSE_SECONDS_MAX = 5


@dataclass(frozen=True, slots=True)
class ConnectedStream:
    """Name a stream of a connection and the port it is read by."""

    connection_no: int
    connection: str
    name: str
    port: MasterPort


@dataclass(frozen=True, slots=True)
class Synced:
    """Count what a sync changed, and say what could not be read."""

    changed: int
    unchanged: int
    refused: int
    problems: tuple[tuple[ConnectedStream, Problem], ...]


def in_dependency_order(streams: Iterable[ConnectedStream]) -> list[ConnectedStream]:
    """Return the streams so that a record comes after the kinds it refers to."""
    return sorted(
        streams,
        key=lambda found: (
            _ORDER[found.port.stream.kinds[0]],
            found.connection_no,
            found.name,
        ),
    )


def sync_streams(streams: Iterable[ConnectedStream], apply: Apply) -> Synced:
    """Read every stream whole and apply it; what was refused is tried once more.

    A record can refer to one that a later system brings, so refused changes are
    applied again at the end. A stream that cannot be read is a problem, and the
    others go on.
    """
    counts = [0, 0]
    again: list[tuple[int, MasterChange]] = []
    problems = []
    for found in in_dependency_order(streams):
        changes = _read(found.port)
        if isinstance(changes, NotRead):
            problems.append((found, _unreachable(found, changes)))
            continue
        applied = apply(found.connection_no, changes)
        counts[0] += applied.changed
        counts[1] += applied.unchanged
        again += [(found.connection_no, refusal.change) for refusal in applied.refusals]
    refused = 0
    for connection_no in dict.fromkeys(number for number, _ in again):
        changes = [change for number, change in again if number == connection_no]
        applied = apply(connection_no, changes)
        counts[0] += applied.changed
        refused += len(applied.refusals)
    return Synced(counts[0], counts[1], refused, tuple(problems))


def _read(port: MasterPort) -> list[MasterChange] | NotRead:
    changes: list[MasterChange] = []
    cursor: str | None = ""
    while cursor is not None:
        page = _page(port, cursor)
        if isinstance(page, NotRead):
            return page
        changes += page.changes
        cursor = page.next_cursor
    return changes


def _page(port: MasterPort, cursor: str) -> MasterPage | NotRead:
    """Return a page; reading again is harmless, so a throttle or loss is waited out."""
    for attempt in range(_TRIES_MAX - 1):
        page = port.fetch_page(cursor)
        if not isinstance(page, NotRead):
            return page
        asked = page.retry_after_seconds
        time.sleep(min(_PAUSE_SECONDS_MAX, attempt + 1 if asked is None else asked))
    return port.fetch_page(cursor)


def _unreachable(found: ConnectedStream, why: NotRead) -> Problem:
    return Problem(
        ProblemCode.SOURCE_UNREACHABLE,
        f"{found.name} of {found.connection} could not be read: {why.reason}.",
        "Check that the system is up and the connection's credentials are valid; the"
        " next sync reads it again.",
        {"connection": found.connection, "stream": found.name},
    )
