"""Build records and deliveries for the tests of intake; every default is valid."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.intake.model import Delivery, Received, SourceReading
from hourline.intake.service import receive
from hourline.kernel.codes import Method

RECEIVED_AT = datetime(2026, 10, 8, 6, 0, tzinfo=UTC)
WIRE = SourceReading()
UNVERSIONED = SourceReading(states_revisions=False)

_CONNECT = Query(
    "connect",
    "Make a connection for a test.",
    "INSERT INTO hourline.connection"
    " (connection_no, name, connector, states_revisions, settings)"
    " VALUES (%(connection_no)s, %(name)s, 'test', %(states_revisions)s,"
    " %(settings)s::jsonb)",
)
_IN_FORCE = Query(
    "in_force",
    "Read the contents that count: not superseded, by id.",
    "SELECT e.source_id, v.revision, v.worked_seconds"
    " FROM hourline.time_entry e JOIN hourline.time_entry_version v USING (entry_no)"
    " WHERE NOT EXISTS (SELECT FROM hourline.supersession s"
    " WHERE s.entry_no = v.entry_no AND s.revision = v.revision) ORDER BY 1, 2",
)
_SUPERSEDE = Query(
    "supersede",
    "Note that a revision stopped counting, as the deciding stage does.",
    "INSERT INTO hourline.supersession (entry_no, revision, by_revision)"
    " VALUES (%(entry_no)s, %(revision)s, %(by_revision)s)",
)


def record(**changes: object) -> bytes:
    """Return a record in the wire shape; a field set to None is left out."""
    fields: dict[str, object] = {
        "id": "te-1",
        "revision": 1,
        "status": "approved",
        "person": "r-7",
        "project": "p-42",
        "activity": "design",
        "hour_type": "normal",
        "date": "2026-10-06",
        "seconds": 27_000,
        "billable_seconds": 27_000,
        "note": "workshop",
        "approved_at": "2026-10-07T09:00:00Z",
        "updated_at": "2026-10-07T09:00:00Z",
    }
    fields.update(changes)
    stated = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(stated, ensure_ascii=False).encode()


def delivery(
    *records: bytes,
    method: Method = Method.BATCH,
    delivery_id: str = "d-1",
    lines: Sequence[int] | None = None,
    cells: bool = False,
) -> Delivery:
    """Return a delivery of connection 1 with these records."""
    return Delivery(
        connection_no=1,
        method=method,
        delivery_id=delivery_id,
        received_at=RECEIVED_AT,
        records=list(records),
        whole=b"\n".join(records),
        lines=lines,
        cells=cells,
    )


def connect(
    database: Database,
    tenant: int,
    *,
    connection_no: int = 1,
    states_revisions: bool = True,
    settings: str = "{}",
) -> None:
    """Make the connection that deliveries come over."""
    with database.tenant(tenant) as session:
        session.run(
            _CONNECT,
            connection_no=connection_no,
            name=f"source-{connection_no}",
            states_revisions=states_revisions,
            settings=settings,
        )


def deliver(
    database: Database,
    tenant: int,
    arrived: Delivery,
    reading: SourceReading = WIRE,
) -> Received:
    """Receive a delivery in a transaction of its own, superseding as the flow does."""
    with database.tenant(tenant) as session:
        received = receive(session, arrived, reading)
        for one in received.superseded:
            session.run(
                _SUPERSEDE,
                entry_no=one.entry_no,
                revision=one.revision,
                by_revision=one.by_revision,
            )
    return received


def in_force(database: Database, tenant: int) -> list[tuple[str, int, int]]:
    """Return id, revision and seconds of what counts."""
    with database.tenant(tenant) as session:
        return [(row[0], row[1], row[2]) for row in session.tuples(_IN_FORCE)]


def rows(database: Database, tenant: int, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a query of a test."""
    with database.tenant(tenant) as session:
        return session.tuples(Query("test", "Look at what was written.", sql))
