"""Read the firm's systems: master data in dependency order, time entries by poll."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.patience import PATIENCE, Patience, fetch_patiently
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.source import NotRead, SourcePort
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.connections import Connections
from hourline.flow.entries import receive_page
from hourline.flow.masters import change_master
from hourline.flow.transactions import now
from hourline.infra.database import Database
from hourline.infra.secrets import CannotUnseal
from hourline.intake.poll import CursorMoved, Page, polled_pages, read_cursor
from hourline.intake.reading import reading_of
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master import service as master
from hourline.master import store
from hourline.master.sync import ConnectedStream, StreamSynced, Synced, sync_streams

TIME_ENTRIES = "time_entries"
# What reaching a connection raises where it is not set up to its end.
NOT_SET_UP = (LookupError, ValueError, CannotUnseal)


class SourceUnreachable(ConnectionError):
    """Say why a page of a source could not be had."""


class _Scope(msgspec.Struct, frozen=True):
    """Say which legal entities a system speaks for; none means all."""

    entities: frozenset[str] = frozenset()


def own_kinds(database: Database, tenant: int) -> None:
    """Make each connection the owner of the kinds that its connector alone declares.

    Where several systems declare a kind, as two ERPs do, none owns it for the whole
    firm: the setting `entities` of each says which legal entities it speaks for.
    """
    with database.tenant(tenant) as session:
        claims = [
            (kind, found.connection_no)
            for found in store.connections(session)
            for kind in connector(found.connector).owns
        ]
        claimed = Counter(kind for kind, _ in claims)
        for kind, connection_no in claims:
            if claimed[kind] == 1:
                master.own_field(session, kind, "*", connection_no)
            else:
                master.share_field(session, kind, "*")


def sync_master(
    database: Database,
    tenant: int,
    connections: Connections,
    *,
    patience: Patience = PATIENCE,
) -> Synced:
    """Read master data of every connection; what cannot be read waits in its queue."""
    streams, unreached = _streams(database, tenant, connections)

    def apply(connection_no: int, changes: Sequence[MasterChange]) -> master.Applied:
        return change_master(database, tenant, changes, connection_no=connection_no)

    synced = sync_streams(
        streams, apply, positions=_Positions(database, tenant), patience=patience
    )
    _queue(database, tenant, synced.streams, unreached)
    return Synced((*unreached, *synced.streams))


def _streams(
    database: Database, tenant: int, connections: Connections
) -> tuple[list[ConnectedStream], list[StreamSynced]]:
    """Return the streams of every connection, and the connections without any way."""
    with database.tenant(tenant) as session:
        configured = store.connections(session)
    streams: list[ConnectedStream] = []
    unreached = []
    for found in configured:
        try:
            declared = connector(found.connector)
            if declared.masters:
                scope = msgspec.convert(found.settings, _Scope)
                reached = connections.reach(tenant, found.connection_no)
                streams += [
                    ConnectedStream(
                        found.connection_no,
                        found.name,
                        name,
                        port,
                        owns=declared.owns,
                        entities=scope.entities,
                    )
                    for name, port in reached.masters().items()
                ]
        except NOT_SET_UP as fault:
            unreached.append(
                StreamSynced(
                    found.connection_no, found.name, "*", problem=_not_set_up(fault)
                )
            )
    return streams, unreached


@dataclass(frozen=True, slots=True)
class _Positions:
    """Keep the positions of a tenant's streams in its database."""

    database: Database
    tenant: int

    def read(self, stream: ConnectedStream) -> str:
        with self.database.tenant(self.tenant) as session:
            kept = store.sync_position(session, stream.connection_no, stream.name)
        return kept or ""

    def keep(self, stream: ConnectedStream, cursor: str | None) -> None:
        with self.database.tenant(self.tenant) as session:
            store.keep_sync_position(session, stream.connection_no, stream.name, cursor)


def _not_set_up(fault: Exception) -> Problem:
    return Problem(
        ProblemCode.SOURCE_UNREACHABLE,
        f"The connection is not set up: {fault}",
        "Complete its settings and its secret; the next sync reads it.",
    )


def _queue(
    database: Database,
    tenant: int,
    read: Sequence[StreamSynced],
    unreached: Sequence[StreamSynced],
) -> None:
    at = now()
    failed = [
        (_subject(found.connection_no, found.stream), found.problem)
        for found in (*read, *unreached)
        if found.problem is not None
    ]
    named = [
        _subject(found.connection_no, name)
        for found in read
        for name in (found.stream, "*")
    ]
    well = [subject for subject in named if subject not in dict(failed)]
    with database.tenant(tenant) as session:
        exceptions.resolve_subjects(session, well, resolution="read again", at=at)
        exceptions.open_items(session, failed, at=at)


def _subject(connection_no: int, stream: str) -> Subject:
    return Subject("stream", f"{connection_no}/{stream}")


def poll_entries(
    database: Database,
    tenant: int,
    connections: Connections,
    *,
    connection_no: int,
    patience: Patience = PATIENCE,
) -> int:
    """Read a connection's feed of time entries from where the last poll stopped.

    Returns how many records came. The cursor moves in the commit of each page; what
    cannot be read is an exception item, and the next poll goes on from the cursor.
    """
    port = connections.reach(tenant, connection_no).stream(TIME_ENTRIES)
    with database.tenant(tenant) as session:
        cursor = read_cursor(session, connection_no, TIME_ENTRIES)
        reading = reading_of(session, connection_no)
    pages = polled_pages(
        lambda after: _page(port, after, patience),
        connection_no=connection_no,
        stream=TIME_ENTRIES,
        cursor=cursor,
        received_at=now(),
    )
    records = 0
    subject = _subject(connection_no, TIME_ENTRIES)
    try:
        for page in pages:
            receive_page(database, tenant, page, reading)
            records += len(page.delivery.records)
    except SourceUnreachable as reason:
        problem = Problem(
            ProblemCode.SOURCE_UNREACHABLE,
            f"Time entries could not be read: {reason}.",
            "Check that the system is up and the connection's credentials are valid;"
            " the next poll goes on where this one stopped.",
        )
        with database.tenant(tenant) as session:
            exceptions.open_items(session, [(subject, problem)], at=now())
    except CursorMoved:
        # Another poll was faster and goes on from there.
        return records
    else:
        with database.tenant(tenant) as session:
            exceptions.resolve_subject(
                session, subject, resolution="read again", at=now()
            )
    return records


def _page(port: SourcePort, cursor: str | None, patience: Patience) -> Page:
    page = fetch_patiently(partial(port.fetch_page, cursor or ""), patience)
    if isinstance(page, NotRead):
        raise SourceUnreachable(page.reason)
    return Page(page.records, page.next_cursor)
