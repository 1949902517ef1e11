"""Hold which months of an entity's books are open, and where late work goes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from hourline.kernel.columns import NOTHING, Ints
from hourline.kernel.subledgers import Subledger
from hourline.master.model import LegalEntity, PostingPeriod
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# Work is not booked further ahead than this; somebody should reopen a month.
MONTHS_AHEAD_MAX = 24
# Far before every month; it stands for "none is open soon enough".
NO_MONTH = -(10**6)
_PERIOD = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])")


# A month of an entity, both as numbers.
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Give the next open month by entity and month, and the next that is not closed."""

    next_open: Ints
    next_not_closed: Ints

    def with_soft_closed_open(self, entity: int) -> "_Calendar":
        opened = self.next_open.copy()
        if opened.size:
            opened[entity] = self.next_not_closed[entity]
        return replace(self, next_open=opened)


@dataclass(frozen=True, slots=True)
class PostingPeriods:
    """Give the next open month by entity and month; months not recorded are open.

    A soft-closed month is a closed one, except in `with_soft_closed_open`. A subledger
    of which no month is closed apart has the calendar of the books as a whole.
    """

    _first_month: int
    _whole: _Calendar
    _of_ledger: Mapping[Subledger, _Calendar]

    def with_soft_closed_open(self, entity: int) -> "PostingPeriods":
        """Return the calendar of an act that may book into an entity's soft-closed."""
        return replace(
            self,
            _whole=self._whole.with_soft_closed_open(entity),
            _of_ledger={
                ledger: calendar.with_soft_closed_open(entity)
                for ledger, calendar in self._of_ledger.items()
            },
        )

    def is_apart(self, ledger: Subledger) -> bool:
        """Say whether a subledger has months closed apart from the others."""
        return ledger in self._of_ledger

    def accounting_days(
        self, entities: Ints, days: Ints, ledger: Subledger | None = None
    ) -> tuple[Ints, Ints]:
        """Return the accounting day of each day, and the month it lies in.

        It is that of a subledger, or where none is named of what only the months of
        the books as a whole count for. The second column is NO_MONTH where no month is
        open soon enough.
        """
        calendar = self._whole
        if ledger is not None:
            calendar = self._of_ledger.get(ledger, calendar)
        next_open = calendar.next_open
        if not next_open.size:
            return days, np.zeros_like(days)
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        columns = months - self._first_month
        inside = (columns >= 0) & (columns < next_open.shape[1])
        columns = np.where(inside, columns, 0)
        opened = np.where(inside, next_open[entities, columns], months)
        first_days = opened.astype("datetime64[M]").astype("datetime64[D]")
        booked = np.where(
            (opened == months) | (opened == NO_MONTH), days, first_days.astype(np.int64)
        )
        return booked, opened


def periods_of(
    periods: Timeline[PostingPeriod], entities: Timeline[LegalEntity]
) -> PostingPeriods:
    """Return the calendars; raise UnusableRecord for a period that is no month."""
    closed, soft = _recorded(periods, entities)
    ledgers = {ledger for ledger, _ in closed | soft}
    months = [month for _, (_, month) in closed | soft]
    if not months:
        nowhere = np.empty((0, 0), dtype=np.int64)
        return PostingPeriods(0, _Calendar(nowhere, nowhere), {})
    first = min(months)
    # The last row is that of an entity not known: nothing is closed.
    shape = (len(entities.ids) + 1, max(months) - first + 1)

    def calendar(ledger: Subledger | None) -> _Calendar:
        counting = {None, ledger}
        shut = {place for one, place in closed | soft if one in counting}
        never = {place for one, place in closed if one in counting}
        return _Calendar(_table(shut, first, shape), _table(never, first, shape))

    return PostingPeriods(
        first,
        calendar(None),
        {ledger: calendar(ledger) for ledger in ledgers if ledger is not None},
    )


_Recorded = set[tuple[Subledger | None, _Place]]


def _recorded(
    periods: Timeline[PostingPeriod], entities: Timeline[LegalEntity]
) -> tuple[_Recorded, _Recorded]:
    """Return what is closed, and what is soft-closed, by subledger and month."""
    status: dict[tuple[Subledger | None, _Place], str] = {}
    soft: dict[tuple[tuple[Subledger | None, _Place], int], bool] = {}
    for span in sorted(periods.spans, key=lambda item: item.change_no):
        entity = entities.find(span.content.entity)
        if entity != NOTHING:
            place = (span.content.ledger, (entity, _month(periods, span)))
            status[place] = span.content.status
            # A system that records the month too does not know that it is soft-closed.
            soft[place, span.dense] = span.content.soft_closed
    return (
        {place for place, said in status.items() if said == "closed"},
        {place for (place, _), is_soft in soft.items() if is_soft},
    )


def _table(closed: set[_Place], first: int, shape: tuple[int, int]) -> Ints:
    """Return the next month that is not closed, by entity and month from `first`."""
    table = np.tile(np.arange(first, first + shape[1]), (shape[0], 1))
    for entity, month in closed:
        table[entity, month - first] = _next_open(closed, entity, month)
    return table


def _next_open(closed: set[_Place], entity: int, month: int) -> int:
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
