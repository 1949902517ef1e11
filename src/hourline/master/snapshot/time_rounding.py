"""Hold how worked time becomes billable: rows are tried in order, the first wins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

import numpy as np

from hourline.kernel.columns import NOTHING, Ints, ended, ints
from hourline.kernel.effective import Effective, day_number, effective
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.kernel.quantity import DAY_SECONDS, ENTRY_SECONDS_MAX
from hourline.master.model import TimeRounding
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

FILTERS = ("contract", "project", "customer", "activity")
_MINUTE_SECONDS = 60
# Three times the longest entry at the highest price a person may set fits in 64 bits.
_FACTOR_MAX = 3
_FACTOR_DECIMALS_MAX = 4
_INT64_MAX = 2**63 - 1


class Mode(IntEnum):
    """Name to which multiple of the increment time goes; nearest takes a tie up."""

    UP = 1
    NEAREST = 2
    DOWN = 3


class Scope(IntEnum):
    """Name what minimum and increment are for: one entry, a person's day, nothing."""

    ENTRY = 1
    PERSON_DAY = 2
    NONE = 3


@dataclass(frozen=True, slots=True)
class RoundingLevel:
    """Hold the rows that filter by the same names; `spans` gives the first to match."""

    names: tuple[str, ...]
    index: KeyIndex
    spans: Effective

    def at(self, columns: Mapping[str, Ints], days: Ints) -> Ints:
        """Return the first row per entry, NOTHING where none matches."""
        keys = [np.zeros_like(days), *(columns[name] for name in self.names)]
        return self.spans.at(self.index.of(keys), days)


@dataclass(frozen=True, slots=True)
class TimeRoundings:
    """Hold the rows in the order they are tried; the last stands for exact time.

    Increment and minimum are seconds, 0 for none; the factor is an exact ratio.
    `seconds_max` is the most that an entry's billable time can be, `by_day` has the
    numbers of the rows that gather a person's day, `dated` the spans of each number.
    """

    levels: tuple[RoundingLevel, ...]
    no: Ints
    scope: Ints
    mode: Ints
    increment: Ints
    minimum: Ints
    numerator: Ints
    denominator: Ints
    seconds_max: int
    by_day: frozenset[int]
    dated: Mapping[int, tuple[tuple[date, date, int], ...]]

    def at(self, columns: Mapping[str, Ints], days: Ints) -> Ints:
        """Return the row per entry by the dense ids of what rows can filter by."""
        none = len(self.no)
        first = np.full(len(days), none, dtype=np.int64)
        for level in self.levels:
            found = level.at(columns, days)
            first = np.minimum(first, np.where(found == NOTHING, none, found))
        rows: Ints = np.where(first == none, NOTHING, first)
        return rows

    def gathering_row(self, no: int, day: date) -> int | None:
        """Return the row that gathers a person's day, by its number; None if none.

        A row that does not hold then counts as it began last.
        """
        spans = self.dated.get(no, ())
        began_last = [row for _, _, row in spans[-1:]]
        held = [row for start, end, row in spans if start <= day < end]
        row = next(iter(held or began_last), None)
        if row is None or self.scope[row] != Scope.PERSON_DAY:
            return None
        return row

    def worth_max(self, worked: Mapping[int, int]) -> dict[int, int]:
        """Return the most an entry can be worth, from what its worked time can be."""
        times = -(-self.seconds_max // ENTRY_SECONDS_MAX)
        return {currency: worth * times for currency, worth in worked.items()}


def time_roundings(
    rules: Timeline[TimeRounding],
    *,
    filters: Mapping[str, Mapping[str, int]],
    numerator_max: int,
) -> TimeRoundings:
    """Return the table; filters give the number of each id.

    `numerator_max` is that of what a second can be worth, as an exact ratio.
    Raises UnusableRecord for a row that is negative, finer than a second, or whose
    factor or minimum could make an entry worth more than 64 bits hold.
    """
    spans = sorted(rules.spans, key=lambda span: (span.content.order, span.dense))
    factors = [_factor(rules, span) for span in spans]
    minimums = [_seconds(rules, span, "minimum_minutes") for span in spans]
    increments = [_seconds(rules, span, "increment_minutes") for span in spans]
    seconds_max = ENTRY_SECONDS_MAX
    for span, factor, minimum, increment in zip(
        spans, factors, minimums, increments, strict=True
    ):
        longest = max(int(factor * ENTRY_SECONDS_MAX) + 1, minimum) + increment
        _refuse_overflow(rules, span, longest * numerator_max)
        seconds_max = max(seconds_max, longest)
    return TimeRoundings(
        levels=_levels(spans, filters),
        no=ended([rules.nos[span.dense] for span in spans]),
        scope=ended([Scope[span.content.scope.upper()] for span in spans], Scope.NONE),
        mode=ended([Mode[span.content.mode.upper()] for span in spans], Mode.NEAREST),
        increment=ended(increments, 0),
        minimum=ended(minimums, 0),
        numerator=ended([factor.numerator for factor in factors], 1),
        denominator=ended([factor.denominator for factor in factors], 1),
        seconds_max=seconds_max,
        by_day=frozenset(
            rules.nos[span.dense]
            for span in spans
            if span.content.scope == "person_day"
        ),
        dated=_dated(rules, spans),
    )


def _dated(
    rules: Timeline[TimeRounding], spans: Sequence[Span[TimeRounding]]
) -> dict[int, tuple[tuple[date, date, int], ...]]:
    found: dict[int, list[tuple[date, date, int]]] = {}
    for row, span in enumerate(spans):
        held = (span.effective_from, span.effective_until, row)
        found.setdefault(rules.nos[span.dense], []).append(held)
    return {no: tuple(sorted(held)) for no, held in found.items()}


def _factor(rules: Timeline[TimeRounding], span: Span[TimeRounding]) -> Fraction:
    exact = Fraction(span.content.factor)
    if (
        not 0 <= exact <= _FACTOR_MAX
        or (exact * 10**_FACTOR_DECIMALS_MAX).denominator != 1
    ):
        raise _unusable(
            rules,
            span,
            f"factor {span.content.factor} is not from 0 to {_FACTOR_MAX} with at most"
            f" {_FACTOR_DECIMALS_MAX} decimals",
            "Correct the factor; 1 leaves time as it is.",
        )
    return exact


def _seconds(rules: Timeline[TimeRounding], span: Span[TimeRounding], name: str) -> int:
    minutes: Decimal = getattr(span.content, name)
    seconds = Fraction(minutes) * _MINUTE_SECONDS
    if not 0 <= seconds <= DAY_SECONDS or seconds.denominator != 1:
        raise _unusable(
            rules,
            span,
            f"{name} {minutes} is not from 0 to a day in whole seconds",
            "Give minutes that are whole seconds, for example 15, or 0 for none.",
        )
    return seconds.numerator


def _refuse_overflow(
    rules: Timeline[TimeRounding], span: Span[TimeRounding], worth: int
) -> None:
    if worth > _INT64_MAX:
        raise _unusable(
            rules,
            span,
            f"factor {span.content.factor} makes time too long to be priced exactly"
            " with the bill rates in force",
            "Lower the factor, or state the bill rates with fewer decimals.",
        )


def _unusable(
    rules: Timeline[TimeRounding], span: Span[TimeRounding], why: str, remedy: str
) -> UnusableRecord:
    return UnusableRecord("time_rounding", rules.id_of(span), why=why, remedy=remedy)


def _levels(
    spans: Sequence[Span[TimeRounding]], filters: Mapping[str, Mapping[str, int]]
) -> tuple[RoundingLevel, ...]:
    grouped: dict[tuple[str, ...], list[int]] = {}
    for row, span in enumerate(spans):
        names = tuple(
            name for name in FILTERS if getattr(span.content, name) is not None
        )
        grouped.setdefault(names, []).append(row)
    return tuple(
        _level(names, rows, spans, filters) for names, rows in sorted(grouped.items())
    )


def _level(
    names: tuple[str, ...],
    rows: Sequence[int],
    spans: Sequence[Span[TimeRounding]],
    filters: Mapping[str, Mapping[str, int]],
) -> RoundingLevel:
    keyed: dict[tuple[int, ...], list[int]] = {}
    for row in rows:
        content = spans[row].content
        key = tuple(
            filters[name].get(getattr(content, name), NOTHING) for name in names
        )
        # A row for a record that is not known yet cannot match anything.
        if NOTHING not in key:
            keyed.setdefault((0, *key), []).append(row)
    sizes = [1, *(len(filters[name]) for name in names)]
    keys = list(keyed)
    index, positions = key_index(
        [ints([key[part] for key in keys]) for part in range(len(sizes))], sizes
    )
    held = [
        (position, *span)
        for position, key in zip(positions.tolist(), keys, strict=True)
        for span in _first_wins([(row, spans[row]) for row in keyed[key]])
    ]
    columns = [ints([one[part] for one in held]) for part in range(4)]
    return RoundingLevel(
        names,
        index,
        effective(
            columns[0], (columns[1], columns[2]), columns[3], key_count=index.count
        ),
    )


def _first_wins(
    rows: Sequence[tuple[int, Span[TimeRounding]]],
) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and row of what each row leaves to be held by, in order."""
    taken: list[tuple[int, int]] = []
    for row, span in rows:
        free = [(day_number(span.effective_from), day_number(span.effective_until))]
        for low, high in taken:
            free = [
                gap
                for start, end in free
                for gap in ((start, min(end, low)), (max(start, high), end))
                if gap[0] < gap[1]
            ]
        for start, end in free:
            yield start, end, row
        taken += free
