"""Be the rows that every part of a scenario file is made of."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import msgspec


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Be one row of a scenario file; a field that is not named here is refused."""


class DatedRow(Row, frozen=True, kw_only=True):
    """A row that may begin and end; `until` is exclusive."""

    starts: date = msgspec.field(name="from", default=date.min)
    ends: date = msgspec.field(name="until", default=date.max)

    def __post_init__(self) -> None:
        if self.starts >= self.ends:
            raise ValueError(f"expected until after from, found {self.ends}")


def refuse_overlaps(rows: Sequence[DatedRow], name: str) -> None:
    """Raise ValueError where two rows hold on the same day."""
    ordered = sorted(rows, key=lambda row: row.starts)
    for earlier, later in pairwise(ordered):
        if later.starts < earlier.ends:
            raise ValueError(f"expected {name} that do not overlap, found two that do")
