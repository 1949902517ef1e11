"""Open the database and the tenant a command works on, by the options all share."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click
import structlog

from hourline.infra.database import Database
from hourline.infra.json import encode_json
from hourline.infra.migrate import migrate
from hourline.infra.postgres import database_address
from hourline.infra.settings import Settings, load_settings
from hourline.infra.tenants import find_tenant, list_tenants

if TYPE_CHECKING:
    from hourline.flow.connections import Connections

F = TypeVar("F", bound=Callable[..., Any])
DEMO_TENANT = "demo"
SCENARIO_PREFIX = "scenario-"


class CannotOpen(Exception):
    """Say which tenant a command lacks and how to name one."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Hold what a command works on."""

    settings: Settings
    url: str
    database: Database
    tenant: int

    def connections(self) -> "Connections":
        """Open the firm's connections; raise CannotUnseal without the key file."""
        from hourline.flow.connections import Connections
        from hourline.infra.secrets import open_keyring

        return Connections(self.database, open_keyring(self.settings))


def desk_options(command: F) -> F:
    """Give a command the options --demo, --tenant and --json."""
    decorators = (
        click.option("--demo", is_flag=True, help="Use the demo's database and firm."),
        click.option("--tenant", "slug", help="The firm, where there are several."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    )
    for decorator in decorators:
        command = decorator(command)
    return command


@contextmanager
def open_database(*, demo: bool) -> Iterator[tuple[Settings, str, Database]]:
    """Start or reach the database, bring its schema up to date, and open it."""
    _log_apart()
    settings = load_settings(os.environ, demo=demo)
    url = database_address(settings, on_wait=tell)
    migrate(url)
    database = Database.open(url)
    try:
        yield settings, url, database
    finally:
        database.close()


@contextmanager
def open_desk(*, demo: bool, slug: str | None) -> Iterator[Desk]:
    """Open the database and find the tenant: the one named, or the only one."""
    with open_database(demo=demo) as (settings, url, database):
        named = _latest_demo(database) if demo and slug is None else slug
        tenant = _tenant(database, named)
        yield Desk(settings, url, database, tenant)


def _latest_demo(database: Database) -> str:
    """Return the firm of the last demonstration; raise CannotOpen before the first."""
    runs = [
        tenant.slug
        for tenant in list_tenants(database)
        if tenant.slug.startswith(f"{DEMO_TENANT}-")
    ]
    if not runs:
        raise CannotOpen("No demonstration has run here yet; run: make demo")
    return runs[-1]


def _tenant(database: Database, slug: str | None) -> int:
    if slug is not None:
        found = find_tenant(database, slug)
        if found is None:
            names = ", ".join(tenant.slug for tenant in list_tenants(database))
            msg = f"There is no tenant '{slug}'. There are: {names or 'none yet'}."
            raise CannotOpen(msg)
        return found
    # What scenario runs leave behind is no firm anybody works for.
    tenants = [
        tenant
        for tenant in list_tenants(database)
        if not tenant.slug.startswith(SCENARIO_PREFIX)
    ]
    if len(tenants) == 1:
        return tenants[0].tenant
    names = ", ".join(tenant.slug for tenant in tenants)
    msg = (
        f"Say which firm with --tenant: {names}."
        if tenants
        else "There is no tenant yet; create one with: hourline tenant create SLUG."
    )
    raise CannotOpen(msg)


def _log_apart() -> None:
    """Let logs go where they cannot stand in the middle of a command's output."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def tell(sentence: str) -> None:
    """Say something to the person, apart from the command's output."""
    click.echo(sentence, err=True)


def print_json(value: object) -> None:
    """Print a value as JSON, amounts as exact strings."""
    sys.stdout.buffer.write(encode_json(value) + b"\n")
    sys.stdout.flush()
