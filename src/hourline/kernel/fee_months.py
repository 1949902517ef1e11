"""Cut the term of a recurring fee into its months; a month in part counts its days."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hourline.kernel.money import Rounding, round_ratio


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

    def fee(self, monthly: int, rounding: Rounding) -> int:
        """Return the fee in minor units: of a month in part, the share of its days."""
        return round_ratio(monthly * self.days, self.month_days, rounding)

    def days_through(self, through: date) -> int:
        """Return how many of its days are over at the end of a day."""
        return min(max((through - self.first_day).days + 1, 0), self.days)


def fee_months(start: date, end: date, *, through: date) -> Iterator[FeeMonth]:
    """Yield the months of a term, both days inclusive, that begin through a day."""
    first_day = start
    while first_day <= min(end, through):
        last_of_month = FeeMonth(first_day, first_day).tax_point
        yield FeeMonth(first_day, min(last_of_month, end))
        if last_of_month >= end:
            return
        first_day = last_of_month + timedelta(days=1)
