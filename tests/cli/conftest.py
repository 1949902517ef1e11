"""Give each test of a command a firm of its own."""

from pathlib import Path

import pytest

from hourline.infra.database import Database
from tests.cli.firm import Firm, found_firm


@pytest.fixture
def firm(database: Database, database_url: str, tmp_path: Path) -> Firm:
    """Give a firm that can bill an hour."""
    return found_firm(database, database_url, tmp_path)
