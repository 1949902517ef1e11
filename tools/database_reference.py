"""Write docs/reference/database.md from the catalogue of a migrated database.

Run it with `python -m tools.database_reference` after a migration was added; a test
compares the page with what this program would write.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

from psycopg import Connection, connect
from psycopg.rows import class_row

from hourline.infra.migrate import migrate
from hourline.infra.postgres import (
    DATABASE,
    EmbeddedPostgres,
    ensure_database,
    find_binaries,
)
from tools.linters.source import ROOT

PAGE = "docs/reference/database.md"
_HEAD = """# Database

This page is written by `python -m tools.database_reference` from the catalogue of a \
migrated database; do not edit it.

Everything a firm owns is in schema `hourline`.
Row-level security, forced also for the tables' owner, shows a session the rows of its \
tenant and no others; [tenancy](../explanation/tenancy.md) tells how.
Schema `control` knows the tenants, the hashes of their API keys and the migrations \
that were applied; schema `jobs` holds what waits for a worker, by stage and tenant.

| Kind | Means |
|---|---|
| fact | recorded once; the application may add rows and never change or delete one |
| version | as a fact, and says from when it is valid and since when it is known |
| state | what is true now; the application may change it |

The second word of a table's kind says by what its rows would be spread over \
machines: by tenant, by contract or by legal entity.
Today every installation is one database; nothing is spread yet.

Amounts are integers in minor units of the currency beside them, which is the number \
of ISO 4217; time is in whole seconds.
Columns that hold small codes are explained in `hourline.kernel.codes`.
"""
_TABLES: LiteralString = """
SELECT c.relname AS name,
       substring(obj_description(c.oid) FROM '^\\[(\\w+) by') AS kind,
       substring(obj_description(c.oid) FROM '^\\[\\w+ by (\\w+)\\]') AS spread_by,
       regexp_replace(obj_description(c.oid), '^\\[[^]]*\\] ', '') AS sentence
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'hourline' AND c.relkind IN ('r', 'p')
ORDER BY c.relname
"""
_COLUMNS: LiteralString = """
SELECT c.relname AS table_name, a.attname AS name,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
               AND a.attnum = ANY(i.indkey)) AS in_key,
       (SELECT string_agg(DISTINCT f.confrelid::regclass::text, ', ')
        FROM pg_constraint f
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND a.attnum = ANY(f.conkey)
          AND a.attname <> 'tenant') AS refers_to
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = 'hourline' AND c.relkind IN ('r', 'p')
ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Table:
    """Hold what a table says of itself in its comment."""

    name: str
    kind: str
    spread_by: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Column:
    """Hold one column; `refers_to` names the tables its values point to."""

    table_name: str
    name: str
    type: str
    required: bool
    in_key: bool
    refers_to: str | None


def page(url: str) -> str:
    """Return the whole reference page for the database at `url`."""
    with connect(url) as connection:
        tables = _tables(connection)
        columns = _columns(connection)
    return "\n".join(
        [_HEAD, *_overview(tables), *(_entry(table, columns) for table in tables)]
    )


def _tables(connection: Connection[tuple[object, ...]]) -> list[Table]:
    with connection.cursor(row_factory=class_row(Table)) as cursor:
        return cursor.execute(_TABLES).fetchall()


def _columns(
    connection: Connection[tuple[object, ...]],
) -> Mapping[str, Sequence[Column]]:
    found: dict[str, list[Column]] = defaultdict(list)
    with connection.cursor(row_factory=class_row(Column)) as cursor:
        for column in cursor.execute(_COLUMNS):
            found[column.table_name].append(column)
    return found


def _overview(tables: Sequence[Table]) -> Iterator[str]:
    yield "## Tables\n"
    yield "| Table | Kind | Spread by | Holds |"
    yield "|---|---|---|---|"
    for table in tables:
        name = f"[{table.name}](#{table.name})"
        yield f"| {name} | {table.kind} | {table.spread_by} | {table.sentence} |"
    yield ""


def _entry(table: Table, columns: Mapping[str, Sequence[Column]]) -> str:
    rows = [_row(column) for column in columns[table.name]]
    head = ["| Column | Type | Needed | Refers to |", "|---|---|---|---|"]
    kind = f"A {table.kind}, spread by {table.spread_by}; its key is in bold."
    title = [f"## {table.name}", "", table.sentence, kind, ""]
    return "\n".join([*title, *head, *rows, ""])


def _row(column: Column) -> str:
    name = f"**{column.name}**" if column.in_key else column.name
    refers = (column.refers_to or "").replace("hourline.", "")
    return f"| {name} | {column.type} | {'yes' if column.required else ''} | {refers} |"


@contextmanager
def scratch_database() -> Iterator[str]:
    """Give the address of a migrated database that is gone afterwards."""
    # Not made by mkdtemp: its mode 0700 would lock out the user root's server runs as.
    state_dir = Path(tempfile.gettempdir()) / f"hourline-reference-{os.getpid()}"
    server = EmbeddedPostgres(state_dir, binaries=find_binaries(None), fsync=False)
    try:
        address = server.start(on_wait=print)
        ensure_database(address, DATABASE)
        url = address.url(database=DATABASE)
        migrate(url)
        yield url
    finally:
        server.stop()
        shutil.rmtree(state_dir, ignore_errors=True)


if __name__ == "__main__":
    with scratch_database() as scratch_url:
        (ROOT / PAGE).write_text(page(scratch_url), encoding="utf-8")
