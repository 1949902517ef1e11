"""Months and persons' days are limited as their work is worth, whatever the order."""

from datetime import date
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest

from hourline.billing.model_allotted import (
    NOT_ALLOTTED,
    Allotted,
    InvoicedDay,
    Level,
    Over,
    Work,
)
from hourline.billing.rules.allot import allot
from hourline.billing.rules.span_totals import SpanTotal, span_totals
from hourline.master.snapshot import Cap, ContractTerms, Span, SpanCap
from tests.billing.test_allot_rules import HALF_UP, HOUR, block, expense, terms, work


def cap(span: Span, **changes: object) -> SpanCap:
    """Give a limit of the contract that cuts the entry which crosses it."""
    values: dict[str, object] = {
        "span": span,
        "contract_line_no": None,
        "amount": None,
        "seconds": None,
        "whole": False,
        **changes,
    }
    return SpanCap(**values)  # type: ignore[arg-type]  # any field may be changed


def day_of(hours: int, **changes: object) -> SpanCap:
    """Give a limit of so many hours to a person's day."""
    return cap(Span.PERSON_DAY, seconds=hours * HOUR, **changes)


def month_of(amount: int, **changes: object) -> SpanCap:
    """Give a limit of so many cents to a month."""
    return cap(Span.MONTH, amount=amount, **changes)


def invoiced(day: int, **changes: object) -> InvoicedDay:
    """Give what stands on invoices for person 5 on line 7 on a day of March 2025."""
    values: dict[str, object] = {
        "contract_line_no": 7,
        "person_no": 5,
        "dated": date(2025, 3, day),
        **changes,
    }
    return InvoicedDay(**values)  # type: ignore[arg-type]  # any field may be changed


def over(
    works: list[Work], by: ContractTerms, days: tuple[InvoicedDay, ...] = ()
) -> dict[int, Over]:
    """Give what is over which limit by entry, those that something of is over one."""
    return {
        one.entry_no: allotted.over_limits
        for one, allotted in allot(works, by, {}, HALF_UP, days=days)
        if allotted.over_limits
    }


def test_a_persons_day_holds_for_all_lines_of_its_contract_and_for_one_person() -> None:
    works = [
        work(1, 3, 5 * HOUR),
        work(2, 3, 5 * HOUR, contract_line_no=8),
        work(3, 3, 5 * HOUR, person_no=6),
        work(4, 4, 5 * HOUR),
    ]

    assert over(works, terms(span_caps=(day_of(8),))) == {
        2: ((Level.CONTRACT_DAY, 2 * HOUR),)
    }


def test_a_month_is_of_work_dates_and_of_one_line_where_it_is_the_lines() -> None:
    works = [
        work(1, 31, 3 * HOUR),
        work(2, 31, 3 * HOUR, contract_line_no=8),
        work(3, 1, 3 * HOUR, dated=date(2025, 4, 1)),
        work(4, 31, 3 * HOUR, source_id="z", person_no=6),
    ]

    assert over(works, terms(span_caps=(month_of(40_000, contract_line_no=7),))) == {
        4: ((Level.LINE_MONTH, 2 * HOUR),)
    }


def test_limits_hold_from_the_innermost_to_the_outermost() -> None:
    by = terms(
        span_caps=(
            month_of(50_000),
            month_of(70_000, contract_line_no=7),
            day_of(9),
            day_of(10, contract_line_no=7),
        ),
        line_caps={7: Cap(60_000, whole=False)},
        cap=Cap(40_000, whole=False),
    )

    assert over([work(seconds=11 * HOUR)], by) == {
        1: (
            (Level.LINE_DAY, HOUR),
            (Level.CONTRACT_DAY, HOUR),
            (Level.LINE_MONTH, 2 * HOUR),
            (Level.LINE, HOUR),
            (Level.CONTRACT_MONTH, HOUR),
            (Level.CONTRACT, HOUR),
        )
    }


def test_what_an_outer_limit_refuses_takes_no_room_of_an_inner_one() -> None:
    by = terms(span_caps=(day_of(3),), cap=Cap(20_000, whole=True))
    works = [work(1, 3, 3 * HOUR), work(2, 3, 2 * HOUR)]

    assert over(works, by) == {1: ((Level.CONTRACT, 3 * HOUR),)}


def test_what_is_blocked_is_over_whole_and_a_later_one_that_fits_is_billed() -> None:
    works = [work(1, 3, 5 * HOUR), work(2, 3, 4 * HOUR), work(3, 3, 3 * HOUR)]

    assert over(works, terms(span_caps=(day_of(8, whole=True),))) == {
        2: ((Level.CONTRACT_DAY, 4 * HOUR),)
    }


def test_of_a_limit_in_money_and_in_hours_the_lower_one_cuts() -> None:
    both = day_of(8, amount=70_050)

    # 700.50 pay for 7 h and 18 s at 100.00; at half the rate 8 h come first.
    assert over([work(seconds=9 * HOUR)], terms(span_caps=(both,))) == {
        1: ((Level.CONTRACT_DAY, 2 * HOUR - 18),)
    }
    cheap = work(seconds=9 * HOUR, second_worth=Fraction(5_000, HOUR))
    assert over([cheap], terms(span_caps=(both,))) == {1: ((Level.CONTRACT_DAY, HOUR),)}


def test_thirds_of_an_hour_fill_a_limit_to_the_last_second() -> None:
    # Three times 20 minutes at 100.01: each is 33.336..., together exactly 100.01.
    works = [
        work(entry, 3, HOUR // 3, second_worth=Fraction(10_001, HOUR))
        for entry in (1, 2, 3)
    ]

    assert over(works, terms(span_caps=(month_of(10_001),))) == {}
    assert over(works, terms(span_caps=(month_of(10_000),))) == {
        3: ((Level.CONTRACT_MONTH, 1),)
    }


def test_an_expense_counts_for_months_in_money_and_for_nothing_else() -> None:
    works = [expense(1, 3, 90_000), work(2, 4, 9 * HOUR)]
    caps = (
        cap(Span.MONTH, amount=150_000, seconds=8 * HOUR),
        cap(Span.PERSON_DAY, amount=60_000),
    )

    # 9 h pass the day of 600.00 with 6 h, for which 600.00 are left in the month.
    assert over(works, terms(span_caps=caps)) == {2: ((Level.CONTRACT_DAY, 3 * HOUR),)}
    assert over([expense(1, 3, 150_040)], terms(span_caps=caps)) == {
        1: ((Level.CONTRACT_MONTH, 40),)
    }


def test_prepaid_hours_ask_for_no_room() -> None:
    by = terms(span_caps=(day_of(3),), blocks=(block(1, 2),))

    [(_, allotted)] = allot([work(seconds=6 * HOUR)], by, {}, HALF_UP)

    assert allotted == Allotted(
        prepaid=((1, 2 * HOUR),), over_limits=((Level.CONTRACT_DAY, HOUR),)
    )


def test_what_is_invoiced_has_its_room_with_what_was_set_by_hand() -> None:
    # 5 h invoiced for 50.00 less than 500.00, and an expense of 300.00.
    day = invoiced(
        3,
        seconds=Fraction(5 * HOUR),
        worth=Fraction(45_000),
        expenses=Fraction(30_000),
    )
    one = work(1, 3, 9 * HOUR)

    assert over([one], terms(span_caps=(month_of(100_000),)), (day,)) == {
        1: ((Level.CONTRACT_MONTH, 9 * HOUR - 9_000),)
    }
    assert over([one], terms(span_caps=(day_of(8),)), (day,)) == {
        1: ((Level.CONTRACT_DAY, 6 * HOUR),)
    }
    assert over([one], terms(span_caps=(day_of(4),)), (day,)) == {
        1: ((Level.CONTRACT_DAY, 9 * HOUR),)
    }


def test_the_limit_of_the_work_date_holds_and_none_where_there_is_none() -> None:
    caps = (
        month_of(50_000, ends=date(2025, 3, 10)),
        month_of(70_000, starts=date(2025, 3, 10), ends=date(2025, 3, 20)),
    )
    works = [
        work(1, 9, 6 * HOUR),
        work(2, 10, 4 * HOUR),
        work(3, 20, 9 * HOUR),
    ]

    assert over(works, terms(span_caps=caps)) == {
        1: ((Level.CONTRACT_MONTH, HOUR),),
        2: ((Level.CONTRACT_MONTH, 2 * HOUR),),
    }


def test_work_without_a_price_fits_until_the_limit_is_passed() -> None:
    free = work(seconds=HOUR, second_worth=Fraction(0))
    day = invoiced(1, worth=Fraction(200))

    assert over([free], terms(span_caps=(month_of(200),)), (day,)) == {}
    assert over([free], terms(span_caps=(month_of(100),)), (day,)) == {
        1: ((Level.CONTRACT_MONTH, HOUR),)
    }


def test_without_a_limit_of_its_line_work_is_billable() -> None:
    other = work(contract_line_no=8)
    by = terms(span_caps=(day_of(0, contract_line_no=7),))

    assert allot([other], by, {}, HALF_UP) == [(other, NOT_ALLOTTED)]


@pytest.mark.parametrize("whole", [True, False])
def test_any_order_of_arrival_gives_the_same(whole: bool) -> None:  # noqa: FBT001 - a case
    works = [
        work(entry, 5 - entry // 2, entry * 2_777, contract_line_no=7 + entry % 2)
        for entry in (1, 2, 3, 4)
    ]
    by = terms(
        span_caps=(
            day_of(3, whole=whole),
            month_of(40_000, whole=whole),
            day_of(2, contract_line_no=8),
        )
    )

    results = [over(list(order), by) for order in permutations(works)]

    assert all(result == results[0] for result in results)
    assert results[0]


@pytest.mark.parametrize("seed", range(20))
def test_no_month_and_no_day_is_above_its_limit_and_none_wastes_a_second(
    seed: int,
) -> None:
    random = Random(seed)
    works = [
        work(
            entry,
            random.randint(1, 3),
            random.randint(1, 20_000),
            second_worth=Fraction(random.randint(1, 9_999), HOUR),
            person_no=random.choice([5, 6]),
        )
        for entry in range(1, 12)
    ]
    month, hours = random.randint(0, 60_000), random.randint(0, 9)
    caps = (month_of(month), day_of(hours))

    allotted = allot(works, terms(span_caps=caps), {}, HALF_UP)

    billed = [(one, one.seconds - part.over) for one, part in allotted]
    worth = sum(one.worth(seconds) for one, seconds in billed)
    assert worth <= month
    days: dict[tuple[int, date], int] = {}
    cut_by_month = set()
    for (one, part), (_, seconds) in zip(allotted, billed, strict=True):
        day = one.person_no, one.dated
        days[day] = days.get(day, 0) + seconds
        if part.over_of(Level.CONTRACT_MONTH):
            assert worth > month - one.second_worth
            cut_by_month.add(day)
    assert max(days.values()) <= hours * HOUR
    for one, part in allotted:
        day = one.person_no, one.dated
        if part.over_of(Level.CONTRACT_DAY) and day not in cut_by_month:
            assert days[day] == hours * HOUR


def totals(caps: tuple[SpanCap, ...], *days: InvoicedDay) -> list[SpanTotal]:
    """Give what is invoiced by limit."""
    return list(span_totals(caps, days).values())


def test_what_is_invoiced_is_compared_in_whole_cents() -> None:
    caps = (month_of(1_000),)
    [at_most] = totals(caps, invoiced(3, worth=Fraction(10_009, 10)))
    [above] = totals(
        caps,
        invoiced(3, worth=Fraction(10_009, 10)),
        invoiced(31, contract_line_no=8, expenses=Fraction(1, 10)),
    )

    assert (at_most.amount, at_most.is_above_amount) == (1_000, False)
    assert (above.amount, above.is_above_amount) == (1_001, True)
    assert not above.is_above_hours


def test_a_persons_day_is_compared_in_seconds() -> None:
    caps = (day_of(1, contract_line_no=7),)
    seconds = Fraction(HOUR + 1)
    days = [
        invoiced(3, seconds=seconds),
        invoiced(3, seconds=seconds, contract_line_no=8),
        invoiced(4, seconds=seconds - 1),
    ]

    assert [one.is_above_hours for one in totals(caps, *days)] == [True, False]


def test_of_a_month_whose_limit_changed_the_highest_counts() -> None:
    early = month_of(500, ends=date(2025, 3, 10))
    late = month_of(700, starts=date(2025, 3, 10), ends=date(2025, 3, 20))
    days = [invoiced(9, worth=Fraction(400)), invoiced(10, worth=Fraction(400))]

    [total] = totals((early, late), *days)
    [unlimited] = totals((early, late), *days, invoiced(20, worth=Fraction(1)))

    assert (total.amount, total.amount_limit) == (800, 700)
    assert unlimited.amount_limit is None
    assert not unlimited.is_above_amount
