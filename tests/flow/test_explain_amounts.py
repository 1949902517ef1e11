"""What is billed as it is tells its price, shares, tax and amounts as an hour does."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.explain import AmountExplanation, explain_named
from tests.flow.abroad import ABROAD
from tests.flow.advances import KIEL, RETAINER, shares
from tests.flow.amounts import AMOUNTS
from tests.flow.house import House
from tests.flow.test_explain import about

pytestmark = pytest.mark.integration


def named(house: House, name: str) -> AmountExplanation:
    with house.database.tenant(house.tenant) as session:
        found = explain_named(session, name)
    assert isinstance(found, AmountExplanation)
    return found


SALES_TAX = MasterChange(
    "tax_rule",
    "sales",
    fields={
        "order": 1,
        "entity_country": "US",
        "customer_country": "US",
        "rate": Decimal("8.875"),
        "code": "S",
    },
)


def amounts_billed(house: House, *changes: MasterChange) -> None:
    """Bill a milestone, a month in part, a retainer and a block on one invoice."""
    assert not house.change(*AMOUNTS, *changes).refusals
    flow.reach_milestone(
        house.database,
        house.tenant,
        contract_line="C1.F",
        milestone="design",
        reached_on=date(2025, 3, 10),
    )
    house.bill()


def test_a_milestone_tells_price_tax_and_four_amounts(house: House) -> None:
    amounts_billed(house, SALES_TAX, *ABROAD)

    told = named(house, "C1.F/design")

    # All lines are 1,900 EUR; 8.875 % of them are 168.625 EUR. 600 EUR are 672 USD.
    assert told.kind == "milestone"
    assert [(step.about, step.sentences) for step in told.steps] == [
        (
            "price",
            [
                (
                    "Milestone design of contract line C1.F of contract C1, whose"
                    " price is"
                    " 1,000, is 600.00 EUR; it was reached on 2025-03-10."
                )
            ],
        ),
        (
            "invoice",
            [
                "Line 2 of US1-000001, 2025-03-31, bills 600.00 EUR, as it is.",
                "Its tax at 8.875 % is 53.25 EUR.",
                "The rate is of row sales of the tax table.",
                (
                    "Tax is rounded once per rate and invoice (half up): at 8.875 %"
                    " this"
                    " one has 1,900.00 EUR, exactly 168.625 EUR of tax, rounded"
                    " 168.63 EUR;"
                    " of that exactly 53.25 EUR are this line's."
                ),
            ],
        ),
        (
            "amounts of US1-000001 line 2",
            [
                "Transaction: 600.00 EUR.",
                "Contract: 600.00 EUR.",
                (
                    "Books of US1: 672.00 USD, at the transaction rate of 2025-03-31"
                    " (row"
                    " EUR-USD Mar, in force from 2025-03-20): 1 EUR is 1.12 USD."
                ),
                (
                    "Group G: 537.60 GBP, not stored but derived, at the transaction"
                    " rate of"
                    " 2025-03-31 (row GBP-USD Jan, in force from 2025-01-01): 1 GBP"
                    " is 1.25"
                    " USD, taken as its exact inverse: 1 USD is 0.8 GBP."
                ),
            ],
        ),
    ]
    assert told.broken == []


def test_a_month_a_retainer_and_a_block_tell_how_they_came_to_their_price(
    house: House,
) -> None:
    amounts_billed(house)

    month, retainer, block = (
        named(house, name) for name in ("2025-03", "C1.R", "C1.1/B1")
    )

    assert about(month, "price").sentences == [
        (
            "The fee of contract line C1.S of contract C1 for 2025-03 is 100.00 USD,"
            " open to bill from 2025-03-22."
        ),
        (
            "A whole month is 310.00 USD; it is for 2025-03-22 to 2025-03-31, 10 of 31"
            " days, exactly 100 USD, rounded on the running total of the term."
        ),
    ]
    assert about(retainer, "price").sentences == [
        (
            "The retainer of contract line C1.R of contract C1 is 300.00 USD, billed in"
            " advance on 2025-03-31; later invoices of the contract draw on it."
        )
    ]
    assert about(block, "price").sentences == [
        (
            "Block B1 of contract line C1.1 of contract C1 is 900.00 USD, purchased on"
            " 2025-03-01: 5 h prepaid, B1, to use by 2025-12-31."
        )
    ]
    assert (month.broken, retainer.broken, block.broken) == ([], [], [])


def test_a_retainer_tells_what_later_invoices_drew_of_it(house: House) -> None:
    house.change(RETAINER)
    house.bill()
    house.approve()
    house.bill()

    assert about(named(house, "C1.R/C1.R"), "retainer").sentences == [
        (
            "The retainer US1-000001 pays 200.00 USD of US1-000002, 200.00 USD net and"
            " 0.00 USD tax; the invoice as a whole is due by so much less."
        )
    ]


def test_the_line_of_a_document_is_explained_by_its_number(house: House) -> None:
    amounts_billed(house)

    assert named(house, "US1-000001/2") == named(house, "design")


def test_a_shared_milestone_tells_each_customers_share(house: House) -> None:
    amounts_billed(house, KIEL, *shares(ADATUM="25", KIEL="75"))

    told = named(house, "design")

    assert [step.sentences[:2] for step in told.steps if step.about == "invoice"] == [
        [
            (
                "Line 2 of US1-000001, 2025-03-31, bills several customers 600.00"
                " USD, as"
                " it is."
            ),
            "ADATUM pays 25 % of it, exactly 150 USD, rounded 150.00 USD.",
        ],
        [
            (
                "Line 2 of US1-000002, 2025-03-31, bills several customers 600.00"
                " USD, as"
                " it is."
            ),
            "KIEL pays 75 % of it, exactly 450 USD, rounded 450.00 USD.",
        ],
    ]


def test_a_name_that_nothing_has_is_told_so(house: House) -> None:
    with (
        house.database.tenant(house.tenant) as session,
        pytest.raises(LookupError, match=r"no time entry C1\.F/design, and no line"),
    ):
        explain_named(session, "C1.F/design")
