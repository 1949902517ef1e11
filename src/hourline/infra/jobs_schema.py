"""Create the job engine's tables in schema jobs, and bring them up to its release."""

from importlib.metadata import version
from typing import Any, LiteralString

from psycopg import Connection, connect, sql

_ENGINE = "pgqueuer"
_LOCK = 7_201_114_002
# The schema's comment remembers which release of the engine made the tables.
_MADE_BY: LiteralString = """
SELECT coalesce(obj_description(oid, 'pg_namespace'), '')
FROM pg_namespace WHERE nspname = 'jobs'
"""
_RIGHTS: tuple[LiteralString, ...] = (
    "GRANT USAGE ON SCHEMA jobs TO hourline_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO hourline_app",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO hourline_app",
    """
CREATE INDEX IF NOT EXISTS waiting_job_of_tenant
    ON jobs.pgqueuer (entrypoint, payload) WHERE status = 'queued'
""",
)


def install_jobs(url: str) -> None:
    """Create the engine's tables in schema jobs, or upgrade those of an older release.

    No effect where they are this release's, or a later one's: the program may go back
    one release, the tables never do. The schema and the application role exist already.
    """
    with connect(url, autocommit=True) as connection:
        if not _is_behind(connection):
            return
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            if _is_behind(connection):
                _install(connection)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _is_behind(connection: Connection[Any]) -> bool:
    return _numbers(_made_by(connection)) < _numbers(version(_ENGINE))


def _made_by(connection: Connection[Any]) -> str:
    row = connection.execute(_MADE_BY).fetchone()
    if row is None:
        msg = "schema jobs does not exist; apply the migrations first"
        raise LookupError(msg)
    name, _, number = str(row[0]).partition(" ")
    return number if name == _ENGINE else ""


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())


def _install(connection: Connection[Any]) -> None:
    # Imported here, because the engine takes a third of a second to load and nearly
    # every command passes by without needing it.
    from pgqueuer.adapters.persistence.schema_ddl import (  # noqa: PLC0415 - see above
        render_converge,
    )

    from hourline.infra.jobs_engine import engine_settings  # noqa: PLC0415 - see above

    # One by one and each harmless to repeat, so that a break in between is made good
    # by the next call. The engine writes these texts from its names, never from input.
    for statement in render_converge(engine_settings()):
        connection.execute(statement.encode())
    # Together they would hold locks that a worker at its job can wait for, crosswise.
    for right in _RIGHTS:
        connection.execute(right)
    connection.execute(
        sql.SQL("COMMENT ON SCHEMA jobs IS {}").format(
            sql.Literal(f"{_ENGINE} {version(_ENGINE)}")
        )
    )
