"""What is prepaid and over a limit depends on the work and on nothing else."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest

from hourline.billing.model_allotted import (
    NOT_ALLOTTED,
    Allotted,
    Invoiced,
    Level,
    PartAmounts,
    Work,
)
from hourline.billing.rules.allot import allot
from hourline.billing.rules.allot_amounts import part_amounts
from hourline.billing.rules.earn import earned_to_date
from hourline.kernel.money import Rounding
from hourline.master.snapshot import Block, Cap, ContractTerms

HOUR = 3_600
HALF_UP = Rounding.HALF_UP


def work(entry: int = 1, day: int = 1, seconds: int = HOUR, **changes: object) -> Work:
    """Give work of contract line 7 at 100.00 an hour on a day of March 2025."""
    values: dict[str, object] = {
        "contract_line_no": 7,
        "entry_no": entry,
        "revision": 1,
        "part": 1,
        "person_no": 5,
        "dated": date(2025, 3, day),
        "approved_at": datetime(2025, 4, 1, tzinfo=UTC),
        "source_id": f"t{entry}",
        "seconds": seconds,
        "units": 0,
        "second_worth": Fraction(10_000, HOUR),
        "unit_worth": Fraction(0),
        **changes,
    }
    return Work(**values)  # type: ignore[arg-type]  # any field may be changed


def expense(entry: int, day: int, units: int, worth: str = "1") -> Work:
    """Give an expense of contract line 7, each unit worth so many cents exactly."""
    return work(entry, day, 0, units=units, unit_worth=Fraction(Decimal(worth)), part=0)


def terms(**changes: object) -> ContractTerms:
    """Give terms of a contract in dollars."""
    values: dict[str, object] = {"entity_no": 1, "currency": 840, **changes}
    return ContractTerms(**values)  # type: ignore[arg-type]  # any field may be changed


def block(no: int, hours: int, **changes: object) -> Block:
    """Give a block of contract line 7 for all of 2025."""
    values: dict[str, object] = {
        "no": no,
        "id": f"B{no}",
        "contract_line_no": 7,
        "seconds": hours * HOUR,
        "purchased": date(2025, 1, 1),
        "expires": date(2025, 12, 31),
        "price": None,
        **changes,
    }
    return Block(**values)  # type: ignore[arg-type]  # any field may be changed


def found(
    works: list[Work],
    by: ContractTerms | None,
    invoiced: dict[int, Invoiced] | None = None,
) -> dict[int, Allotted]:
    """Give what is allotted by the number of the entry."""
    return {
        one.entry_no: allotted
        for one, allotted in allot(works, by, invoiced or {}, HALF_UP)
    }


def test_without_terms_all_is_billable() -> None:
    assert found([work()], None) == {1: NOT_ALLOTTED}


def test_a_split_is_after_the_last_whole_second_that_fits() -> None:
    # 97.00 an hour; 500.00 pay for 18,556.7 seconds.
    one = work(seconds=36_000, second_worth=Fraction(9_700, HOUR))

    allotted = found([one], terms(cap=Cap(50_000, whole=False)))

    assert allotted[1].over_of(Level.CONTRACT) == 36_000 - 18_556


def test_what_fits_exactly_is_billable_whole() -> None:
    allotted = found([work(seconds=5 * HOUR)], terms(cap=Cap(50_000, whole=False)))

    assert allotted[1] == NOT_ALLOTTED


def test_a_second_does_not_fit_because_its_part_of_a_cent_would_be_rounded_down() -> (
    None
):
    # Ten an hour: a second is worth 0.28 cents, which no rounded total shows.
    one = work(seconds=10 * HOUR + 1, second_worth=Fraction(1_000, HOUR))

    allotted = found([one], terms(cap=Cap(10_000, whole=False)))

    assert allotted[1].over_of(Level.CONTRACT) == 1


def test_rounded_totals_of_lines_do_not_exceed_the_contract_together() -> None:
    # Two lines of half a cent each would be invoiced as a cent each.
    first = work(1, 1, 1, second_worth=Fraction(1, 2))
    second = work(2, 2, 1, second_worth=Fraction(1, 2), contract_line_no=8)

    allotted = found([first, second], terms(cap=Cap(1, whole=False)))

    assert (allotted[1].over, allotted[2].over) == (0, 1)


def test_expenses_count_by_their_amount_but_never_invoice_above_the_limit() -> None:
    # Each of three expenses of 100 cents is worth 100.4 exactly: 301.2 in all.
    each = [expense(entry, entry, 100, "1.004") for entry in (1, 2, 3)]

    assert found(each[:1], terms(cap=Cap(100, whole=False)))[1].over == 0
    allotted = found(each, terms(cap=Cap(301, whole=False)))
    assert [allotted[entry].over for entry in (1, 2, 3)] == [0, 0, 0]
    allotted = found(each, terms(cap=Cap(300, whole=False)))
    assert [allotted[entry].over for entry in (1, 2, 3)] == [0, 0, 1]


def test_what_is_invoiced_has_its_room_at_what_was_invoiced() -> None:
    # Six hours are invoiced, at 50.00 more than their rate gives.
    invoiced = {7: Invoiced(Fraction(60_000), Fraction(60_000), 5_000)}

    allotted = found(
        [work(seconds=4 * HOUR)], terms(cap=Cap(100_000, whole=False)), invoiced
    )

    assert allotted[1].over_of(Level.CONTRACT) == HOUR // 2


def test_a_cent_that_a_credit_left_on_another_line_takes_room() -> None:
    # Line 7 stands at 60.01 for work of 60.00; nothing of it is open.
    invoiced = {7: Invoiced(Fraction(6_000), Fraction(6_000), 0, 6_001)}
    other = work(seconds=4_000, second_worth=Fraction(1), contract_line_no=8)

    allotted = found([other], terms(cap=Cap(10_000, whole=False)), invoiced)

    assert allotted[1].over_of(Level.CONTRACT) == 1


def test_nothing_fits_where_more_is_invoiced_than_the_limit() -> None:
    invoiced = {7: Invoiced(Fraction(60_000), Fraction(60_000), 0)}

    for whole in (True, False):
        allotted = found([work()], terms(cap=Cap(50_000, whole=whole)), invoiced)
        assert allotted[1].over_of(Level.CONTRACT) == HOUR


def test_the_lines_limit_comes_before_the_contracts() -> None:
    by = terms(
        cap=Cap(30_000, whole=False),
        line_caps={7: Cap(20_000, whole=False)},
    )
    works = [
        work(1, 1, 3 * HOUR),
        work(2, 2, 3 * HOUR, contract_line_no=8),
    ]

    allotted = found(works, by)

    assert allotted[1] == Allotted(over_limits=((Level.LINE, HOUR),))
    assert allotted[2] == Allotted(over_limits=((Level.CONTRACT, 2 * HOUR),))


def test_an_entry_spans_blocks_in_the_order_of_their_expiry() -> None:
    blocks = (block(2, 1, expires=date(2025, 3, 31)), block(1, 2))

    allotted = found([work(seconds=4 * HOUR)], terms(blocks=blocks))

    assert allotted[1] == Allotted(prepaid=((1, 2 * HOUR), (2, HOUR)))


def test_a_block_serves_its_line_from_purchase_to_expiry_both_included() -> None:
    only = block(1, 9, purchased=date(2025, 3, 2), expires=date(2025, 3, 3))
    works = [
        *(work(day, day) for day in (1, 2, 3, 4)),
        work(5, 2, contract_line_no=8),
        expense(6, 2, 100),
    ]

    allotted = found(works, terms(blocks=(only,)))

    assert [entry for entry, one in allotted.items() if one.prepaid] == [2, 3]


def test_approval_time_then_the_id_decide_within_a_day() -> None:
    later = datetime(2025, 4, 2, tzinfo=UTC)
    works = [
        work(1, approved_at=later, source_id="a"),
        work(2, source_id="c"),
        work(3, source_id="b"),
    ]

    allotted = found(works, terms(cap=Cap(20_000, whole=False)))

    assert [entry for entry, one in allotted.items() if one.over] == [1]
    assert list(allotted) == [3, 2, 1]


@pytest.mark.parametrize("whole", [True, False])
def test_any_order_of_arrival_gives_the_same(whole: bool) -> None:  # noqa: FBT001 - a case
    works = [work(entry, 5 - entry, entry * 1_777) for entry in (1, 2, 3, 4)]
    by = terms(cap=Cap(30_000, whole=whole), blocks=(block(1, 1),))

    results = [found(list(order), by) for order in permutations(works)]

    assert all(result == results[0] for result in results)


@pytest.mark.parametrize("seed", range(40))
def test_the_invoiced_total_never_exceeds_a_limit_and_wastes_no_second(
    seed: int,
) -> None:
    random = Random(seed)
    works = [
        work(
            entry,
            random.randint(1, 9),
            random.randint(1, 20_000),
            second_worth=Fraction(random.randint(1, 9_999), 3_600),
            contract_line_no=random.choice([7, 8]),
        )
        for entry in range(1, 9)
    ]
    cap = random.randint(0, 60_000)

    allotted = allot(works, terms(cap=Cap(cap, whole=False)), {}, HALF_UP)

    billed: dict[int, Fraction] = {7: Fraction(0), 8: Fraction(0)}
    for one, part in allotted:
        billed[one.contract_line_no] += one.worth(one.seconds - part.over)
    assert sum((2 * line + 1) // 2 for line in billed.values()) <= cap
    cut = [one for one, part in allotted if part.over]
    if cut:
        assert sum(billed.values()) > cap - 1 - cut[0].second_worth


def test_what_is_prepaid_and_what_is_over_a_limit_have_each_their_own_value() -> None:
    one = work(seconds=3 * HOUR, second_worth=Fraction(10_001, 3 * HOUR))
    allotted = Allotted(prepaid=((1, HOUR),), over_limits=((Level.CONTRACT, HOUR),))

    # A third of 100.01 is 33.34 rounded, whatever the three sum to.
    assert part_amounts(one, allotted, HALF_UP) == PartAmounts(3_334, 3_334)
    all_prepaid = Allotted(prepaid=((1, 3 * HOUR),))
    assert part_amounts(one, all_prepaid, HALF_UP) == PartAmounts(10_001, 0)
    assert part_amounts(one, NOT_ALLOTTED, HALF_UP) == PartAmounts(0, 0)


def test_an_expense_over_a_limit_is_worth_its_units() -> None:
    over = Allotted(over_limits=((Level.LINE, 40),))

    assert part_amounts(expense(1, 1, 90), over, HALF_UP) == PartAmounts(0, 40)


def test_a_price_is_earned_by_the_hour_and_whole_at_the_end() -> None:
    # 100.00 for three hours.
    def earned(used: int, *, expired: bool = False) -> int:
        return earned_to_date(
            10_000, used * HOUR, 3 * HOUR, expired=expired, rounding=HALF_UP
        )

    assert [earned(used) for used in range(5)] == [0, 3_333, 6_667, 10_000, 10_000]
    assert earned(1, expired=True) == 10_000
