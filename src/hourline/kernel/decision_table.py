"""Rule: what a decision table may hold, and which of its rows holds for a case.

A row names some of the columns a case is matched by; an empty cell matches anything.
Rows hold from a day, inclusive, until another, exclusive.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import chain, combinations, pairwise, product
from typing import assert_never


class HitPolicy(Enum):
    """Say which row holds where several match."""

    MOST_SPECIFIC = "the most specific row that matches holds"
    FIRST = "the first row that matches holds"
    UNIQUE = "one row matches"
    LATEST = "of the rows that match, the one that began last holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Say how the rows of a table match.

    `exact`: an empty cell is a value of its own. `scopes`: a row names at most one, the
    narrower first. `dimensions`: a row names any; the earlier one is the more specific.
    `flag`: a row that has it comes before every row that has not; no case has it.
    `apart`: values of dimensions, with their column, that no empty cell matches.
    """

    policy: HitPolicy
    exact: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    flag: str | None = None
    apart: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns a case is matched by, in the order of a row's cells."""
        flags = () if self.flag is None else (self.flag,)
        return (*self.exact, *self.scopes, *self.dimensions, *flags)

    def is_wider(self, place: int, cell: str | None) -> bool:
        """Say whether an empty cell in a column's place matches what a cell does."""
        name = self.columns[place]
        return place >= len(self.exact) and (name, cell) not in self.apart

    def cell(self, name: str, text: str) -> str | None:
        """Return a column's text as a row's cell: None for any, and for no flag."""
        return None if not text or (name == self.flag and text == "false") else text


@dataclass(frozen=True, slots=True)
class TableRow:
    """Hold a row: its cells in the order of the shape's columns, None for any.

    `order` is its place in a table of which the first match holds.
    """

    id: str
    cells: tuple[str | None, ...]
    starts: date
    ends: date
    order: int = 0

    def holds_on(self, day: date) -> bool:
        """Say whether the row holds on a day."""
        return self.starts <= day < self.ends


@dataclass(frozen=True, slots=True)
class Gap:
    """Hold the days between two rows of one key that no row of the key covers."""

    before: int
    after: int
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Hold a row that never holds, and the rows that always come before it."""

    row: int
    hidden_by: tuple[int, ...]


def rank_of(shape: Shape, row: TableRow) -> tuple[int, ...]:
    """Return how specific a row is; the lower, the more specific.

    Rows of the same rank name the same columns, so that two of them match one case
    only with equal cells.
    """
    named = dict(zip(shape.columns, row.cells, strict=True))
    scope = next(
        (place for place, name in enumerate(shape.scopes) if named[name] is not None),
        len(shape.scopes),
    )
    flags = () if shape.flag is None else (int(named[shape.flag] is None),)
    return (*flags, scope, *(named[name] is None for name in shape.dimensions))


def scopes_named(shape: Shape, row: TableRow) -> list[str]:
    """Return the scopes a row names; more than one is a mistake."""
    named = dict(zip(shape.columns, row.cells, strict=True))
    return [name for name in shape.scopes if named[name] is not None]


def matching(
    shape: Shape, rows: Sequence[TableRow], case: Mapping[str, str | None], day: date
) -> list[int]:
    """Return the positions of the rows that match a case on a day, the holding first.

    A case gives the value of each column, None where it has none.
    """
    found = [
        place
        for place, row in enumerate(rows)
        if row.holds_on(day) and _fits(shape, row, case)
    ]
    return sorted(found, key=lambda place: _precedence(shape, rows[place]))


def _precedence(shape: Shape, row: TableRow) -> tuple[int, ...]:
    match shape.policy:
        case HitPolicy.MOST_SPECIFIC | HitPolicy.UNIQUE:
            return rank_of(shape, row)
        case HitPolicy.FIRST:
            return (row.order,)
        case HitPolicy.LATEST:
            return (-row.starts.toordinal(),)
        case _:
            assert_never(shape.policy)


def _fits(shape: Shape, row: TableRow, case: Mapping[str, str | None]) -> bool:
    return all(
        name == shape.flag
        or cell == case[name]
        or (cell is None and shape.is_wider(place, case[name]))
        for place, (name, cell) in enumerate(zip(shape.columns, row.cells, strict=True))
    )


def ties(shape: Shape, rows: Sequence[TableRow]) -> list[tuple[int, int]]:
    """Return pairs of rows that match one case on one day, and neither comes first."""
    if shape.policy is HitPolicy.FIRST:
        return list(_ties_in_order(shape, rows))
    same_start = shape.policy is HitPolicy.LATEST
    return [
        (first, second)
        for places in _by_key(rows).values()
        for first, second in _overlaps(rows, places)
        if not same_start or rows[first].starts == rows[second].starts
    ]


def doubled(rows: Sequence[TableRow]) -> list[tuple[int, int]]:
    """Return pairs of rows with one id on one day, that do not match the same."""
    by_id: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        by_id[row.id].append(place)
    return [
        (first, second)
        for places in by_id.values()
        for first, second in _overlaps(rows, places)
        if rows[first].cells != rows[second].cells
    ]


def gaps(rows: Sequence[TableRow]) -> list[Gap]:
    """Return the days between the first and the last row of a key that none covers."""
    found = []
    for places in _by_key(rows).values():
        covered = places[0]
        for earlier, later in pairwise(places):
            if rows[earlier].ends > rows[covered].ends:
                covered = earlier
            if rows[later].starts > rows[covered].ends:
                gap = Gap(covered, later, rows[covered].ends, rows[later].starts)
                found.append(gap)
    return found


def unreachable(shape: Shape, rows: Sequence[TableRow]) -> list[Unreachable]:
    """Return the rows of a table in order that rows before them always hide."""
    if shape.policy is not HitPolicy.FIRST:
        return []
    seen: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    found = []
    for place in _in_order(rows):
        wider = [
            before for cells in _wider(shape, rows[place]) for before in seen[cells]
        ]
        hiding = _hiding(rows, place, wider)
        if hiding is not None:
            found.append(Unreachable(place, hiding))
        seen[rows[place].cells].append(place)
    return found


def _by_key(rows: Sequence[TableRow]) -> dict[tuple[str | None, ...], list[int]]:
    """Return the rows that match the same cases, each by its first day."""
    by_key: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for place in sorted(range(len(rows)), key=lambda place: rows[place].starts):
        by_key[rows[place].cells].append(place)
    return by_key


def _overlaps(
    rows: Sequence[TableRow], places: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield each row with the one before it that still holds when it begins."""
    in_time = sorted(places, key=lambda place: rows[place].starts)
    longest = in_time[0]
    for place in in_time[1:]:
        if rows[place].starts < rows[longest].ends:
            yield longest, place
        if rows[place].ends > rows[longest].ends:
            longest = place


def _in_order(rows: Sequence[TableRow]) -> list[int]:
    return sorted(range(len(rows)), key=lambda place: rows[place].order)


def _ties_in_order(shape: Shape, rows: Sequence[TableRow]) -> Iterator[tuple[int, int]]:
    by_order: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        by_order[row.order].append(place)
    for first, second in chain.from_iterable(
        combinations(places, 2) for places in by_order.values()
    ):
        if _can_both_match(shape, rows[first], rows[second]):
            yield first, second


def _can_both_match(shape: Shape, first: TableRow, second: TableRow) -> bool:
    meets = first.starts < second.ends and second.starts < first.ends
    return meets and all(
        one == other or (None in {one, other} and shape.is_wider(place, one or other))
        for place, (one, other) in enumerate(
            zip(first.cells, second.cells, strict=True)
        )
    )


def _wider(shape: Shape, row: TableRow) -> Iterator[tuple[str | None, ...]]:
    """Yield the cells of every row that would match all that a row matches."""
    choices = [
        (cell, None) if cell is not None and shape.is_wider(place, cell) else (cell,)
        for place, cell in enumerate(row.cells)
    ]
    yield from product(*choices)


def _hiding(
    rows: Sequence[TableRow], place: int, wider: Sequence[int]
) -> tuple[int, ...] | None:
    """Return the wider rows that together hold on every day of a row, None if none."""
    free_from, hiding = rows[place].starts, []
    for before in sorted(wider, key=lambda other: rows[other].starts):
        if rows[before].starts <= free_from < rows[before].ends:
            hiding.append(before)
            free_from = rows[before].ends
        if free_from >= rows[place].ends:
            return tuple(hiding)
    return None
