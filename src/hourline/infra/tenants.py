"""Create and find tenants: the firms that use one installation."""

from dataclasses import dataclass

from hourline.infra.database import Database
from hourline.infra.queries import load_queries

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Tenant:
    """Hold a firm's number, its short name and its full name."""

    tenant: int
    slug: str
    name: str


def create_tenant(database: Database, *, slug: str, name: str) -> int:
    """Create a tenant, or find the one that has this short name; return its number."""
    with database.control() as session:
        created = session.value(QUERIES["create_tenant"], int, slug=slug, name=name)
        found = session.value(QUERIES["find_tenant"], int, slug=slug)
    number = created if created is not None else found
    if number is None:
        msg = f"tenant {slug} was neither created nor found"
        raise LookupError(msg)
    return number


def find_tenant(database: Database, slug: str) -> int | None:
    """Return the number of the tenant of a short name, or None."""
    with database.control() as session:
        return session.value(QUERIES["find_tenant"], int, slug=slug)


def list_tenants(database: Database) -> list[Tenant]:
    """Return every tenant."""
    with database.control() as session:
        return session.all(QUERIES["tenants"], Tenant)
