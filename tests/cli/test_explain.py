"""Every figure of an entry or an amount is read out at a terminal, and to a program."""

import pytest

from tests.cli.firm import Firm
from tests.flow.amounts import AMOUNTS

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")


@pytest.fixture
def billed(firm: Firm) -> Firm:
    """Give a firm that billed a milestone, a month, a retainer and a block."""
    assert not firm.house.change(*AMOUNTS).refusals
    firm.run("billing", "milestone", "C1.F", "design", "--date", "2025-03-10")
    firm.run("billing", "run", *MARCH)
    return firm


def test_a_milestone_is_explained_by_line_and_id(billed: Firm) -> None:
    told = billed.run("explain", "C1.F/design")

    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines() == [
        "C1.F/design, a milestone:",
        (
            "price: Milestone design of contract line C1.F of contract C1, whose price"
            " is 1,000, is 600.00 USD; it was reached on 2025-03-10."
        ),
        (
            "invoice: Line 2 of US1-000001, 2025-03-31, bills 600.00 USD, as it is. Its"
            " tax at 0 % is 0.00 USD."
        ),
        (
            "amounts of US1-000001 line 2: Transaction: 600.00 USD. Contract: 600.00"
            " USD. Books of US1: 600.00 USD."
        ),
    ]


def test_a_line_of_an_invoice_gives_a_program_the_same_figures(billed: Firm) -> None:
    asked = billed.ask("explain", "US1-000001/3")

    assert (asked["amount"], asked["kind"]) == ("C1.S/2025-03", "recurring month")
    assert asked["as_stored"] is True
    price, _, amounts = asked["steps"]
    assert price["figures"]["exact_minor_units"] == "10000"
    assert [
        (one["level"], one["amount"], one["currency"], one["rate_type"])
        for one in amounts["figures"]["amounts"]
    ] == [
        ("transaction", 10_000, "USD", "none"),
        ("contract", 10_000, "USD", "none"),
        ("entity", 10_000, "USD", "none"),
    ]


def test_the_line_of_an_entry_explains_the_entry(firm: Firm) -> None:
    firm.house.approve()
    firm.run("billing", "run", *MARCH)

    by_line, by_id = firm.ask("explain", "US1-000001/1"), firm.ask("explain", "t1")

    assert by_line == by_id
    assert by_id["entry"] == "t1"


def test_a_name_that_nothing_has_is_refused_with_what_could_be_named(
    firm: Firm,
) -> None:
    told = firm.run("explain", "nothing")

    assert told.exit_code != 0
    said = str(told.exception)
    assert said.startswith("There is no time entry nothing, and no line of a document")
