"""Give each test of the flow a firm of its own."""

import pytest

from hourline.infra.database import Database
from tests.flow.house import House, found_house


@pytest.fixture
def house(database: Database, tenant: int) -> House:
    """Give a firm that can bill an hour."""
    return found_house(database, tenant)
