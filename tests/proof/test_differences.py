"""Each check finds exactly the damage it is there for, and sound books have none."""

from decimal import Decimal
from pathlib import Path

import pytest

from hourline.proof.differences import CHECKS, Difference, differences
from tests.flow.house import House
from tests.proof.conftest import Damage
from tests.proof.test_intercompany import PLANTED as PLANTED_BETWEEN_ENTITIES
from tests.proof.test_revenue_differences import PLANTED as PLANTED_IN_REVENUE

pytestmark = pytest.mark.integration

SCENARIOS = Path(__file__).parents[1] / "scenarios"

# By check: the entry that is damaged, what is named, and its two figures.
PLANTED = {
    "entries_without_fate": ("t4", "t4 revision 1", 1, 0),
    "redecided_otherwise": ("t2", "t2 revision 2", 1, 0),
    "redecided_without_approval": ("t3", "{t3} as approved", 1, 0),
    "parts_differ_from_whole": ("t3", "t3", 3_600, 7_200),
    "worked_differs_from_portions": ("t3", "{t3} revision 1", 3_601, 3_600),
    "sold_differs_from_rounding": ("t3", "{t3} revision 1", 3_601, 3_600),
    "billed_twice_or_uncounted": ("t1", "{t1} revision 1 part 0", 3_599, 3_600),
    "given_up_without_act": ("t3", "{t3} revision 1 part 0", 0, 1),
    "allotted_without_act": ("t3", "{t3} revision 1 part 0", 0, 1),
    "held_without_act": ("t3", "t3", 1, 0),
    "replaced_but_billed": ("b1", "{b1} revision 1", 0, 3_600),
    "replaced_but_allotted": ("t2", "{t2} revision 1", 0, 1),
    "invoiced_above_limit": ("t3", "contract C1", 60_000, 70_000),
    "invoiced_above_span_limit": ("t3", "contract C1 in 2025-03", 60_000, 70_000),
    "invoiced_above_customer_limit": (
        "t3",
        "customer ADATUM in contract C1",
        60_000,
        70_000,
    ),
    "block_used_up_twice": ("t3", "prepaid block B1", 3_600, 3_601),
    "earned_without_invoice": ("t3", "prepaid block B1", 0, 1),
    "earning_differs_from_ledger": ("t3", "contract C1", 0, 1),
    "accrual_differs_from_open_work": ("t3", "contract C1 in US1", 20_000, 19_999),
    "cost_differs_from_decisions": ("t3", "entity US1", 35_001, 35_000),
    "expenses_differ_from_decisions": ("t3", "entity US1", 0, 1),
    "input_tax_differs_from_decisions": ("t3", "entity US1", 0, 1),
    "document_differs_from_lines": ("t2", "US1-000002", 33_000, 33_001),
    "document_differs_from_ledger": ("t2", "US1-000002", 33_000, 33_001),
    "journal_differs_from_members": ("t1", "journal {journal}", 15_001, 15_000),
    "sent_though_offset": ("t1", "journal line {line}", 0, 1),
    "revaluation_differs_from_ledger": (
        "t3",
        "reversal of revaluation {t3}",
        0,
        1,
    ),
    "vendor_match_differs_from_ledger": ("t3", "payable of match {t3}", 0, 1),
    "matched_but_replaced": ("t3", "match {t3}", 13_600, 0),
    "opening_differs_from_ledger": ("t1", "batch 1 row 2", 40_000, 40_001),
    "opening_sent_twice": ("t1", "journal {journal}", 0, 40_000),
    "rulebook_without_approval": ("t1", "rulebook version 1", 1, 0),
}


def found(house: House) -> list[Difference]:
    with house.database.tenant(house.tenant) as session:
        return differences(session)


def named(house: House, subject: str) -> str:
    entries = {name: house.status(name).story for name in ("t1", "t2", "t3", "b1")}
    journals = [one.journal_no for one in entries["t1"].bookings if one.journal_no]
    lines = [one.line_no for one in entries["t1"].bookings if one.journal_no]
    numbers = {name: str(story.entry_no) for name, story in entries.items()}
    return subject.format(journal=min(journals), line=min(lines), **numbers)


def test_sound_books_have_no_difference(house: House) -> None:
    assert found(house) == []
    assert house.unproven() == []


def test_every_check_has_its_planted_damage() -> None:
    planted = [*PLANTED, *PLANTED_IN_REVENUE, *PLANTED_BETWEEN_ENTITIES]
    assert sorted(planted) == sorted(CHECKS)


@pytest.mark.parametrize("check", PLANTED)
def test_a_check_finds_exactly_its_damage(
    house: House, damage: Damage, check: str
) -> None:
    entry, subject, expected, there = PLANTED[check]

    rows = damage(check, entry)

    assert rows == 1
    assert found(house) == [
        Difference(check, named(house, subject), Decimal(expected), Decimal(there))
    ]


def test_a_billed_portion_that_is_forgotten_is_found(
    house: House, damage: Damage
) -> None:
    rows = damage("billing_forgotten", "t1")

    number = house.status("t1").story.entry_no
    assert rows == 1
    assert found(house) == [
        Difference(
            "billed_twice_or_uncounted",
            f"{number} revision 1 part 0",
            Decimal(0),
            Decimal(3_600),
        )
    ]
