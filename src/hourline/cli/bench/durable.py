"""Measure the durable pipeline against a COPY of the very rows it wrote."""

import gc
import os
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import psycopg
from psycopg import sql

from hourline import flow
from hourline.cli.bench.figure import Measured
from hourline.cli.bench.recorder import CONNECTION
from hourline.cli.bench.workload import Workload
from hourline.infra.database import Database, Session
from hourline.infra.json import encode_json
from hourline.infra.tenants import create_tenant
from hourline.intake.model import Delivery
from hourline.kernel.codes import Method
from hourline.master.store import set_connection, stored_content

# In the order of their foreign keys.
TABLES = (
    "delivery",
    "source_record",
    "time_entry",
    "time_entry_version",
    "decision",
    "portion",
    "transfer",
    "allotment_act",
    "block_use",
    "journal_line",
)
_CHUNK = 20_000
_FIRST = 200
_TICKS = os.sysconf("SC_CLK_TCK")


def pipelines_against_copy(work: Workload, *, database_url: str) -> list[Measured]:
    """Compare the pipeline with COPY, without limits and prepaid hours and with them.

    With them every delivery allots the work of each limited contract anew.
    """
    plain = _pipeline_against_copy(work.without_limits(), database_url=database_url)
    limited = _pipeline_against_copy(work, database_url=database_url)
    count = f"{len(work.lines):,}"
    compared = (
        "durably against COPY of the same rows with the same keys, client and server"
        " CPU"
    )
    return [
        Measured(
            "durable",
            f"receive, decide and store {count} entries {compared}",
            *plain,
            target_percent=200,
        ),
        Measured(
            "limited",
            f"receive, decide, allot and store {count} entries {compared}",
            *limited,
            target_percent=300,
        ),
    ]


def _pipeline_against_copy(work: Workload, *, database_url: str) -> tuple[int, int]:
    """Receive and decide every entry, then COPY the same rows with the same keys.

    Compares the CPU of client and database backend together. Both sides write into the
    same tables, each as a tenant of its own.
    """
    database = Database.open(database_url, connections_max=1)
    try:
        ours = new_tenant(database, "pipeline")
        theirs = new_tenant(database, "copy")
        for tenant in (ours, theirs):
            with database.tenant(tenant) as session:
                load_masters(session, work)
        receive_first(database, ours, work.lines)
        spent = cpu_spent(database, lambda: receive_others(database, ours, work.lines))
        rows = _dump(database_url, ours)
        copied = cpu_spent(database, lambda: _copy(database, theirs, rows))
    finally:
        database.close()
    return spent, copied


def new_tenant(database: Database, name: str) -> int:
    """Create a tenant for a part of the benchmark."""
    # Named like what scenarios leave behind, so that no command takes it for a firm.
    slug = f"scenario-bench-{name}-{secrets.token_hex(4)}"
    return create_tenant(database, slug=slug, name="Benchmark")


def load_masters(session: Session, work: Workload) -> None:
    """Load the firm's master data; raise LookupError where the tenant has any."""
    connection_no = set_connection(session, name="psa", connector="file")
    if connection_no != CONNECTION:
        raise LookupError("the benchmark's tenant is not new")
    numbers: dict[tuple[str, str], int] = {}
    for version in work.versions:
        key = (version.content.kind, version.id)
        numbers.setdefault(key, version.master_no)
    session.load(
        "master_identity",
        {
            "master_no": list(numbers.values()),
            "kind": [kind for kind, _ in numbers],
            "id": [record_id for _, record_id in numbers],
        },
    )
    contents = []
    for version in work.versions:
        kinds = version.content.references
        referred = {
            name: numbers[kind, getattr(version.content, name)]
            for name, kind in kinds.items()
            if getattr(version.content, name) is not None
        }
        contents.append(encode_json(stored_content(version.content, referred)).decode())
    session.load(
        "master_version",
        {
            "master_no": [version.master_no for version in work.versions],
            "effective_from": [version.effective_from for version in work.versions],
            "effective_until": [version.effective_until for version in work.versions],
            "content": contents,
        },
    )
    session.load(
        "cross_reference",
        {
            "connection_no": [found.connection_no for found in work.references],
            "kind": [found.kind for found in work.references],
            "source_id": [found.source_id for found in work.references],
            "master_no": [found.master_no for found in work.references],
        },
    )


def receive_first(database: Database, tenant: int, lines: Sequence[bytes]) -> None:
    """Receive a few entries, so that nothing is done for the first time after it."""
    _receive(database, tenant, lines[:_FIRST], first=0)


def receive_others(database: Database, tenant: int, lines: Sequence[bytes]) -> None:
    """Receive all the other entries in batches."""
    for first in range(_FIRST, len(lines), _CHUNK):
        _receive(database, tenant, lines[first : first + _CHUNK], first=first)


def _receive(
    database: Database, tenant: int, lines: Sequence[bytes], *, first: int
) -> None:
    delivery = Delivery(
        connection_no=CONNECTION,
        method=Method.BATCH,
        delivery_id=f"bench-{first}",
        received_at=datetime.now(UTC),
        records=lines,
        whole=b"\n".join(lines),
    )
    flow.receive(database, tenant, delivery)


def _dump(database_url: str, tenant: int) -> list[tuple[str, str, bytes]]:
    """Return each table with its columns and the tenant's rows as COPY text."""
    dumped = []
    with psycopg.connect(database_url) as connection:
        for table in TABLES:
            columns = _columns(connection, table)
            statement = sql.SQL(
                "COPY (SELECT {} FROM hourline.{} WHERE tenant = {}"
                " ORDER BY ctid) TO STDOUT"
            ).format(sql.SQL(columns), sql.Identifier(table), sql.Literal(tenant))
            with connection.cursor().copy(statement) as copy:
                dumped.append((table, columns, b"".join(map(bytes, copy))))
    return dumped


def _columns(connection: psycopg.Connection[Any], table: str) -> str:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema ="
        " 'hourline' AND table_name = %s AND column_name <> 'tenant'"
        " ORDER BY ordinal_position",
        (table,),
    ).fetchall()
    return ", ".join(name for (name,) in rows)


def _copy(
    database: Database, tenant: int, rows: Sequence[tuple[str, str, bytes]]
) -> None:
    for table, columns, content in rows:
        with database.tenant(tenant) as session:
            session.load_text(table, columns.split(", "), content)


def cpu_spent(database: Database, work: Callable[[], object]) -> int:
    """Return the microseconds of CPU this process and its one backend spent on work."""
    with database.control() as session:
        pid = session.backend_pid
    gc.collect()
    before = process_time(), _backend_ticks(pid)
    work()
    client = process_time() - before[0]
    ticks = _backend_ticks(pid) - before[1]
    return round(client * 1_000_000) + ticks * 1_000_000 // _TICKS


def _backend_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    values = fields.split()
    return int(values[11]) + int(values[12])
