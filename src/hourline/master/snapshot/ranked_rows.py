"""Find the row of a table that matches work most narrowly, of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from hourline.kernel.columns import NOTHING, Ints, ints, rows_where
from hourline.kernel.effective import Effective, SpansOverlap, day_number, effective
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.master.model import Record
from hourline.master.snapshot.timelines import Timeline
from hourline.master.snapshot.unusable import UnusableRecord

R = TypeVar("R", bound=Record)
Numbers = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class _Level:
    """Hold the rows that name the same columns."""

    names: tuple[str, ...]
    index: KeyIndex
    spans: Effective


@dataclass(frozen=True, slots=True)
class RankedRows:
    """Hold the rows of a table by what they name, the narrowest first."""

    levels: tuple[_Level, ...]

    def at(self, columns: Mapping[str, Ints], days: Ints) -> Ints:
        """Return the place of the matching row per entry, NOTHING where none matches.

        Columns are dense ids, by the names of the table's columns.
        """
        rows = np.full(len(days), NOTHING, dtype=np.int64)
        for level in self.levels:
            left = rows_where(rows == NOTHING)
            keys = level.index.of([columns[name][left] for name in level.names])
            rows[left] = level.spans.at(keys, days[left])
        return rows


def ranked_rows(
    table: Timeline[R],
    numbers: Numbers,
    *,
    always: Sequence[str],
    optional: Sequence[str],
    same: str,
) -> RankedRows:
    """Return the rows; raise UnusableRecord for one that another one ties with.

    Every row names `always`, and of `optional` some: one that names an earlier of them
    comes before one that names a later. `numbers` gives the dense id of each name. What
    two rows that tie have the `same` is told.
    """
    grouped: dict[tuple[bool, ...], list[int]] = {}
    for row, span in enumerate(table.spans):
        rank = tuple(getattr(span.content, name) is None for name in optional)
        grouped.setdefault(rank, []).append(row)
    levels = []
    for rank in sorted(grouped):
        named = [
            name
            for name, is_absent in zip(optional, rank, strict=True)
            if not is_absent
        ]
        level = _level(table, grouped[rank], (*always, *named), numbers, same=same)
        levels.append(level)
    return RankedRows(tuple(levels))


def _level(
    table: Timeline[R],
    rows: list[int],
    names: tuple[str, ...],
    numbers: Numbers,
    *,
    same: str,
) -> _Level:
    keys = {
        row: [
            numbers[name].get(getattr(table.spans[row].content, name), NOTHING)
            for name in names
        ]
        for row in rows
    }
    # A row for a record that is not known yet cannot match anything.
    known = [row for row in rows if NOTHING not in keys[row]]
    index, positions = key_index(
        [ints([keys[row][part] for row in known]) for part in range(len(names))],
        [len(numbers[name]) for name in names],
    )
    spans = [table.spans[row] for row in known]
    starts = ints([day_number(span.effective_from) for span in spans])
    ends = ints([day_number(span.effective_until) for span in spans])
    try:
        effective_rows = effective(
            positions, (starts, ends), ints(known), key_count=index.count
        )
    except SpansOverlap as clash:
        first, second = spans[clash.first], spans[clash.second]
        raise UnusableRecord(
            second.content.kind,
            table.id_of(second),
            why=f"{same} as {table.id_of(first)}",
            remedy="End one of them before the other begins, or make one narrower.",
        ) from None
    return _Level(names, index, effective_rows)
