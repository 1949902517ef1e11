"""Read the firm's systems: master data in dependency order, time entries by poll."""

from collections.abc import Sequence

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.source import NotRead, SourcePort
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.connections import Connections
from hourline.flow.entries import receive_page
from hourline.flow.masters import change_master
from hourline.flow.transactions import now
from hourline.infra.database import Database
from hourline.intake.poll import CursorMoved, Page, polled_pages, read_cursor
from hourline.intake.reading import reading_of
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master import service as master
from hourline.master import store
from hourline.master.sync import ConnectedStream, Synced, sync_streams

TIME_ENTRIES = "time_entries"


class SourceUnreachable(ConnectionError):
    """Say why a page of a source could not be had."""


def own_kinds(database: Database, tenant: int) -> None:
    """Make each connection the one owner of the kinds its connector declares."""
    with database.tenant(tenant) as session:
        for found in store.connections(session):
            for kind in connector(found.connector).owns:
                master.own_field(session, kind, "*", found.connection_no)


def sync_master(database: Database, tenant: int, connections: Connections) -> Synced:
    """Read master data of every connection; what cannot be read waits in its queue."""
    with database.tenant(tenant) as session:
        configured = store.connections(session)
    streams = [
        ConnectedStream(found.connection_no, found.name, name, port)
        for found in configured
        if connector(found.connector).masters
        for name, port in (
            connections.reach(tenant, found.connection_no).masters().items()
        )
    ]

    def apply(connection_no: int, changes: Sequence[MasterChange]) -> master.Applied:
        return change_master(database, tenant, changes, connection_no=connection_no)

    synced = sync_streams(streams, apply)
    _queue(database, tenant, streams, synced)
    return synced


def _queue(
    database: Database, tenant: int, streams: list[ConnectedStream], synced: Synced
) -> None:
    at = now()
    failed = [(_subject(stream), problem) for stream, problem in synced.problems]
    read = [
        _subject(stream)
        for stream in streams
        if _subject(stream) not in {subject for subject, _ in failed}
    ]
    with database.tenant(tenant) as session:
        exceptions.resolve_subjects(session, read, resolution="read again", at=at)
        exceptions.open_items(session, failed, at=at)


def _subject(stream: ConnectedStream) -> Subject:
    return Subject("stream", f"{stream.connection_no}/{stream.name}")


def poll_entries(
    database: Database, tenant: int, connections: Connections, *, connection_no: int
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
        lambda after: _page(port, after),
        connection_no=connection_no,
        stream=TIME_ENTRIES,
        cursor=cursor,
        received_at=now(),
    )
    records = 0
    subject = Subject("stream", f"{connection_no}/{TIME_ENTRIES}")
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


def _page(port: SourcePort, cursor: str | None) -> Page:
    page = port.fetch_page(cursor or "")
    if isinstance(page, NotRead):
        raise SourceUnreachable(page.reason)
    return Page(page.records, page.next_cursor)
