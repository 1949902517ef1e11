"""Keep the identities of equal rows: match what is equal first, the rest in order.

Rows of one person, day, project, task and start differ in nothing that names them. So
their running numbers follow their content, never their places in a file: whatever the
order of its rows, and whichever of them was corrected or removed, the others stay.
"""

from collections.abc import Sequence
from typing import NamedTuple


class EqualRow(NamedTuple):
    """Hold what tells rows of one key apart."""

    approved: bool
    seconds: int
    content: bytes


class KnownEqual(NamedTuple):
    """Hold an entry of the key by its running number, with its latest content."""

    number: int
    content: bytes
    in_force: bool


def number_equals(rows: Sequence[EqualRow], known: Sequence[KnownEqual]) -> list[int]:
    """Return the running number of each row of one key; every number is used once.

    What is in force is matched before what was recalled: else one row of corrected
    time would leave both its old and its new hours standing.
    """
    order = sorted(
        range(len(rows)),
        key=lambda at: (not rows[at].approved, rows[at].seconds, rows[at].content),
    )
    numbers: dict[int, int] = {}
    for in_force in (True, False):
        free = sorted(one for one in known if one.in_force is in_force)
        left = [at for at in order if at not in numbers]
        equal = _equal_first(rows, left, free)
        numbers.update(equal)
        used = set(equal.values())
        left = [at for at in left if at not in numbers]
        rest = [one.number for one in free if one.number not in used]
        numbers.update(zip(left, rest, strict=False))
    first = max((one.number for one in known), default=0) + 1
    left = [at for at in order if at not in numbers]
    numbers.update({at: number for number, at in enumerate(left, start=first)})
    return [numbers[at] for at in range(len(rows))]


def _equal_first(
    rows: Sequence[EqualRow], left: Sequence[int], free: Sequence[KnownEqual]
) -> dict[int, int]:
    by_content: dict[bytes, list[int]] = {}
    for one in reversed(free):
        by_content.setdefault(one.content, []).append(one.number)
    found = {}
    for at in left:
        numbers = by_content.get(rows[at].content)
        if numbers:
            found[at] = numbers.pop()
    return found
