"""An expense is told by commands as what it is: a cost, an amount, and no hours."""

import pytest

from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")


def spend(firm: Firm, **changes: object) -> None:
    """Deliver an approved expense of 80.10 dollars and a negative markup."""
    firm.house.approve(
        **{
            "id": "e1",
            "kind": "expense",
            "seconds": None,
            "cost": 80.1,
            "currency": "USD",
            "markup_percent": -2.5,
            **changes,
        }
    )


def test_the_trace_of_an_expense_tells_its_cost_and_what_is_billed(firm: Firm) -> None:
    spend(firm)
    firm.run("billing", "run", *MARCH)

    told = firm.run("trace", "e1")

    assert told.exit_code == 0, told.output
    assert "an expense of 80.10 USD, markup -2.5 %" in told.stdout
    assert "portion  billable: 78.10 USD, billed 78.10 USD" in told.stdout


def test_the_trace_of_an_expense_tells_its_tax_and_its_receipt(firm: Firm) -> None:
    spend(firm, tax=13.35, receipt="scan-17")
    spend(firm, id="e2", tax=13.35, recoverable=False)

    told = firm.run("trace", "e1")
    other = firm.run("trace", "e2")

    assert (
        "an expense of 80.10 USD with 13.35 USD tax, markup -2.5 %, receipt scan-17"
        in told.stdout
    )
    assert "Dr input tax / Cr expense clearing 13.35 USD" in told.stdout
    assert "with 13.35 USD tax, not recovered, markup" in other.stdout


def test_what_an_expense_lacks_is_told_with_its_cost(firm: Firm) -> None:
    spend(firm, currency="EUR")

    told = firm.run("trace", "e1")

    assert (
        "An expense of 80.10 EUR of ann on project P1 on 2025-03-05 cannot be booked"
        in told.stdout
    )


def test_an_invoice_shows_an_expense_without_its_cost(firm: Firm) -> None:
    spend(firm)
    firm.run("billing", "run", *MARCH)

    shown = firm.run("billing", "show", "US1-000001")

    assert "expense" in shown.stdout
    assert "78.10" in shown.stdout
    assert "80.10" not in shown.stdout
