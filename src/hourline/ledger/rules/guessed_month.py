"""Rule: a best guess of revenue is of the first month that no period's end has run for.

Work dated in later months waits for that run, so that what it finds is of its month. A
guess never goes back behind an earlier one.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from hourline.kernel.fee_months import last_of_month


@dataclass(frozen=True, slots=True)
class Guessing:
    """Hold how far a contract line was recognised; a day that there is not is None.

    `ended` is the last day of the runs of a period's end, `guessed` that of guesses,
    and `first` the day of the line's first work or milestone.
    """

    contract_line_no: int
    ended: date | None
    guessed: date | None
    first: date | None


def guessed_through(of: Guessing) -> date | None:
    """Return the last day of the month of a line's guess; None: nothing is earned."""
    begun = of.first if of.ended is None else of.ended + timedelta(days=1)
    days = [last_of_month(day) for day in (begun, of.guessed) if day is not None]
    return max(days, default=None)
