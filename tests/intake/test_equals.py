"""Prove that equal rows keep their numbers, whatever happens to the others."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hourline.intake.rules.equals import EqualRow, KnownEqual, number_equals


def row(hours: int, *, approved: bool = True) -> EqualRow:
    return EqualRow(approved, hours * 3_600, str(hours).encode())


def known(number: int, hours: int, *, in_force: bool = True) -> KnownEqual:
    return KnownEqual(number, str(hours).encode(), in_force)


def test_new_rows_are_numbered_by_their_content() -> None:
    assert number_equals([row(3), row(1), row(2)], []) == [3, 1, 2]


def test_what_is_equal_is_matched_before_what_changed() -> None:
    assert number_equals([row(5), row(1)], [known(1, 1), known(2, 2)]) == [2, 1]


def test_a_changed_row_takes_what_is_in_force_before_what_was_recalled() -> None:
    gone = known(1, 3, in_force=False)

    assert number_equals([row(3)], [gone, known(2, 2)]) == [2]
    assert number_equals([row(3), row(2)], [gone, known(2, 2)]) == [1, 2]


def test_a_recalled_number_is_used_again_and_then_new_ones() -> None:
    gone = [known(1, 3, in_force=False), known(2, 4, in_force=False)]

    assert number_equals([row(4), row(9), row(10)], gone) == [2, 1, 3]


def test_rows_that_are_not_approved_come_last() -> None:
    rows = [row(1, approved=False), row(2)]

    assert number_equals(rows, [known(1, 1), known(2, 5)]) == [1, 2]
    assert number_equals(rows, [known(1, 5)]) == [2, 1]


HOURS = st.lists(st.integers(1, 4), max_size=6)


@given(HOURS, HOURS, st.integers(0, 1_000))
def test_numbers_follow_content_and_never_the_order_of_rows(
    before: list[int], after: list[int], seed: int
) -> None:
    numbers = number_equals([row(hours) for hours in before], [])
    standing = [
        known(number, hours) for number, hours in zip(numbers, before, strict=True)
    ]
    shuffled = list(range(len(after)))
    random.Random(seed).shuffle(shuffled)

    plain = number_equals([row(hours) for hours in after], standing)
    mixed = number_equals([row(after[at]) for at in shuffled], standing)

    assert len(set(plain)) == len(after)
    assert sorted(zip(after, plain, strict=True)) == sorted(
        zip((after[at] for at in shuffled), mixed, strict=True)
    )
    kept = {(hours, number) for hours, number in zip(after, plain, strict=True)}
    for hours in set(before) & set(after):
        ours = {
            number for of, number in zip(before, numbers, strict=True) if of == hours
        }
        theirs = {number for of, number in kept if of == hours}
        shared = min(before.count(hours), after.count(hours))
        assert len(ours & theirs) == shared
