"""Keep time exact to the second and prices exact per second, as ratios of integers."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd

import numpy as np

from hourline.kernel.columns import Ints
from hourline.kernel.money import Currency

HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
ENTRY_SECONDS_MAX = 31 * DAY_SECONDS
# Rates are kept in 1/10000 minor units; finer ones are refused.
PRICE_SCALE = 10_000
# Percentages are kept in millionths of the whole.
PPM_PER_PERCENT = 10_000
WHOLE_PPM = 1_000_000
# What an exact price may be multiplied by without leaving 64 bits.
RATIO_MAX = (2**63 - 1) // ENTRY_SECONDS_MAX


class RateTooFine(ValueError):
    """Say that a rate has more decimals than 1/10000 minor units."""


@dataclass(frozen=True, slots=True)
class Price:
    """Hold an exact price: `amount` 1/10000 minor units for every `seconds`."""

    amount: int
    seconds: int


def price_per_hours(rate: Decimal, hours: Decimal, currency: Currency) -> Price:
    """Return the price of `rate` major units per `hours`; raise RateTooFine.

    >>> from hourline.kernel.money import currency_of
    >>> price_per_hours(Decimal(105), Decimal(8), currency_of("EUR"))
    Price(amount=105000000, seconds=28800)
    """
    numerator, denominator = rate.as_integer_ratio()
    amount, finer = divmod(numerator * 10**currency.decimals * PRICE_SCALE, denominator)
    if finer:
        msg = (
            f"{rate} {currency.code} is finer than a ten-thousandth of the currency's"
            " smallest unit"
        )
        raise RateTooFine(msg)
    hours_numerator, hours_denominator = hours.as_integer_ratio()
    shared = gcd(HOUR_SECONDS, hours_denominator)
    return Price(
        amount * (hours_denominator // shared),
        hours_numerator * (HOUR_SECONDS // shared),
    )


def value_of(seconds: int, *, rate_amount: int, rate_seconds: int) -> Fraction:
    """Return the exact worth of seconds, in minor units, not rounded."""
    return Fraction(seconds * rate_amount, rate_seconds * PRICE_SCALE)


def times(price: Price, factor: Fraction) -> Price:
    """Return the price times a factor, reduced only by what the factor brings."""
    shared = gcd(price.amount, factor.denominator)
    return Price(
        price.amount // shared * factor.numerator,
        price.seconds * (factor.denominator // shared),
    )


def times_columns(
    amounts: Ints, seconds: Ints, factors: tuple[Ints, Ints]
) -> tuple[Ints, Ints]:
    """Return what `times` gives for each row; factors are numerators, denominators."""
    numerators, denominators = factors
    shared = np.gcd(amounts, denominators)
    return amounts // shared * numerators, seconds * (denominators // shared)


def reduced_columns(numerators: Ints, denominators: Ints) -> tuple[Ints, Ints]:
    """Return each ratio in lowest terms, so that products stay in 64 bits."""
    shared = np.gcd(numerators, denominators)
    return numerators // shared, denominators // shared


def spoken_hours(seconds: int) -> str:
    """Return a duration as people say it, exactly: `7.5 h`, else `0:07:20 h`.

    What was taken back is said with a minus: `-1.5 h`.
    """
    if seconds < 0:
        return f"-{spoken_hours(-seconds)}"
    hundredths, rest = divmod(seconds * 100, HOUR_SECONDS)
    if rest == 0:
        whole, part = divmod(hundredths, 100)
        return f"{whole}.{part:02}".rstrip("0").rstrip(".") + " h"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02} h"
