"""Rule: a rate that escalates every year is published as one row for each year.

Each anniversary of its first day begins a row whose rate is the first one, times one
plus the percentage for every year that is over: compounded exactly, and rounded half up
to the currency's smallest unit, once. What was published is not touched: a row that
comes later ends it from its own first day on. The last of 30 rows holds without end.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.kernel.money import (
    Currency,
    major_units,
    round_fraction,
)

YEARS_MAX = 30
YEAR = "year"
_WHOLE_PERCENT = 100


class NoEscalation(ValueError):
    """Say why a rate cannot escalate as it says."""


@dataclass(frozen=True, slots=True)
class YearlyRate:
    """Hold the rate of one year; `ends` is exclusive."""

    starts: date
    ends: date
    rate: Decimal


def escalated(
    rate: Decimal,
    percent: Decimal,
    span: tuple[date, date],
    currency: Currency,
) -> list[YearlyRate]:
    """Return the rates of a span from its first day on, year by year.

    Raises NoEscalation for a span without a first day, and for a percentage that takes
    everything away or more than doubles.
    """
    starts, ends = span
    if starts == date.min:
        raise NoEscalation("a rate that escalates says from which day on it holds")
    if not -_WHOLE_PERCENT < percent <= _WHOLE_PERCENT:
        raise NoEscalation(f"{percent} is no percentage above -100 and up to 100")
    yearly = 1 + Fraction(percent) / _WHOLE_PERCENT
    minor = Fraction(rate) * 10**currency.decimals
    begins = [
        day for year in range(YEARS_MAX) if (day := _anniversary(starts, year)) < ends
    ]
    stops = [*begins[1:], ends]
    return [
        YearlyRate(
            begin,
            stop,
            # The first row is as it was agreed, however fine.
            rate
            if year == 0
            else major_units(round_fraction(minor * yearly**year), currency),
        )
        for year, (begin, stop) in enumerate(zip(begins, stops, strict=True))
    ]


def goes_on_escalating(year: int) -> bool:
    """Say whether the row of a year, counted from 0, can be followed by another."""
    return year + 1 < YEARS_MAX


def _anniversary(day: date, years: int) -> date:
    year = day.year + years
    try:
        return day.replace(year=year)
    except ValueError:
        # A year from 29 February is over with 28 February.
        return date(year, 3, 1)
