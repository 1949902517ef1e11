"""Name the column types of the kernel: one value per row, no object per cell."""

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


def ended(values: list[int], last: int = NOTHING) -> Ints:
    """Return the values as a column with the closing "not known" row."""
    return np.array([*values, last], dtype=np.int64)


def flags(values: list[bool]) -> Flags:
    """Return the flags as a column with a closing row that is false."""
    return np.array([*values, False], dtype=np.bool_)
