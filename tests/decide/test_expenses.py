"""What becomes of an approved expense: its fate, cost, worth and what it may lack."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hourline.decide.kernel import decide_columns
from hourline.decide.model import Decided
from hourline.kernel.codes import Effect, Fate, PendingState, Role
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.model import Activity
from tests.builders import (
    Firm,
    bill_rate,
    contract,
    contract_line,
    cost_rate,
    firm,
    fx_rate,
    hour_type,
    legal_entity,
    person,
    posting_period,
    project,
    tax_rule,
)
from tests.entries import Entry, entry_columns, expense

USD, GBP = 840, 826


def _decided(built: Firm, *entries: Entry) -> Decided:
    decided = decide_columns(entry_columns(entries), built.snapshot())
    assert not decided.refusals
    return decided


def _problem(built: Firm, entry: Entry) -> Problem:
    [refusal] = decide_columns(entry_columns([entry]), built.snapshot()).refusals
    [problem] = refusal.problems
    return problem


def _portion(built: Firm, entry: Entry) -> tuple[Fate, int, int]:
    portions = _decided(built, entry).portions
    assert portions.seconds.tolist() == [0]
    return (
        Fate(portions.fate.tolist()[0]),
        portions.amount.tolist()[0],
        portions.accrued_amount.tolist()[0],
    )


def _journal(built: Firm, entry: Entry) -> list[tuple[object, ...]]:
    lines = _decided(built, entry).journal
    names = ("effect", "debit", "credit", "currency", "amount", "entity_amount")
    columns = [getattr(lines, name).tolist() for name in names]
    return list(zip(*columns, strict=True))


def _abroad() -> Firm:
    """Return a firm with books in euros and a contract in dollars."""
    built = firm()
    built.add("US1", legal_entity(currency="EUR"))
    built.add("C1", contract(currency="USD"))
    return built


def test_an_expense_is_billed_at_cost_and_markup_without_a_bill_rate() -> None:
    built = firm(rate=None)

    decided = _decided(built, expense(18_000, markup_ppm=100_000))

    assert decided.portions.amount.tolist() == [19_800]
    assert decided.portions.rate_amount.tolist() == [0]
    assert decided.decisions.cost_amount.tolist() == [18_000]
    assert decided.decisions.worked_seconds.tolist() == [0]
    assert decided.expenses.worth_numerator == [19_800]
    assert decided.expenses.worth_denominator == [1]


def test_approval_books_the_expense_and_accrues_its_worth() -> None:
    assert _journal(firm(), expense(18_000, markup_ppm=100_000)) == [
        (Effect.COST, Role.EXPENSE_COST, Role.EXPENSE_CLEARING, USD, 18_000, 18_000),
        (Effect.ACCRUAL, Role.WIP, Role.ACCRUED_REVENUE, USD, 19_800, 19_800),
    ]


def test_neither_the_cost_rate_nor_the_bill_rate_of_the_person_counts() -> None:
    built = firm()
    built.add("ann's cost", cost_rate(rate="100"))
    built.add("ann's", bill_rate(person="ann"))

    decisions = _decided(built, expense(500)).decisions

    assert decisions.cost_amount.tolist() == [500]
    assert decisions.cost_rate_no.tolist() == [-1]
    assert decisions.bill_rate_no.tolist() == [-1]


@pytest.mark.parametrize(
    ("markup_ppm", "amount"),
    [(-250_000, 7_500), (-1_000_000, 0), (1, 10_000), (10_000_000, 110_000)],
)
def test_a_markup_may_be_negative_and_the_amount_is_rounded_once(
    markup_ppm: int, amount: int
) -> None:
    assert _portion(firm(), expense(10_000, markup_ppm=markup_ppm)) == (
        Fate.BILLABLE,
        amount,
        amount,
    )


def test_the_worth_stays_exact_where_the_amount_is_rounded() -> None:
    worths = _decided(firm(), expense(3_333, markup_ppm=100_000)).expenses

    assert (worths.worth_numerator, worths.worth_denominator) == ([36_663], [10])


def test_half_a_cent_follows_the_entitys_policy() -> None:
    built = firm()
    built.add("US1", legal_entity(money_rounding="half_even"))

    assert _portion(built, expense(10_005, markup_ppm=100_000))[1] == 11_006
    assert _portion(built, expense(10_015, markup_ppm=100_000))[1] == 11_016


def test_a_fixed_price_covers_an_expense() -> None:
    built = firm()
    built.add("C1.1", contract_line(method="fixed_price", price=Decimal(1000)))

    assert _portion(built, expense(100)) == (Fate.COVERED, 100, 0)


def test_on_a_non_billable_line_or_project_an_expense_is_cost_only() -> None:
    line, internal = firm(), firm()
    line.add("C1.1", contract_line(method="non_billable"))
    internal.add("P1", project(billable=False))

    assert _portion(line, expense(100)) == (Fate.NON_BILLABLE, 100, 0)
    assert _portion(internal, expense(100)) == (Fate.NON_BILLABLE, 100, 0)
    assert _journal(line, expense(100)) == [
        (Effect.COST, Role.EXPENSE_COST, Role.EXPENSE_CLEARING, USD, 100, 100)
    ]


def test_a_line_that_does_not_accrue_books_the_cost_only() -> None:
    built = firm()
    built.add("C1.1", contract_line(accrue=False))

    assert _portion(built, expense(100)) == (Fate.BILLABLE, 100, 0)
    assert len(_journal(built, expense(100))) == 1


def test_a_list_of_activities_asks_an_expense_for_none_but_rules_one_it_states() -> (
    None
):
    built = firm()
    listed = (Activity(id="dev"), Activity(id="travel", billable=False))
    built.add("P1", project(activities=listed))

    assert _portion(built, expense())[0] is Fate.BILLABLE
    assert _portion(built, expense(activity="dev"))[0] is Fate.BILLABLE
    assert _portion(built, expense(activity="travel"))[0] is Fate.NON_BILLABLE
    assert _problem(built, expense(activity="golf")).code is (
        ProblemCode.ACTIVITY_NOT_ALLOWED
    )


def test_an_expense_needs_no_hour_type() -> None:
    built = firm()
    built.add("regular", hour_type(), effective_from=date(2025, 6, 1))

    assert _portion(built, expense(100))[1] == 100


def test_cost_and_worth_take_the_rate_of_the_date_and_the_accrual_its_own() -> None:
    built = _abroad()
    rates = (("GBP", "EUR", "1.2"), ("GBP", "USD", "1.25"), ("EUR", "USD", "1.6"))
    for source, target, rate in rates:
        row = fx_rate(from_currency=source, to_currency=target, rate=rate)
        built.add(f"{source}{target}", row)
        later = fx_rate(from_currency=source, to_currency=target, rate="2")
        built.add(f"{source}{target} later", later, effective_from=date(2025, 4, 1))
    built.add("March", posting_period(period="2025-03"))

    assert _journal(built, expense(10_000, "GBP")) == [
        (Effect.COST, Role.EXPENSE_COST, Role.EXPENSE_CLEARING, GBP, 10_000, 12_000),
        (Effect.ACCRUAL, Role.WIP, Role.ACCRUED_REVENUE, USD, 12_500, 6_250),
    ]


def test_an_inverse_rate_is_exact() -> None:
    built = firm()
    built.add("fx", fx_rate(from_currency="USD", to_currency="EUR", rate="3"))

    decided = _decided(built, expense(10_000, "EUR"))

    assert decided.portions.amount.tolist() == [3_333]
    assert decided.decisions.cost_amount.tolist() == [3_333]
    assert decided.expenses.worth_denominator == [3]


def test_decimals_of_currencies_are_kept() -> None:
    built = firm()
    built.add("fx", fx_rate(from_currency="JPY", to_currency="USD", rate="0.0067"))

    assert _portion(built, expense(1_000, "JPY"))[1] == 670
    assert _decided(built, expense(1_000, "JPY")).journal.amount.tolist() == [
        1_000,
        670,
    ]


def test_a_missing_rate_of_exchange_is_named_with_its_day() -> None:
    problem = _problem(firm(), expense(12_345, "EUR"))

    assert problem.code is ProblemCode.FX_RATE_NOT_FOUND
    assert problem.sentence == (
        "An expense of 123.45 EUR of ann on project P1 on 2025-03-05 cannot be booked:"
        " there is no usable rate of exchange between EUR and USD on 2025-03-05."
    )


def test_every_pair_that_is_missing_is_named() -> None:
    built = _abroad()
    built.add("March", posting_period(period="2025-03"))

    assert _problem(built, expense(100, "GBP")).sentence.endswith(
        "between GBP and EUR on 2025-03-05 and between GBP and USD on 2025-03-05"
        " and between USD and EUR on 2025-04-01."
    )


def test_worth_that_is_not_billed_needs_no_rate_of_exchange() -> None:
    built = _abroad()
    built.add("C1.1", contract_line(method="non_billable"))
    built.add("fx", fx_rate(from_currency="GBP", to_currency="EUR", rate="1.2"))

    assert _portion(built, expense(100, "GBP")) == (Fate.NON_BILLABLE, 0, 0)


def test_an_absurd_rate_of_exchange_is_not_usable() -> None:
    built = firm()
    # The dearest expense at the highest markup and rate there may be.
    built.add("fx", fx_rate(from_currency="JPY", to_currency="USD", rate="100000"))

    problem = _problem(built, expense(10**11, "JPY", markup_ppm=10_000_000))

    assert problem.code is ProblemCode.FX_RATE_NOT_FOUND


def test_tax_is_asked_of_what_is_billed_and_worth_something() -> None:
    built = firm()
    built.add("tax", tax_rule(customer_country="DE"))

    assert _problem(built, expense(100)).code is ProblemCode.TAX_NOT_DETERMINED
    assert _portion(built, expense(100, markup_ppm=-1_000_000))[1] == 0
    assert _portion(built, expense(0))[1] == 0


def test_an_expense_of_nothing_books_nothing() -> None:
    assert _journal(firm(), expense(0)) == []


def test_a_lent_persons_expense_is_a_cost_of_the_contracting_entity() -> None:
    built = firm()
    built.add("DE1", legal_entity(country="DE", currency="EUR"))
    built.add("ann", person(entity="DE1"))

    journal = _decided(built, expense(100)).journal

    assert set(journal.entity_no.tolist()) == {built.numbers["legal_entity", "US1"]}
    assert set(journal.entity_currency.tolist()) == {USD}


def test_an_expense_waits_for_its_project_in_words_of_its_own() -> None:
    entries = entry_columns([expense(100, project="P9")])
    [refusal] = decide_columns(entries, firm().snapshot()).refusals

    assert refusal.state is PendingState.WAITING
    assert refusal.problems[0].sentence.startswith("An expense of 1.00 USD of ann on")


def test_among_time_an_expense_keeps_its_place() -> None:
    entries = [
        Entry(entry_no=1),
        expense(500, entry_no=2),
        Entry(entry_no=3, project="P9"),
        expense(700, entry_no=4, project="P9"),
        expense(900, entry_no=5),
    ]

    decided = decide_columns(entry_columns(entries), firm().snapshot())

    assert decided.decisions.entry_no.tolist() == [1, 2, 5]
    assert decided.portions.amount.tolist() == [20_000, 500, 900]
    assert decided.expenses.entry_no.tolist() == [2, 5]
    assert [refusal.index for refusal in decided.refusals] == [2, 3]


@given(
    cost=st.integers(0, 10**11),
    markup_ppm=st.integers(-1_000_000, 10_000_000),
    rate=st.decimals("0.0001", "999", places=4),
)
@settings(max_examples=40, deadline=None)
def test_amount_and_worth_are_never_half_a_cent_apart(
    cost: int, markup_ppm: int, rate: Decimal
) -> None:
    built = firm()
    built.add("fx", fx_rate(from_currency="EUR", to_currency="USD", rate=str(rate)))

    decided = _decided(built, expense(cost, "EUR", markup_ppm=markup_ppm))

    [above], [below] = (
        decided.expenses.worth_numerator,
        decided.expenses.worth_denominator,
    )
    [amount], [books] = (
        decided.portions.amount.tolist(),
        decided.decisions.cost_amount.tolist(),
    )
    assert Fraction(above, below) == (
        cost * Fraction(rate) * Fraction(1_000_000 + markup_ppm, 1_000_000)
    )
    assert abs(amount - Fraction(above, below)) <= Fraction(1, 2)
    assert abs(books - cost * Fraction(rate)) <= Fraction(1, 2)
