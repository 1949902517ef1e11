"""Give a firm with master data, a way to call its API, and keys of any scope."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar.testing import TestClient

from hourline.api.app import HourlineApi, create_app
from hourline.infra.database import Database
from hourline.infra.secrets import Keyring
from tests.api.firm import ApiFirm, found_firm


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(bytes(range(32)), path=Path("test.key"))


@pytest.fixture(scope="session")
def app(database: Database, keyring: Keyring) -> HourlineApi:
    return create_app(database, keyring)


@pytest.fixture(scope="session")
def client(app: HourlineApi) -> Iterator[TestClient[HourlineApi]]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def firm(
    database: Database,
    tenant: int,
    client: TestClient[HourlineApi],
    keyring: Keyring,
) -> ApiFirm:
    return found_firm(database, tenant, client, keyring)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)
