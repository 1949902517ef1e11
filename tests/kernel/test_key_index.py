"""Combinations of columns get dense numbers; what is not known gets none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.kernel.columns import ints
from hourline.kernel.key_index import TooManyCombinations, key_index


def test_each_combination_has_one_position() -> None:
    index, positions = key_index([ints([2, 0, 2]), ints([1, 1, 1])], [3, 2])

    assert index.count == 2
    assert positions.tolist() == [1, 0, 1]
    assert index.of([ints([2, 0, 1]), ints([1, 1, 1])]).tolist() == [1, 0, -1]


@pytest.mark.parametrize("size", [10, 10**7])
def test_a_row_with_an_unknown_part_is_unknown(size: int) -> None:
    index, _ = key_index([ints([0, 5]), ints([size - 1, 3])], [size, size])

    found = index.of([ints([0, 1, -1, 5, 9]), ints([-1, -1, 3, 3, 9])])

    assert found.tolist() == [-1, -1, -1, 1, -1]


def test_an_empty_index_knows_nothing() -> None:
    index, positions = key_index([ints([]), ints([])], [0, 0])

    assert positions.tolist() == []
    assert index.of([ints([0, 7]), ints([0, 9])]).tolist() == [-1, -1]


def test_more_combinations_than_64_bits_hold_are_refused() -> None:
    with pytest.raises(TooManyCombinations):
        key_index([ints([0]), ints([0])], [2**32, 2**31])


@given(
    st.sampled_from([7, 5_000]),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1),
    st.lists(st.tuples(st.integers(-1, 6), st.integers(-1, 6)), min_size=1),
)
def test_table_and_search_find_the_same(
    size: int, known: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    index, _ = key_index(
        [ints([pair[0] for pair in known]), ints([pair[1] for pair in known])],
        [size, size],
    )

    found = index.of(
        [ints([pair[0] for pair in asked]), ints([pair[1] for pair in asked])]
    )

    ordered = sorted(set(known))
    assert found.tolist() == [
        ordered.index(pair) if pair in ordered else -1 for pair in asked
    ]
