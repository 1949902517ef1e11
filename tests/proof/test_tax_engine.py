"""Each check of tax that an engine decided finds exactly the damage it is for."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.billing.model import Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.proof.differences import Difference, differences
from hourline.proof.tax_engine import CHECKS
from tests.flow.house import MARCH_END, found_house
from tests.flow.lent import LENDER, LENT, charge
from tests.flow.tax_server import connect_engine, engines, tax_server
from tests.flow.taxed_firm import ASKS, CALIFORNIA

pytestmark = pytest.mark.integration
LENDER_ASKS = MasterChange(
    "legal_entity", "GB1", fields={**LENDER.fields, "intercompany_tax_engine": "vertax"}
)
QUERIES = load_queries("tests.proof")
# By check: what is named, and its two figures.
PLANTED = {
    "engine_tax_differs_from_answer": ("US1-000001 line 1", 18_01, 18_00),
    "engine_answer_differs_from_lines": ("US1-000001", 2, 1),
    "engine_ic_tax_differs_from_answer": ("GB1-IC-000001 line 1", 10_81, 10_80),
    "engine_ic_answer_differs_from_lines": ("GB1-IC-000001", 2, 1),
}


def test_every_check_of_engines_has_its_planted_damage() -> None:
    assert tuple(PLANTED) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_engines_finds_exactly_its_damage(
    database: Database, tenant: int, database_url: str, check: str
) -> None:
    house = found_house(database, tenant, [*LENT, CALIFORNIA])
    with tax_server() as server:
        connect_engine(house, server.url)
        house.change(ASKS, LENDER_ASKS)
        house.approve()
        house.approve(id="t2", person="bob", date="2025-04-01")
        issued = flow.bill_contract(
            database,
            tenant,
            contract="C1",
            through=MARCH_END,
            invoice_date=MARCH_END,
            engines=lambda: engines(house),
        )
        charged = charge(
            house, through=date(2025, 4, 30), engines=lambda: engines(house)
        )
    assert isinstance(issued, Issued)
    assert isinstance(charged, list)
    assert house.unproven() == []
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        connection.execute(QUERIES[check].sql.encode(), {"tenant": tenant})

    with database.tenant(tenant) as session:
        [found] = differences(session)

    subject, expected, there = PLANTED[check]
    assert found == Difference(check, subject, Decimal(expected), Decimal(there))
