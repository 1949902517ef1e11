"""Rule: a line of a vendor's bill fits the approved time of its person.

All time approved for the line's person, project and days, and matched with no other
line, is compared with it as one: the hours with the hours, and what is billed with what
as many hours cost at approval. Beyond the entity's tolerances a line does not fit. What
the rounding of each entry's cost and of the line alone can make is no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hourline.kernel.codes import Role

_SECONDS_PER_HOUR = 3_600
_PERCENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class ApprovedTime:
    """Hold an approved entry: its seconds and cost, in minor units of the entity."""

    entry_no: int
    revision: int
    seconds: int
    cost: int


@dataclass(frozen=True, slots=True)
class BilledTime:
    """Hold what a line bills: seconds and an amount in minor units of the entity."""

    seconds: int
    amount: int


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Hold by how much a line may differ: in hours, and in percent of its amount."""

    hours: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class VendorMovement:
    """Hold an amount a match moves, in minor units of the entity's currency."""

    part: int
    debit: Role
    credit: Role
    amount: int


def fits(
    billed: BilledTime, approved: Sequence[ApprovedTime], tolerance: Tolerance
) -> bool:
    """Tell whether a line fits the approved time; without any, none fits."""
    if not approved:
        return False
    seconds = sum(one.seconds for one in approved)
    if abs(billed.seconds - seconds) > Fraction(tolerance.hours) * _SECONDS_PER_HOUR:
        return False
    cost = Fraction(sum(one.cost for one in approved))
    if seconds:
        cost *= Fraction(billed.seconds, seconds)
    rounded = Fraction(len(approved) + 1, 2)
    allowed = Fraction(tolerance.percent) * _PERCENT * cost + rounded
    return abs(billed.amount - cost) <= allowed


def match_movements(*, cost: int, billed: int) -> list[VendorMovement]:
    """Return what a match books: what the time cost, and what the bill differs by.

    The cost was taken from payroll at approval, and is owed to the vendor instead: Dr
    payroll_allocation / Cr vendor_payable. What is billed above it is cost too, and
    what is billed less is none. Nothing is booked for 0.
    """
    moved = [
        VendorMovement(0, Role.PAYROLL_ALLOCATION, Role.VENDOR_PAYABLE, cost),
        VendorMovement(1, Role.COST, Role.VENDOR_PAYABLE, billed - cost),
        VendorMovement(1, Role.VENDOR_PAYABLE, Role.COST, cost - billed),
    ]
    return [one for one in moved if one.amount > 0]
