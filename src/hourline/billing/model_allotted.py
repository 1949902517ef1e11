"""Hold the values of allotting: work, what limits it, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from hourline.master.snapshot import Span

# Entry, revision and part.
PortionKey: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Hold what of a billable portion may be allotted: neither billed nor given up.

    In `seconds`, of an expense in `units` of a minor unit each. `second_worth` and
    `unit_worth` are exact, in minor units of the contract's currency.
    """

    contract_line_no: int
    entry_no: int
    revision: int
    part: int
    person_no: int
    dated: date
    approved_at: datetime
    source_id: str
    seconds: int
    units: int
    second_worth: Fraction
    unit_worth: Fraction

    @property
    def measure(self) -> int:
        """Return the quantity: seconds, of an expense units."""
        return self.seconds + self.units

    def worth(self, quantity: int) -> Fraction:
        """Return the exact worth of so much of it."""
        return quantity * (self.unit_worth if self.units else self.second_worth)


@dataclass(frozen=True, slots=True)
class Invoiced:
    """Hold what stands on invoices for the work of a contract line, in minor units.

    `exact` is its exact worth at the bill rates, `counted` the same with whole amounts
    of expenses; `by_hand` is by how much amounts set by hand differ from that. `net` is
    what stands there, cents that credits left among it.
    """

    exact: Fraction = Fraction(0)
    counted: Fraction = Fraction(0)
    by_hand: int = 0
    net: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedDay:
    """Hold what stands on invoices for the work of a person on a day and line.

    `worth` is the exact worth of its time, in minor units, with what amounts set by
    hand differ from it; `expenses` likewise is of its expenses. Of several customers
    some may have parts of a second.
    """

    contract_line_no: int
    person_no: int
    dated: date
    seconds: Fraction = Fraction(0)
    worth: Fraction = Fraction(0)
    expenses: Fraction = Fraction(0)

    def counted(self, span: Span) -> Fraction:
        """Return what of it counts for a limit of a month or of a person's day."""
        return self.worth + self.expenses if span is Span.MONTH else self.worth


@dataclass(frozen=True, slots=True)
class BilledToCustomers:
    """Hold what customers were billed of the work of a contract.

    `worth` is exact by contract line and customer, in minor units, with whole amounts
    of expenses and with what amounts set by hand differ. `shares` are by portion, then
    by customer, in millionths: those that what is open of billed work keeps.
    """

    worth: Mapping[tuple[int, int], Fraction] = field(default_factory=dict)
    shares: Mapping[PortionKey, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenForOne:
    """Hold what of a portion is open for one of several customers: its share of it.

    It was billed to all of them and credited to this one, so it keeps its room.
    """

    key: PortionKey
    customer_no: int
    day: InvoicedDay

    @property
    def amount(self) -> Fraction:
        """Return its exact worth in minor units."""
        return self.day.worth + self.day.expenses


class Level(IntEnum):
    """Name the limits in the order in which work has to fit under them."""

    LINE_DAY = 1
    CONTRACT_DAY = 2
    LINE_MONTH = 3
    LINE_CUSTOMER = 4
    LINE = 5
    CONTRACT_MONTH = 6
    CONTRACT_CUSTOMER = 7
    CONTRACT = 8


# What of a work is over which limit, where something is.
Over: TypeAlias = tuple[tuple[Level, int], ...]


class Allotted(NamedTuple):
    """Hold what of a work is prepaid, by block, and what is over which limit.

    In the measure of the work: seconds, of an expense units. A tuple, because there is
    one for each work and a dataclass that cannot change takes three times as long.
    """

    prepaid: tuple[tuple[int, int], ...] = ()
    over_limits: Over = ()

    @property
    def prepaid_seconds(self) -> int:
        """Return the seconds that blocks pay for."""
        return sum(seconds for _, seconds in self.prepaid)

    @property
    def over(self) -> int:
        """Return what is over a limit."""
        return sum(quantity for _, quantity in self.over_limits)

    def over_of(self, level: Level) -> int:
        """Return what is over one of the limits."""
        return dict(self.over_limits).get(level, 0)

    @property
    def measure(self) -> int:
        """Return all that is not billable."""
        return self.prepaid_seconds + self.over


NOT_ALLOTTED = Allotted()
NOTHING_BILLED = BilledToCustomers()


@dataclass(frozen=True, slots=True)
class PartAmounts:
    """Hold the value of what is prepaid and of what is over a limit, in minor units."""

    prepaid: int
    over: int
