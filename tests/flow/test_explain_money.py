"""An explanation names every rate of exchange, share and step of what is billed."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from tests.flow.abroad import ABROAD, fx
from tests.flow.advances import KIEL, RETAINER, shares
from tests.flow.house import House
from tests.flow.test_explain import about, explained

pytestmark = pytest.mark.integration


def spend(house: House, **changes: object) -> None:
    """Deliver an expense of 11,000 yen with 1,000 of input tax, marked up 12.5 %."""
    house.approve(
        **{
            "id": "e1",
            "kind": "expense",
            "seconds": None,
            "cost": 11_000,
            "tax": 1_000,
            "currency": "JPY",
            "markup_percent": 12.5,
            **changes,
        }
    )


def test_an_expense_tells_its_cost_tax_markup_and_both_rates_of_exchange(
    house: House,
) -> None:
    assert not house.change(*ABROAD).refusals
    spend(house)

    told = explained(house, "e1")

    # 10,000 JPY plus 12.5 % are 11,250 JPY, times 0.00613 are 68.9625 EUR.
    assert about(told, "expense").sentences == [
        (
            "It cost 11,000 JPY on 2025-03-05, of which 1,000 JPY are input tax: 100 %"
            " of that, 1,000 JPY, is recovered and no cost."
        ),
        "With a markup of 12.5 % on 10,000 JPY, exactly 11250 JPY are charged.",
        (
            "It is translated into the contract's EUR at the transaction rate of"
            " 2025-03-05 (row JPY-EUR Jan, in force from 2025-01-01): 1 JPY is 0.00613"
            " EUR; so 11250 JPY are exactly 68.9625 EUR."
        ),
    ]
    # 11,000 JPY are 73.37 USD, of which 1,000 JPY, 6.67 USD, are recovered.
    assert about(told, "cost").sentences == [
        (
            "What was paid is translated for the books of US1 at the transaction rate"
            " of 2025-03-05 (row JPY-USD Jan, in force from 2025-01-01): 1 JPY is"
            " 0.00667 USD. 11,000 JPY are exactly 73.37 USD, rounded 73.37 USD."
        ),
        "6.67 USD of it are input tax that is recovered, which is no cost.",
        "The expense costs 66.70 USD in the books of US1.",
    ]
    assert told.broken == []


def test_a_portion_ends_with_four_amounts_each_with_its_rate(house: House) -> None:
    house.change(*ABROAD)
    spend(house)
    house.bill()

    told = explained(house, "e1")

    # 68.96 EUR times 1.10 are 75.856 USD; 75.86 USD times 0.8 are 60.688 GBP.
    portion = about(told, "amounts of portion 0")
    assert portion.sentences == [
        "Transaction: 11,250 JPY.",
        (
            "Contract: 68.96 EUR, at the transaction rate of 2025-03-05 (row JPY-EUR"
            " Jan, in force from 2025-01-01): 1 JPY is 0.00613 EUR."
        ),
        (
            "Books of US1: 75.86 USD, at the transaction rate of 2025-03-05 (row"
            " EUR-USD Jan, in force from 2025-01-01): 1 EUR is 1.1 USD."
        ),
        (
            "Group G: 60.69 GBP, not stored but derived, at the transaction rate of"
            " 2025-03-05 (row GBP-USD Jan, in force from 2025-01-01): 1 GBP is 1.25"
            " USD, taken as its exact inverse: 1 USD is 0.8 GBP."
        ),
    ]
    assert portion.figures["amounts"] == [
        amount("transaction", None, 11_250, "JPY"),
        amount("contract", None, 6_896, "EUR", "0.00613", "2025-03-05", "JPY-EUR Jan"),
        amount("entity", "US1", 7_586, "USD", "1.1", "2025-03-05", "EUR-USD Jan"),
        {
            **amount("group", "G", 6_069, "GBP", "0.8", "2025-03-05", "GBP-USD Jan"),
            "inverse": True,
            "derived": True,
        },
    ]
    # The invoice is booked at the rate of its own day: 77.2352 USD; 61.792 GBP.
    billed = about(told, "amounts of US1-000001 line 1").figures["amounts"]
    assert isinstance(billed, list)
    assert [(one["amount"], one["currency"], one["rate_date"]) for one in billed] == [
        (11_250, "JPY", None),
        (6_896, "EUR", "2025-03-05"),
        (7_724, "USD", "2025-03-31"),
        (6_179, "GBP", "2025-03-31"),
    ]
    assert told.broken == []


def amount(
    level: str,
    of: str | None,
    minor: int,
    currency: str,
    *rate: str,
) -> dict[str, object]:
    value, day, row = rate or (None, None, None)
    return {
        "level": level,
        "of": of,
        "amount": minor,
        "currency": currency,
        "rate": value,
        "rate_date": day,
        "rate_type": "transaction" if rate else "none",
        "rate_row": row,
        "inverse": False,
        "derived": False,
    }


def test_rates_that_come_later_do_not_change_the_amounts_told(house: House) -> None:
    house.change(*ABROAD)
    spend(house)
    house.bill()
    before = explained(house, "e1")
    house.change(
        fx("EUR", "USD", "1.50", date(2025, 3, 1)),
        fx("GBP", "USD", "2.00", date(2025, 3, 1)),
    )

    assert explained(house, "e1") == before


def test_a_credit_is_told_at_the_rate_of_what_it_credits(house: House) -> None:
    house.change(*ABROAD)
    spend(house)
    house.bill()
    spend(house, revision=2, cost=5_500, tax=500)

    told = explained(house, "e1", revision=1)

    back = about(told, "amounts of US1-CN-000001 line 1")
    assert back.sentences[2] == (
        "Books of US1: -77.24 USD, at the rate of what it credits: the original rate of"
        " 2025-03-31 (row EUR-USD Mar, in force from 2025-03-20): 1 EUR is 1.12 USD."
    )
    assert told.broken == []


def test_each_customers_share_of_the_rounded_step_is_told(house: House) -> None:
    house.change(
        KIEL,
        *shares(ADATUM="50", KIEL="50"),
        MasterChange("bill_rate", "standard", fields={"rate": Decimal(100)}),
    )
    house.approve(id="t1", seconds=1_200)
    house.approve(id="t2", seconds=1_200, date="2025-03-06")
    house.bill()

    first, second = explained(house, "t1"), explained(house, "t2")

    # 33.33 USD are shared as 16.67 and 16.66; 33.34 USD as twice 16.67.
    assert [step.sentences[:2] for step in first.steps if step.about == "invoice"] == [
        [
            (
                "Line 1 of US1-000001, 2025-03-31, bills to ADATUM 0:20:00 h. Before it"
                " the contract line was billed 0.00 USD, exactly 0 USD; with it the"
                " exact total is 33 1/3 USD, rounded 33.33 USD: the step is 33.33 USD."
            ),
            "ADATUM pays 50 % of the step, exactly 16.665 USD, rounded 16.67 USD.",
        ],
        [
            (
                "Line 1 of US1-000002, 2025-03-31, bills to KIEL 0:20:00 h. Before it"
                " the contract line was billed 0.00 USD, exactly 0 USD; with it the"
                " exact total is 33 1/3 USD, rounded 33.33 USD: the step is 33.33 USD."
            ),
            (
                "KIEL pays 50 % of the step, exactly 16.665 USD, rounded 16.67 USD, and"
                " takes the difference that rounding leaves of the 2 shares, -0.01 USD:"
                " 16.66 USD."
            ),
        ],
    ]
    theirs = [step for step in second.steps if step.about == "invoice"][1]
    assert theirs.sentences[:2] == [
        (
            "Line 2 of US1-000002, 2025-03-31, bills to KIEL 0:20:00 h. Before it"
            " the contract line was billed 33.33 USD, exactly 33 1/3 USD; with it the"
            " exact total is 66 2/3 USD, rounded 66.67 USD: the step is 33.34 USD."
        ),
        "KIEL pays 50 % of the step, exactly 16.67 USD, rounded 16.67 USD.",
    ]
    assert (theirs.figures["share_percent"], theirs.figures["step"]) == ("50", 3_334)
    assert (first.broken, second.broken) == ([], [])


def test_what_a_retainer_pays_is_told_at_its_rate(house: House) -> None:
    euros = {"rate": Decimal(200), "currency": "EUR"}
    house.change(*ABROAD, RETAINER, MasterChange("bill_rate", "standard", fields=euros))
    house.bill_through(date(2025, 3, 10))
    house.approve(id="t1", date="2025-03-25")
    house.approve(id="t2", date="2025-03-26")
    house.bill()

    first, second = explained(house, "t1"), explained(house, "t2")

    # 300 EUR were booked at 1.10, and pay 300 of the 400 EUR, by their shares: 150 of
    # each line are 165 USD, the other 50 EUR are 56 USD at 1.12, which is 1.105 in sum.
    told = (
        "Books of US1: 221.00 USD, at 1.105 in sum: what the retainer US1-000001 pays"
        " at its rate, the transaction rate of 2025-03-31 (row EUR-USD Mar, in force"
        " from 2025-03-20): 1 EUR is 1.12 USD for the rest."
    )
    assert about(first, "amounts of US1-000002 line 1").sentences[2] == told
    assert about(second, "amounts of US1-000002 line 2").sentences[2] == told
    assert (first.broken, second.broken) == ([], [])


def test_what_a_retainer_pays_whole_is_told_at_its_rate(house: House) -> None:
    euros = {"rate": Decimal(200), "currency": "EUR"}
    house.change(*ABROAD, RETAINER, MasterChange("bill_rate", "standard", fields=euros))
    house.bill_through(date(2025, 3, 10))
    house.approve(date="2025-03-25")
    house.bill()

    told = explained(house)

    assert about(told, "amounts of US1-000002 line 1").sentences[2] == (
        "Books of US1: 220.00 USD, at the rate of the retainer US1-000001: the original"
        " rate of 2025-03-10 (row EUR-USD Jan, in force from 2025-01-01): 1 EUR is 1.1"
        " USD."
    )
    assert told.broken == []
