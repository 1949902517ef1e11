"""A limit of one customer stops all work, exactly, and no rounding goes above it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest

from hourline.billing.model import Party
from hourline.billing.model_allotted import (
    NOTHING_BILLED,
    BilledToCustomers,
    Level,
    Over,
    Work,
)
from hourline.billing.rules.allot import allot
from hourline.billing.rules.customer_room import CustomerRoomInMoney
from hourline.billing.rules.share_out import share_out
from hourline.master.snapshot import Cap, ContractTerms, CustomerCap, Span, SpanCap
from tests.billing.items import portion
from tests.billing.test_allot_rules import HALF_UP, HOUR, block, expense, terms, work

HALF = 500_000
A, B = 1, 2


def cap(amount: int, customer_no: int = A, **changes: object) -> CustomerCap:
    """Give a limit of a customer that has half of the contract."""
    values: dict[str, object] = {
        "record": ("contract_customer", f"C1:{customer_no}"),
        "customer_no": customer_no,
        "customer": str(customer_no),
        "contract_line_no": None,
        "amount": amount,
        "whole": False,
        "shares": ((date.min, HALF),),
        **changes,
    }
    return CustomerCap(**values)  # type: ignore[arg-type]  # any field may be changed


def over(
    works: list[Work], by: ContractTerms, billed: BilledToCustomers = NOTHING_BILLED
) -> dict[int, Over]:
    """Give what is over which limit by entry, those that something of is over one."""
    return {
        one.entry_no: allotted.over_limits
        for one, allotted in allot(works, by, {}, HALF_UP, customers=billed)
        if allotted.over_limits
    }


def test_the_share_of_a_customer_counts_to_the_last_whole_second() -> None:
    # 33.3333 % of 100.00 an hour: 300.00 end after 9 h and 0.03 s, a cent later 1 s on.
    third = cap(30_000, shares=((date.min, 333_333),))

    assert over([work(seconds=10 * HOUR)], terms(customer_caps=(third,))) == {
        1: ((Level.CONTRACT_CUSTOMER, HOUR),)
    }
    later = cap(30_001, shares=((date.min, 333_333),))
    assert over([work(seconds=10 * HOUR)], terms(customer_caps=(later,))) == {
        1: ((Level.CONTRACT_CUSTOMER, HOUR - 1),)
    }


def test_the_lowest_of_several_customers_stops_the_work() -> None:
    by = terms(customer_caps=(cap(30_000), cap(20_000, B)))

    assert over([work(seconds=7 * HOUR)], by) == {
        1: ((Level.CONTRACT_CUSTOMER, 3 * HOUR),)
    }


def test_customers_come_before_the_limit_of_their_line_and_of_their_contract() -> None:
    by = terms(
        span_caps=(
            SpanCap(
                span=Span.MONTH,
                contract_line_no=None,
                amount=60_000,
                seconds=None,
                whole=False,
            ),
        ),
        customer_caps=(cap(45_000, contract_line_no=7), cap(25_000)),
        line_caps={7: Cap(80_000, whole=False)},
        cap=Cap(40_000, whole=False),
    )

    assert over([work(seconds=10 * HOUR)], by) == {
        1: (
            (Level.LINE_CUSTOMER, HOUR),
            (Level.LINE, HOUR),
            (Level.CONTRACT_MONTH, 2 * HOUR),
            (Level.CONTRACT_CUSTOMER, HOUR),
            (Level.CONTRACT, HOUR),
        )
    }


def test_a_limit_on_a_line_is_for_no_other_line() -> None:
    by = terms(customer_caps=(cap(0, contract_line_no=8),))

    assert over([work(), work(2, contract_line_no=8)], by) == {
        2: ((Level.LINE_CUSTOMER, HOUR),)
    }


def test_what_is_blocked_is_over_whole_and_a_later_one_that_fits_is_billed() -> None:
    by = terms(customer_caps=(cap(25_000, whole=True),))
    works = [work(1, 3, 3 * HOUR), work(2, 4, 3 * HOUR), work(3, 5, 2 * HOUR)]

    assert over(works, by) == {2: ((Level.CONTRACT_CUSTOMER, 3 * HOUR),)}


def test_the_share_of_the_work_date_counts_and_none_asks_for_no_room() -> None:
    shares = ((date.min, 0), (date(2025, 3, 10), HALF), (date(2025, 3, 20), 1_000_000))
    by = terms(customer_caps=(cap(20_000, shares=shares),))
    works = [work(1, 9, 9 * HOUR), work(2, 19, 2 * HOUR), work(3, 20, 2 * HOUR)]

    assert over(works, by) == {3: ((Level.CONTRACT_CUSTOMER, HOUR),)}


def test_what_is_open_of_billed_work_keeps_the_shares_it_was_billed_by() -> None:
    billed = BilledToCustomers({(7, A): Fraction(10_000)}, {(1, 1, 1): {A: 250_000}})
    by = terms(customer_caps=(cap(20_000),))
    works = [work(1, 3, 3 * HOUR), work(2, 4, HOUR)]

    # 75.00 of entry 1 leave 25.00, of entry 2 half an hour.
    assert over(works, by, billed) == {2: ((Level.CONTRACT_CUSTOMER, HOUR // 2),)}
    foreign = BilledToCustomers({(7, A): Fraction(10_000)}, {(1, 1, 1): {B: 10}})
    assert over(works, by, foreign) == {}


def test_what_is_billed_has_its_room_on_its_line_and_exactly() -> None:
    of_b = Fraction(9**9)
    billed = BilledToCustomers(
        {(7, A): Fraction(10_000, 3), (8, A): Fraction(20_000, 3), (7, B): of_b}
    )
    works = [work(1, 3, 4 * HOUR)]

    assert over(works, terms(customer_caps=(cap(30_000),)), billed) == {}
    on_line = cap(10_000, contract_line_no=7)
    # 66.66 and two thirds are half of 1 h 20 min.
    assert over(works, terms(customer_caps=(on_line,)), billed) == {
        1: ((Level.LINE_CUSTOMER, 4 * HOUR - 4_800),)
    }


def test_expenses_are_cut_by_amount_and_prepaid_hours_ask_for_no_room() -> None:
    by = terms(customer_caps=(cap(20_000),), blocks=(block(1, 2),))
    works = [work(1, 3, 5 * HOUR), expense(2, 4, 10_001)]

    assert over(works, by) == {2: ((Level.CONTRACT_CUSTOMER, 1),)}


def test_nothing_fits_any_more_and_free_work_fits_until_the_limit_is_passed() -> None:
    free = work(second_worth=Fraction(0))
    at = BilledToCustomers({(7, A): Fraction(100)})
    above = BilledToCustomers({(7, A): Fraction(101)})
    by = terms(customer_caps=(cap(100),))

    assert over([free], by, at) == {}
    assert over([free], by, above) == {1: ((Level.CONTRACT_CUSTOMER, HOUR),)}


@pytest.mark.parametrize("seed", range(20))
def test_no_share_is_above_its_limit_none_wastes_a_second_and_order_is_nothing(
    seed: int,
) -> None:
    random = Random(seed)
    works = [
        work(
            entry,
            random.randint(1, 3),
            random.randint(1, 20_000),
            second_worth=Fraction(random.randint(1, 9_999), HOUR),
        )
        for entry in (1, 2, 3, 4)
    ]
    limit, ppm = random.randint(0, 60_000), random.randint(1, 1_000_000)
    by = terms(customer_caps=(cap(limit, shares=((date.min, ppm),)),))

    found = [over(list(order), by) for order in permutations(works)]

    assert all(one == found[0] for one in found)
    cut = {entry: sum(of for _, of in parts) for entry, parts in found[0].items()}
    share = Fraction(ppm, 1_000_000)
    billed = sum(
        one.worth(one.seconds - cut.get(one.entry_no, 0)) * share for one in works
    )
    assert billed <= limit
    for one in works:
        if cut.get(one.entry_no):
            assert billed + one.second_worth * share > limit


def nets(
    caps: tuple[CustomerCap, ...], count: int, *parties: Party
) -> tuple[list[list[int]], int]:
    """Give what each party pays of so many hours at 0.01, and what they all pay."""
    items = [portion(hourly_cents=1) for _ in range(count)]
    room = CustomerRoomInMoney(caps, {})
    shares = share_out(
        items, [parties] * count, {}, HALF_UP, room=room if caps else None
    )
    per_party = [[one.net for one in shares if one.party == party] for party in parties]
    return per_party, sum(map(sum, per_party))


HALF_OF_A = Party(customer_no=A, share_ppm=HALF, takes_difference=False)
HALF_OF_B = Party(customer_no=B, share_ppm=HALF)


def test_a_cent_of_rounding_above_a_limit_is_for_the_other_customer() -> None:
    free = nets((), 4, HALF_OF_A, HALF_OF_B)
    limited = nets((cap(2),), 4, HALF_OF_A, HALF_OF_B)

    assert free == ([[1, 1, 1, 1], [0, 0, 0, 0]], 4)
    assert limited == ([[1, 1, 0, 0], [0, 0, 1, 1]], 4)


def test_who_takes_the_difference_is_not_brought_above_its_limit_either() -> None:
    fifths = [
        Party(customer_no=no, share_ppm=200_000, takes_difference=no == 1)
        for no in range(1, 6)
    ]

    # A fifth of a cent is none, so the first would pay all five cents.
    paid, all_of_it = nets((cap(1, 1), cap(1, 2)), 5, *fifths)

    assert paid == [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 1, 1], [0] * 5, [0] * 5]
    assert all_of_it == 5


def test_what_nobody_has_room_for_is_billed_by_a_later_line() -> None:
    of_a, of_b = (
        Party(customer_no=no, share_ppm=HALF, takes_difference=no == B) for no in (A, B)
    )
    # Two cents open for A alone, of which it has room for one, and two for B alone.
    billed = ((of_a, replace(of_b, ahead=HOUR)), (replace(of_a, ahead=HOUR), of_b))
    room = CustomerRoomInMoney((cap(100),), {(11, A): 60, (12, A): 39})

    shares = share_out([portion(hourly_cents=4)] * 2, billed, {}, HALF_UP, room=room)

    assert [(one.party.customer_no, one.net) for one in shares] == [(A, 1), (B, 3)]
