"""Each check of what customers paid finds exactly the damage it is for."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause
from hourline.proof.differences import Difference, differences
from hourline.proof.payments import CHECKS
from tests.flow.house import House, found_house

pytestmark = pytest.mark.integration
QUERIES = load_queries("tests.proof")
# By check: what is named, and its two figures.
PLANTED = {
    "payment_differs_from_ledger": ("payment part of US1-000002", 50_01, 50_00),
    "paid_but_left_over": ("US1-000001", 200_00, 199_99),
}


@pytest.fixture
def paid(database: Database, tenant: int) -> House:
    """Give a firm of which one invoice was paid whole and another in part."""
    house = found_house(database, tenant)
    for number, entry in enumerate(("t1", "t2"), start=1):
        house.approve(id=entry)
        house.bill()
        outcomes = flow.record_payments(
            house.database,
            house.tenant,
            [
                flow.StatedPayment(
                    number=f"US1-00000{number}",
                    paid_on=date(2025, 4, 10),
                    amount=Decimal(200 if number == 1 else 50),
                    currency="USD",
                    reference="whole" if number == 1 else "part",
                )
            ],
        )
        assert isinstance(outcomes[0], flow.Paid)
    return house


def test_sound_books_with_payments_have_no_difference(paid: House) -> None:
    assert paid.unproven() == []


def test_every_check_of_payments_has_its_planted_damage() -> None:
    assert tuple(PLANTED) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_payments_finds_exactly_its_damage(
    paid: House, database_url: str, check: str
) -> None:
    subject, expected, there = PLANTED[check]
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            QUERIES[check].sql.encode(),
            {"tenant": paid.tenant, "cause": int(Cause.PAYMENT)},
        )

    with paid.database.tenant(paid.tenant) as session:
        found = differences(session)

    assert found == [Difference(check, subject, Decimal(expected), Decimal(there))]
