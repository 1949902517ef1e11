"""Recognise revenue, revise it and look at it by commands alone."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.cli.desk import CannotOpen
from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--entity", "US1", "--through", "2025-03-31")
WHY = ("--reason", "the steering committee agreed", "--actor", "P. Mori")
TERMS = {
    "contract": "C1",
    "method": "fixed_price",
    "price": Decimal(1_000),
    "recognition": "percent_hours",
    "estimate_hours": Decimal(10),
}


@pytest.fixture
def earning(firm: Firm) -> Firm:
    """Give a firm that worked three of ten hours for 1,000 USD."""
    assert not firm.house.change(
        MasterChange("contract_line", "C1.1", fields=TERMS)
    ).refusals
    firm.house.approve(seconds=3 * 3_600)
    return firm


def test_revenue_is_recognised_once_and_listed_with_its_figures(earning: Firm) -> None:
    nothing = earning.run("revenue", "list")
    [first] = earning.ask("revenue", "recognise", *MARCH)
    again = earning.run("revenue", "recognise", *MARCH)
    [listed] = earning.ask("revenue", "list", "--contract-line", "C1.1")
    elsewhere = earning.ask("revenue", "list", "--entity", "FR1")
    shown = earning.run("revenue", "list")

    assert nothing.stdout == "No revenue was recognised yet.\n"
    assert first == {
        "contract": "C1",
        "contract_line": "C1.1",
        "method": "percent_hours",
        "earned": "300.00",
        "amount": "300.00",
        "currency": "USD",
        "entity_amount": "300.00",
        "entity_currency": "USD",
        "accounting_date": "2025-03-31",
    }
    assert again.stdout == "There is no new revenue.\n"
    assert (listed["done"], listed["whole"]) == ("10800", "36000")
    assert (listed["price"], listed["settled"], listed["earned"]) == (
        "1000.00",
        "0.00",
        "300.00",
    )
    assert elsewhere == []
    assert "percent hours" in shown.stdout
    assert "300.00 USD" in shown.stdout


def test_new_revenue_is_said_in_a_sentence(earning: Firm) -> None:
    told = earning.run("revenue", "recognise", *MARCH)

    assert told.stdout == (
        "C1 C1.1: 300.00 USD new, 300.00 USD earned to date (percent hours), booked on"
        " 2025-03-31\n"
    )


def test_an_estimate_holds_at_once_and_is_refused_in_words(earning: Firm) -> None:
    said = earning.run("revenue", "estimate", "C1.1", "--hours", "20", *WHY)
    refused = earning.run("revenue", "estimate", "C1.1", "--cost", "1e16", *WHY)
    values = earning.ask(
        "revenue", "estimate", "C1.1", "--cost", "1e16", *WHY, status=1
    )
    [run] = earning.ask("revenue", "recognise", *MARCH)

    assert said.stdout == "Contract line C1.1 has the new estimate.\n"
    assert refused.exit_code == 1
    assert "estimate_cost is not a usable number" in refused.stdout
    assert values["problem"]["code"] == "master_record_invalid"
    assert run["earned"] == "150.00"


def test_a_price_waits_for_a_second_person(earning: Firm) -> None:
    none = earning.run("revenue", "proposals")
    waits = earning.ask("revenue", "estimate", "C1.1", "--price", "2000", *WHY)
    [proposal] = earning.ask("revenue", "proposals")
    shown = earning.run("revenue", "proposals")
    unchanged = earning.ask("revenue", "recognise", *MARCH)
    approved = earning.run(
        "revenue", "approve", str(waits["proposal"]), "--approver", "L. Sato", "--yes"
    )
    [after] = earning.ask("revenue", "recognise", *MARCH)

    assert none.stdout == "Nothing about revenue waits for a second person.\n"
    assert (proposal["price"], proposal["treatment"]) == ("2000", "catch_up")
    assert "contract line C1.1, price 2000, treatment catch_up" in shown.stdout
    assert unchanged[0]["earned"] == "300.00"
    assert approved.stdout.endswith(
        "Approved; the next recognition books what follows from it.\n"
    )
    assert after["earned"] == "600.00"


def test_revenue_by_hand_is_proposed_approved_or_rejected(earning: Firm) -> None:
    earning.run("revenue", "recognise", *MARCH)
    first = earning.run("revenue", "override", "C1.1", "--earned", "125", *WHY)
    [proposal] = earning.ask("revenue", "proposals")
    rejected = earning.run(
        "revenue", "reject", str(proposal["proposal"]), "--approver", "L. Sato"
    )
    second = earning.ask("revenue", "override", "C1.1", "--earned", "99.5", *WHY)
    approved = earning.ask(
        "revenue", "approve", str(second["proposal"]), "--approver", "L. Sato", "--yes"
    )
    [after] = earning.ask("revenue", "recognise", *MARCH)

    assert "hourline revenue approve" in first.stdout
    assert rejected.stdout == f"Proposal {proposal['proposal']} is rejected.\n"
    assert (approved["approved"], approved["earned"]) == (True, "99.5")
    assert (after["earned"], after["amount"]) == ("99.50", "-200.50")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("override", "C1.1", "--earned", "many"), "'many' is no amount such as"),
        (("override", "C1.1", "--earned", "-1"), "-1 is no amount of 0 or more"),
        (("override", "C1.1", "--earned", "5"), "was not recognised by a share"),
        (("estimate", "C1.1"), "An estimate says hours, cost or a price"),
        (("estimate", "C1.9", "--hours", "1"), "There is no contract line C1.9"),
        (
            ("estimate", "C1.1", "--hours", "1", "--treatment", "prospective"),
            "Only a modified price is prospective",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    earning: Firm, arguments: tuple[str, ...], why: str
) -> None:
    refused = earning.run("revenue", *arguments, *WHY)

    assert isinstance(refused.exception, CannotOpen)
    assert why in str(refused.exception)


def test_a_proposal_that_does_not_fit_any_more_is_refused(earning: Firm) -> None:
    waits = earning.ask("revenue", "estimate", "C1.1", "--price", "5", *WHY)
    line = {**TERMS, "method": "non_billable", "recognition": "as_invoiced"}
    earning.house.change(MasterChange("contract_line", "C1.1", fields=line))

    refused = earning.run(
        "revenue", "approve", str(waits["proposal"]), "--approver", "L. Sato", "--yes"
    )

    assert isinstance(refused.exception, CannotOpen)
    assert "has no fixed price" in str(refused.exception)


def test_a_contract_that_cannot_be_booked_is_named_and_waits(firm: Firm) -> None:
    contract = {"customer": "ADATUM", "entity": "US1", "currency": "JPY"}
    firm.house.change(
        MasterChange("contract", "C1", fields=contract),
        MasterChange("contract_line", "C1.1", fields=TERMS),
    )
    firm.house.approve(seconds=3_600, date=date(2025, 3, 3).isoformat())

    told = firm.run("revenue", "recognise", *MARCH)
    [value] = firm.ask("revenue", "recognise", *MARCH, status=1)

    assert told.exit_code == 1
    assert "no rate from JPY to USD" in told.stdout
    assert value["problem"]["code"] == "fx_rate_not_found"
    assert firm.house.codes() == ["fx_rate_not_found"]


def test_what_a_contract_is_provided_for_is_told_and_listed(earning: Firm) -> None:
    nothing = earning.run("revenue", "provisions")
    earning.run("revenue", "estimate", "C1.1", "--cost", "1500", *WHY)
    told = earning.run("revenue", "recognise", *MARCH)
    [listed] = earning.ask("revenue", "provisions", "--contract", "C1")
    elsewhere = earning.ask("revenue", "provisions", "--entity", "FR1")
    shown = earning.run("revenue", "provisions")
    earning.run("revenue", "estimate", "C1.1", "--cost", "900", *WHY)
    [released] = earning.ask("revenue", "recognise", *MARCH)

    assert nothing.stdout == "No contract was provided for.\n"
    # 300 of 1,500 are spent and 300 of 1,000 earned: 1,200 are to be spent for 700.
    assert told.stdout.splitlines()[1] == (
        "C1: 500.00 USD provided for its loss, 500.00 USD of it new, booked on"
        " 2025-03-31"
    )
    assert (listed["cost_left"], listed["revenue_left"]) == ("1200.00", "700.00")
    assert (listed["added"], listed["used"]) == ("500.00", "0.00")
    assert listed["lines"] == [
        {
            "contract_line": "C1.1",
            "method": "percent_hours",
            "estimate": "1500.00",
            "cost": "300.00",
            "price": "1000.00",
            "earned": "300.00",
            "revenue": "300.00",
        }
    ]
    assert elsewhere == []
    assert "500.00 USD" in shown.stdout
    assert (released["provision"], released["amount"]) == ("0.00", "-500.00")
