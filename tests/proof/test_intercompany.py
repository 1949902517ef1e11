"""Both sides of lent work agree; each check finds its damage, a report the rest."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Effect
from hourline.proof.differences import Difference, differences
from hourline.proof.intercompany import (
    Elimination,
    IntercompanyReport,
    OpenBetween,
    report_intercompany,
)
from hourline.proof.trace import find_entries, tell_story
from tests.flow.house import House, found_house
from tests.flow.lent import LENT, charge

pytestmark = pytest.mark.integration

QUERIES = load_queries("tests.proof")
USD, GBP = 840, 826
Damage = Callable[[str, str], int]

# By check: the entry that is damaged, what is named, and its two figures.
PLANTED = {
    "lent_without_transfer": ("t2", "t2 revision 1", 1, 0),
    "ic_accrual_differs_from_open_transfers": ("t2", "entity GB1", 12_000, 12_001),
    "ic_line_differs_from_transfer": ("t1", "GB1-IC-000001 line 1", 3_600, 3_601),
    "ic_invoice_differs_from_lines": ("t1", "GB1-IC-000001", 0, 1),
    "ic_invoice_differs_from_ledger": ("t1", "GB1-IC-000001", 19_200, 19_201),
    "ic_receivable_differs_from_payable": ("t2", "currency 840", 12_001, 12_000),
}


@pytest.fixture
def lending(database: Database, tenant: int) -> House:
    """Give a firm with lent work in every state.

    `t1` is invoiced; `t3` was, and was recalled and taken back; `t2` is open.
    """
    house = found_house(database, tenant, LENT)
    house.approve(id="t1", person="bob")
    house.approve(id="t3", person="bob")
    charge(house)
    house.recall("t3")
    charge(house, dated=date(2025, 4, 30))
    house.approve(id="t2", person="bob")
    return house


@pytest.fixture
def damage(database_url: str, lending: House) -> Damage:
    """Give a way to write past all safeguards, as the owner of the tables."""

    def execute(name: str, entry: str) -> int:
        parameters = {
            "tenant": lending.tenant,
            "entry_no": lending.status(entry).story.entry_no,
        }
        with psycopg.connect(database_url) as connection:
            connection.execute("SET session_replication_role = replica")
            sql = QUERIES[name].sql.encode()
            return connection.execute(sql, parameters).rowcount

    return execute


def found(house: House) -> list[Difference]:
    with house.database.tenant(house.tenant) as session:
        return differences(session)


def reported(house: House) -> IntercompanyReport:
    with house.database.tenant(house.tenant) as session:
        return report_intercompany(session)


def test_sound_books_have_no_difference(lending: House) -> None:
    assert lending.unproven() == []


@pytest.mark.parametrize("check", PLANTED)
def test_a_check_finds_exactly_its_damage(
    lending: House, damage: Damage, check: str
) -> None:
    entry, subject, expected, there = PLANTED[check]

    changed = damage(check, entry)

    assert changed == 1
    assert found(lending) == [
        Difference(check, subject, Decimal(expected), Decimal(there))
    ]


def test_a_transfer_that_was_taken_back_though_it_counts_is_found(
    lending: House, damage: Damage
) -> None:
    damage("taken_back_though_it_counts", "t3")

    line = "ic_line_differs_from_transfer"
    assert Difference(line, "GB1-IC-000002 line 1", Decimal(0), Decimal(1)) in found(
        lending
    )


def test_tax_that_is_said_to_be_cost_and_is_not_is_found(
    lending: House, damage: Damage
) -> None:
    damage("untaxed_work_that_keeps_tax", "t1")

    assert {(one.check, one.expected, one.found) for one in found(lending)} == {
        ("ic_line_differs_from_transfer", Decimal(0), Decimal(1)),
        ("ic_invoice_differs_from_ledger", Decimal(24_001), Decimal(24_000)),
        ("ic_receivable_differs_from_payable", Decimal(12_000), Decimal(11_999)),
    }


def test_the_report_matches_both_sides_month_by_month(lending: House) -> None:
    report = reported(lending)

    march, april = report.months
    assert (march.lender, march.borrower, march.period) == (
        "GB1",
        "US1",
        date(2025, 3, 1),
    )
    assert (march.revenue, march.cost) == (24_000, 24_000)
    assert (march.receivable, march.payable) == (24_000, 24_000)
    assert (march.revenue_books, march.cost_books) == (19_200, 24_000)
    assert (april.revenue, april.cost, april.payable) == (-12_000, -12_000, -12_000)
    assert report.unmatched == []
    assert report.open == [
        OpenBetween(
            "GB1",
            "US1",
            USD,
            GBP,
            taken_back=False,
            transfers=1,
            first_day=date(2025, 3, 5),
            last_day=date(2025, 3, 5),
            amount=12_000,
            accrued=9_600,
        )
    ]


def test_eliminations_leave_nothing_between_the_entities(lending: House) -> None:
    report = reported(lending)

    march = [one for one in report.eliminations if one.period == date(2025, 3, 1)]
    assert march[0] == Elimination(
        period=date(2025, 3, 1),
        entity="GB1",
        against="US1",
        role="ic_revenue",
        currency=USD,
        amount=24_000,
        books_currency=GBP,
        books_amount=19_200,
    )
    assert [(one.entity, one.role, one.amount) for one in march] == [
        ("GB1", "ic_revenue", 24_000),
        ("US1", "ic_cost", -24_000),
        ("US1", "ic_payable", 24_000),
        ("GB1", "ic_receivable", -24_000),
    ]
    assert sum(one.amount for one in report.eliminations) == 0


def test_sides_that_booked_in_different_months_are_unmatched(lending: House) -> None:
    closed = MasterChange(
        "posting_period",
        "US1-2025-05",
        fields={"entity": "US1", "period": "2025-05", "status": "closed"},
    )
    lending.change(closed)

    charge(lending, dated=date(2025, 5, 31))

    unmatched = reported(lending).unmatched
    assert [
        (one.period, one.revenue, one.cost, one.receivable, one.payable)
        for one in unmatched
    ] == [
        (date(2025, 5, 1), 12_000, 0, 12_000, 0),
        (date(2025, 6, 1), 0, 12_000, 0, 12_000),
    ]
    assert lending.unproven() == []


def test_an_entry_tells_what_was_charged_for_it_and_where_it_stands(
    lending: House,
) -> None:
    with lending.database.tenant(lending.tenant) as session:
        [taken_back] = find_entries(session, "GB1-IC-000002")
        both = find_entries(session, "GB1-IC-000001")
        story = tell_story(session, taken_back)

    [lent] = story.transfers
    assert len(both) == 2
    assert (lent.lender, lent.borrower, lent.rule) == ("GB1", "US1", "GB1-US1")
    assert (lent.amount, lent.lender_amount, lent.borrower_amount) == (
        12_000,
        9_600,
        12_000,
    )
    assert lent.documents == ["GB1-IC-000001", "GB1-IC-000002 (taken back)"]
    effects = [Effect(one.effect).name for one in story.bookings]
    assert effects.count("IC_SALE") == 2
    assert effects.count("IC_COST") == 2
    assert effects.count("IC_ACCRUAL_REVERSAL") == 2
