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
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Give the servers of the default firm."""
    folder: Path = tmp_path_factory.mktemp("posting-sandbox")
    sandbox = start_sandbox(folder / "state", folder / "ports.json")
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
