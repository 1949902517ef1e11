"""Cut the term of a recurring fee into its months; a month in part counts its days."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hourline.kernel.money import Rounding, round_fraction


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
        return monthrange(self.first_day.year, self.first_day.month)[1]

    @property
    def days(self) -> int:
        """Return for how many days the fee is."""
        return (self.last_day - self.first_day).days + 1

    @property
    def tax_point(self) -> date:
        """Return the last day of the calendar month."""
        return self.first_day.replace(day=self.month_days)

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
        last_of_month = FeeMonth(first_day, first_day).tax_point
        yield FeeMonth(first_day, min(last_of_month, end))
        if last_of_month >= end:
            return
        first_day = last_of_month + timedelta(days=1)
