"""Hold the values of allotting: work, what limits it, and what becomes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction


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

    def counted(self, quantity: int) -> Fraction:
        """Return what so much of it counts against a limit.

        Time counts exactly; of an expense each unit is one minor unit of its amount.
        """
        return Fraction(quantity) if self.units else quantity * self.second_worth


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
class Allotted:
    """Hold what of a work is prepaid, by block, and what is over which limit.

    In the measure of the work: seconds, of an expense units.
    """

    prepaid: tuple[tuple[int, int], ...] = ()
    over_line: int = 0
    over_contract: int = 0

    @property
    def prepaid_seconds(self) -> int:
        """Return the seconds that blocks pay for."""
        return sum(seconds for _, seconds in self.prepaid)

    @property
    def over(self) -> int:
        """Return what is over a limit."""
        return self.over_line + self.over_contract

    @property
    def measure(self) -> int:
        """Return all that is not billable."""
        return self.prepaid_seconds + self.over


NOT_ALLOTTED = Allotted()


@dataclass(frozen=True, slots=True)
class PartAmounts:
    """Hold the value of what is prepaid and of what is over a limit, in minor units."""

    prepaid: int
    over: int
