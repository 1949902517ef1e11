"""Input tax that comes back is no cost; an expense above a limit needs a receipt."""

import pytest

from hourline.decide.kernel import decide_columns
from hourline.kernel.codes import Role
from hourline.kernel.problems import ProblemCode
from tests.builders import Firm, firm, legal_entity
from tests.entries import Entry, entry_columns, expense


def booked(entry: Entry) -> list[tuple[Role, Role, int]]:
    journal = decide_columns(entry_columns([entry]), firm().snapshot()).journal
    return [
        (Role(debit), Role(credit), amount)
        for debit, credit, amount in zip(
            journal.debit.tolist(),
            journal.credit.tolist(),
            journal.entity_amount.tolist(),
            strict=True,
        )
    ]


def refused(built: Firm, entry: Entry) -> list[ProblemCode]:
    refusals = decide_columns(entry_columns([entry]), built.snapshot()).refusals
    return [problem.code for one in refusals for problem in one.problems]


def asking(above: str) -> Firm:
    built = firm()
    built.add("US1", legal_entity(receipts_above=above))
    return built


def test_recoverable_tax_has_a_line_of_its_own_and_is_not_billed() -> None:
    assert booked(expense(11_900, tax=1_900, markup_ppm=100_000)) == [
        (Role.EXPENSE_COST, Role.EXPENSE_CLEARING, 10_000),
        (Role.INPUT_TAX, Role.EXPENSE_CLEARING, 1_900),
        (Role.WIP, Role.ACCRUED_REVENUE, 11_000),
    ]


def test_tax_that_does_not_come_back_stays_in_the_cost() -> None:
    assert booked(expense(11_900, tax=1_900, recoverable=False)) == [
        (Role.EXPENSE_COST, Role.EXPENSE_CLEARING, 11_900),
        (Role.WIP, Role.ACCRUED_REVENUE, 11_900),
    ]


def test_an_expense_that_is_all_tax_costs_and_bills_nothing() -> None:
    assert booked(expense(1_900, tax=1_900)) == [
        (Role.INPUT_TAX, Role.EXPENSE_CLEARING, 1_900),
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (expense(7_500), []),
        (expense(7_501), [ProblemCode.RECEIPT_MISSING]),
        (expense(7_501, tax=7_501), [ProblemCode.RECEIPT_MISSING]),
        (expense(7_501, receipt="r-1"), []),
        (Entry(), []),
    ],
)
def test_what_was_paid_above_the_limit_needs_a_receipt(
    entry: Entry, expected: list[ProblemCode]
) -> None:
    assert refused(asking("75"), entry) == expected


def test_a_limit_of_nothing_asks_for_every_receipt() -> None:
    assert refused(asking("0"), expense(1)) == [ProblemCode.RECEIPT_MISSING]
    assert refused(asking("0"), expense(0)) == []


def test_without_a_rate_of_exchange_only_that_is_asked_for() -> None:
    assert refused(asking("75"), expense(10_000, "EUR")) == [
        ProblemCode.FX_RATE_NOT_FOUND
    ]


def test_the_refusal_says_whose_expense_lacks_its_receipt() -> None:
    refusals = decide_columns(
        entry_columns([expense(7_501)]), asking("75").snapshot()
    ).refusals

    [problem] = refusals[0].problems
    assert problem.sentence == (
        "An expense of 75.01 USD of ann on project P1 on 2025-03-05 has no receipt, and"
        " US1 takes none without one at that amount."
    )
