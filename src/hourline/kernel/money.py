"""Keep money exact: integer minor units of ISO 4217, rounded once by a policy."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import assert_never

import iso4217
import numpy as np

from hourline.kernel.columns import Ints


class Rounding(IntEnum):
    """Name what becomes of exactly half a minor unit, on the absolute amount."""

    HALF_UP = 1
    HALF_EVEN = 2
    HALF_DOWN = 3


# A plain number: a member of an enumeration costs more to compare with than a column.
_HALF_UP = int(Rounding.HALF_UP)


@dataclass(frozen=True, slots=True)
class Currency:
    """Hold a currency: ISO 4217 code and number, and its decimals (JPY 0, KWD 3)."""

    code: str
    number: int
    decimals: int


class CurrencyNotKnown(ValueError):
    """Say that ISO 4217 has no money with that code or number."""


class AmountTooFine(ValueError):
    """Say that an amount has more decimals than its currency."""


_BY_CODE = {
    money.code: Currency(money.code, money.number, money.exponent)
    for money in iso4217.Currency
    if money.exponent is not None
}
CURRENCIES = tuple(_BY_CODE.values())
_BY_NUMBER = {currency.number: currency for currency in _BY_CODE.values()}
_CURRENCY_NUMBERS = 1_000
_MINOR_PER_MAJOR = np.ones(_CURRENCY_NUMBERS, dtype=np.int64)
_MINOR_PER_MAJOR[list(_BY_NUMBER)] = [
    10**currency.decimals for currency in _BY_NUMBER.values()
]


def currency_of(code: str) -> Currency:
    """Return the currency with an ISO 4217 code; raise CurrencyNotKnown."""
    try:
        return _BY_CODE[code]
    except KeyError:
        msg = f"{code!r} is no currency of ISO 4217; write a code such as EUR"
        raise CurrencyNotKnown(msg) from None


def currency_numbered(number: int) -> Currency:
    """Return the currency with an ISO 4217 number; raise CurrencyNotKnown."""
    try:
        return _BY_NUMBER[number]
    except KeyError:
        msg = f"{number} is no currency number of ISO 4217"
        raise CurrencyNotKnown(msg) from None


def minor_per_major(numbers: Ints) -> Ints:
    """Return how many minor units a major one has, by ISO 4217 numbers."""
    units: Ints = _MINOR_PER_MAJOR[numbers]
    return units


def minor_units(amount: Decimal, currency: Currency) -> int:
    """Return an amount in major units as minor units, exactly; raise AmountTooFine."""
    scaled = Fraction(amount) * 10**currency.decimals
    if scaled.denominator != 1:
        msg = f"{amount} has more decimals than {currency.code} ({currency.decimals})"
        raise AmountTooFine(msg)
    return int(scaled)


def major_units(minor: int, currency: Currency) -> Decimal:
    """Return minor units as a decimal in major units with the currency's decimals."""
    digits = tuple(int(digit) for digit in str(abs(minor)))
    return Decimal((int(minor < 0), digits, -currency.decimals))


def told_amount(minor: int, currency: int) -> str:
    """Return minor units of a currency, by its number, as programs read an amount."""
    return f"{major_units(minor, currency_numbered(currency)):f}"


def round_ratio(
    numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP
) -> int:
    """Return numerator / denominator (above 0) as an integer by the policy."""
    whole, rest = divmod(abs(numerator), denominator)
    if rest * 2 > denominator:
        whole += 1
    elif rest * 2 == denominator:
        whole += _half_rounds_up(whole, rounding)
    return whole if numerator >= 0 else -whole


def _half_rounds_up(whole: int, rounding: Rounding) -> int:
    match rounding:
        case Rounding.HALF_UP:
            return 1
        case Rounding.HALF_EVEN:
            return whole & 1
        case Rounding.HALF_DOWN:
            return 0
        case _:
            assert_never(rounding)


def round_fraction(exact: Fraction, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Return an exact figure as an integer by the policy."""
    return round_ratio(exact.numerator, exact.denominator, rounding)


def round_ratios(numerators: Ints, denominators: Ints, roundings: Ints) -> Ints:
    """Return what `round_ratio` gives for each row.

    The caller keeps numerators below 2**63 and denominators below 2**62; the snapshot
    refuses rates that could pass that.
    """
    whole, rest = np.divmod(np.abs(numerators), denominators)
    twice = rest * 2
    up = twice >= denominators
    if (roundings != _HALF_UP).any():
        stays = (roundings == Rounding.HALF_DOWN) | (
            (roundings == Rounding.HALF_EVEN) & (whole & 1 == 0)
        )
        up &= ~(stays & (twice == denominators))
    return np.where(numerators < 0, -(whole + up), whole + up)
