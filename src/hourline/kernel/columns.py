"""Name the column types of the kernel: one value per row, no object per cell."""

from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

# A dense id or row that stands for nothing; gathering by it reads the last element,
# so every table of the snapshot ends with a row that means "not known".
NOTHING = -1


def ints(values: list[int]) -> Ints:
    """Return the values as a column."""
    return np.array(values, dtype=np.int64)


def rows_where(column: Flags | Ints) -> Ints:
    """Return the rows whose value is true, or not 0.

    As `numpy.flatnonzero` of a column, which takes six times as long for one entry.
    """
    return column.nonzero()[0]


def all_of(rows: Ints, code: int) -> Ints:
    """Return one code for each of some rows.

    As `numpy.full_like`, which asks a member of an enumeration for all it is not.
    """
    return np.full(len(rows), int(code), dtype=np.int64)


def ended(values: list[int], last: int = NOTHING) -> Ints:
    """Return the values as a column with the closing "not known" row."""
    return np.array([*values, last], dtype=np.int64)


def ended_ratios(exact: list[Fraction]) -> tuple[Ints, Ints]:
    """Return numerators and denominators, each with a closing row: nothing, 0 of 1."""
    return (
        ended([one.numerator for one in exact], 0),
        ended([one.denominator for one in exact], 1),
    )


def flags(values: list[bool]) -> Flags:
    """Return the flags as a column with a closing row that is false."""
    return np.array([*values, False], dtype=np.bool_)
