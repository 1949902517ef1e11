"""Hold the values of vendor bills: what a vendor states, and what lines wait."""

from dataclasses import dataclass
from datetime import date

from hourline.kernel.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """Hold a line of a vendor's bill; the amount is minor units of its currency.

    The work is from a day up to and not including another.
    """

    person_no: int
    project_no: int
    worked_from: date
    worked_until: date
    seconds: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorBill:
    """Hold a bill of a vendor for work of its people, known by its reference."""

    vendor_no: int
    vendor: str
    reference: str
    entity_no: int
    billed_on: date
    currency: int
    lines: tuple[BillLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """Hold a line of a vendor's bill that no match stands of."""

    bill_no: int
    line_no: int
    vendor_no: int
    vendor: str
    reference: str
    entity_no: int
    billed_on: date
    currency: int
    person_no: int
    project_no: int
    worked_from: date
    worked_until: date
    seconds: int
    amount: int

    @property
    def key(self) -> str:
        """Return what names the line in a queue."""
        return f"{self.vendor}/{self.reference}/{self.line_no}"


@dataclass(frozen=True, slots=True)
class TriedLine:
    """Hold what became of a line: matched, or why it is not."""

    line: OpenLine
    problem: Problem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLine:
    """Hold a line by names, with the match that stands of it, or without one.

    `amount` is minor units of `currency`, `cost` and `billed` of the entity's.
    """

    vendor: str
    reference: str
    entity: str
    billed_on: date
    currency: int
    line_no: int
    person: str
    project: str
    worked_from: date
    worked_until: date
    seconds: int
    amount: int
    match_no: int | None
    seconds_approved: int | None
    cost: int | None
    billed: int | None
    entries: list[str]
