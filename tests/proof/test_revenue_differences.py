"""Each check of recognised revenue finds exactly the damage it is there for."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.kernel.codes import Cause, Effect, Role
from hourline.proof.differences import Difference, differences
from tests.flow.house import MASTER, House, found_house
from tests.proof.conftest import QUERIES

pytestmark = pytest.mark.integration

# By check: what is named, and its two figures. A price of 1,000 was invoiced and 60 of
# its 100 days are earned; the first month of a fee was billed.
PLANTED = {
    "position_differs_from_documents": ("US1-000001 line 1", 3_100, 3_099),
    "position_differs_from_ledger": (
        "contract C2 in its entity currency",
        36_801,
        36_800,
    ),
    "asset_and_liability_open": ("contract C2", 0, 1),
    "revenue_differs_from_recognition": ("contract line C2.1", 60_000, 60_001),
    "earned_differs_from_figures": ("recognition {recognition}", 61_000, 60_000),
    "fee_differs_from_days": ("contract line C2.2 month 2025-01", 3_100, 3_600),
}
# What the ledger has no longer fits what the documents put into the position, either.
ALSO_FOUND = {
    "position_differs_from_documents": [
        Difference(
            "position_differs_from_ledger",
            "contract C2 in its own currency",
            Decimal(36_799),
            Decimal(36_800),
        )
    ]
}
_DAYS = {"start": date(2025, 1, 1), "end": date(2025, 4, 10)}
_LINES = (
    MasterChange("contract", "C2", fields={"customer": "ADATUM", "entity": "US1"}),
    MasterChange(
        "contract_line",
        "C2.1",
        fields={
            "contract": "C2",
            "method": "fixed_price",
            "price": Decimal(1_000),
            "recognition": "straight_line",
            "milestones": [{"id": "m1", "amount": 1_000, "date": date(2025, 1, 1)}],
            **_DAYS,
        },
    ),
    MasterChange(
        "contract_line",
        "C2.2",
        fields={
            "contract": "C2",
            "method": "recurring",
            "amount": Decimal(31),
            "every": "month",
            **_DAYS,
        },
    ),
)


@pytest.fixture
def house(database: Database, tenant: int) -> House:
    """Give a firm with deferred revenue, of which some is recognised."""
    house = found_house(database, tenant, [*MASTER, *_LINES])
    flow.reach_milestone(
        database,
        tenant,
        contract_line="C2.1",
        milestone="m1",
        reached_on=date(2025, 1, 1),
    )
    flow.bill_contract(
        database,
        tenant,
        contract="C2",
        through=date(2025, 1, 1),
        invoice_date=date(2025, 1, 1),
    )
    flow.recognise_revenue(database, tenant, entity="US1", through=date(2025, 3, 1))
    return house


def found(house: House) -> list[Difference]:
    with house.database.tenant(house.tenant) as session:
        return differences(session)


def test_sound_revenue_has_no_difference(house: House) -> None:
    assert found(house) == []
    assert house.unproven() == []
    assert house.balances()[Role.REVENUE] == -(60_000 + 3_100 + 3_100 + 100)


@pytest.mark.parametrize("check", PLANTED)
def test_a_check_finds_exactly_its_damage(
    database_url: str, house: House, check: str
) -> None:
    subject, expected, there = PLANTED[check]
    parameters = {
        "tenant": house.tenant,
        "invoice": int(Cause.INVOICE),
        "recognised": int(Cause.RECOGNITION),
        "recognition": int(Effect.RECOGNITION),
        "asset": int(Role.CONTRACT_ASSET),
        "liability": int(Role.CONTRACT_LIABILITY),
        "cash": int(Role.CASH),
    }

    with psycopg.connect(database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        rows = connection.execute(QUERIES[check].sql.encode(), parameters).rowcount
        numbers = connection.execute(
            "SELECT min(recognition_no) FROM hourline.revenue_recognised"
            " WHERE tenant = %s",
            (house.tenant,),
        ).fetchone()

    assert rows == 1
    assert numbers is not None
    named = subject.format(recognition=numbers[0])
    assert found(house) == [
        Difference(check, named, Decimal(expected), Decimal(there)),
        *ALSO_FOUND.get(check, []),
    ]
