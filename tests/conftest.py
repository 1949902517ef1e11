"""Load what every test shares: the socket guard and a real, migrated PostgreSQL."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hourline.infra.database import Database
from hourline.infra.migrate import migrate
from hourline.infra.postgres import (
    DATABASE,
    EmbeddedPostgres,
    ensure_database,
    find_binaries,
)
from hourline.infra.tenants import create_tenant

pytest_plugins = ["tests.guards", "pytester"]
_NUMBERS = itertools.count(1)


# Files that take a minute or more by themselves; begun last, they would end alone.
_LONG = (
    "tests/demo/",
    "tests/infra/test_postgres_server.py",
    "tests/master/test_sync.py",
    "tests/scenarios/test_public_files.py",
    "tests/tryton/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, so that no worker is left alone with one at the end.

    Workers take whole files in this order, as `make test` tells them to; left alone
    they begin with the file of the most tests. Within a file the order stays.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """Give an empty database: the server of HOURLINE_TEST_URL, else an embedded one."""
    given = os.environ.get("HOURLINE_TEST_URL")
    if given:
        yield given
        return
    # Not made by mkdtemp: its mode 0700 would lock out the user the server runs as.
    state_dir = Path(tempfile.gettempdir()) / f"hourline-test-{os.getpid()}"
    server = EmbeddedPostgres(state_dir, binaries=find_binaries(None), fsync=False)
    try:
        address = server.start(on_wait=print)
        ensure_database(address, DATABASE)
        yield address.url(database=DATABASE)
    finally:
        server.stop()
        shutil.rmtree(state_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    """Give the migrated database as the application sees it."""
    migrate(database_url)
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def tenant(database: Database) -> int:
    """Give a fresh tenant to each test."""
    number = next(_NUMBERS)
    return create_tenant(database, slug=f"t{os.getpid()}-{number}", name="Test firm")
