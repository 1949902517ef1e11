"""Give each test of the flow a firm of its own, and all of them one sandbox."""

from collections.abc import Iterator

import pytest

from hourline.connectors.sandbox.admin import Sandbox, start_sandbox, stop_sandbox
from hourline.infra.database import Database
from tests.flow.house import House, found_house


@pytest.fixture
def house(database: Database, tenant: int) -> House:
    """Give a firm that can bill an hour."""
    return found_house(database, tenant)


@pytest.fixture(scope="session")
def flow_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Give the running servers of the simulated firm."""
    place = tmp_path_factory.mktemp("flow-sandbox")
    sandbox = start_sandbox(place / "state", place / "ports.json")
    yield sandbox
    assert stop_sandbox(sandbox) == 0
