"""Limits of months and of persons' days are kept, told and proven."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.cli.allotment_shown import allotted
from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Fate
from tests.flow.house import HOUR, House
from tests.flow.test_explain import about, explained
from tests.flow.test_limits import contract, parts

pytestmark = pytest.mark.integration


def line(**fields: object) -> MasterChange:
    """Give a change of contract line C1.1."""
    return MasterChange("contract_line", "C1.1", fields=fields)


def test_a_limit_is_not_set_below_what_is_invoiced_of_a_month_or_a_day(
    house: House,
) -> None:
    house.approve(seconds=2 * HOUR)
    house.approve(id="t2", date="2025-02-05", seconds=HOUR)
    house.bill()

    said = [
        house.change(change).refusals[0].problem.sentence
        for change in (
            contract(month_limit=Decimal("399.99")),
            line(month_limit_hours=Decimal("1.5")),
            line(person_day_limit=Decimal(0)),
            contract(person_day_limit_hours=Decimal(1)),
        )
    ]

    refused = " was not taken over: its "
    assert said == [
        (
            f"contract C1{refused}month_limit of 399.99 USD is below the 400.00 USD"
            " invoiced already for 2025-03."
        ),
        (
            f"contract_line C1.1{refused}month_limit_hours of 1.5 h is below the 2 h"
            " invoiced already for 2025-03."
        ),
        (
            f"contract_line C1.1{refused}person_day_limit of 0.00 USD is below the"
            " 200.00 USD invoiced already for ann on 2025-02-05."
        ),
        (
            f"contract C1{refused}person_day_limit_hours of 1 h is below the 2 h"
            " invoiced already for ann on 2025-03-05."
        ),
    ]
    exact = contract(month_limit=Decimal(400), person_day_limit_hours=Decimal(2))
    assert house.change(exact).refusals == []
    assert house.unproven() == []


def test_a_month_limit_holds_from_its_day_on_and_leaves_earlier_months(
    house: House,
) -> None:
    house.change(contract(month_limit=Decimal(400)))
    house.approve(seconds=3 * HOUR)
    house.bill()

    lowered = MasterChange(
        "contract",
        "C1",
        fields={"month_limit": Decimal(100)},
        effective_from=date(2025, 4, 1),
    )
    assert house.change(lowered).refusals == []
    house.approve(id="t2", date="2025-04-02", approved_at="2025-04-03T08:00:00Z")

    assert parts(house) == {
        Fate.BILLABLE: (2 * HOUR, 40_000),
        Fate.OVER_LIMIT: (HOUR, 20_000),
    }
    assert parts(house, "t2") == {
        Fate.BILLABLE: (HOUR // 2, 10_000),
        Fate.OVER_LIMIT: (HOUR // 2, 10_000),
    }
    assert house.unproven() == []


def test_it_is_told_which_limit_an_entry_is_over(house: House) -> None:
    house.change(
        line(month_limit=Decimal(500), person_day_limit_hours=Decimal(4)),
        contract(
            month_limit=Decimal(300),
            month_limit_hours=Decimal(2),
            person_day_limit=Decimal(700),
        ),
    )
    house.approve(seconds=5 * HOUR)

    told = explained(house)
    [step] = house.status().story.allotments

    assert about(told, "allotment").sentences[0] == (
        "Of portion 0: 1 h more over the person-day limit of contract line C1.1 (4 h);"
        " 0.5 h more over the person-day limit of contract C1 (700.00 USD);"
        " 1 h more over the month limit of contract line C1.1 (500.00 USD);"
        " 1 h more over the month limit of contract C1 (300.00 USD and 2 h)."
    )
    assert told.broken == []
    assert (
        "1 h more over the person-day limit of contract line C1.1; 0.5 h more over the"
        " person-day limit of contract C1; 1 h more over the month limit of contract"
        " line C1.1; 1 h more over the month limit of contract C1, by"
    ) in allotted(step)
