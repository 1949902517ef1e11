"""Columns of ratios give what exact fractions give, or say that they do not."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hourline.kernel.columns import ints
from hourline.kernel.money import Rounding
from hourline.kernel.ratios import Ratios, ratios

_LARGE = 2**62 - 1
_FIGURES = st.one_of(
    st.integers(-10_000, 10_000), st.integers(-_LARGE, _LARGE), st.just(_LARGE)
)
_BELOW = st.one_of(st.integers(1, 10_000), st.integers(1, _LARGE))
_PAIRS = st.lists(st.tuples(_FIGURES, _BELOW), min_size=1, max_size=4)


def _columns(pairs: list[tuple[int, int]], *, bounded: bool = True) -> Ratios:
    return ratios(
        ints([above for above, _ in pairs]),
        ints([below for _, below in pairs]),
        bounded=bounded,
    )


def _fractions(found: Ratios) -> list[Fraction | None]:
    return [
        Fraction(above, below) if exact else None
        for above, below, exact in zip(
            found.numerator.tolist(),
            found.denominator.tolist(),
            found.exact.tolist(),
            strict=True,
        )
    ]


def test_what_fits_into_64_bits_is_exact() -> None:
    one, two = _columns([(115, 100), (2, 3)]), _columns([(25, 6), (-5, 7)])

    assert _fractions(one.times(two)) == [Fraction(115, 24), Fraction(-10, 21)]


def test_a_product_that_fits_once_it_is_reduced_is_exact() -> None:
    one, two = _columns([(2**40, 3)]), _columns([(3 * 5, 2**40 * 7)])

    assert _fractions(one.times(two)) == [Fraction(5, 7)]


def test_a_row_that_does_not_fit_says_so_and_leaves_the_others_alone() -> None:
    found = _columns([(2**61, 1), (3, 4)]).times(_columns([(3, 1), (1, 2)]))

    assert found.exact.tolist() == [False, True]
    assert found.rounded(ints([1, 1])).tolist() == [0, 0]
    assert _fractions(found)[1] == Fraction(3, 8)


def test_what_does_not_fit_stays_inexact_in_every_later_step() -> None:
    lost = _columns([(2**61, 1)]).times(_columns([(4, 1)]))

    found = lost.plus_at(np.array([0]), _columns([(1, 2)])).times(_columns([(1, 3)]))

    assert found.exact.tolist() == [False]


def test_without_bound_everything_is_exact() -> None:
    one, two = (_columns([pair], bounded=False) for pair in ((_LARGE, 3), (_LARGE, 5)))

    product = one.times(two)

    assert _fractions(product) == [Fraction(_LARGE**2, 15)]
    assert product.rounded(ints([Rounding.HALF_UP])).tolist() == [
        1417843195503910263815836061842049161
    ]


def test_ratios_are_added_where_they_belong() -> None:
    found = _columns([(1, 2), (0, 1), (1, 3)]).plus_at(
        np.array([1, 2]), _columns([(5, 7), (1, 6)])
    )

    assert _fractions(found) == [Fraction(1, 2), Fraction(5, 7), Fraction(1, 2)]


def test_a_half_is_rounded_by_the_policy_of_its_row() -> None:
    halves = _columns([(5, 2), (5, 2), (5, 2), (-5, 2)])
    policies = ints(
        [Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.HALF_DOWN, Rounding.HALF_UP]
    )

    assert halves.rounded(policies).tolist() == [3, 2, 2, -3]


@given(pairs=_PAIRS, bounded=st.booleans(), data=st.data())
def test_products_and_sums_are_those_of_fractions_or_known_not_to_be(
    pairs: list[tuple[int, int]], *, bounded: bool, data: st.DataObject
) -> None:
    others = data.draw(
        st.lists(st.tuples(_FIGURES, _BELOW), min_size=len(pairs), max_size=len(pairs))
    )
    one, two = _columns(pairs, bounded=bounded), _columns(others, bounded=bounded)

    products = _fractions(one.times(two))
    sums = _fractions(one.plus_at(np.arange(len(pairs)), two))

    exact = [
        (Fraction(*pair), Fraction(*other))
        for pair, other in zip(pairs, others, strict=True)
    ]
    for found, (left, right) in zip(products, exact, strict=True):
        assert found == left * right or (bounded and found is None)
    for found, (left, right) in zip(sums, exact, strict=True):
        assert found == left + right or (bounded and found is None)
