"""Run one sandbox for all posting tests, and give each test its own connections."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hourline.connectors.sandbox.admin import (
    Sandbox,
    clear_faults,
    start_sandbox,
    stop_sandbox,
)
from hourline.infra.database import Database
from tests.posting.desk import Desk


@pytest.fixture(scope="session")
def ports_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file in which the running sandbox says where its servers are."""
    return tmp_path_factory.mktemp("posting-sandbox") / "ports.json"


@pytest.fixture(scope="session")
def running_sandbox(ports_file: Path) -> Iterator[Sandbox]:
    """Give the servers of the default firm."""
    sandbox = start_sandbox(ports_file.parent / "state", ports_file)
    yield sandbox
    assert stop_sandbox(sandbox) == 0


@pytest.fixture
def desk(database: Database, tenant: int, running_sandbox: Sandbox) -> Iterator[Desk]:
    """Give a fresh tenant with a connection to each sandbox target."""
    desk = Desk(database, tenant, running_sandbox)
    desk.connect()
    yield desk
    for vendor in running_sandbox.servers.values():
        clear_faults(vendor)
