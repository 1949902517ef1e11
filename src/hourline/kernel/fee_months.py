"""Cut the term of a recurring fee into its months; a month in part counts its days."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hourline.kernel.money import Rounding, round_fraction


def last_of_month(day: date) -> date:
    """Return the last day of a day's calendar month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class FeeMonth:
    """Hold what of one calendar month a fee is for, both days inclusive."""

    first_day: date
    last_day: date

    @property
    def id(self) -> str:
        """Return the name of the month, such as 2025-01."""
        return f"{self.first_day.year:04}-{self.first_day.month:02}"

    @property
    def month_days(self) -> int:
        """Return how many days the whole calendar month has."""
        return self.tax_point.day

    @property
    def days(self) -> int:
        """Return for how many days the fee is."""
        return (self.last_day - self.first_day).days + 1

    @property
    def tax_point(self) -> date:
        """Return the last day of the calendar month."""
        return last_of_month(self.first_day)

    def exact(self, monthly: int) -> Fraction:
        """Return the fee before it is rounded: of a month in part its days' share."""
        return Fraction(monthly * self.days, self.month_days)

    def days_through(self, through: date) -> int:
        """Return how many of its days are over at the end of a day."""
        return min(max((through - self.first_day).days + 1, 0), self.days)


def fees_in_steps(
    months: Iterable[tuple[FeeMonth, int]], rounding: Rounding
) -> list[int]:
    """Return the fee of each month in minor units, given the fee of a whole month.

    The months are all of a term, in order. Fees step with the rounded running total
    of the term, like all money of a contract line.
    """
    fees, exact, before = [], Fraction(0), 0
    for month, monthly in months:
        exact += month.exact(monthly)
        to_date = round_fraction(exact, rounding)
        fees.append(to_date - before)
        before = to_date
    return fees


def fee_months(start: date, end: date, *, through: date) -> Iterator[FeeMonth]:
    """Yield the months of a term, both days inclusive, that begin through a day."""
    first_day = start
    while first_day <= min(end, through):
        last_day = last_of_month(first_day)
        yield FeeMonth(first_day, min(last_day, end))
        if last_day >= end:
            return
        first_day = last_day + timedelta(days=1)
