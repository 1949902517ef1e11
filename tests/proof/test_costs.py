"""Each check of corrected costs finds exactly the damage it is there for."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.proof.costs import CHECKS
from hourline.proof.differences import Difference, differences
from tests.flow.house import MASTER, House, found_house
from tests.flow.repricing import repriced

pytestmark = pytest.mark.integration
QUERIES = load_queries("tests.proof")
# By check: what is named of the entry, and its two figures in cents.
PLANTED = {
    "cost_correction_out_of_place": ("revision 1 correction 3", 0, 110_00),
    "corrected_cost_differs_from_ledger": ("revision 1", 120_00, 119_99),
    "cost_corrected_without_approval": ("revision 1 correction 2", 1, 0),
}


@pytest.fixture
def recosted(database: Database, tenant: int) -> House:
    """Give a firm with an invoiced hour whose cost was corrected twice, and an open."""
    house = found_house(database, tenant, [*MASTER])
    house.approve(id="t1", date="2025-03-03")
    house.bill_through(date(2025, 3, 3))
    for rate in (110, 120):
        house.change(
            MasterChange("cost_rate", "ann-cost", fields={"rate": Decimal(rate)})
        )
        assert repriced(house).applied == 1
    house.approve(id="t2", date="2025-03-04")
    return house


def test_sound_books_of_corrected_costs_have_no_difference(recosted: House) -> None:
    assert recosted.unproven() == []


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_corrected_costs_finds_exactly_its_damage(
    recosted: House, database_url: str, check: str
) -> None:
    assert tuple(PLANTED) == CHECKS
    subject, expected, there = PLANTED[check]
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        cursor = connection.execute(
            QUERIES[check].sql.encode(), {"tenant": recosted.tenant}
        )
        assert cursor.rowcount == 1

    with recosted.database.tenant(recosted.tenant) as session:
        [found] = differences(session)

    entry_no = recosted.status("t1").story.entry_no
    assert found == Difference(
        check, f"{entry_no} {subject}", Decimal(expected), Decimal(there)
    )
