"""The receiving systems' books are counted by what they hold, drafts left out."""

from hourline.demo.receivers import (
    invoice_equations,
    receivable_accounts,
    receiver_equations,
    told_equation,
)
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
    told = [{"time_entry": "t1"}, {"time_entry": "t1"}, {"time_entry": "t2"}]

    equation = told_equation(STATED, told)

    assert (equation.left, equation.right) == (2, 2)
