"""Hold which months of an entity's ledger are open, and where late work goes."""

import re
from dataclasses import dataclass

import numpy as np

from hourline.kernel.columns import NOTHING, Ints
from hourline.master.model import LegalEntity, PostingPeriod
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# Work is not booked further ahead than this; somebody should reopen a month.
MONTHS_AHEAD_MAX = 24
# Far before every month; it stands for "none is open soon enough".
NO_MONTH = -(10**6)
_PERIOD = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class PostingPeriods:
    """Give the next open month by entity and month; months not recorded are open."""

    _first_month: int
    _next_open: Ints

    def accounting_days(self, entities: Ints, days: Ints) -> tuple[Ints, Ints]:
        """Return the accounting day of each day, and the month it lies in.

        The second column is NO_MONTH where no month is open soon enough.
        """
        if not self._next_open.size:
            return days, np.zeros_like(days)
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        columns = months - self._first_month
        inside = (columns >= 0) & (columns < self._next_open.shape[1])
        columns = np.where(inside, columns, 0)
        opened = np.where(inside, self._next_open[entities, columns], months)
        first_days = opened.astype("datetime64[M]").astype("datetime64[D]")
        booked = np.where(
            (opened == months) | (opened == NO_MONTH), days, first_days.astype(np.int64)
        )
        return booked, opened


def periods_of(
    periods: Timeline[PostingPeriod], entities: Timeline[LegalEntity]
) -> PostingPeriods:
    """Return the calendar; raise UnusableRecord for a period that is no month."""
    status: dict[tuple[int, int], str] = {}
    for span in sorted(periods.spans, key=lambda item: item.change_no):
        entity = entities.find(span.content.entity)
        if entity != NOTHING:
            status[entity, _month(periods, span)] = span.content.status
    closed = {place for place, state in status.items() if state == "closed"}
    if not closed:
        return PostingPeriods(0, np.empty((0, 0), dtype=np.int64))
    first = min(month for _, month in closed)
    count = max(month for _, month in closed) - first + 1
    # The last row is that of an entity not known: nothing is closed.
    table = np.tile(np.arange(first, first + count), (len(entities.ids) + 1, 1))
    for entity, month in closed:
        table[entity, month - first] = _next_open(closed, entity, month)
    return PostingPeriods(first, table)


def _next_open(closed: set[tuple[int, int]], entity: int, month: int) -> int:
    for later in range(month + 1, month + MONTHS_AHEAD_MAX + 1):
        if (entity, later) not in closed:
            return later
    return NO_MONTH


def _month(periods: Timeline[PostingPeriod], span: Span[PostingPeriod]) -> int:
    found = _PERIOD.fullmatch(span.content.period)
    if found is None:
        raise UnusableRecord(
            "posting_period",
            periods.id_of(span),
            why=f"{span.content.period!r} is no month",
            remedy="Write the period as year and month, such as 2025-04.",
        )
    return (int(found["year"]) - 1970) * 12 + int(found["month"]) - 1
