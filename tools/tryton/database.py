"""Keep Tryton's databases on a PostgreSQL of its own: templates, and copies to use.

A template takes a minute to make and a second to copy, so templates are kept.
"""

import fcntl
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from hourline.infra.postgres import EmbeddedPostgres, ServerAddress, find_binaries
from tools.tryton.leftovers import end_leftovers
from tools.tryton.place import alone, place

ROLE = "tryton"
RUNNING = "erp_run_"
FOLDER = "database"


@dataclass(frozen=True)
class Databases:
    """Address the PostgreSQL that holds Tryton's databases."""

    address: ServerAddress

    def uri(self) -> str:
        """Return how Tryton signs in; the name of the database is added by it."""
        where = f"host={quote(str(self.address.socket_dir), safe='')}"
        return (
            f"postgresql://{ROLE}:{self.address.password}@/"
            f"?{where}&port={self.address.port}"
        )

    def copy(self, template: str) -> str:
        """Create a database to use, as a copy of a template, and return its name."""
        name = f"{RUNNING}{secrets.token_hex(4)}"
        self._run("CREATE DATABASE {} TEMPLATE {} OWNER {}", name, template, ROLE)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever still uses it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def template(self, name: str, make: Callable[[str], None]) -> str:
        """Return a template, made by `make` in a database of its own if it is new."""
        if name in self.names():
            return name
        with alone(name):
            if name in self.names():
                return name
            unfinished = f"{name}_unfinished"
            self.drop(unfinished)
            self._run("CREATE DATABASE {} OWNER {}", unfinished, ROLE)
            make(unfinished)
            self._run("ALTER DATABASE {} RENAME TO {}", unfinished, name)
        return name

    def replace(self, name: str, template: str) -> None:
        """Make a database a fresh copy of a template."""
        self.drop(name)
        self._run("CREATE DATABASE {} TEMPLATE {} OWNER {}", name, template, ROLE)

    def names(self) -> set[str]:
        """Return the names of all databases."""
        with self.connect("postgres") as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        return {str(name) for (name,) in rows}

    def connect(self, database: str) -> psycopg.Connection[TupleRow]:
        """Connect as the superuser."""
        return psycopg.connect(self.address.url(database=database), autocommit=True)

    def _run(self, statement: LiteralString, *names: str) -> None:
        identifiers = [sql.Identifier(name) for name in names]
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL(statement).format(*identifiers))


@contextmanager
def databases() -> Iterator[Databases]:
    """Start the PostgreSQL, shared by all who use it now; the last one stops it.

    The first one ends what killed programs left behind.
    """
    server = EmbeddedPostgres(
        place() / FOLDER, binaries=find_binaries(None), fsync=False
    )
    with (place() / "in-use.turn").open("wb") as using:
        is_first = _is_alone(using)
        if not is_first:
            fcntl.flock(using, fcntl.LOCK_SH)
        try:
            opened = Databases(server.start(on_wait=_say))
            _ensure_role(opened)
            if is_first:
                end_leftovers()
                _drop_leftovers(opened)
                fcntl.flock(using, fcntl.LOCK_SH)
            yield opened
        finally:
            if _is_alone(using):
                server.stop()


def _is_alone(using: IO[bytes]) -> bool:
    try:
        fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ensure_role(opened: Databases) -> None:
    create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
        sql.Identifier(ROLE), sql.Literal(opened.address.password)
    )
    # Made once; its password is the cluster's, which never changes.
    with (
        suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation),
        opened.connect("postgres") as connection,
    ):
        connection.execute(create)


def _drop_leftovers(opened: Databases) -> None:
    for name in opened.names():
        if name.startswith(RUNNING) or name.endswith("_unfinished"):
            opened.drop(name)


def _say(what: str) -> None:
    """Tell people about a wait, beside what programs read."""
    sys.stderr.write(f"{what}\n")
