"""A position is built at the rate of its day and leaves as it is carried."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hourline.kernel.carried_position import (
    CarriedPosition,
    PositionChange,
    PositionMove,
    lower_position,
    position_of,
    raise_position,
)
from hourline.kernel.money import Rounding, round_fraction

HALF_UP = Rounding.HALF_UP


def at(rate: str) -> "Translate":
    return Translate(Fraction(rate))


class Translate:
    def __init__(self, rate: Fraction) -> None:
        self.rate = rate

    def __call__(self, amount: int) -> int:
        return round_fraction(amount * self.rate)


def built(amount: int, entity_amount: int) -> CarriedPosition:
    return position_of([PositionChange(amount, entity_amount, own_rate=False)])


def parts(move: PositionMove) -> tuple[int, int, int, int]:
    return move.asset, move.asset_entity, move.liability, move.liability_entity


def test_what_is_invoiced_builds_a_liability_at_the_rate_of_its_day() -> None:
    move = raise_position(CarriedPosition(), 500, at("0.9"), HALF_UP)

    assert parts(move) == (0, 0, 500, 450)
    assert (move.after.amount, move.after.entity_amount) == (500, 450)
    assert move.after.asset == (0, 0)


def test_revenue_consumes_the_liability_as_carried_then_builds_the_asset() -> None:
    move = lower_position(built(500, 450), 700, at("0.95"), HALF_UP)

    assert parts(move) == (200, 190, 500, 450)
    assert move.entity_amount == 640
    assert (move.after.amount, move.after.entity_amount) == (-200, -190)
    assert move.after.asset == (200, 190)


def test_an_invoice_consumes_the_asset_as_carried_then_builds_the_liability() -> None:
    move = raise_position(built(-200, -190), 500, at("1"), HALF_UP)

    assert parts(move) == (200, 190, 300, 300)
    assert (move.after.amount, move.after.entity_amount) == (300, 300)


def test_a_liability_leaves_by_its_share_to_date_so_that_nothing_is_left() -> None:
    position, leaving = built(3, 100), []
    for _ in range(3):
        move = lower_position(position, 1, at("99"), HALF_UP)
        leaving.append(move.liability_entity)
        position = move.after

    assert leaving == [33, 34, 33]
    assert (position.amount, position.entity_amount) == (0, 0)


def test_what_is_built_later_is_carried_with_what_is_left() -> None:
    half = lower_position(built(100, 90), 50, at("99"), HALF_UP).after
    more = raise_position(half, 50, at("1.1"), HALF_UP).after

    move = lower_position(more, 50, at("99"), HALF_UP)

    assert (more.amount, more.entity_amount) == (100, 100)
    assert move.liability_entity == 50


def test_a_credit_at_its_own_rate_changes_what_the_rest_is_carried_at() -> None:
    rest = built(200, 190).after(PositionChange(-100, -100, own_rate=True))

    move = lower_position(rest, 50, at("99"), HALF_UP)

    assert move.liability_entity == 45
    assert rest.residue == 0


def test_a_difference_of_rates_is_a_residue_where_nothing_is_open_any_more() -> None:
    nothing = built(100, 95).after(PositionChange(-100, -100, own_rate=True))
    crossed = built(100, 200).after(PositionChange(-101, -101, own_rate=True))

    assert nothing.residue == -5
    assert (crossed.amount, crossed.residue) == (-1, 99)
    assert CarriedPosition().residue == 0


def test_nothing_moves_nothing() -> None:
    assert parts(lower_position(built(5, 5), 0, at("2"), HALF_UP)) == (0, 0, 0, 0)
    assert parts(raise_position(built(5, 5), 0, at("2"), HALF_UP)) == (0, 0, 0, 0)
    assert CarriedPosition().carried(0, HALF_UP) == 0


STEPS = st.lists(
    st.tuples(
        st.integers(min_value=-10_000, max_value=10_000),
        st.fractions(min_value=Fraction(1, 9), max_value=9, max_denominator=97),
    ),
    max_size=12,
)


@given(steps=STEPS)
def test_a_position_that_comes_to_nothing_is_nothing_in_both_currencies(
    steps: list[tuple[int, Fraction]],
) -> None:
    position = CarriedPosition()
    for amount, rate in steps:
        move = raise_position if amount > 0 else lower_position
        moved = move(position, abs(amount), Translate(rate), HALF_UP)
        position = moved.after

        assert moved.asset + moved.liability == abs(amount)
        assert min(parts(moved)) >= 0
        assert position.amount * position.entity_amount >= 0
        assert position.amount or not position.entity_amount
        assert position.asset[0] == max(0, -position.amount)
    closing = lower_position if position.amount > 0 else raise_position
    closed = closing(position, abs(position.amount), at("5"), HALF_UP).after

    assert (closed.amount, closed.entity_amount) == (0, 0)
    assert closed.residue == 0
