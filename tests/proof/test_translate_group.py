"""A group's balances sum to zero, whatever the rates, and say what they leave over."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from hourline.kernel.codes import Role
from hourline.kernel.money import Rounding, currency_of
from hourline.proof.rules.translate_group import (
    BookedSum,
    EliminationDifference,
    GroupBalances,
    GroupElimination,
    RateType,
    rates_needed,
    translate_group,
)

GBP, USD = currency_of("GBP").number, currency_of("USD").number
CURRENCY = {"GB1": GBP, "US1": USD, "US2": USD}
DAYS = tuple(date(2025, 1, day) for day in (10, 20, 31))
FIRST, SECOND, LAST = DAYS


def booked(
    entity: str, role: Role, amount: int, day: date = FIRST, against: str | None = None
) -> BookedSum:
    """Return a sum; of what is against another entity the document is in pounds."""
    return BookedSum(
        entity=entity,
        currency=CURRENCY[entity],
        role=int(role),
        day=day,
        amount=amount,
        against=against,
        document_currency=None if against is None else GBP,
        document_amount=0 if against is None else amount,
    )


def translated(
    sums: list[BookedSum],
    rates: dict[tuple[int, date], Fraction],
    rounding: Rounding = Rounding.HALF_UP,
) -> GroupBalances:
    return translate_group(sums, rates, through=LAST, rounding=rounding)


def test_expense_has_the_rate_of_its_day_and_a_liability_that_of_the_last_day() -> None:
    sums = [
        booked("GB1", Role.EXPENSE_COST, 100),
        booked("GB1", Role.EXPENSE_CLEARING, -100),
    ]
    rates = {(GBP, FIRST): Fraction(12, 10), (GBP, LAST): Fraction(11, 10)}

    found = translated(sums, rates)

    assert [
        (line.role, line.amount, line.rate, line.rate_date, line.rate_type)
        for line in found.lines
    ] == [
        (Role.EXPENSE_COST, 100, Fraction(12, 10), FIRST, RateType.TRANSACTION),
        (Role.EXPENSE_CLEARING, -100, Fraction(11, 10), LAST, RateType.CLOSING),
    ]
    assert found.balances() == {
        "GB1": {Role.EXPENSE_COST: 120, Role.EXPENSE_CLEARING: -110}
    }
    assert found.translation_differences == {"GB1": -10}


def test_a_figure_is_rounded_once_and_its_lines_add_up_to_it() -> None:
    sums = [booked("GB1", Role.COST, 1, day) for day in DAYS]
    third = Fraction(1, 3)

    found = translated(sums, dict.fromkeys(((GBP, day) for day in DAYS), third))

    # 1/3, 2/3 and 1 are 0, 1 and 1.
    assert [line.group_amount for line in found.lines] == [0, 1, 0]


def test_half_a_minor_unit_is_rounded_as_the_group_says() -> None:
    sums, rates = [booked("GB1", Role.COST, 1)], {(GBP, FIRST): Fraction(1, 2)}

    down = translated(sums, rates, Rounding.HALF_DOWN)

    assert translated(sums, rates).totals() == {Role.COST: 1}
    assert down.totals() == {Role.COST: 0}


def test_what_balances_out_needs_no_rate() -> None:
    sums = [
        booked("GB1", Role.WIP, 100),
        booked("GB1", Role.WIP, -100, SECOND),
        booked("GB1", Role.COST, 5, SECOND),
    ]

    assert rates_needed(sums, LAST) == {(GBP, SECOND)}


def test_a_side_that_is_not_booked_yet_is_told_from_a_difference_of_rates() -> None:
    sums = [
        booked("GB1", Role.IC_REVENUE, -100, SECOND, against="US1"),
        booked("GB1", Role.IC_RECEIVABLE, 100, SECOND, against="US1"),
        booked("US1", Role.IC_COST, 100, LAST, against="GB1"),
    ]
    rates = {
        (GBP, SECOND): Fraction(2),
        (GBP, LAST): Fraction(3),
        (USD, LAST): Fraction(1),
    }

    found = translated(sums, rates)

    assert found.eliminations == (
        GroupElimination("GB1", "US1", Role.IC_REVENUE, GBP, 100, 200),
        GroupElimination("GB1", "US1", Role.IC_RECEIVABLE, GBP, -100, -300),
        GroupElimination("US1", "GB1", Role.IC_COST, GBP, -100, -100),
    )
    assert found.elimination_differences == (
        EliminationDifference("GB1", "US1", Role.IC_RECEIVABLE, GBP, 100, 300),
        EliminationDifference("GB1", "US1", Role.IC_REVENUE, GBP, 0, -100),
    )
    assert found.totals() == {
        Role.IC_REVENUE: 0,
        Role.IC_RECEIVABLE: 0,
        Role.IC_COST: 0,
    }


@st.composite
def journals(draw: st.DrawFn) -> list[BookedSum]:
    """Draw lines of three entities, each with a debit and a credit of one amount."""
    sums: list[BookedSum] = []
    for _ in range(draw(st.integers(0, 8))):
        entity = draw(st.sampled_from(sorted(CURRENCY)))
        other = draw(st.sampled_from(sorted(CURRENCY.keys() - {entity})))
        debit, credit = draw(
            st.sampled_from(
                [
                    (Role.COST, Role.PAYROLL_ALLOCATION),
                    (Role.RECEIVABLE, Role.REVENUE),
                    (Role.IC_RECEIVABLE, Role.IC_REVENUE),
                    (Role.IC_COST, Role.IC_PAYABLE),
                    (Role.CASH, Role.OPENING_BALANCE),
                ]
            )
        )
        within = debit in {Role.IC_RECEIVABLE, Role.IC_COST} and draw(st.booleans())
        amount = draw(st.integers(-(10**9), 10**9))
        day, against = draw(st.sampled_from(DAYS)), other if within else None
        sums += [
            booked(entity, debit, amount, day, against),
            booked(entity, credit, -amount, day, against),
        ]
    return sums


@given(
    sums=journals(),
    parts=st.lists(st.integers(1, 10**6), min_size=6, max_size=6),
    rounding=st.sampled_from(Rounding),
)
@settings(max_examples=60)
def test_every_entity_and_what_is_taken_out_and_the_total_sum_to_zero(
    sums: list[BookedSum], parts: list[int], rounding: Rounding
) -> None:
    keys = [(currency, day) for currency in (GBP, USD) for day in DAYS]
    rates = {key: Fraction(part, 997) for key, part in zip(keys, parts, strict=True)}

    found = translated(sums, rates, rounding)

    for entity, roles in found.balances().items():
        assert sum(roles.values()) + found.translation_differences[entity] == 0
    taken_out = sum(one.group_amount for one in found.eliminations)
    assert taken_out + found.elimination_difference == 0
    left = found.translation_difference + found.elimination_difference
    assert sum(found.totals().values()) + left == 0
    # What two entities have against each other is gone to the last unit.
    inside = [line.group_amount for line in found.lines if line.against is not None]
    assert sum(inside) + taken_out == 0
    for line in found.lines:
        due = line.amount * rates[line.currency, line.rate_date]
        assert abs(line.group_amount - due) <= 1
