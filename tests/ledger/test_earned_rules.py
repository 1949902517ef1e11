"""What a contract line has earned to date, by each way of recognising revenue."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.kernel.fee_months import FeeMonth
from hourline.ledger.rules.earned import Earned
from hourline.ledger.rules.earned_after_restart import (
    Restart,
    earned_after_restart,
    earned_with_settled,
)
from hourline.ledger.rules.earned_by_days import earned_by_days
from hourline.ledger.rules.earned_by_milestones import (
    earned_by_milestones,
    earned_when_completed,
)
from hourline.ledger.rules.earned_by_months import earned_by_months
from hourline.ledger.rules.earned_by_percent import earned_by_percent


def percent(*, done: int, estimate: str = "820000", price: int = 135_000_000) -> Earned:
    return earned_by_percent(
        "percent_cost", price=price, done=done, estimate=Decimal(estimate)
    )


def test_a_share_of_the_estimate_earns_that_share_of_the_price_exactly() -> None:
    earned = percent(done=420_000)

    assert earned.exact == Fraction(135_000_000 * 420_000, 820_000)
    assert (earned.done, int(earned.whole), earned.settled) == (420_000, 820_000, 0)


def test_more_than_the_estimate_earns_no_more_than_the_price() -> None:
    assert percent(done=900_000).exact == 135_000_000
    assert percent(done=0).exact == 0


def test_an_estimate_may_be_a_fraction_of_a_second() -> None:
    assert percent(done=1, estimate="1.5", price=3).exact == 2


def test_days_earn_evenly_from_the_first_to_the_last() -> None:
    term = (36_500, date(2025, 1, 1), date(2025, 12, 31))

    assert earned_by_days(*term, through=date(2024, 12, 31)).exact == 0
    assert earned_by_days(*term, through=date(2025, 1, 31)).exact == 3_100
    assert earned_by_days(*term, through=date(2026, 5, 1)).exact == 36_500
    assert earned_by_days(*term, through=date(2025, 1, 31)).whole == 365


def test_months_that_are_over_are_settled_and_the_last_one_runs() -> None:
    months = [
        (FeeMonth(date(2025, 1, 1), date(2025, 1, 31)), 1_736),
        (FeeMonth(date(2025, 2, 1), date(2025, 2, 28)), 1_736),
    ]

    earned = earned_by_months(months, through=date(2025, 2, 14))

    assert earned.exact == 1_736 + 868
    assert (earned.settled, earned.price, earned.done, int(earned.whole)) == (
        1_736,
        1_736,
        14,
        28,
    )


def test_a_fee_that_has_not_begun_earns_nothing() -> None:
    assert earned_by_months([], through=date(2025, 2, 14)).exact == 0


def test_milestones_are_earned_when_they_are_reached() -> None:
    earned = earned_by_milestones(500, {"m1": 300}, listed={"m1", "m2"})

    assert earned.exact == 300
    assert (earned.price, earned.done, int(earned.whole)) == (500, 1, 2)


def test_completion_earns_all_with_the_last_milestone_and_nothing_before() -> None:
    listed = {"m1", "m2"}

    assert earned_when_completed(500, {"m2": 200}, listed=listed).exact == 0
    assert earned_when_completed(500, {"m2": 2, "m1": 3}, listed=listed).exact == 500


def restart(settled: int, done: str) -> Restart:
    return Restart(contract_line_no=1, settled=settled, done=Decimal(done))


def test_after_a_restart_the_rest_of_the_price_is_earned_by_the_rest() -> None:
    earned = earned_after_restart(
        percent(done=75, estimate="150", price=1_200), restart(500, "50")
    )

    assert earned.exact == 675
    assert (earned.settled, earned.price, earned.done, int(earned.whole)) == (
        500,
        700,
        25,
        100,
    )


def test_work_taken_back_since_a_restart_takes_back_what_it_had_earned() -> None:
    earned = earned_after_restart(
        percent(done=40, estimate="150", price=1_200), restart(500, "50")
    )

    assert earned.exact == 430


def test_where_nothing_was_left_to_do_at_a_restart_all_is_earned() -> None:
    more = percent(done=60, estimate="50", price=1_200)
    no_more = percent(done=50, estimate="50", price=1_200)

    assert earned_after_restart(more, restart(500, "50")).exact == 1_200
    assert earned_after_restart(no_more, restart(500, "50")).exact == 1_200


def test_what_other_books_recognised_is_settled_beside_what_is_earned_here() -> None:
    listed = {"m1", "m2"}
    milestone = earned_by_milestones(500, {"m2": 200}, listed=listed)
    open_work = earned_when_completed(500, {"m2": 200}, listed=listed)
    completed = earned_when_completed(500, {"m2": 2, "m1": 3}, listed=listed)

    assert earned_with_settled(milestone, 300).exact == 500
    assert earned_with_settled(milestone, 300).settled == 500
    assert earned_with_settled(open_work, 300).exact == 300
    assert earned_with_settled(completed, 300).exact == 500
