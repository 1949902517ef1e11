"""Run one sandbox for all of its tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hourline.connectors.sandbox.admin import (
    Sandbox,
    clear_faults,
    start_sandbox,
    stop_sandbox,
)


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Give the servers of the default firm."""
    folder: Path = tmp_path_factory.mktemp("sandbox")
    sandbox = start_sandbox(folder / "state", folder / "ports.json")
    yield sandbox
    assert stop_sandbox(sandbox) == 0


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    """Give the servers without any fault left over from another test."""
    yield running_sandbox
    for vendor in running_sandbox.servers.values():
        clear_faults(vendor)
