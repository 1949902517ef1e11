"""Open sessions on PostgreSQL: one transaction of one tenant each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, TypeVar

import numpy as np
from psycopg import Connection, OperationalError, sql
from psycopg.errors import NumericValueOutOfRange
from psycopg.rows import class_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool

from hourline.infra.bulk import Column, binary_rows, is_binary, text_rows
from hourline.infra.json import decode_json, encode_json
from hourline.infra.queries import Query

T = TypeVar("T")
_PREPARED_MAX = 1000

set_json_loads(decode_json)
set_json_dumps(encode_json)


class Session:
    """Run named queries inside one transaction of one tenant."""

    def __init__(
        self, connection: Connection[Any], tenant: int, *, loader: bool
    ) -> None:
        """Wrap an open transaction; `loader`: the loader role may be taken."""
        self.tenant = tenant
        self._connection = connection
        self._loader = loader

    def all(self, query: Query, row: type[T], /, **parameters: object) -> list[T]:
        """Return every row as an instance of `row`, matched by column name."""
        with self._connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(_sql(query), parameters).fetchall()

    def first(self, query: Query, row: type[T], /, **parameters: object) -> T | None:
        """Return the first row, or None where there is none."""
        with self._connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(_sql(query), parameters).fetchone()

    def one(self, query: Query, row: type[T], /, **parameters: object) -> T:
        """Return the first row; raise LookupError where there is none."""
        found = self.first(query, row, **parameters)
        if found is None:
            msg = f"query {query.name} found no row for {sorted(parameters)}"
            raise LookupError(msg)
        return found

    def value(self, query: Query, kind: type[T], /, **parameters: object) -> T | None:
        """Return the first column of the first row; raise TypeError if not a `kind`."""
        row = self._connection.execute(_sql(query), parameters).fetchone()
        if row is None or row[0] is None:
            return None
        if not isinstance(row[0], kind):
            msg = f"query {query.name} gave {type(row[0]).__name__}, not {kind}"
            raise TypeError(msg)
        return row[0]

    def tuples(self, query: Query, /, **parameters: object) -> list[tuple[Any, ...]]:
        """Return every row as a tuple, for bulk readers that make columns of them."""
        return self._connection.execute(_sql(query), parameters).fetchall()

    def stream(
        self, query: Query, /, *, at_once: int, **parameters: object
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Yield every row as a tuple, so many at once, read only as they are taken."""
        with self._connection.cursor(name=f"stream_{query.name}") as cursor:
            cursor.execute(_sql(query), parameters)
            while rows := cursor.fetchmany(at_once):
                yield rows

    def run(self, query: Query, /, **parameters: object) -> int:
        """Execute a statement and return how many rows it touched."""
        return self._connection.execute(_sql(query), parameters).rowcount

    def run_many(self, query: Query, rows: Sequence[Mapping[str, object]]) -> None:
        """Execute a statement once per row of parameters, pipelined."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_sql(query), rows)

    def load(self, table: str, columns: Mapping[str, Column]) -> None:
        """Append columns to a table of schema hourline by COPY as the loader role.

        The tenant comes from the session through the column's default; naming it is
        refused by the database. Where the server grants no BYPASSRLS the same rows go
        in by INSERT under row-level security.
        """
        if not columns or len(next(iter(columns.values()))) == 0:
            return
        if not self._loader:
            self._insert(table, columns)
            return
        binary = is_binary(columns)
        payload = binary_rows(columns) if binary else text_rows(columns)
        self._copy(table, list(columns), payload, binary=binary)

    def load_text(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        """Append rows that are COPY text already; otherwise as `load`."""
        self._copy(table, columns, rows, binary=False)

    @property
    def backend_pid(self) -> int:
        """Return the process number of the server's backend for this session."""
        return self._connection.info.backend_pid

    def _copy(
        self, table: str, columns: Sequence[str], payload: bytes, *, binary: bool
    ) -> None:
        statement = sql.SQL("COPY hourline.{} ({}) FROM STDIN {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL("(FORMAT binary)" if binary else ""),
        )
        with self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE hourline_loader")
            with cursor.copy(statement) as copy:
                copy.write(payload)
            cursor.execute("SET LOCAL ROLE hourline_app")

    def _insert(self, table: str, columns: Mapping[str, Column]) -> None:
        statement = sql.SQL("INSERT INTO hourline.{} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
        )
        cells = [
            column.tolist() if isinstance(column, np.ndarray) else column
            for column in columns.values()
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(statement, list(zip(*cells, strict=True)))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what happens inside when it raises."""
        with self._connection.transaction():
            yield


class Database:
    """Hold a pool of connections that act as the application role."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], *, loader: bool) -> None:
        """Wrap an open pool; use `Database.open`."""
        self._pool = pool
        self._loader = loader

    @classmethod
    def open(cls, url: str, *, connections_max: int = 8) -> "Database":
        """Connect; refuse to serve with rights that would defeat tenant isolation.

        Raises UnsafeRole where hourline_app could pass row-level security, and
        psycopg.OperationalError where the server cannot be reached.
        """

        def prepare(connection: Connection[Any]) -> None:
            try:
                _take_application_role(connection)
            except OperationalError:
                # After a restart of the server all are broken, and finding them one
                # by one takes twice as long each time: half a minute for five.
                pool.check()
                raise

        pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            url,
            min_size=1,
            max_size=connections_max,
            # Each transaction is begun below, and ended as its connection goes back.
            kwargs={"autocommit": True},
            configure=_prepare_all,
            check=prepare,
            open=False,
            timeout=30,
        )
        pool.open()
        try:
            with pool.connection() as connection:
                loader = _assert_safe_roles(connection)
        except BaseException:
            pool.close()
            raise
        return cls(pool, loader=loader)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    @contextmanager
    def tenant(self, tenant: int, *, one_view: bool = False) -> Iterator[Session]:
        """Open a transaction for a tenant; commit at the end, undo on an exception.

        With `one_view` all its queries see the books of one moment, and it only reads.
        Raises AmountTooLarge for one that the database cannot hold.
        """
        mode = _READ_ONE_VIEW if one_view else b""
        try:
            with self._pool.connection() as connection:
                _begin(connection, tenant, mode)
                yield Session(connection, tenant, loader=self._loader)
        except NumericValueOutOfRange as overflow:
            raise AmountTooLarge from overflow

    @contextmanager
    def trial(self, tenant: int) -> Iterator[Session]:
        """Open a transaction for a tenant of which nothing stays.

        Its queries see the books of one moment and what it did itself. What others
        changed meanwhile cannot be changed in it: that raises
        psycopg.errors.SerializationFailure. Raises AmountTooLarge as `tenant`.
        """
        try:
            with self._pool.connection() as connection:
                _begin(connection, tenant, _ONE_VIEW)
                yield Session(connection, tenant, loader=self._loader)
                connection.rollback()
        except NumericValueOutOfRange as overflow:
            raise AmountTooLarge from overflow

    @contextmanager
    def control(self) -> Iterator[Session]:
        """Open one transaction without a tenant: schemas control and jobs only."""
        with self._pool.connection() as connection, connection.transaction():
            yield Session(connection, 0, loader=False)


class AmountTooLarge(ValueError):
    """Say that a figure left the 64 bits books are kept in; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "An amount would be larger than books can hold, so nothing was changed."
            " Correct the amount, or the rate it is reckoned at."
        )


class UnsafeRole(Exception):
    """Say that the application role could read across tenants."""


# The tenant leads every key, so an index always fits and a whole scan would read other
# tenants' rows. Without the last line, the plan of a foreign key's check that was made
# while a table was nearly empty scans it for every row of an import.
_APPLICATION_ROLE: LiteralString = """
SET ROLE hourline_app;
SET timezone TO 'UTC';
SET enable_seqscan TO off
"""


_ONE_VIEW = b" ISOLATION LEVEL REPEATABLE READ"
_READ_ONE_VIEW = _ONE_VIEW + b", READ ONLY"


def _begin(connection: Connection[Any], tenant: int, mode: bytes) -> None:
    """Begin a transaction of a tenant, in one message."""
    connection.execute(
        b"BEGIN%b; SELECT set_config('hourline.tenant', '%d', true)" % (mode, tenant),
        prepare=False,
    )


def _take_application_role(connection: Connection[Any]) -> None:
    """Make a connection the application's, whatever it was left as, in one message.

    Raises psycopg.OperationalError where it is broken.
    """
    connection.execute(_APPLICATION_ROLE, prepare=False)


def _prepare_all(connection: Connection[Any]) -> None:
    """Let the server keep what it understood of each query that comes again.

    Planning most queries takes longer than running them, and there are hundreds.
    """
    connection.prepare_threshold = 1
    connection.prepared_max = _PREPARED_MAX


_ROLE_FACTS: LiteralString = """
SELECT app.rolsuper OR app.rolbypassrls, loader.rolbypassrls,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'hourline' AND c.relowner = app.oid)
FROM pg_roles app, pg_roles loader
WHERE app.rolname = 'hourline_app' AND loader.rolname = 'hourline_loader'
"""


def _assert_safe_roles(connection: Connection[Any]) -> bool:
    row = connection.execute(_ROLE_FACTS).fetchone()
    if row is None:
        msg = "The roles hourline_app and hourline_loader do not exist; migrate first."
        raise UnsafeRole(msg)
    beyond, loader_bypasses, owns = row
    if beyond or owns:
        msg = (
            "Role hourline_app must not be superuser, must not have BYPASSRLS and must"
            " not own tables: tenants would see each other. Revoke that, start again."
        )
        raise UnsafeRole(msg)
    return bool(loader_bypasses)


def _sql(query: Query) -> bytes:
    # As bytes, because it comes from a file of the package and is no literal here.
    return query.sql.encode()
