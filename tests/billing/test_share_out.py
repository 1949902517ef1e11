"""Split every line among customers so that no cent is lost and none is made."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model import Adjustment, Because, OpenItem, Party
from hourline.billing.rules.adjust import adjust
from hourline.billing.rules.describe import describe
from hourline.billing.rules.running_total import RunningTotal
from hourline.billing.rules.share_out import (
    PricedShare,
    amounts_open,
    share_out,
    split_amount,
)
from hourline.kernel.money import Rounding
from tests.billing.items import HOUR, milestone, portion

HALF_UP = Rounding.HALF_UP
A, B, C = (
    Party(customer_no=1, share_ppm=333_300, takes_difference=False),
    Party(customer_no=2, share_ppm=333_300, takes_difference=False),
    Party(customer_no=3, share_ppm=333_400),
)


def shared(item: OpenItem, *parties: Party, billed: int = 0) -> list[PricedShare]:
    totals = {item.contract_line_no: RunningTotal(Fraction(billed), billed)}
    return share_out([item], [parties], totals, HALF_UP)


def test_the_last_customer_takes_what_the_others_leave_of_a_line() -> None:
    shares = shared(portion(hourly_cents=100_05), A, B, C)

    assert [one.net for one in shares] == [33_35, 33_35, 33_35]


def test_each_customer_is_billed_all_of_the_time() -> None:
    shares = shared(portion(hourly_cents=100_05), A, B, C)

    assert [one.item.seconds for one in shares] == [HOUR, HOUR, HOUR]
    assert [one.item.customer_no for one in shares] == [1, 2, 3]


def test_what_is_open_for_one_customer_is_billed_to_that_one_only() -> None:
    item = portion(hourly_cents=100_00, accrued=100_00)
    credited = replace(item, uneven=HOUR, weight_uneven=333_300 * HOUR)
    others = (replace(A, ahead=0), replace(B, ahead=HOUR), replace(C, ahead=HOUR))

    [share] = shared(credited, *others)

    assert (share.item.customer_no, share.net) == (1, 33_33)
    assert share.accrual_reversed == 33_33


def test_common_time_is_split_and_the_rest_goes_to_who_lacks_it() -> None:
    item = replace(portion(seconds=3 * HOUR), uneven=HOUR)

    shares = shared(item, A, replace(B, ahead=HOUR), C)

    assert [one.item.seconds for one in shares] == [3 * HOUR, 2 * HOUR, 3 * HOUR]
    assert [one.net for one in shares] == [66_66 + 33_33, 66_66, 66_68 + 33_34]


def test_an_expense_that_is_unevenly_billed_is_billed_by_units() -> None:
    item = replace(
        portion(seconds=0),
        units_total=100_00,
        unit_numerator=Decimal(1),
        uneven=100_00,
    )

    [share] = shared(item, A, replace(B, ahead=100_00), replace(C, ahead=100_00))

    assert (share.item.units, share.net) == (100_00, 33_33)


def test_an_expense_in_part_open_for_all_is_billed_to_each_as_far_as_it_is() -> None:
    item = replace(
        portion(seconds=0),
        units_total=100_00,
        unit_numerator=Decimal(1),
        uneven=40_00,
    )

    shares = shared(item, A, replace(B, ahead=40_00), C)

    assert [one.item.units for one in shares] == [100_00, 60_00, 100_00]


def test_an_amount_set_by_hand_is_split_by_what_is_open_for_each() -> None:
    item = replace(portion(), net_by_hand=90_00, uneven=HOUR)

    shares = shared(item, A, replace(B, ahead=HOUR), replace(C, ahead=HOUR))

    assert [(one.net, one.net_at_rate) for one in shares] == [(90_00, 33_33)]


def test_an_amount_set_by_hand_of_no_time_is_split_by_the_shares() -> None:
    item = replace(portion(seconds=0), net_by_hand=90_00)
    halves = replace(A, share_ppm=500_000), replace(C, share_ppm=500_000)

    assert [one.net for one in shared(item, *halves)] == [45_00, 45_00]


def test_a_milestone_is_split_once_and_keeps_its_parts() -> None:
    fresh = shared(milestone(amount=100_00), A, B, C)
    parts = (
        replace(A, amount_open=0),
        replace(B, amount_open=10_00),
        replace(C, amount_open=0),
    )

    again = shared(milestone(amount=10_00), *parts)

    assert [one.net for one in fresh] == [33_33, 33_33, 33_34]
    assert [(one.item.customer_no, one.net) for one in again] == [(2, 10_00)]


def test_more_of_a_milestone_than_was_split_is_split_by_the_shares() -> None:
    parts = (replace(A, amount_open=0), replace(C, amount_open=10_00))

    assert amounts_open(milestone(amount=20_00), parts, HALF_UP) == [5_00, 15_00]


def test_a_share_is_told_on_the_line() -> None:
    item = replace(portion(), share_ppm=333_300)

    text = describe(item, person="Ann", project="Atlas", contract_line="C1.1")

    assert text == "2025-02-03 Ann, Atlas, 1 h, share 33.33 %"


def test_what_is_billed_to_others_cannot_be_left_out() -> None:
    item = replace(portion(seconds=3 * HOUR), uneven=2 * HOUR)
    less, enough = (
        Adjustment(
            entry_no=1, seconds=hours * HOUR, because=Because(actor="x", reason="x")
        )
        for hours in (1, 2)
    )

    followed = adjust([item], [less], follow=True)

    assert adjust([item], [less], follow=False) == less
    assert adjust([item], [enough], follow=False) == [
        replace(item, seconds_left_out=HOUR)
    ]
    assert followed == [replace(item, seconds_left_out=HOUR)]


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=9))
def test_a_split_is_always_the_whole(amount: int, weights: list[int]) -> None:
    for taker in range(len(weights)):
        assert sum(split_amount(amount, weights, taker, HALF_UP)) == amount


@given(
    st.integers(1, 40 * HOUR),
    st.integers(0, 10**6),
    st.lists(st.integers(0, 10), min_size=3, max_size=3),
    st.integers(0, 10**7),
)
def test_whoever_was_credited_all_is_billed_and_reversed_in_the_end(
    seconds: int, cents: int, ahead: list[int], accrued: int
) -> None:
    behind = [seconds * (10 - part) // 10 for part in ahead]
    least = min(seconds - one for one in behind)
    parties = [
        replace(party, ahead=seconds - one - least)
        for party, one in zip((A, B, C), behind, strict=True)
    ]
    most = max(party.ahead for party in parties)
    item = replace(
        portion(
            seconds=seconds, seconds_billed=least, hourly_cents=cents, accrued=accrued
        ),
        uneven=most,
        weight_uneven=sum(party.share_ppm * (most - party.ahead) for party in parties),
    )
    settled, whole = item.settled
    open_for = [party for party in parties if seconds - least > party.ahead]

    shares = share_out([item], [tuple(parties)], {}, HALF_UP) if open_for else []

    billed = settled + sum(
        Fraction(one.item.share_ppm * one.item.seconds, 1_000_000) for one in shares
    )
    assert billed == whole
    reversed_ = sum(one.accrual_reversed for one in shares)
    before = (
        accrued
        if settled == whole
        else round_half_up(Fraction(accrued * settled) / whole)
    )
    assert reversed_ == accrued - before


def round_half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
