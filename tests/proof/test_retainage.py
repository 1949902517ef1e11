"""Each check of what is withheld of invoices finds exactly the damage it is for."""

from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.billing.retaining import Released
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.proof.differences import Difference, differences
from hourline.proof.retainage import CHECKS
from tests.flow.house import MARCH_END, MASTER, House, found_house

pytestmark = pytest.mark.integration
QUERIES = load_queries("tests.proof")
# By check: what is named, and its two figures.
PLANTED = {
    "withheld_differs_from_ledger": ("US1-000001", 20_01, 20_00),
    "release_differs_from_ledger": ("release ", 20_00, 20_01),
    "withheld_beyond_the_invoice": ("US1-000002", 200_00, -20_00),
    "retainage_left_over": ("US1-000001", 0, 1),
}


def percent(of: str) -> MasterChange:
    return MasterChange("contract", "C1", fields={"retainage_percent": Decimal(of)})


@pytest.fixture
def retaining(database: Database, tenant: int) -> House:
    """Give a firm of whose first invoice a tenth was withheld, and then released."""
    house = found_house(database, tenant, [*MASTER, percent("10")])
    house.approve()
    house.bill()
    released = flow.release_retainage(
        database,
        tenant,
        contract="C1",
        because=Because(actor="M. Ito", reason="accepted"),
        dated=MARCH_END,
    )
    assert isinstance(released, Released)
    house.change(percent("0"))
    house.approve(id="t2")
    house.bill()
    return house


def test_sound_books_with_retainage_have_no_difference(retaining: House) -> None:
    assert retaining.unproven() == []


def test_every_check_of_retainage_has_its_planted_damage() -> None:
    assert tuple(PLANTED) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_retainage_finds_exactly_its_damage(
    retaining: House, database_url: str, check: str
) -> None:
    subject, expected, there = PLANTED[check]
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        connection.execute(QUERIES[check].sql.encode(), {"tenant": retaining.tenant})

    with retaining.database.tenant(retaining.tenant) as session:
        [found] = differences(session)

    assert found.subject.startswith(subject)
    assert found == Difference(check, found.subject, Decimal(expected), Decimal(there))
