"""Each check of locked days and closed months finds exactly its damage."""

from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import SetRight
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.proof.closing import CHECKS
from hourline.proof.differences import Difference, differences
from tests.flow.house import MASTER, House, found_house

pytestmark = pytest.mark.integration
QUERIES = load_queries("tests.proof")
# By check: what is named, and its two figures.
PLANTED = {
    "kept_record_lost": ("record 0 of delivery ", 1, 0),
    "kept_record_differs_from_effect": ("record 0 of delivery ", 0, 1),
    "booked_into_shut_month": ("", 0, 1),
    "line_in_shut_subledger": ("", 0, 1),
    "document_in_closed_month": ("US1-", 0, 1),
}


@pytest.fixture
def closing(database: Database, tenant: int) -> House:
    """Give a firm with a record at a lock, one let in, one late, and an invoice.

    January is closed, February for costs alone, March softly.
    """
    house = found_house(database, tenant, [*MASTER])
    month = {"entity": "US1", "period": "2025-03", "soft_closed": True}
    house.agree(SetRight(user="Carla", right="override_entry_lock"))
    house.change(
        MasterChange("posting_period", "jan", fields=closed("2025-01")),
        MasterChange("posting_period", "feb", fields=closed("2025-02", "costs")),
        MasterChange("posting_period", "march", fields=month),
        MasterChange("entry_lock", "feb", fields={"through": "2025-02-28"}),
    )
    house.approve(id="late")
    house.approve(id="kept", date="2025-02-05")
    house.approve(id="let-in", date="2025-02-05")
    because = Because(actor="Carla", reason="agreed")
    entry = flow.EntryName("let-in")
    assert flow.override_entry_lock(database, tenant, entry, because) == 1
    house.bill()
    return house


def closed(period: str, ledger: str | None = None) -> dict[str, object]:
    fields = {"entity": "US1", "period": period, "status": "closed"}
    return {**fields, "ledger": ledger}


def test_locked_days_and_closed_months_have_no_difference(closing: House) -> None:
    assert closing.unproven() == []


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_closing_finds_exactly_its_damage(
    closing: House, database_url: str, check: str
) -> None:
    assert tuple(PLANTED) == CHECKS
    subject, expected, there = PLANTED[check]
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        cursor = connection.execute(
            QUERIES[check].sql.encode(), {"tenant": closing.tenant}
        )
        assert cursor.rowcount == 1

    with closing.database.tenant(closing.tenant) as session:
        [found] = differences(session)

    assert found.subject.startswith(subject)
    assert found == Difference(check, found.subject, Decimal(expected), Decimal(there))
