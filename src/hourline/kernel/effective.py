"""Find what holds on a day: spans by key, from inclusive, until exclusive."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hourline.kernel.columns import NOTHING, Flags, Ints, rows_where

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
DAY_MIN = date.min.toordinal() - _EPOCH_ORDINAL
# As an end, date.max means "without end".
DAY_MAX = date.max.toordinal() - _EPOCH_ORDINAL
_DAY_BITS = 22


def day_number(day: date) -> int:
    """Return a day as days since 1970-01-01."""
    return day.toordinal() - _EPOCH_ORDINAL


def day_of(number: int) -> date:
    """Return the day of a day number."""
    return date.fromordinal(number + _EPOCH_ORDINAL)


class SpansOverlap(ValueError):
    """Say that two spans of one key share a day; `first` and `second` are positions."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"spans {first} and {second} of one key share a day")
        self.first = first
        self.second = second


@dataclass(frozen=True, slots=True)
class Effective:
    """Look up the span of a key that holds on a day.

    Keys are dense: 0 up to a count. Built by `effective`; rows are sorted by key and
    start, and a last row that never holds stands for keys without spans.
    """

    values: Ints
    _starts: Ints
    _ends: Ints
    _first: Ints
    _last: Ints
    _several: Flags
    _any_several: bool
    _always: bool
    _sorted: Ints

    def at(self, keys: Ints, days: Ints) -> Ints:
        """Return the value of each key's span on its day, NOTHING where none holds."""
        rows = self._last[keys]
        if self._any_several:
            self._search(rows, keys, days)
        if self._always:
            return self.values[rows]
        held = (self._starts[rows] <= days) & (days < self._ends[rows])
        found: Ints = np.where(held, self.values[rows], NOTHING)
        return found

    def _search(self, rows: Ints, keys: Ints, days: Ints) -> None:
        several = rows_where(self._several[keys])
        if not several.size:
            return
        wanted = keys[several]
        composite = (wanted << _DAY_BITS) + (days[several] - DAY_MIN)
        found = self._sorted.searchsorted(composite, side="right") - 1
        before = found < self._first[wanted]
        rows[several] = np.where(before, len(self._starts) - 1, found)

    def __len__(self) -> int:
        """Return how many spans there are."""
        return len(self._starts) - 1


def effective(
    keys: Ints, spans: tuple[Ints, Ints], values: Ints, *, key_count: int
) -> Effective:
    """Build the lookup of spans (starts, ends) with a value each.

    Keys are 0 up to key_count. Raises SpansOverlap where two spans of a key meet.
    """
    order = np.lexsort((spans[0], keys))
    keys, starts, ends = keys[order], spans[0][order], spans[1][order]
    clash = rows_where((keys[1:] == keys[:-1]) & (starts[1:] < ends[:-1]))
    if clash.size:
        raise SpansOverlap(int(order[clash[0]]), int(order[clash[0] + 1]))
    counts = np.bincount(keys, minlength=key_count)
    offsets = np.cumsum(counts) - counts
    nowhere = len(keys)
    last = np.where(counts > 0, offsets + counts - 1, nowhere)
    several = counts > 1
    return Effective(
        values=np.append(values[order], NOTHING),
        _starts=np.append(starts, DAY_MAX),
        _ends=np.append(ends, DAY_MIN),
        _first=np.append(offsets, nowhere),
        _last=np.append(last, nowhere),
        _several=np.append(several, [False]),
        _any_several=bool(several.any()),
        _always=bool(((starts == DAY_MIN) & (ends == DAY_MAX)).all()),
        _sorted=(keys << _DAY_BITS) + (starts - DAY_MIN),
    )


def layered_ends(keys: Ints, starts: Ints, ends: Ints) -> Ints:
    """Return ends cut so that of one key the span that starts later holds.

    Rows come in the order of recording; of equal starts the later row holds.
    """
    order = np.lexsort((np.arange(len(keys)), starts, keys))
    follows = keys[order][1:] == keys[order][:-1]
    cut = ends[order]
    cut[:-1] = np.where(follows, np.minimum(cut[:-1], starts[order][1:]), cut[:-1])
    result = np.empty_like(ends)
    result[order] = cut
    return result
