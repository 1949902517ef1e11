"""Worked time becomes billable time by the first row that matches, exactly."""

from datetime import date
from decimal import Decimal
from typing import Literal

import pytest

from hourline.decide.kernel import decide_columns
from hourline.kernel.codes import Fate
from hourline.master.model import Activity
from tests.builders import Firm, contract_line, firm, project
from tests.entries import Entry, entry_columns, expense
from tests.rounding_rows import time_rounding


def _divided(built: Firm, *entries: Entry) -> list[tuple[Fate, int]]:
    portions = decide_columns(entry_columns(entries), built.snapshot()).portions
    return [
        (Fate(fate), seconds)
        for fate, seconds in zip(
            portions.fate.tolist(), portions.seconds.tolist(), strict=True
        )
    ]


def _used(built: Firm, *entries: Entry) -> list[int]:
    decisions = decide_columns(entry_columns(entries), built.snapshot()).decisions
    return list(map(int, decisions.time_rounding_no))


def test_a_quarter_begun_is_billed_as_uplift_with_its_row_as_the_reason() -> None:
    built = firm()
    row = built.add("quarters", time_rounding())

    decided = decide_columns(entry_columns([Entry(seconds=901)]), built.snapshot())

    assert decided.portions.seconds.tolist() == [1_800]
    assert decided.portions.amount.tolist() == [10_000]
    assert decided.decisions.uplift_seconds.tolist() == [899]
    assert decided.decisions.time_rounding_no.tolist() == [row]
    assert decided.journal.amount.tolist() == [10_000]


@pytest.mark.parametrize(
    ("mode", "seconds", "billed"),
    [
        ("up", 1, 900),
        ("up", 900, 900),
        ("nearest", 449, 0),
        ("nearest", 450, 900),
        ("nearest", 1_349, 900),
        ("down", 899, 0),
        ("down", 900, 900),
    ],
)
def test_an_increment_is_taken_up_to_the_nearest_or_down(
    mode: Literal["up", "nearest", "down"], seconds: int, billed: int
) -> None:
    built = firm()
    built.add("quarters", time_rounding(mode=mode))

    divided = dict(_divided(built, Entry(seconds=seconds)))

    assert divided.get(Fate.BILLABLE, 0) == billed
    assert divided.get(Fate.NON_BILLABLE, 0) == max(0, seconds - billed)


def test_what_the_factor_leaves_of_a_second_goes_half_up_only_at_the_end() -> None:
    exact, quarters = firm(), firm()
    exact.add("third", time_rounding(increment="0", factor="0.3333"))
    quarters.add("third", time_rounding(factor="0.3333", mode="down"))
    entry = Entry(seconds=27_003)

    # 27003 x 0.3333 = 9000.0999 s; 2701 x 0.3333 = 900.2433, 2700 x 0.3333 = 899.91
    assert _divided(exact, entry) == [(Fate.BILLABLE, 9_000), (2, 18_003)]
    assert _divided(quarters, Entry(seconds=2_701))[0] == (Fate.BILLABLE, 900)
    assert _divided(quarters, Entry(seconds=2_700)) == [(Fate.NON_BILLABLE, 2_700)]


def test_the_longest_entry_at_the_highest_factor_is_exact() -> None:
    built = firm()
    built.add("thrice", time_rounding(factor="3", increment="0.05"))

    entry = Entry(seconds=2_678_400, price=Decimal("99999999.9999"))
    portions = decide_columns(entry_columns([entry]), built.snapshot()).portions

    assert portions.seconds.tolist() == [8_035_200]
    assert portions.amount.tolist() == [22_319_999_999_978]


def test_no_time_expenses_and_stated_hours_use_no_row() -> None:
    built = firm()
    built.add("hours", time_rounding(minimum="60"))

    assert _used(built, Entry(seconds=0), Entry(billable_seconds=60), expense()) == [
        -1,
        -1,
        -1,
    ]


def test_only_billable_time_on_time_and_materials_uses_a_row() -> None:
    fixed, admin = firm(), firm()
    for built in (fixed, admin):
        built.add("hours", time_rounding(increment="60"))
    fixed.add("C1.1", contract_line(method="fixed_price"))
    admin.add("P1", project(activities=(Activity(id="admin", billable=False),)))

    assert _divided(fixed, Entry(seconds=60)) == [(Fate.COVERED, 60)]
    assert _divided(admin, Entry(seconds=60, activity="admin")) == [
        (Fate.NON_BILLABLE, 60)
    ]
    assert _used(fixed, Entry()) == _used(admin, Entry(activity="admin")) == [-1]


def test_a_row_for_days_gives_entries_their_factor_and_nothing_else() -> None:
    built = firm()
    row = built.add(
        "days", time_rounding(scope="person_day", factor="0.5", minimum="60")
    )

    assert _divided(built, Entry(seconds=61)) == [(Fate.BILLABLE, 31), (2, 30)]
    assert _used(built, Entry(seconds=61)) == [row]


def test_the_first_row_wins_on_the_days_it_holds() -> None:
    built = firm()
    march = date(2025, 3, 1), date(2025, 4, 1)
    wide = built.add("wide", time_rounding(order=3))
    narrow = built.add("narrow", time_rounding(order=2, project="P1", activity="dev"))
    first = built.add(
        "first",
        time_rounding(order=1),
        effective_from=march[0],
        effective_until=march[1],
    )
    days = [date(2025, 2, 28), march[0], date(2025, 3, 31), march[1]]

    assert _used(built, *(Entry(work_date=day) for day in days)) == [
        wide,
        first,
        first,
        wide,
    ]
    assert _used(built, Entry(activity="dev", work_date=days[0])) == [narrow]


def test_a_row_for_a_record_that_is_not_known_matches_nothing() -> None:
    built = firm()
    built.add("gone", time_rounding(contract="C9"))

    assert _used(built, Entry(seconds=60)) == [-1]
    assert _divided(built, Entry(seconds=60)) == [(Fate.BILLABLE, 60)]
