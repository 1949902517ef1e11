"""What holds on a day is found by key: from inclusive, until exclusive."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.kernel.columns import NOTHING, ended, flags, ints
from hourline.kernel.effective import (
    DAY_MAX,
    DAY_MIN,
    Effective,
    SpansOverlap,
    day_number,
    day_of,
    effective,
    layered_ends,
)

Row = tuple[int, int, int]


def _lookup(rows: list[Row], *, key_count: int) -> Effective:
    columns = [ints([row[part] for row in rows]) for part in range(3)]
    values = ints(list(range(len(rows))))
    return effective(columns[0], (columns[1], columns[2]), values, key_count=key_count)


def _at(found: Effective, keys: list[int], days: list[int]) -> list[int]:
    held: list[int] = found.at(ints(keys), ints(days)).tolist()
    return held


def test_a_day_is_a_number_and_back() -> None:
    assert day_number(date(1970, 1, 2)) == 1
    assert day_of(-1) == date(1969, 12, 31)
    assert day_of(DAY_MIN) == date.min
    assert day_of(DAY_MAX) == date.max


def test_a_span_holds_from_its_start_to_the_day_before_its_end() -> None:
    found = _lookup([(0, 10, 20)], key_count=1)

    assert _at(found, [0, 0, 0, 0], [9, 10, 19, 20]) == [-1, 0, 0, -1]
    assert len(found) == 1


def test_of_several_spans_the_one_around_the_day_holds() -> None:
    found = _lookup([(1, 20, 30), (1, 10, 20), (0, 0, 100)], key_count=3)

    assert _at(found, [1] * 5, [9, 10, 20, 29, 30]) == [-1, 1, 0, 0, -1]
    assert _at(found, [0, 2, NOTHING], [50, 50, 50]) == [2, -1, -1]


def test_spans_without_ends_hold_always() -> None:
    found = _lookup([(0, DAY_MIN, DAY_MAX), (2, DAY_MIN, DAY_MAX)], key_count=3)

    assert _at(found, [0, 1, 2, NOTHING], [DAY_MIN, 0, 40_000, 0]) == [0, -1, 1, -1]


def test_without_spans_nothing_holds() -> None:
    assert _at(_lookup([], key_count=0), [NOTHING], [0]) == [NOTHING]


def test_two_spans_of_a_key_that_share_a_day_are_refused_by_position() -> None:
    with pytest.raises(SpansOverlap) as refused:
        _lookup([(0, 5, 9), (1, 0, 9), (0, 0, 6)], key_count=2)

    assert (refused.value.first, refused.value.second) == (2, 0)


def test_of_spans_laid_over_each_other_the_later_start_holds() -> None:
    keys, starts = ints([0, 0, 0, 1]), ints([10, 0, 10, 0])

    ends = layered_ends(keys, starts, ints([90, 50, 30, 5]))

    assert ends.tolist() == [10, 10, 30, 5]


def test_a_closing_row_stands_for_what_is_not_known() -> None:
    assert ended([7, 8])[NOTHING] == NOTHING
    assert ended([7], 0)[NOTHING] == 0
    assert not flags([True])[NOTHING]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 30))),
    st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 31)), min_size=1),
)
def test_the_lookup_finds_what_a_plain_search_finds(
    rows: list[Row], asked: list[tuple[int, int]]
) -> None:
    kept: list[Row] = []
    for key, start, end in rows:
        free = all(key != k or end <= s or e <= start for k, s, e in kept)
        if start < end and free:
            kept.append((key, start, end))

    found = _at(
        _lookup(kept, key_count=5), [key for key, _ in asked], [day for _, day in asked]
    )

    assert found == [
        next((i for i, (k, s, e) in enumerate(kept) if k == key and s <= day < e), -1)
        for key, day in asked
    ]
