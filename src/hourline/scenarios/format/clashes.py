"""Refuse rows of a scenario of which nothing says which one holds."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Protocol


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


class _Keyed(Protocol):
    @property
    def key(self) -> Hashable: ...


class _Dated(_Keyed, Protocol):
    @property
    def starts(self) -> date: ...

    @property
    def ends(self) -> date: ...


def refuse_same_ids(name: str, rows: Sequence[_Identified]) -> None:
    """Raise ValueError where two rows have one id."""
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise ValueError(f"expected different ids in {name}, found {row.id} twice")
        seen.add(row.id)


def refuse_doubled(name: str, rows: Sequence[_Keyed]) -> None:
    """Raise ValueError where two rows are about the same."""
    first: dict[Hashable, int] = {}
    for index, row in enumerate(rows):
        other = first.setdefault(row.key, index)
        if other != index:
            raise _tie(name, other, index)


def refuse_ties(name: str, rows: Sequence[_Dated]) -> None:
    """Raise ValueError where two rows are about the same on the same days."""
    by_key: dict[Hashable, list[int]] = {}
    for index, row in enumerate(rows):
        for other in by_key.setdefault(row.key, []):
            if row.starts < rows[other].ends and rows[other].starts < row.ends:
                raise _tie(name, other, index)
        by_key[row.key].append(index)


def _tie(name: str, other: int, index: int) -> ValueError:
    return ValueError(
        f"expected {name} of which one wins, found a tie between {name}[{other}] and"
        f" {name}[{index}]"
    )
