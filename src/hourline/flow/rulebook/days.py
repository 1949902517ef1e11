"""Round the days of persons again by either rulebook: which entry carries what.

A row of time rounding can gather a person's day. What is settled keeps its time, as
when a day is rounded for real, and the day's last open entry carries the difference.
Where a draft leaves a difference that no open entry can take, the last settled one
takes it, since then only a credit note and a new bill would bring it about.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hourline.decide.again import Outcome, Standing
from hourline.decide.again_by_day import OfDay, of_their_days
from hourline.decide.model import Decided
from hourline.decide.rules.person_day import carry
from hourline.decide.rules.time_rounding import rounded_time, terms_of
from hourline.infra.database import Session
from hourline.kernel.codes import Fate
from hourline.kernel.columns import Ints, ints
from hourline.kernel.effective import day_of
from hourline.kernel.entries import EntryColumns
from hourline.kernel.money import Rounding, round_fraction
from hourline.kernel.quantity import value_of
from hourline.master.snapshot import Snapshot

# A person, a work day, and the row of time rounding that gathers it.
_Day = tuple[int, int, int]


@dataclass(slots=True)
class DayTotals:
    """Count the days of persons whose billable time changes, with that time in seconds.

    Of the entries that a row gathers with either rulebook.
    """

    days: int = 0
    seconds_before: int = 0
    seconds_after: int = 0


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold what some master data would decide, with what entries carry of their days.

    `moved` is by place the amount an entry bills above that of its own decision, in
    minor units, less is negative; only of those that carry something.
    """

    outcome: Outcome
    decided: Decided
    moved: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Group:
    """Hold the places of the entries of a day, and what they bill together."""

    day: _Day
    places: list[int]
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """Be an entry of a day by its place in the page; see `Carrying`."""

    place: int
    entry_no: int
    source_id: str
    approved_at: int
    seconds_alone: int
    seconds_now: int
    settled: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """Hold the entries of a page, what stands of them, and what their days made."""

    standing: Standing
    of_day: Mapping[int, OfDay]

    def entry(self, place: int, outcome: Outcome) -> _Entry:
        """Return an entry as a day takes it, by the decision of some master data."""
        entries, of_day = self.standing.entries, self.of_day[place]
        alone = int(outcome.seconds[place, Fate.BILLABLE])
        stands = int(self.standing.outcome.seconds[place, Fate.BILLABLE])
        if of_day.seconds is not None:
            stands = of_day.seconds
        return _Entry(
            place=place,
            entry_no=int(entries.entry_no[place]),
            source_id=entries.source_id[place],
            approved_at=int(entries.approved_at[place].astype(np.int64)),
            seconds_alone=alone,
            seconds_now=stands if of_day.settled else alone,
            settled=of_day.settled,
        )


class Days:
    """Round the days of pages by the rules of now and by a draft, and count them."""

    def __init__(self, now: Snapshot, after: Snapshot) -> None:
        """Take the master data of either."""
        self.totals = DayTotals()
        self._snapshots = now, after
        self._roundings: dict[int, Rounding] = {}

    @property
    def gathered(self) -> bool:
        """Tell whether any row gathers days; pages are of whole days then."""
        return any(one.columns.time_roundings.by_day for one in self._snapshots)

    def round(
        self,
        session: Session,
        standing: Standing,
        tried: tuple[tuple[Outcome, Decided], tuple[Outcome, Decided]],
    ) -> tuple[Standing, Tried, Tried]:
        """Return a page as it stands, and as either decides it with its days."""
        entries = standing.entries
        groups = [
            _groups(entries, decided, snapshot)
            for (_, decided), snapshot in zip(tried, self._snapshots, strict=True)
        ]
        days = {
            place: one.day[:2] for own in groups for one in own for place in one.places
        }
        if not days:
            now, after = (Tried(*one, {}) for one in tried)
            return standing, now, after
        page = _Page(standing, of_their_days(session, entries, ints(sorted(days))))
        kept, short = _rounded(page, groups[0], tried[0][0], None)
        becomes, _ = _rounded(page, groups[1], tried[1][0], short)
        before, after = (
            self._carried(entries, one, seconds)
            for one, seconds in zip(tried, (kept, becomes), strict=True)
        )
        self._count(days, before.outcome, after.outcome)
        return self._standing(page), before, after

    def anew(
        self, session: Session, standing: Standing, tried: tuple[Outcome, Decided]
    ) -> tuple[Outcome, Outcome]:
        """Return whole days as they stand, and as the rules of now round them.

        What is settled keeps its time, whatever a day is short of.
        """
        entries = standing.entries
        places = ints(list(range(len(entries.entry_no))))
        page = _Page(standing, of_their_days(session, entries, places))
        groups = _groups(entries, tried[1], self._snapshots[0])
        seconds, _ = _rounded(page, groups, tried[0], None)
        becomes, _ = self._billing(entries, tried[0], seconds)
        return self._standing(page).outcome, becomes

    def _standing(self, page: _Page) -> Standing:
        """Return what stands with what entries carry of their days."""
        carried = {
            place: one.seconds
            for place, one in page.of_day.items()
            if one.seconds is not None
        }
        standing = page.standing
        outcome, _ = self._billing(standing.entries, standing.outcome, carried)
        return replace(standing, outcome=outcome)

    def _carried(
        self,
        entries: EntryColumns,
        tried: tuple[Outcome, Decided],
        seconds: Mapping[int, int],
    ) -> Tried:
        outcome, decided = tried
        billing, moved = self._billing(entries, outcome, seconds)
        return Tried(billing, decided, moved)

    def _billing(
        self, entries: EntryColumns, outcome: Outcome, seconds: Mapping[int, int]
    ) -> tuple[Outcome, dict[int, int]]:
        """Return an outcome in which entries bill other time, and the amounts moved."""
        times, amounts = outcome.seconds.copy(), outcome.amount.copy()
        moved = {}
        for place, billable in seconds.items():
            if billable == times[place, Fate.BILLABLE]:
                continue
            rest = max(int(entries.worked_seconds[place]) - billable, 0)
            rounding = self._rounding(int(outcome.contract[place]))
            before = int(amounts[place, Fate.BILLABLE])
            for fate, part in ((Fate.BILLABLE, billable), (Fate.NON_BILLABLE, rest)):
                rate_amount, rate_seconds, _ = outcome.price[place].tolist()
                worth = value_of(
                    part, rate_amount=rate_amount, rate_seconds=rate_seconds
                )
                times[place, fate] = part
                amounts[place, fate] = round_fraction(worth, rounding)
            moved[place] = int(amounts[place, Fate.BILLABLE]) - before
        return replace(outcome, seconds=times, amount=amounts), moved

    def _rounding(self, contract_no: int) -> Rounding:
        if contract_no not in self._roundings:
            now = self._snapshots[0]
            self._roundings[contract_no] = now.rounding(
                now.contract(contract_no).entity_no
            )
        return self._roundings[contract_no]

    def _count(
        self, days: Mapping[int, tuple[int, int]], before: Outcome, after: Outcome
    ) -> None:
        sums: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        for place, day in days.items():
            sums[day][0] += int(before.seconds[place, Fate.BILLABLE])
            sums[day][1] += int(after.seconds[place, Fate.BILLABLE])
        changed = [one for one in sums.values() if one[0] != one[1]]
        self.totals.days += len(changed)
        self.totals.seconds_before += sum(one[0] for one in changed)
        self.totals.seconds_after += sum(one[1] for one in changed)


def _groups(
    entries: EntryColumns, decided: Decided, snapshot: Snapshot
) -> list[_Group]:
    table, made = snapshot.columns.time_roundings, decided.decisions
    if not table.by_day:
        return []
    found = np.flatnonzero(np.isin(made.time_rounding_no, sorted(table.by_day)))
    places: Ints = entries.entry_no.searchsorted(made.entry_no[found])
    gathered: dict[_Day, list[int]] = {}
    for person, day, row, place in zip(
        made.person_no[found].tolist(),
        made.work_date[found].astype("datetime64[D]").astype(np.int64).tolist(),
        made.time_rounding_no[found].tolist(),
        places.tolist(),
        strict=True,
    ):
        gathered.setdefault((person, day, row), []).append(place)
    rows = {day: table.gathering_row(day[2], day_of(day[1])) for day in gathered}
    ruled = {day: row for day, row in rows.items() if row is not None}
    worked = [int(entries.worked_seconds[gathered[day]].sum()) for day in ruled]
    totals = rounded_time(ints(worked), terms_of(ints([*ruled.values()]), snapshot))
    return [
        _Group(day, gathered[day], total)
        for day, total in zip(ruled, totals.tolist(), strict=True)
    ]


def _rounded(
    page: _Page,
    groups: Sequence[_Group],
    outcome: Outcome,
    short_before: Mapping[_Day, int] | None,
) -> tuple[dict[int, int], Counter[_Day]]:
    """Return what entries bill by place, and what no entry of a day could take.

    With what was short before, the settled entries take what is short besides.
    """
    billed: dict[int, int] = {}
    short: Counter[_Day] = Counter()
    for group in groups:
        day = [page.entry(place, outcome) for place in group.places]
        own = {one.place: one.seconds_now for one in day}
        own |= {one.entry.place: one.seconds for one in carry(day, group.seconds)}
        left = group.seconds - sum(own.values())
        if short_before is not None and left != short_before.get(group.day, 0):
            settled = [replace(one, settled=False) for one in day if one.settled]
            settled = [replace(one, seconds_alone=one.seconds_now) for one in settled]
            wanted = sum(one.seconds_now for one in settled)
            wanted += left - short_before.get(group.day, 0)
            own |= {one.entry.place: one.seconds for one in carry(settled, wanted)}
        short[group.day] = left
        billed |= own
    return billed, short
