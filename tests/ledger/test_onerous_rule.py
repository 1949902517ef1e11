"""A contract that will lose is provided for: what of its loss is not realised yet."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from hourline.kernel.carried_position import (
    CarriedPosition,
    PositionChange,
    position_of,
)
from hourline.kernel.money import Rounding, round_fraction
from hourline.ledger.rules.onerous import (
    EstimatedLine,
    NewProvision,
    Provided,
    provide,
)

HALF_UP = Rounding.HALF_UP
# To cost 1,250 for 1,000, of which 400 are spent and 320 earned.
LOSING = EstimatedLine(
    contract_line_no=1,
    method="percent_cost",
    estimate=Decimal(1_250),
    cost=400,
    price=1_000,
    earned=320,
    revenue=320,
)


def same(amount: int) -> int:
    return amount


def at_half(amount: int) -> int:
    return round_fraction(Fraction(amount, 2))


def unasked(amount: int) -> int:
    raise AssertionError(amount)


def provided(
    *lines: EstimatedLine,
    position: CarriedPosition | None = None,
    before: Provided | None = None,
) -> NewProvision:
    return provide(
        lines,
        position or CarriedPosition(),
        same,
        HALF_UP,
        before=before or Provided(),
    )


def liability(amount: int, entity_amount: int) -> CarriedPosition:
    return position_of([PositionChange(amount, entity_amount, own_rate=False)])


def test_the_result_to_date_is_the_whole_expected_loss() -> None:
    new = provided(LOSING)

    assert new.cost_left == Decimal(850)
    assert (new.price_left, new.revenue_left) == (680, 680)
    assert (new.realised, new.provision, new.amount) == (80, 170, 170)
    assert new.realised + new.provision == 1_250 - 1_000
    assert (new.used, new.added) == (0, 170)


def test_progress_uses_the_provision_and_a_better_estimate_releases_it() -> None:
    further = replace(LOSING, cost=900, earned=720, revenue=720)
    used = provided(further, before=Provided(provision=170, realised=80))
    better = replace(further, estimate=Decimal(1_000))
    released = provided(better, before=Provided(provision=70, realised=180))

    assert (used.provision, used.amount, used.used, used.added) == (70, -100, 100, 0)
    assert (released.provision, released.amount) == (0, -70)
    assert (released.used, released.added) == (0, -70)


def test_no_more_is_used_than_was_provided_for() -> None:
    overrun = replace(LOSING, cost=2_000, earned=1_000, revenue=1_000)
    new = provided(overrun, before=Provided(provision=170, realised=80))

    assert new.cost_left == Decimal(0)
    assert new.provision == 0
    assert (new.used, new.amount, new.added) == (170, -170, 0)


def test_a_contract_that_brings_what_it_costs_is_not_provided_for() -> None:
    even = replace(LOSING, estimate=Decimal(1_000))
    # Its revenue ran ahead: what is left loses, the contract does not.
    ahead = replace(even, cost=100, earned=900, revenue=900)
    by_a_unit_more = replace(ahead, estimate=Decimal(1_001))

    assert provided(even).provision == 0
    assert provided(ahead).provision == 0
    assert provided(by_a_unit_more).provision == 801


def test_one_line_carries_another_of_its_contract() -> None:
    earning = EstimatedLine(
        contract_line_no=2,
        method="percent_cost",
        estimate=Decimal(400),
        cost=0,
        price=600,
        earned=0,
        revenue=0,
    )
    dearer = replace(earning, estimate=Decimal(700))

    assert provided(LOSING, replace(earning, price=700)).provision == 0
    assert provided(LOSING, dearer).provision == 270


def test_cost_beyond_one_estimate_does_not_lower_what_is_left_of_another() -> None:
    overrun = replace(
        LOSING, contract_line_no=2, cost=3_000, earned=1_000, revenue=1_000
    )

    new = provided(LOSING, overrun)

    assert new.cost_left == Decimal(850)
    assert new.provision == 170


@pytest.mark.parametrize(
    ("estimate", "due"), [("1250.4", 170), ("1250.5", 171), ("1249.5", 170)]
)
def test_an_estimate_finer_than_the_currency_is_rounded_once(
    estimate: str, due: int
) -> None:
    assert provided(replace(LOSING, estimate=Decimal(estimate))).provision == due


def test_a_price_in_another_currency_is_worth_the_days_rate() -> None:
    line = replace(LOSING, earned=320, revenue=150)

    new = provide([line], CarriedPosition(), at_half, HALF_UP, before=Provided())

    # 680 are left, 340 at the rate of the day, for which 850 are to be spent.
    assert (new.price_left, new.revenue_left, new.provision) == (680, 340, 510)


def test_what_an_invoice_in_advance_covers_is_worth_what_it_is_carried_at() -> None:
    covered = provide(
        [LOSING], liability(1_000, 700), unasked, HALF_UP, before=Provided()
    )
    partly = provide([LOSING], liability(180, 126), at_half, HALF_UP, before=Provided())

    assert covered.revenue_left == 476
    assert partly.revenue_left == 126 + 250


def test_what_is_earned_but_not_invoiced_covers_nothing() -> None:
    asset = position_of([PositionChange(-320, -999, own_rate=False)])

    assert provided(LOSING, position=asset).revenue_left == 680


def test_revenue_of_other_books_is_no_result_of_these() -> None:
    # 500 were earned before the unit was taken over; 750 are left to spend for 500.
    taken_over = replace(LOSING, estimate=Decimal(750), cost=0, earned=500, revenue=0)

    assert provided(taken_over).provision == 250


def test_without_estimates_what_was_provided_for_is_released() -> None:
    new = provided(before=Provided(provision=170, realised=80))

    assert (new.provision, new.amount, new.used) == (0, -170, 0)
