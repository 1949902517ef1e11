"""Provide the database the settings ask for: a given one, or the embedded one."""

import psycopg
from psycopg import sql

from hourline.infra.postgres.address import ServerAddress
from hourline.infra.postgres.binaries import find_binaries
from hourline.infra.postgres.cannot_start import CannotStart
from hourline.infra.postgres.server import EmbeddedPostgres
from hourline.infra.postgres.waiting import OnWait
from hourline.infra.settings import Settings

DATABASE = "hourline"


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """Give the embedded server of these settings, started or not.

    Raises:
        CannotStart: no PostgreSQL programs can be found.
    """
    return EmbeddedPostgres(
        settings.state_dir,
        binaries=find_binaries(settings.pg_bin),
        listen_port=settings.pg_port,
    )


def database_address(settings: Settings, *, on_wait: OnWait) -> str:
    """Give the libpq URL of the database; start the embedded server if none is given.

    The embedded server's URL is its superuser's, so treat it as a secret.

    Raises:
        CannotStart: what is wrong, where, and what to do.
    """
    if settings.database_url:
        return settings.database_url
    address = embedded_postgres(settings).start(on_wait=on_wait)
    ensure_database(address, DATABASE)
    return address.url(database=DATABASE)


def ensure_database(address: ServerAddress, name: str) -> None:
    """Create the database unless it exists, also when others do so at the same time.

    Raises:
        CannotStart: the server refuses the superuser, most likely a wrong password.
    """
    try:
        connection = psycopg.connect(address.url(), autocommit=True)
    except psycopg.OperationalError as reason:
        wrong = f"The embedded PostgreSQL in {address.socket_dir} answers, but refuses "
        wrong += f"its superuser: {reason}."
        remedy = "Restore the file `password` beside its data directory."
        raise CannotStart(wrong, remedy) from reason
    with connection:
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if known:
            return
        try:
            create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
            connection.execute(create)
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return
