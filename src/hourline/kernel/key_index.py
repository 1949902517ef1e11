"""Number the combinations of several columns densely, so that they can be gathered."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hourline.kernel.columns import NOTHING, Ints

_TABLE_MAX = 2**21
_PACKED_MAX = 2**62


class TooManyCombinations(ValueError):
    """Say that combinations of the columns do not fit into 64 bits."""


@dataclass(frozen=True, slots=True)
class KeyIndex:
    """Give each known combination its position; built by `key_index`."""

    sizes: tuple[int, ...]
    count: int
    _known: Ints
    _table: Ints | None

    def of(self, columns: Sequence[Ints]) -> Ints:
        """Return the position of each row's combination, NOTHING where unknown.

        A row with NOTHING (or less) in any column is unknown.
        """
        if not self.count:
            return np.full(len(columns[0]), NOTHING, dtype=np.int64)
        packed = columns[0]
        missing = packed < 0
        for column, size in zip(columns[1:], self.sizes[1:], strict=True):
            packed = packed * size + column
            missing = missing | (column < 0)
        if self._table is not None:
            return self._table[np.where(missing, NOTHING, packed)]
        places = self._known.searchsorted(packed)
        places[places == self.count] = 0
        absent = missing | (self._known[places] != packed)
        found: Ints = np.where(absent, NOTHING, places)
        return found


def key_index(columns: Sequence[Ints], sizes: Sequence[int]) -> tuple[KeyIndex, Ints]:
    """Return the index of the rows' combinations and the position of each row.

    Values of a column are 0 up to its size. Raises TooManyCombinations.
    """
    span = 1
    for size in sizes:
        span *= size
    if span > _PACKED_MAX:
        msg = f"{sizes} cannot be combined in 64 bits"
        raise TooManyCombinations(msg)
    packed = columns[0]
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        packed = packed * size + column
    known, positions = np.unique(packed, return_inverse=True)
    table: Ints | None = None
    if span <= _TABLE_MAX:
        table = np.full(span + 1, NOTHING, dtype=np.int64)
        table[known] = np.arange(len(known))
    index = KeyIndex(tuple(sizes), len(known), known, table)
    return index, positions.astype(np.int64)
