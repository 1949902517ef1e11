"""New revenue consumes the liability, then builds the asset; falling revenue turns."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hourline.kernel.carried_position import (
    CarriedPosition,
    PositionChange,
    position_of,
)
from hourline.kernel.money import Rounding, round_fraction
from hourline.ledger.rules.earned import Earned
from hourline.ledger.rules.recognise import LineEarned, NewRevenue, recognise

HALF_UP = Rounding.HALF_UP


def line(
    exact: str, *, recognised: int = 0, recognised_entity: int = 0, no: int = 1
) -> LineEarned:
    earned = Earned(
        method="straight_line",
        price=1_000,
        settled=0,
        done=1,
        whole=Decimal(1),
        exact=Fraction(exact),
    )
    return LineEarned(
        contract_line_no=no,
        earned=earned,
        recognised=recognised,
        recognised_entity=recognised_entity,
    )


def doubled(amount: int) -> int:
    return round_fraction(Fraction(2 * amount))


def position(amount: int, entity_amount: int) -> CarriedPosition:
    return position_of([PositionChange(amount, entity_amount, own_rate=False)])


def shown(new: NewRevenue) -> tuple[int, int, int, int]:
    return new.amount, new.entity_amount, new.move.liability, new.move.asset


def test_revenue_is_what_is_earned_to_date_less_what_was_recognised() -> None:
    [new] = recognise(
        [line("66.5", recognised=33)], CarriedPosition(), doubled, HALF_UP
    )

    assert new.earned == 67
    assert shown(new) == (34, 68, 0, 34)


def test_the_liability_is_consumed_as_carried_before_an_asset_is_built() -> None:
    [new] = recognise([line("100")], position(60, 90), doubled, HALF_UP)

    assert shown(new) == (100, 90 + 80, 60, 40)


def test_lines_of_a_contract_share_its_position_in_their_order() -> None:
    first, second = recognise(
        [line("100"), line("20", recognised=50, recognised_entity=50, no=2)],
        position(60, 60),
        doubled,
        HALF_UP,
    )

    assert shown(first) == (100, 140, 60, 40)
    assert shown(second) == (-30, -60, 0, 30)
    assert (second.move.after.amount, second.move.after.entity_amount) == (-10, -20)


def test_falling_revenue_builds_the_liability_at_the_rate_it_was_recognised() -> None:
    [new] = recognise(
        [line("10", recognised=100, recognised_entity=90)],
        position(-40, -80),
        doubled,
        HALF_UP,
    )

    assert shown(new) == (-90, -(80 + 45), 50, 40)


def test_nothing_new_moves_nothing() -> None:
    [new] = recognise([line("5", recognised=5)], CarriedPosition(), doubled, HALF_UP)

    assert shown(new) == (0, 0, 0, 0)


def test_what_was_booked_elsewhere_is_not_new_and_falls_at_the_days_rate() -> None:
    more, less = (replace(line(exact), booked_elsewhere=100) for exact in ("130", "90"))

    [new] = recognise([more], CarriedPosition(), doubled, HALF_UP)
    [fallen] = recognise([less], CarriedPosition(), doubled, HALF_UP)

    assert shown(new) == (30, 60, 0, 30)
    assert shown(fallen) == (-10, -20, 10, 0)
