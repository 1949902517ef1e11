"""Run one sandbox for the tests of master data."""

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
from tests.master.systems import Firm


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Give the servers of the default firm; nothing late is released there."""
    folder: Path = tmp_path_factory.mktemp("master-sandbox")
    sandbox = start_sandbox(folder / "state", folder / "ports.json")
    yield sandbox
    assert stop_sandbox(sandbox) == 0


@pytest.fixture
def firm(database: Database, tenant: int, running_sandbox: Sandbox) -> Iterator[Firm]:
    """Give a fresh tenant that is connected to every system."""
    yield Firm(database, tenant, running_sandbox).connect()
    for vendor in running_sandbox.servers.values():
        clear_faults(vendor)
