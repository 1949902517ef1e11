"""Make worked time billable time the slow way: one row, one entry, fractions."""

from datetime import date
from fractions import Fraction
from math import ceil, floor

from hourline.master.model import TimeRounding
from tests.entries import Entry
from tests.oracle.findings import Terms
from tests.oracle.known import Held, Known

_HALF = Fraction(1, 2)


def rounding_row(known: Known, entry: Entry, terms: Terms) -> Held[TimeRounding] | None:
    """Return the first row by order whose given filters are those of the entry."""
    ours = {
        "contract": terms.contract.id,
        "project": terms.project.id,
        "customer": terms.customer.id,
        "activity": entry.activity,
    }
    matching = [
        held
        for held in _rows(known, entry.work_date)
        if all(
            getattr(held.record, name) in {None, value} for name, value in ours.items()
        )
    ]
    return min(matching, key=lambda held: (held.record.order, held.no), default=None)


def _rows(known: Known, day: date) -> list[Held[TimeRounding]]:
    return known.on(TimeRounding, day)


def rounded(worked: int, row: TimeRounding) -> int:
    """Return the billable seconds of an entry: factor, minimum, increment."""
    seconds = Fraction(row.factor) * worked
    if row.scope == "entry":
        seconds = max(seconds, Fraction(row.minimum_minutes) * 60)
        increment = Fraction(row.increment_minutes) * 60
        if increment:
            return int(_steps(seconds / increment, row.mode) * increment)
    return floor(seconds + _HALF)


def _steps(exact: Fraction, mode: str) -> int:
    if mode == "up":
        return ceil(exact)
    return floor(exact) if mode == "down" else floor(exact + _HALF)
