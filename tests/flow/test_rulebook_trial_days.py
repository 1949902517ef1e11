"""A dry run names the entry that carries the rounding of a person's day."""

from dataclasses import replace
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook import trial as trying
from hourline.flow.rulebook.books import BookMove
from hourline.flow.rulebook.changes import TrialEntry
from hourline.flow.rulebook.days import DayTotals
from hourline.flow.rulebook.files import RulebookFile
from hourline.kernel.codes import Fate
from tests.flow.house import House
from tests.flow.rules import files, publish
from tests.flow.test_rulebook_trial import tried

pytestmark = pytest.mark.integration

QUARTERS = MasterChange(
    "time_rounding",
    "quarters",
    fields={
        "order": 1,
        "increment_minutes": Decimal(15),
        "mode": "up",
        "scope": "person_day",
    },
)


def increments(minutes: int) -> list[RulebookFile]:
    return files(
        time_rounding=f"""
            id,increment_minutes,mode,scope
            quarters,{minutes},up,person_day
        """
    )


def work_a_day(house: House) -> None:
    """Approve 1000 s twice; 2000 s are three quarters, of which t2 carries 700 s."""
    house.change(QUARTERS)
    house.approve(id="t1", seconds=1_000)
    house.approve(id="t2", seconds=1_000)


def billed(entry: TrialEntry) -> tuple[str, int, int, int, int]:
    return (
        entry.entry,
        entry.seconds_before,
        entry.seconds_after,
        entry.amount_before,
        entry.amount_after,
    )


def wip(amount: int, *, invoiced: int = 0) -> BookMove:
    return BookMove(
        entity="US1", role="wip", currency="USD", open=amount, invoiced=invoiced
    )


def test_the_last_open_entry_of_a_day_carries_the_difference(house: House) -> None:
    work_a_day(house)
    house.approve(id="t3", seconds=3_600, date="2025-03-06")

    trial = tried(house, increments(30))

    # Two half hours are 3600 s: t2 has 2600 of them, which at 200 USD are 144.44 USD.
    (entry,) = trial.largest
    assert billed(entry) == ("t2", 1_700, 2_600, 9_444, 14_444)
    assert entry.time_rounding == ("quarters", "quarters")
    (group,) = trial.groups
    assert (group.entries, group.seconds_before, group.seconds_after) == (
        1,
        1_700,
        2_600,
    )
    assert (group.difference, group.invoiced) == (5_000, 0)
    assert trial.days == DayTotals(days=1, seconds_before=2_700, seconds_after=3_600)
    assert trial.books[0] == wip(5_000)
    assert (trial.entries, trial.changed, trial.drifted) == (3, 1, 0)


def test_what_was_tried_of_a_day_is_what_the_day_becomes(house: House) -> None:
    work_a_day(house)
    (entry,) = tried(house, increments(30)).largest

    publish(house, increments(30))
    house.approve(id="t1", seconds=1_000, revision=2)

    (portion,) = house.status("t2").portions
    assert (entry.seconds_after, entry.amount_after) == (2_600, 14_444)
    assert (Fate(portion.fate), portion.seconds, portion.amount) == (
        Fate.BILLABLE,
        2_600,
        14_444,
    )
    assert house.unproven() == []


def test_what_is_invoiced_keeps_its_time_where_an_open_entry_can_carry(
    house: House,
) -> None:
    work_a_day(house)
    house.bill()
    # 2500 s are the same three quarters, which are invoiced: t3 bills nothing.
    house.approve(id="t3", seconds=500)

    trial = tried(house, increments(30))

    (entry,) = trial.largest
    assert billed(entry) == ("t3", 0, 900, 0, 5_000)
    assert (trial.changed, trial.invoiced, entry.invoiced) == (1, 0, False)
    assert trial.books[0] == wip(5_000)


def test_a_day_that_is_invoiced_whole_changes_by_a_credit_of_its_last_entry(
    house: House,
) -> None:
    work_a_day(house)
    house.bill()

    trial = tried(house, increments(30))

    (entry,) = trial.largest
    assert billed(entry) == ("t2", 1_700, 2_600, 9_444, 14_444)
    assert (trial.changed, trial.invoiced, entry.invoiced) == (1, 1, True)
    assert trial.books[0] == wip(0, invoiced=5_000)


def test_rows_that_say_the_same_change_nothing_of_a_day(house: House) -> None:
    work_a_day(house)
    house.bill()
    house.approve(id="t3", seconds=500)

    trial = tried(house, increments(15))

    assert (trial.changed, trial.drifted, trial.books) == (0, 0, [])


def test_entries_that_were_rounded_alone_are_gathered(house: House) -> None:
    alone = {**QUARTERS.fields, "scope": "entry"}
    house.change(replace(QUARTERS, fields=alone))
    house.approve(id="t1", seconds=1_000)
    house.approve(id="t2", seconds=1_000)

    trial = tried(house, increments(15))

    # Each was half an hour; together they are three quarters.
    assert sorted(map(billed, trial.largest)) == [
        ("t1", 1_800, 1_000, 10_000, 5_556),
        ("t2", 1_800, 1_700, 10_000, 9_444),
    ]
    assert trial.days == DayTotals(days=1, seconds_before=3_600, seconds_after=2_700)
    assert trial.books[0] == wip(-5_000)


def test_days_are_whole_however_few_entries_are_read_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_a_day(house)
    house.approve(id="t3", seconds=1_000, date="2025-03-06")
    house.approve(id="t4", seconds=1_000, date="2025-03-06")
    at_once = tried(house, increments(30))

    monkeypatch.setattr(trying, "AT_ONCE", 1)
    one_by_one = tried(house, increments(30))

    assert (at_once.entries, at_once.changed) == (4, 2)
    assert one_by_one == at_once
