"""The receiving systems' books are counted by what they hold, drafts left out."""

from dataclasses import replace
from datetime import date

from hourline.demo.receivers import (
    balance_equations,
    between_equations,
    invoice_equations,
    receivable_accounts,
    receiver_equations,
    told_equation,
)
from hourline.kernel.codes import Role
from hourline.proof.balances import RoleBalance
from hourline.proof.intercompany import PairMonth
from hourline.proof.statement import IntentCount, Money, StateCount, Statement

USD = Money(
    currency="USD",
    billable=16_000,
    milestones=0,
    not_billable=0,
    invoiced_net=16_000,
    credited_net=0,
    tax=0,
    open_to_bill=0,
    receivable=16_000,
    documents_total=16_000,
    receivable_in_books=16_000,
)
STATED = Statement(
    entries=[StateCount("posted", 2, 7_200), StateCount("waiting", 1, 60)],
    records=[],
    fates=[],
    money=[USD],
    intents=[
        IntentCount("atlas", "invoice", "confirmed", 1),
        IntentCount("atlas", "journal", "rejected", 2),
        IntentCount("psa", "write_back", "confirmed", 1),
    ],
    equations=[],
)
INVOICE = {
    "kind": "invoice",
    "entity": "US1",
    "currency": "USD",
    "lines": [
        {"account": "1200", "debit": "160.00", "credit": "0"},
        {"account": "4000", "debit": "0", "credit": "160.00"},
    ],
}
DRAFT = {**INVOICE, "state": "draft"}
JOURNAL = {**INVOICE, "kind": "journal"}


def test_intents_are_held_against_documents_and_receipts() -> None:
    documents, receipts = receiver_equations(STATED, {"atlas": [INVOICE, DRAFT]})

    assert documents.name == "intents = documents at atlas"
    assert (documents.left, documents.right, documents.holds) == (3, 1, False)
    assert receipts.name == "intents = receipts from atlas"
    assert (receipts.left, receipts.right, receipts.holds) == (3, 1, False)


def test_what_stands_on_receivables_is_that_of_invoices_without_drafts() -> None:
    (equation,) = invoice_equations(
        STATED, {"atlas": [INVOICE, DRAFT, JOURNAL]}, receivable_accounts()
    )

    assert (equation.left, equation.right) == (16_000, 16_000)
    assert equation.holds


def test_the_accounts_of_receivables_are_those_of_every_chart() -> None:
    assert "1200" in receivable_accounts()
    assert "4000" not in receivable_accounts()


def test_an_entry_that_was_told_twice_counts_once() -> None:
    equation = told_equation(STATED, ["t1", "t1", "t2"])

    assert (equation.left, equation.right) == (2, 2)


def test_receivables_are_compared_in_the_currency_of_the_books() -> None:
    euros = replace(USD, currency="EUR", documents_total=14_000, receivable_in_books=0)
    dollars = replace(USD, documents_total=0)
    stated = replace(STATED, money=[euros, dollars])

    found = invoice_equations(stated, {"atlas": [INVOICE]}, receivable_accounts())

    assert [(one.unit, one.left, one.right) for one in found] == [
        ("EUR", 0, 0),
        ("USD", 16_000, 16_000),
    ]


def test_every_account_with_a_balance_on_either_side_is_compared() -> None:
    balances = [
        RoleBalance("GB1", 826, Role.COST, 5_000),
        RoleBalance("US1", 840, Role.RECEIVABLE, 16_000),
        RoleBalance("US1", 840, Role.REVENUE, -15_999),
    ]

    found = balance_equations(balances, {"atlas": [INVOICE, DRAFT]})

    assert [(one.name[-3:], one.left, one.right) for one in found] == [
        ("GB1", 1, 0),
        ("US1", 2, 1),
    ]


def test_both_sides_of_lent_work_are_shown() -> None:
    month = PairMonth(
        lender="GB1",
        borrower="US1",
        currency=840,
        lender_currency=826,
        borrower_currency=840,
        period=date(2026, 10, 1),
        revenue=15_000,
        cost=15_000,
        receivable=15_000,
        payable=14_999,
        revenue_books=11_429,
        cost_books=15_000,
        receivable_books=11_429,
        payable_books=14_999,
    )

    revenue, receivable = between_equations([month])

    assert revenue.name == "revenue of GB1 = cost of US1, work lent"
    assert (revenue.unit, revenue.left, revenue.right) == ("USD", 15_000, 15_000)
    assert receivable.name == "receivable of GB1 = payable of US1"
    assert not receivable.holds
