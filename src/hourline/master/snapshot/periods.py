"""Hold which months of an entity's ledger are open, and where late work goes."""

import re
from dataclasses import dataclass, replace

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
    """Give the next open month by entity and month; months not recorded are open.

    A soft-closed month is a closed one, except in `with_soft_closed_open`.
    """

    _first_month: int
    _next_open: Ints
    _next_not_closed: Ints

    def with_soft_closed_open(self, entity: int) -> "PostingPeriods":
        """Return the calendar of an act that may book into an entity's soft-closed."""
        opened = self._next_open.copy()
        if opened.size:
            opened[entity] = self._next_not_closed[entity]
        return replace(self, _next_open=opened)

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
    found: dict[tuple[int, int], PostingPeriod] = {}
    soft: dict[tuple[tuple[int, int], int], bool] = {}
    for span in sorted(periods.spans, key=lambda item: item.change_no):
        entity = entities.find(span.content.entity)
        if entity != NOTHING:
            place = (entity, _month(periods, span))
            found[place] = span.content
            # A system that records the month too does not know that it is soft-closed.
            soft[place, span.dense] = span.content.soft_closed
    closed = {place for place, one in found.items() if one.status == "closed"}
    shut = closed | {place for (place, _), is_soft in soft.items() if is_soft}
    if not shut:
        nowhere = np.empty((0, 0), dtype=np.int64)
        return PostingPeriods(0, nowhere, nowhere)
    months = [month for _, month in shut]
    first = min(months)
    # The last row is that of an entity not known: nothing is closed.
    shape = (len(entities.ids) + 1, max(months) - first + 1)
    return PostingPeriods(
        first, _table(shut, first, shape), _table(closed, first, shape)
    )


def _table(closed: set[tuple[int, int]], first: int, shape: tuple[int, int]) -> Ints:
    """Return the next month that is not closed, by entity and month from `first`."""
    table = np.tile(np.arange(first, first + shape[1]), (shape[0], 1))
    for entity, month in closed:
        table[entity, month - first] = _next_open(closed, entity, month)
    return table


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
