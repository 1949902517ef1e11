"""Rule: a person's day is rounded as a whole, and its last entry carries what differs.

Entries keep the time that was decided of each alone. What the day's total, by factor,
minimum and increment, is above their sum goes on the last entry by approval time and
entry id that is not settled: invoiced, written off or left out of an invoice, in part
or whole. What it is below is taken from the last one back, from none more than it has.
What finds no entry waits for the next of that day. An entry of no time to bill carries
nothing. So the outcome depends on what is settled, not on the order of arrival.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar


class Carrying(Protocol):
    """Be an entry of a day, with what it bills in seconds."""

    @property
    def entry_no(self) -> int:
        """Give the entry's number."""
        ...

    @property
    def source_id(self) -> str:
        """Give the entry's id."""
        ...

    @property
    def approved_at(self) -> object:
        """Give what orders the entries by approval time."""
        ...

    @property
    def seconds_alone(self) -> int:
        """Give what its own decision bills."""
        ...

    @property
    def seconds_now(self) -> int:
        """Give what it bills with what it carries."""
        ...

    @property
    def settled(self) -> bool:
        """Tell whether it cannot change any more."""
        ...


E = TypeVar("E", bound=Carrying)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEntry:
    """Hold an entry in force of a person's day, with its price and what it bills.

    `seconds_alone` are billable by the entry's own decision, `seconds_now` with what it
    carries; `part_last` is the highest number of its parts. The price is `rate_amount`
    / `rate_seconds` per second in 1/10000 minor units.
    """

    person_no: int
    work_date: date
    time_rounding_no: int
    entry_no: int
    revision: int
    source_id: str
    approved_at: datetime
    contract_no: int
    contract_line_no: int
    project_no: int
    entity_no: int
    currency: int
    accounting_date: date
    worked_seconds: int
    rate_amount: int
    rate_seconds: int
    seconds_alone: int
    seconds_now: int
    part_last: int
    settled: bool


@dataclass(frozen=True, slots=True)
class Carried(Generic[E]):
    """Say what an entry bills from now on, in seconds."""

    entry: E
    seconds: int


def carry(entries: Sequence[E], total: int) -> list[Carried[E]]:
    """Return which entries of a day change so that it bills `total` seconds."""
    latest_first = sorted(
        (one for one in entries if not one.settled and one.seconds_alone > 0),
        key=lambda one: (one.approved_at, one.source_id, one.entry_no),
        reverse=True,
    )
    left = total - sum(one.seconds_now for one in entries if one.settled)
    left -= sum(one.seconds_alone for one in latest_first)
    carried = []
    for one in latest_first:
        # What is missing goes on the first; what is too much, on as many as it takes.
        moved = max(left, -one.seconds_alone)
        left -= moved
        if one.seconds_alone + moved != one.seconds_now:
            carried.append(Carried(one, one.seconds_alone + moved))
    return carried
