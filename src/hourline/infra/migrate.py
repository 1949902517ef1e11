"""Bring a database to this release's schema: forward only, one at a time."""

from dataclasses import dataclass
from importlib import resources
from typing import Any, LiteralString

from psycopg import Connection, connect

from hourline.infra.jobs_schema import install_jobs

_LOCK = 7_201_114_001
_ROLES: LiteralString = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hourline_app') THEN
        CREATE ROLE hourline_app NOLOGIN NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hourline_loader') THEN
        BEGIN
            CREATE ROLE hourline_loader NOLOGIN NOINHERIT BYPASSRLS;
        EXCEPTION WHEN insufficient_privilege THEN
            CREATE ROLE hourline_loader NOLOGIN NOINHERIT;
        END;
    END IF;
END $$;
GRANT hourline_loader TO hourline_app;
GRANT hourline_app TO CURRENT_USER;
CREATE SCHEMA IF NOT EXISTS control;
CREATE TABLE IF NOT EXISTS control.migration (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);
GRANT USAGE ON SCHEMA control TO hourline_app;
GRANT SELECT ON control.migration TO hourline_app;
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """Hold one migration file."""

    name: str
    sql: str


def migrations() -> list[Migration]:
    """Return the migrations of this release in order of their numbers."""
    folder = resources.files("hourline.infra") / "migrations"
    files = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    return [
        Migration(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8"))
        for file in sorted(files, key=lambda item: item.name)
    ]


def migrate(url: str) -> list[str]:
    """Apply what is missing, each file in its own transaction; return the names.

    A database with migrations this release does not know is left as it is: the
    program may go back one release, the schema never does.
    """
    with connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            connection.execute(_ROLES)
            done = _apply(connection)
            install_jobs(url)
            return done
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _apply(connection: Connection[Any]) -> list[str]:
    rows = connection.execute("SELECT name FROM control.migration").fetchall()
    applied = {name for (name,) in rows}
    done = []
    for migration in migrations():
        if migration.name in applied:
            continue
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout TO '30s'")
            # Migration texts come from files of the package, never from input.
            connection.execute(migration.sql.encode())
            connection.execute(
                "INSERT INTO control.migration (name) VALUES (%s)", (migration.name,)
            )
        done.append(migration.name)
    return done
