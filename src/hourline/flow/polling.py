"""Poll time entries from the systems that keep them, page by page."""

from dataclasses import dataclass
from functools import partial

from hourline.connectors.sdk.patience import PATIENCE, Patience, fetch_patiently
from hourline.connectors.sdk.registry import connectors
from hourline.connectors.sdk.source import NotRead, SourcePort
from hourline.exceptions import store as exceptions
from hourline.flow.connections import Connections
from hourline.flow.entries import receive_page
from hourline.flow.sources import NOT_SET_UP, stream_subject
from hourline.flow.transactions import now
from hourline.infra.database import Database
from hourline.intake.poll import CursorMoved, Page, polled_pages, read_cursor
from hourline.intake.reading import reading_of
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.store import connections as configured_connections

TIME_ENTRIES = "time_entries"


class SourceUnreachable(ConnectionError):
    """Say why a page of a source could not be had."""


@dataclass(frozen=True, slots=True)
class Polled:
    """Count the records a poll brought; `problem` says why it did not end well."""

    connection: str
    records: int
    problem: Problem | None = None


def poll_all(
    database: Database,
    tenant: int,
    connections: Connections,
    *,
    patience: Patience = PATIENCE,
) -> list[Polled]:
    """Poll every connection whose connector has time entries to read."""
    with database.tenant(tenant) as session:
        configured = configured_connections(session)
    readable = {
        name for name, one in connectors().items() if TIME_ENTRIES in one.sources
    }
    polled = []
    for found in configured:
        if found.connector not in readable or not found.is_called:
            continue
        try:
            reached = connections.reach(tenant, found.connection_no)
        except NOT_SET_UP as fault:
            problem = _not_polled(str(fault).rstrip("."))
            _settle(database, tenant, found.connection_no, problem)
            polled.append(Polled(found.name, 0, problem))
            continue
        records, problem_met = _poll(
            database,
            tenant,
            reached.stream(TIME_ENTRIES),
            connection_no=found.connection_no,
            patience=patience,
        )
        polled.append(Polled(found.name, records, problem_met))
    return polled


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
    Raises what `Connections.reach` raises.
    """
    port = connections.reach(tenant, connection_no).stream(TIME_ENTRIES)
    records, _ = _poll(
        database, tenant, port, connection_no=connection_no, patience=patience
    )
    return records


def _poll(
    database: Database,
    tenant: int,
    port: SourcePort,
    *,
    connection_no: int,
    patience: Patience,
) -> tuple[int, Problem | None]:
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
    problem = None
    try:
        for page in pages:
            receive_page(database, tenant, page, reading)
            records += len(page.delivery.records)
    except CursorMoved:
        # Another poll was faster and goes on from there.
        return records, None
    except SourceUnreachable as reason:
        problem = _not_polled(str(reason))
    _settle(database, tenant, connection_no, problem)
    return records, problem


def _page(port: SourcePort, cursor: str | None, patience: Patience) -> Page:
    page = fetch_patiently(partial(port.fetch_page, cursor or ""), patience)
    if isinstance(page, NotRead):
        raise SourceUnreachable(page.reason)
    return Page(page.records, page.next_cursor, more=page.more)


def _not_polled(reason: str) -> Problem:
    return Problem(
        ProblemCode.SOURCE_UNREACHABLE,
        f"Time entries could not be read: {reason}.",
        "Check that the system is up and the connection's credentials are valid; the"
        " next poll goes on where this one stopped.",
    )


def _settle(
    database: Database, tenant: int, connection_no: int, problem: Problem | None
) -> None:
    subject = stream_subject(connection_no, TIME_ENTRIES)
    with database.tenant(tenant) as session:
        if problem is None:
            exceptions.resolve_subject(
                session, subject, resolution="read again", at=now()
            )
        else:
            exceptions.open_items(session, [(subject, problem)], at=now())
