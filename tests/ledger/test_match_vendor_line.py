"""A line of a vendor's bill fits approved time, or differs by hours or by price."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from hourline.kernel.codes import Role
from hourline.ledger.rules.match_vendor_line import (
    ApprovedTime,
    BilledTime,
    Tolerance,
    VendorMovement,
    fits,
    match_movements,
)

HOUR = 3_600
TEN_HOURS = (ApprovedTime(1, 1, 8 * HOUR, 80_000), ApprovedTime(2, 1, 2 * HOUR, 20_000))


@pytest.mark.parametrize(
    ("hours", "amount", "expected"),
    [
        (10, 100_000, True),
        (10, 100_002, False),
        (10, 99_998, False),
        (9, 90_000, False),
        (11, 110_000, False),
    ],
)
def test_without_a_tolerance_hours_and_price_are_those_approved(
    hours: int, amount: int, *, expected: bool
) -> None:
    assert fits(BilledTime(hours * HOUR, amount), TEN_HOURS, Tolerance()) is expected


@pytest.mark.parametrize(
    ("hours", "amount", "expected"),
    [
        (11, 110_000, True),
        (9, 90_000, True),
        (11, 115_500, True),
        (11, 115_502, False),
        (11, 104_498, False),
        (12, 120_000, False),
    ],
)
def test_a_tolerance_is_of_the_hours_and_of_the_price_of_those_billed(
    hours: int, amount: int, *, expected: bool
) -> None:
    tolerance = Tolerance(Decimal(1), Decimal(5))

    assert fits(BilledTime(hours * HOUR, amount), TEN_HOURS, tolerance) is expected


def test_what_rounding_of_each_entry_makes_is_no_difference() -> None:
    thirds = [ApprovedTime(number, 1, 1_200, 3_333) for number in range(3)]

    assert fits(BilledTime(HOUR, 10_000), thirds, Tolerance())
    assert not fits(BilledTime(HOUR, 10_002), thirds, Tolerance())


@pytest.mark.parametrize("approved", [(), []])
def test_where_nothing_is_approved_not_even_nothing_fits(
    approved: Sequence[ApprovedTime],
) -> None:
    assert not fits(BilledTime(0, 0), approved, Tolerance(Decimal(744), Decimal(100)))


def test_time_of_no_seconds_fits_a_line_of_none() -> None:
    empty = [ApprovedTime(1, 1, 0, 0)]

    assert fits(BilledTime(0, 0), empty, Tolerance())
    assert not fits(BilledTime(0, 5), empty, Tolerance())


@pytest.mark.parametrize(
    ("billed", "expected"),
    [
        (
            100,
            [VendorMovement(0, Role.PAYROLL_ALLOCATION, Role.VENDOR_PAYABLE, 100)],
        ),
        (
            104,
            [
                VendorMovement(0, Role.PAYROLL_ALLOCATION, Role.VENDOR_PAYABLE, 100),
                VendorMovement(1, Role.COST, Role.VENDOR_PAYABLE, 4),
            ],
        ),
        (
            97,
            [
                VendorMovement(0, Role.PAYROLL_ALLOCATION, Role.VENDOR_PAYABLE, 100),
                VendorMovement(1, Role.VENDOR_PAYABLE, Role.COST, 3),
            ],
        ),
    ],
)
def test_a_match_moves_the_cost_to_the_vendor_and_books_the_difference(
    billed: int, expected: list[VendorMovement]
) -> None:
    assert match_movements(cost=100, billed=billed) == expected


def test_a_match_of_what_cost_and_bills_nothing_books_nothing() -> None:
    assert match_movements(cost=0, billed=0) == []
