"""Read master data from the systems that own it, in the order records depend on it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.master import MasterPort
from hourline.connectors.sdk.patience import PATIENCE, Patience, fetch_patiently
from hourline.connectors.sdk.source import NotRead
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.model import KINDS, LegalEntity
from hourline.master.service import Applied

Apply = Callable[[int, Sequence[MasterChange]], Applied]

_ORDER = {kind.kind: position for position, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class ConnectedStream:
    """Name a stream of a connection and the port it is read by.

    `owns` are the kinds its system owns. `entities` are the legal entities it speaks
    for; none means all.
    """

    connection_no: int
    connection: str
    name: str
    port: MasterPort
    owns: tuple[str, ...] = ()
    entities: frozenset[str] = frozenset()

    def concerns(self, change: MasterChange) -> bool:
        """Return whether a change is about a legal entity this system speaks for."""
        if change.kind == LegalEntity.kind:
            named: object = change.canonical_id or change.source_id
        else:
            named = change.entity or change.fields.get("entity")
        return not self.entities or named is None or named in self.entities


class Positions(Protocol):
    """Remember where a sync that did not get to the end of a stream goes on."""

    def read(self, stream: ConnectedStream) -> str:
        """Return the cursor to go on from; empty is the beginning."""

    def keep(self, stream: ConnectedStream, cursor: str | None) -> None:
        """Remember a cursor; None is the end, after which it begins anew."""


@dataclass(frozen=True, slots=True)
class StreamSynced:
    """Count what a sync did with the records of one stream.

    `problem` says why it was not read to its end, if it was not.
    """

    connection_no: int
    connection: str
    stream: str
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Synced:
    """Hold what a sync did, stream by stream in the order they were read."""

    streams: tuple[StreamSynced, ...]

    @property
    def changed(self) -> int:
        """Count the records that say something new."""
        return sum(stream.changed for stream in self.streams)

    @property
    def unchanged(self) -> int:
        """Count the records that say what is known."""
        return sum(stream.unchanged for stream in self.streams)

    @property
    def refused(self) -> int:
        """Count the records that were not taken over."""
        return sum(stream.refused for stream in self.streams)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return why streams were not read to their end."""
        return tuple(found.problem for found in self.streams if found.problem)


@dataclass(slots=True)
class _Tally:
    """Count the outcomes of one stream while it is read."""

    stream: ConnectedStream
    changed: int = 0
    unchanged: int = 0
    refused: list[MasterChange] = field(default_factory=list)
    problem: Problem | None = None

    def apply(self, apply: Apply, changes: Sequence[MasterChange]) -> None:
        if not changes:
            return
        applied = apply(self.stream.connection_no, changes)
        self.changed += applied.changed
        self.unchanged += applied.unchanged
        self.refused += [refusal.change for refusal in applied.refusals]

    def total(self) -> StreamSynced:
        return StreamSynced(
            self.stream.connection_no,
            self.stream.connection,
            self.stream.name,
            changed=self.changed,
            unchanged=self.unchanged,
            refused=len(self.refused),
            problem=self.problem,
        )


def in_dependency_order(streams: Iterable[ConnectedStream]) -> list[ConnectedStream]:
    """Return the streams so that a record comes after the kinds it refers to.

    The owner of a kind comes before those that only have other ids for its records.
    """
    return sorted(
        streams,
        key=lambda found: (
            _ORDER[found.port.stream.kinds[0]],
            found.port.stream.kinds[0] not in found.owns,
            found.connection_no,
            found.name,
        ),
    )


def sync_streams(
    streams: Iterable[ConnectedStream],
    apply: Apply,
    *,
    positions: Positions,
    patience: Patience = PATIENCE,
) -> Synced:
    """Read every stream whole and apply it; what was refused is tried once more.

    Pages are applied one by one, so a sync that broke off goes on behind the last page
    it applied. A record can refer to one that a later stream brings, so what was
    refused is applied again at the end, in the same order. A stream that cannot be
    read is a problem, and the others go on.
    """
    tallies = [_Tally(found) for found in in_dependency_order(streams)]
    for tally in tallies:
        _read(tally, apply, positions, patience=patience)
    for tally in tallies:
        again, tally.refused = tally.refused, []
        tally.apply(apply, again)
    return Synced(tuple(tally.total() for tally in tallies))


def _read(
    tally: _Tally, apply: Apply, positions: Positions, *, patience: Patience
) -> None:
    stream = tally.stream
    cursor: str | None = positions.read(stream)
    passed = set()
    while cursor is not None:
        if cursor in passed:
            tally.problem = _unread(stream, "its pages lead back to one another")
            positions.keep(stream, None)
            return
        passed.add(cursor)
        page = fetch_patiently(partial(stream.port.fetch_page, cursor), patience)
        if isinstance(page, NotRead):
            tally.problem = _unread(stream, page.reason)
            if page.lasting:
                # The vendor may no longer know the cursor; the beginning it does.
                positions.keep(stream, None)
            return
        tally.apply(apply, [one for one in page.changes if stream.concerns(one)])
        cursor = page.next_cursor
        positions.keep(stream, cursor)


def _unread(stream: ConnectedStream, why: str) -> Problem:
    return Problem(
        ProblemCode.SOURCE_UNREACHABLE,
        f"{stream.name} of {stream.connection} could not be read: {why}.",
        "Check that the system is up and the connection's credentials are valid; the"
        " next sync reads it again.",
        {"connection": stream.connection, "stream": stream.name},
    )
