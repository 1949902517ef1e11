"""Give a small firm, and run commands for it as a person at a terminal would."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from hourline.cli.main import main
from hourline.infra.database import Database
from hourline.infra.tenants import create_tenant
from tests.flow.house import House, found_house


@dataclass(frozen=True, slots=True)
class Firm:
    """Run commands on a firm that can bill an hour; see tests.flow.house."""

    house: House
    slug: str
    environment: dict[str, str]

    def run(self, *arguments: str, told: str | None = None) -> Result:
        """Run a command on the firm and return what became of it."""
        return CliRunner().invoke(
            main,
            [*arguments, "--tenant", self.slug],
            env=self.environment,
            input=told,
        )

    def ask(self, *arguments: str, status: int = 0) -> Any:  # noqa: ANN401 - JSON is any shape
        """Run a command with --json and return what it said."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == status, (result.output, result.exception)
        return json.loads(result.stdout)


def found_firm(database: Database, url: str, state: Path) -> Firm:
    """Set up a firm with a slug of its own."""
    slug = f"firm-{os.getpid()}-{state.name.replace('_', '-').lower()}"
    tenant = create_tenant(database, slug=slug, name="Firm")
    environment = {"DATABASE_URL": url, "HOURLINE_STATE": str(state), "COLUMNS": "200"}
    return Firm(found_house(database, tenant), slug, environment)
