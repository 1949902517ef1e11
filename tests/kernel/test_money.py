"""Money is exact, has the decimals of ISO 4217 and is rounded once, by a policy."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.kernel.columns import ints
from hourline.kernel.money import (
    AmountTooFine,
    Currency,
    CurrencyNotKnown,
    Rounding,
    currency_numbered,
    currency_of,
    major_units,
    minor_units,
    round_fraction,
    round_ratio,
    round_ratios,
)


def test_a_currency_has_the_decimals_that_iso_4217_gives_it() -> None:
    assert currency_of("EUR") == Currency("EUR", 978, 2)
    assert currency_of("JPY") == Currency("JPY", 392, 0)
    assert currency_of("KWD") == Currency("KWD", 414, 3)
    assert currency_numbered(840) == Currency("USD", 840, 2)


def test_what_is_no_money_is_refused() -> None:
    with pytest.raises(CurrencyNotKnown, match="'EURO' is no currency of ISO 4217"):
        currency_of("EURO")
    with pytest.raises(CurrencyNotKnown):
        currency_of("XAU")
    with pytest.raises(CurrencyNotKnown, match="0 is no currency number"):
        currency_numbered(0)


def test_amounts_become_minor_units_and_back_without_loss() -> None:
    assert minor_units(Decimal("-12.30"), currency_of("EUR")) == -1230
    assert minor_units(Decimal("1.5"), currency_of("KWD")) == 1500
    assert major_units(-1230, currency_of("EUR")) == Decimal("-12.30")
    assert str(major_units(5, currency_of("EUR"))) == "0.05"
    assert str(major_units(7, currency_of("JPY"))) == "7"


def test_an_amount_finer_than_its_currency_is_refused() -> None:
    with pytest.raises(AmountTooFine, match="more decimals than JPY"):
        minor_units(Decimal("1.5"), currency_of("JPY"))


@pytest.mark.parametrize(
    ("rounding", "halves"),
    [
        (Rounding.HALF_UP, [1, 2, 3, -1, -2]),
        (Rounding.HALF_EVEN, [0, 2, 2, 0, -2]),
        (Rounding.HALF_DOWN, [0, 1, 2, 0, -1]),
    ],
)
def test_a_half_goes_where_the_policy_says_on_the_absolute_amount(
    rounding: Rounding, halves: list[int]
) -> None:
    numerators = [1, 3, 5, -1, -3]

    assert [round_ratio(number, 2, rounding) for number in numerators] == halves
    assert [round_fraction(Fraction(n, 2), rounding) for n in numerators] == halves
    assert (
        round_ratios(ints(numerators), ints([2] * 5), ints([rounding] * 5)).tolist()
        == halves
    )


@pytest.mark.parametrize("rounding", list(Rounding))
def test_what_is_not_a_half_goes_to_the_nearest(rounding: Rounding) -> None:
    assert round_ratio(4, 3, rounding) == 1
    assert round_ratio(5, 3, rounding) == 2
    assert round_ratio(-5, 3, rounding) == -2


@given(
    st.lists(
        st.tuples(
            st.integers(-(2**62), 2**62),
            st.integers(1, 2**40),
            st.sampled_from(Rounding),
        )
    )
)
def test_columns_round_as_single_amounts_do(
    rows: list[tuple[int, int, Rounding]],
) -> None:
    columns = [ints([int(row[part]) for row in rows]) for part in range(3)]

    rounded = round_ratios(columns[0], columns[1], columns[2])

    assert rounded.tolist() == [round_ratio(*row) for row in rows]
