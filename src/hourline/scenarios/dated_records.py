"""Give rows that hold for a time their records, so that a newer row ends an equal one.

A version of a record that is recorded later holds from its own date on and ends every
earlier version of that record there. A newer row is therefore recorded on the record of
the equal row it overlaps; what still holds after it is recorded again.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Dated(Generic[R]):
    """Hold a row on the record that says it, for the days it holds."""

    record_id: str
    starts: date
    ends: date
    row: R


class DatedRecords(Generic[R]):
    """Hold which rows hold when, by what makes rows equal."""

    def __init__(self, name: str) -> None:
        """Name the records after a word."""
        self._name = name
        self._holding: dict[Hashable, list[Dated[R]]] = {}
        self._count = 0

    def fill(
        self, key: Hashable, row: R, *, starts: date, ends: date
    ) -> list[Dated[R]]:
        """Return the versions of a row that holds only where no equal one does."""
        held = self._holding.setdefault(key, [])
        free: list[Dated[R]] = []
        for one in sorted(held, key=lambda one: one.starts):
            if starts < one.starts and starts < ends:
                free.append(Dated(self._new_id(), starts, min(one.starts, ends), row))
            starts = max(starts, one.ends)
        if starts < ends:
            free.append(Dated(self._new_id(), starts, ends, row))
        held.extend(free)
        return free

    def place(
        self, key: Hashable, row: R, *, starts: date, ends: date
    ) -> list[Dated[R]]:
        """Return the versions to record, in this order, for a new row to hold."""
        held = self._holding.setdefault(key, [])
        overlapped = sorted(
            (one for one in held if one.starts < ends and starts < one.ends),
            key=lambda one: one.starts,
        )
        if not overlapped:
            new = [Dated(self._new_id(), starts, ends, row)]
            again: list[Dated[R]] = []
        else:
            new = _spread(overlapped, row, starts=starts, ends=ends)
            again = [
                one
                for one in held
                if one.starts >= ends
                and one.record_id in {new_one.record_id for new_one in new}
            ]
        kept = [
            replace(one, ends=min(one.ends, starts))
            for one in held
            if one.starts < starts
        ]
        later = [one for one in held if one.starts >= ends]
        self._holding[key] = [*kept, *new, *later]
        return [*new, *sorted(again, key=lambda one: one.starts)]

    def _new_id(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count}"


def _spread(
    overlapped: list[Dated[R]], row: R, *, starts: date, ends: date
) -> list[Dated[R]]:
    """Lay the new row over every record it touches, each up to where the next began."""
    begins = [starts, *(one.starts for one in overlapped[1:])]
    stops = [*begins[1:], ends]
    return [
        Dated(one.record_id, begin, stop, row)
        for one, begin, stop in zip(overlapped, begins, stops, strict=True)
    ]
