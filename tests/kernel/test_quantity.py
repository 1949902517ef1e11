"""Time is exact to the second, prices are exact per second."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.kernel.columns import ints
from hourline.kernel.money import currency_of
from hourline.kernel.quantity import (
    Price,
    RateTooFine,
    price_per_hours,
    reduced_columns,
    spoken_hours,
    times,
    times_columns,
    value_of,
)


def test_a_day_rate_is_never_rounded_to_an_hour() -> None:
    price = price_per_hours(Decimal(105), Decimal(8), currency_of("EUR"))

    assert price == Price(105_000_000, 28_800)
    worth = value_of(28_800, rate_amount=price.amount, rate_seconds=price.seconds)
    assert worth == 10_500


def test_a_day_of_odd_hours_keeps_both_sides_whole() -> None:
    hours = Decimal("7.66668")

    price = price_per_hours(Decimal(100), hours, currency_of("USD"))

    assert Fraction(price.amount, price.seconds) == Fraction(100_000_000) / (
        Fraction(hours) * 3600
    )


def test_a_rate_finer_than_a_ten_thousandth_of_a_cent_is_refused() -> None:
    fine = price_per_hours(Decimal("0.000001"), Decimal(1), currency_of("USD"))

    assert fine == Price(1, 3600)
    with pytest.raises(RateTooFine, match="finer than a ten-thousandth"):
        price_per_hours(Decimal("0.0000001"), Decimal(1), currency_of("USD"))


def test_a_factor_is_kept_exactly_in_the_price() -> None:
    assert times(Price(2_000_000, 3600), Fraction(3, 2)) == Price(3_000_000, 3600)
    assert times(Price(5, 3600), Fraction(4, 3)) == Price(20, 10_800)
    assert times(Price(5, 3600), Fraction(0)) == Price(0, 3600)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**10),
            st.integers(1, 86_400),
            st.fractions(0, 100, max_denominator=10_000),
        )
    )
)
def test_columns_take_factors_as_single_prices_do(
    rows: list[tuple[int, int, Fraction]],
) -> None:
    amounts, seconds = times_columns(
        ints([amount for amount, _, _ in rows]),
        ints([second for _, second, _ in rows]),
        (
            ints([factor.numerator for _, _, factor in rows]),
            ints([factor.denominator for _, _, factor in rows]),
        ),
    )

    found = list(zip(amounts.tolist(), seconds.tolist(), strict=True))
    expected = [times(Price(amount, s), factor) for amount, s, factor in rows]
    assert found == [(price.amount, price.seconds) for price in expected]


def test_ratios_are_reduced_to_lowest_terms() -> None:
    up, down = reduced_columns(ints([6, 0, 7]), ints([4, 5, 7]))

    assert (up.tolist(), down.tolist()) == ([3, 0, 1], [2, 1, 1])


def test_hours_are_spoken_exactly() -> None:
    assert spoken_hours(27_000) == "7.5 h"
    assert spoken_hours(3_600) == "1 h"
    assert spoken_hours(0) == "0 h"
    assert spoken_hours(36) == "0.01 h"
    assert spoken_hours(-5_400) == "-1.5 h"
    assert spoken_hours(-440) == "-0:07:20 h"
    assert spoken_hours(36_000) == "10 h"
    assert spoken_hours(440) == "0:07:20 h"
