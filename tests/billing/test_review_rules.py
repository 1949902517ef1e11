"""Give time up and adjust invoices: no second and no cent comes or goes by it."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model import (
    Adjustment,
    Because,
    CreditedLine,
    OpenItem,
)
from hourline.billing.rules.adjust import adjust
from hourline.billing.rules.credit import credited_at_rate
from hourline.billing.rules.give_up import GivenUp, give_up, leave_out
from hourline.kernel.money import Rounding
from tests.billing.items import HOUR, invoiced, milestone, portion
from tests.billing.test_running_total import TERMS, assembled

HALF_UP = Rounding.HALF_UP
WHY = Because(actor="M. Ito", reason="agreed")


def by_hours(hours: int, entry_no: int = 1) -> Adjustment:
    return Adjustment(entry_no=entry_no, seconds=hours * HOUR, because=WHY)


def by_amount(amount: int, entry_no: int = 1) -> Adjustment:
    return Adjustment(entry_no=entry_no, amount=amount, because=WHY)


def shown(given: list[GivenUp] | None) -> list[tuple[int, int, int, int]]:
    assert given is not None
    return [
        (one.seconds, one.amount, one.reversed, one.reversed_entity) for one in given
    ]


def adjusted(items: list[OpenItem], *wanted: Adjustment) -> list[OpenItem]:
    found = adjust(items, wanted, follow=False)
    assert isinstance(found, list)
    return found


def test_two_of_six_hours_written_off_are_worth_two_and_reverse_their_accrual() -> None:
    item = portion(
        seconds=6 * HOUR, value=60_000, accrued=60_000, accrued_entity=66_000
    )

    assert shown(give_up([item], 2 * HOUR, HALF_UP)) == [
        (2 * HOUR, 20_000, 20_000, 22_000)
    ]
    assert shown(give_up([item], None, HALF_UP)) == [(6 * HOUR, 60_000, 60_000, 66_000)]


def test_more_than_is_there_is_not_given_up() -> None:
    item = portion(seconds=6 * HOUR, seconds_billed=4 * HOUR, seconds_given_up=HOUR)

    assert give_up([item], HOUR + 1, HALF_UP) is None
    assert give_up([], None, HALF_UP) is None


def test_portions_are_given_up_in_their_order() -> None:
    items = [portion(seconds=HOUR, value=100), portion(seconds=HOUR, value=50)]

    assert shown(give_up(items, HOUR + 36, HALF_UP)) == [
        (HOUR, 100, 0, 0),
        (36, 1, 0, 0),
    ]
    assert shown(give_up(items, 36, HALF_UP)) == [(36, 1, 0, 0)]


def test_hours_bill_so_many_and_leave_the_rest_out() -> None:
    items = [
        portion(seconds=4 * HOUR, value=40_000, accrued=40_000),
        portion(entry_no=2),
        milestone(),
    ]

    first, second, third = adjusted(items, by_hours(3))

    assert (first.seconds, first.seconds_left_out) == (3 * HOUR, HOUR)
    assert (second, third) == (items[1], items[2])
    assert shown(leave_out([first, second, third], HALF_UP)) == [
        (HOUR, 10_000, 10_000, 0)
    ]
    [line] = assembled(first).lines
    assert (line.net, line.accrual_reversed) == (30_000, 30_000)


def test_what_is_left_out_whole_is_no_line() -> None:
    [item] = adjusted([portion()], by_hours(0))

    assert not item.is_listed
    assert milestone().is_listed


def test_hours_of_two_portions_are_billed_in_their_order() -> None:
    items = [portion(seconds=HOUR), portion(seconds=HOUR)]

    found = adjusted(items, Adjustment(entry_no=1, seconds=5_400, because=WHY))

    assert [item.seconds for item in found] == [3_600, 1_800]


def test_an_amount_keeps_the_hours_and_moves_no_running_total() -> None:
    items = [portion(seconds=900, hourly_cents=2_750), portion(entry_no=2)]

    invoice = assembled(*adjusted(items, by_amount(500)))

    assert [(line.net, line.net_at_rate) for line in invoice.lines] == [
        (500, 688),
        (10_000, None),
    ]
    assert invoice.seconds == 4_500


def test_an_amount_for_two_portions_is_shared_by_what_they_are_worth() -> None:
    items = [portion(seconds=HOUR), portion(seconds=2 * HOUR)]
    free = [replace(item, rate_amount=0) for item in items]

    assert [one.net_by_hand for one in adjusted(items, by_amount(100))] == [33, 67]
    assert [one.net_by_hand for one in adjusted(free, by_amount(100))] == [33, 67]


@pytest.mark.parametrize(
    "wanted", [by_hours(2), by_hours(1, entry_no=2), by_amount(5, entry_no=2)]
)
def test_an_adjustment_that_does_not_fit_is_refused_or_follows(
    wanted: Adjustment,
) -> None:
    items = [portion(seconds=HOUR)]

    assert adjust(items, [wanted], follow=False) is wanted
    assert adjust(items, [wanted], follow=True) == items


@pytest.mark.parametrize(
    "wrong",
    [{}, {"seconds": 1, "amount": 1}, {"seconds": -1}, {"amount": -1}],
)
def test_an_adjustment_that_means_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="An adjustment is"):
        Adjustment(entry_no=1, because=WHY, **wrong)


def test_an_entry_is_adjusted_once() -> None:
    with pytest.raises(ValueError, match="adjusted once"):
        replace(TERMS, adjustments=(by_hours(1), by_amount(1)))

    two = (by_hours(1), by_hours(1, entry_no=2))
    assert replace(TERMS, adjustments=two).adjustments == two


def test_a_credit_of_an_amount_takes_its_share_off_the_running_total() -> None:
    line = invoiced(seconds=4 * HOUR, net=30_000, net_at_rate=40_004)
    quarter = CreditedLine(line=line, seconds=HOUR, net=7_500)
    later = replace(
        line, credited_seconds=HOUR, credited_net=7_500, credited_net_at_rate=10_001
    )
    rest = CreditedLine(line=later, seconds=3 * HOUR, net=22_500)
    plain = CreditedLine(line=replace(line, net_at_rate=None), seconds=1, net=1)

    assert credited_at_rate(quarter, HALF_UP) == 10_001
    assert credited_at_rate(rest, HALF_UP) == 30_003
    assert credited_at_rate(plain, HALF_UP) is None


@dataclass
class Life:
    """Live through what becomes of one portion, and keep what was booked of it."""

    item: OpenItem
    rounding: Rounding
    reversed: int = 0
    given_up: int = 0
    acts: int = 0

    def bill(self, seconds: int) -> None:
        left_out = self.item.seconds - min(seconds, self.item.seconds)
        item = replace(self.item, seconds_left_out=left_out)
        given = leave_out([item], self.rounding)
        self._settle(billed=item.seconds)
        for one in given:
            self._give(one)

    def give_up(self, seconds: int) -> None:
        for one in give_up([self.item], seconds, self.rounding) or ():
            self._give(one)

    def credit(self, seconds: int) -> None:
        self._settle(billed=-min(seconds, self.item.seconds_billed))

    def _give(self, one: GivenUp) -> None:
        self.acts += 1
        self.given_up += one.amount
        self.reversed += one.reversed
        given_up = self.item.seconds_given_up + one.seconds
        self.item = replace(self.item, seconds_given_up=given_up)

    def _settle(self, *, billed: int) -> None:
        before = self.item.settled[0]
        self.item = replace(self.item, seconds_billed=self.item.seconds_billed + billed)
        self.reversed += self.item.accrual.reversed_between(
            before, self.item.settled[0], self.rounding
        )[0]


@given(
    seconds=st.integers(1, 40_000),
    value=st.integers(0, 1_000_000),
    acts=st.lists(
        st.tuples(
            st.sampled_from(["bill", "give_up", "credit"]), st.integers(0, 40_000)
        ),
        max_size=12,
    ),
    rounding=st.sampled_from(list(Rounding)),
)
def test_any_reviews_bills_and_credits_conserve_time_and_accrual(
    seconds: int, value: int, acts: list[tuple[str, int]], rounding: Rounding
) -> None:
    item = portion(seconds=seconds, value=value, accrued=value)
    life = Life(item, rounding)

    for name, asked in acts:
        getattr(life, name)(asked)
        now = life.item
        assert now.seconds_billed + now.seconds_given_up + now.seconds == seconds
        # Each act is rounded by itself, by half a minor unit at most.
        assert 0 <= life.given_up <= value + life.acts / 2
    life.give_up(life.item.seconds)

    settled = life.item.settled[0] == seconds
    assert not settled or life.reversed == value
    assert life.item.seconds_billed or abs(life.given_up - value) <= life.acts / 2


def test_what_stays_accrued_is_the_value_of_what_is_open() -> None:
    # 50 minutes at 33.33 are 27.775; a quarter of an hour is 8.3325, the rest 19.4425.
    item = portion(
        seconds=3_000,
        hourly_cents=3_333,
        value=2_778,
        accrued=2_778,
        accrued_entity=5_556,
    )

    assert shown(give_up([item], 900, HALF_UP)) == [(900, 833, 834, 1_668)]
    rest = replace(item, seconds_given_up=900)
    assert shown(give_up([rest], None, HALF_UP)) == [(2_100, 1_944, 1_944, 3_888)]
