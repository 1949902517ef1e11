"""What is withheld of invoices, what credits give back, and how it is released."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model import CreditedLine, Movement
from hourline.billing.rules.retain import (
    NOTHING_RETAINED,
    Carried,
    Retainable,
    Retained,
    retain,
    retainage_movement,
    take_in_order,
    withhold_no_longer,
)
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding
from tests.billing.items import HOUR, invoiced

TENTH = 1_000


def withheld(
    *lines: Retainable, before: Retained = NOTHING_RETAINED, room: int = 10**9
) -> dict[int, Retained]:
    return retain(lines, before=before, room=room, rounding=Rounding.HALF_UP)


def no_longer(
    *credited: CreditedLine, outstanding: int = 10**9
) -> list[tuple[int, int]]:
    found = withhold_no_longer(
        credited, outstanding=outstanding, rounding=Rounding.HALF_UP
    )
    return [(one.retained, one.retained_exact) for one in found]


def half(net: int, *, retained: int, exact: int) -> CreditedLine:
    line = replace(invoiced(net=net), retained=retained, retained_exact=exact)
    return CreditedLine(line=line, seconds=4 * HOUR, net=net // 2)


def test_many_small_lines_withhold_what_one_large_one_would() -> None:
    lines = [Retainable(number, 3_333, TENTH) for number in (1, 2, 3)]

    assert [one.amount for one in withheld(*lines).values()] == [333, 334, 333]
    assert withheld(Retainable(1, 9_999, TENTH))[1].amount == 1_000


def test_the_next_invoice_goes_on_where_the_last_one_was_rounded() -> None:
    before = Retained(333, 3_333_000)

    assert withheld(Retainable(1, 3_333, TENTH), before=before) == {
        1: Retained(334, 3_333_000)
    }


def test_no_more_is_withheld_than_is_left_to_be_paid_and_the_last_line_gives_way() -> (
    None
):
    lines = [Retainable(1, 10_000, TENTH), Retainable(2, 10_000, TENTH)]

    assert withheld(*lines, room=1_500) == {
        1: Retained(1_000, 10_000_000),
        2: Retained(500, 5_000_000),
    }
    assert withheld(*lines, room=300) == {
        1: Retained(300, 3_000_000),
        2: Retained(0, 0),
    }
    assert withheld(*lines, room=0) == {}


def test_lines_without_a_percentage_and_invoices_of_nothing_withhold_nothing() -> None:
    assert withheld(Retainable(1, 10_000, 0), Retainable(2, 100, TENTH)) == {
        2: Retained(10, 100_000)
    }
    assert withheld(Retainable(1, 100, TENTH), Retainable(2, -100, TENTH)) == {}


def test_a_line_below_zero_lowers_what_is_withheld() -> None:
    found = withheld(Retainable(1, 10_000, TENTH), Retainable(2, -2_000, TENTH))

    assert sum(one.amount for one in found.values()) == 800


def test_a_credit_gives_back_its_share_and_the_last_one_the_rest() -> None:
    first = half(333, retained=33, exact=333_000)
    line = replace(
        first.line,
        credited_net=166,
        credited_retained=16,
        credited_retained_exact=166_000,
    )
    rest = replace(first, line=line, net=167)

    assert no_longer(first) == [(16, 166_000)]
    assert no_longer(rest) == [(17, 167_000)]


def test_a_credit_gives_back_no_more_than_is_withheld_still() -> None:
    lines = [half(200, retained=20, exact=200_000) for _ in range(2)]
    second = replace(lines[1], line=replace(lines[1].line, line_no=2))

    assert no_longer(lines[0], second, outstanding=12) == [(10, 100_000), (2, 20_000)]
    assert no_longer(lines[0], outstanding=0) == [(0, 0)]


def test_a_credit_of_a_line_of_which_nothing_is_withheld_gives_nothing_back() -> None:
    assert no_longer(half(200, retained=0, exact=0)) == [(0, 0)]


def test_a_release_takes_the_invoices_in_their_order_at_what_they_stand_at() -> None:
    standing = [Carried(100, 110), Carried(50, 60), Carried(10, 12)]

    assert take_in_order(standing, 125, Rounding.HALF_UP) == [
        Carried(100, 110),
        Carried(25, 30),
        Carried(0, 0),
    ]


@pytest.mark.parametrize(
    ("moved", "sides"),
    [
        (
            retainage_movement(Carried(10, 11), withheld=True),
            (Role.RETAINAGE, Role.RECEIVABLE),
        ),
        (
            retainage_movement(Carried(10, 11), withheld=False),
            (Role.RECEIVABLE, Role.RETAINAGE),
        ),
        (
            retainage_movement(Carried(-10, -11), withheld=False),
            (Role.RETAINAGE, Role.RECEIVABLE),
        ),
    ],
)
def test_what_is_withheld_leaves_the_receivable_and_comes_back(
    moved: Movement, sides: tuple[Role, Role]
) -> None:
    assert (moved.debit, moved.credit) == sides
    assert (moved.amount, moved.entity_amount) == (10, 11)
    assert moved.effect is Effect.RETAINAGE


@given(
    st.lists(
        st.lists(st.integers(1, 10**7), min_size=1, max_size=4), min_size=1, max_size=6
    ),
    st.integers(1, 10_000),
    st.sampled_from(Rounding),
)
def test_over_all_invoices_what_is_withheld_is_the_rounded_percentage_of_all(
    invoices: list[list[int]], basis_points: int, rounding: Rounding
) -> None:
    before = NOTHING_RETAINED
    for amounts in invoices:
        lines = [
            Retainable(number, gross, basis_points)
            for number, gross in enumerate(amounts)
        ]
        found = retain(lines, before=before, room=10**9, rounding=rounding)
        before = Retained(
            before.amount + sum(one.amount for one in found.values()),
            before.exact + sum(one.exact for one in found.values()),
        )
        assert sum(one.amount for one in found.values()) >= 0

    # An invoice that comes to nothing withholds nothing, and leaves no trace.
    whole = Fraction(before.exact, 10_000)
    assert abs(before.amount - whole) <= Fraction(1, 2)
    assert whole <= Fraction(sum(map(sum, invoices)) * basis_points, 10_000)


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=6), st.integers(0, 10_000))
def test_credits_in_any_parts_give_back_all_that_was_withheld(
    parts: list[int], basis_points: int
) -> None:
    exact = sum(parts) * basis_points
    line = replace(
        invoiced(net=sum(parts)), retained=exact // 10_000, retained_exact=exact
    )
    outstanding = line.retained
    for net in parts:
        credit = CreditedLine(line=line, seconds=0, net=net)
        [found] = withhold_no_longer(
            [credit], outstanding=outstanding, rounding=Rounding.HALF_UP
        )
        assert 0 <= found.retained <= outstanding
        outstanding -= found.retained
        line = replace(
            line,
            credited_net=line.credited_net + net,
            credited_retained=line.credited_retained + found.retained,
            credited_retained_exact=line.credited_retained_exact + found.retained_exact,
        )

    assert outstanding == 0
    assert line.credited_retained_exact == exact
