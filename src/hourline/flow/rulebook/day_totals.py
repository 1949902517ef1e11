"""Say how the days of persons would be rounded with other rows of time rounding."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hourline.decide.model import DecisionColumns
from hourline.decide.rules.time_rounding import rounded_time, terms_of
from hourline.kernel.columns import NOTHING, ints
from hourline.kernel.effective import day_of
from hourline.master.snapshot import Snapshot

# A person, a work day, and the row of time rounding that gathers it.
_Day = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class DayTotals:
    """Count the days of persons whose rounded time changes, with that time in seconds.

    A day is rounded as a whole by a row for `person_day`; a day that only one side
    gathers counts 0 on the other.
    """

    days: int = 0
    seconds_before: int = 0
    seconds_after: int = 0


class DayWork:
    """Gather, batch by batch, what was worked by person, day and row of rounding."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._before: Counter[_Day] = Counter()
        self._after: Counter[_Day] = Counter()

    def add(self, before: DecisionColumns, after: DecisionColumns) -> None:
        """Add what is decided of a batch with the rules of now, and with a draft."""
        _gather(self._before, before)
        _gather(self._after, after)

    def totals(self, now: Snapshot, after: Snapshot) -> DayTotals:
        """Return how the gathered days are rounded by either snapshot."""
        was, becomes = _rounded(self._before, now), _rounded(self._after, after)
        changed = [
            day for day in {*was, *becomes} if was.get(day, 0) != becomes.get(day, 0)
        ]
        return DayTotals(
            len(changed),
            sum(was.get(day, 0) for day in changed),
            sum(becomes.get(day, 0) for day in changed),
        )


def _gather(gathered: Counter[_Day], decisions: DecisionColumns) -> None:
    ruled = np.flatnonzero(decisions.time_rounding_no != NOTHING)
    days = decisions.work_date.astype("datetime64[D]").astype(np.int64)
    for person, day, row, worked in zip(
        decisions.person_no[ruled].tolist(),
        days[ruled].tolist(),
        decisions.time_rounding_no[ruled].tolist(),
        decisions.worked_seconds[ruled].tolist(),
        strict=True,
    ):
        gathered[person, day, row] += worked


def _rounded(
    gathered: Mapping[_Day, int], snapshot: Snapshot
) -> Counter[tuple[int, int]]:
    """Return the rounded seconds by person and day of the rows that gather one."""
    table, found = snapshot.columns.time_roundings, Counter[tuple[int, int]]()
    for (person, day, row), worked in gathered.items():
        place = table.gathering_row(row, day_of(day))
        if place is not None:
            terms = terms_of(ints([place]), snapshot)
            found[person, day] += int(rounded_time(ints([worked]), terms)[0])
    return found
