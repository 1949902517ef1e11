"""Each check of corrected invoices finds exactly the damage it is there for."""

from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.proof.corrections import CHECKS
from hourline.proof.differences import Difference, differences
from tests.flow.credits import cancel_invoice
from tests.flow.house import MARCH_END, MASTER, House, found_house

pytestmark = pytest.mark.integration
QUERIES = load_queries("tests.proof")
# By check: what is named, and its two figures.
PLANTED = {
    "write_off_differs_from_ledger": ("write-off ", 50_00, 50_01),
    "written_off_beyond_the_invoice": ("US1-000001", 0, 50_00),
    "cancelled_but_standing": ("US1-000002", 0, 200_00),
}


@pytest.fixture
def corrected(database: Database, tenant: int) -> House:
    """Give a firm that cancelled its first invoice and gave up 50 of its second."""
    house = found_house(database, tenant, [*MASTER])
    because = Because(actor="M. Ito", reason="agreed")
    house.approve()
    first = house.bill()
    cancel_invoice(database, tenant, document_no=first.document_no, because=because)
    second = house.bill()
    flow.write_off_invoice(
        database,
        tenant,
        document_no=second.document_no,
        because=because,
        dated=MARCH_END,
        amount=50_00,
    )
    return house


def test_sound_books_of_corrected_invoices_have_no_difference(corrected: House) -> None:
    assert corrected.unproven() == []


def test_every_check_of_corrected_invoices_has_its_planted_damage() -> None:
    assert tuple(PLANTED) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_corrected_invoices_finds_exactly_its_damage(
    corrected: House, database_url: str, check: str
) -> None:
    subject, expected, there = PLANTED[check]
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        cursor = connection.execute(
            QUERIES[check].sql.encode(), {"tenant": corrected.tenant}
        )
        assert cursor.rowcount == 1

    with corrected.database.tenant(corrected.tenant) as session:
        [found] = differences(session)

    assert found.subject.startswith(subject)
    assert found == Difference(check, found.subject, Decimal(expected), Decimal(there))
