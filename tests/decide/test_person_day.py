"""The day's last entry that is not settled carries what its total differs by."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from hourline.decide.rules.person_day import DayEntry, carry


def entry(
    name: str,
    alone: int,
    *,
    now: int | None = None,
    hour: int = 8,
    settled: bool = False,
) -> DayEntry:
    return DayEntry(
        person_no=1,
        work_date=date(2025, 3, 3),
        time_rounding_no=7,
        entry_no=int(name[1:]),
        revision=1,
        source_id=name,
        approved_at=datetime(2025, 3, 4, hour, tzinfo=UTC),
        contract_no=2,
        contract_line_no=3,
        project_no=4,
        entity_no=5,
        currency=840,
        accounting_date=date(2025, 3, 3),
        worked_seconds=alone,
        rate_amount=1,
        rate_seconds=1,
        seconds_alone=alone,
        seconds_now=alone if now is None else now,
        part_last=0,
        settled=settled,
    )


def carried(total: int, *entries: DayEntry) -> dict[str, int]:
    return {one.entry.source_id: one.seconds for one in carry(entries, total)}


def test_what_is_missing_goes_on_the_last_by_approval_then_id() -> None:
    assert carried(900, entry("t1", 300, hour=9), entry("t2", 200)) == {"t1": 700}
    assert carried(900, entry("t1", 300), entry("t2", 200)) == {"t2": 600}


def test_what_is_too_much_is_taken_from_the_last_one_back() -> None:
    day = entry("t1", 300), entry("t2", 200), entry("t3", 100)

    assert carried(450, *day) == {"t3": 0, "t2": 150}
    assert carried(0, *day) == {"t3": 0, "t2": 0, "t1": 0}


def test_an_entry_that_is_not_the_last_any_more_is_billed_alone_again() -> None:
    assert carried(900, entry("t1", 300, now=900), entry("t2", 200)) == {
        "t1": 300,
        "t2": 600,
    }


def test_a_day_that_is_right_changes_nothing() -> None:
    assert carried(900, entry("t1", 300), entry("t2", 200, now=600)) == {}


def test_what_is_settled_stays_and_the_others_make_up_for_it() -> None:
    settled = entry("t3", 100, now=500, settled=True)

    assert carried(900, entry("t1", 300), settled) == {"t1": 400}
    assert carried(500, entry("t1", 300), settled) == {"t1": 0}


def test_without_an_entry_that_can_carry_the_difference_waits() -> None:
    assert carried(900, entry("t1", 300, settled=True)) == {}
    assert carried(900, entry("t1", 0)) == {}
    assert carried(0, entry("t1", 300, settled=True), entry("t2", 50, now=0)) == {}


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(6, 9), st.booleans())),
    st.integers(0, 30_000),
)
def test_the_day_bills_its_total_in_any_order_where_something_is_open(
    drawn: list[tuple[int, int, bool]], total: int
) -> None:
    day = [
        entry(f"t{number}", alone, hour=hour, settled=settled)
        for number, (alone, hour, settled) in enumerate(drawn, start=1)
    ]
    changes = carried(total, *day)
    billed = {one.source_id: changes.get(one.source_id, one.seconds_now) for one in day}
    fixed = sum(one.seconds_now for one in day if one.settled)
    can_carry = any(one.seconds_alone for one in day if not one.settled)

    assert carried(total, *reversed(day)) == changes
    assert all(seconds >= 0 for seconds in billed.values())
    assert all(one.source_id not in changes for one in day if one.settled)
    if can_carry:
        assert sum(billed.values()) == max(total, fixed)
