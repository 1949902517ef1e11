"""A rate that escalates is one row of a table, and a rate for each year in force."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.explain import explain_entry
from hourline.flow.rulebook.drafts import export_book
from hourline.flow.rulebook.files import RulebookFile, written
from tests.flow.house import House
from tests.flow.rules import checked, faults, files, propose, publish

pytestmark = pytest.mark.integration
AGREED = files(
    bill_rates="""
        id,currency,rate,escalation_percent,from,until
        standard,USD,200,,,2024-02-29
        standard,USD,200.01,3,2024-02-29,2026-07-01
    """
)
RATE = MasterChange(
    "bill_rate",
    "standard",
    fields={
        "currency": "USD",
        "rate": Decimal("200.01"),
        "escalation_percent": Decimal(3),
    },
    effective_from=date(2024, 2, 29),
    effective_until=date(2026, 7, 1),
)


def yearly(house: House) -> list[tuple[str, str, str, str]]:
    """Give the rows in force: first day, rate, percentage, and how often."""
    return [
        (
            row.starts.isoformat(),
            row.cell("rate"),
            row.cell("escalation_percent"),
            row.cell("escalation_every"),
        )
        for row in export_book(house.database, house.tenant)["bill_rates"]
    ]


# 200.01, times 1.03 = 206.0103, times 1.03 again = 212.190609.
YEARLY = [
    ("0001-01-01", "200", "", ""),
    ("2024-02-29", "200.01", "3", "year"),
    ("2025-03-01", "206.01", "3", "year"),
    ("2026-03-01", "212.19", "3", "year"),
]


@pytest.mark.parametrize("as_", ["csv", "xlsx", "yaml"])
def test_a_rate_that_escalates_goes_out_as_it_came(house: House, as_: str) -> None:
    publish(house, AGREED)

    book = export_book(house.database, house.tenant)
    exported = [
        RulebookFile(name, content) for name, content in written(book, as_=as_).items()
    ]
    draft, proposal_no = propose(house, exported)

    assert yearly(house) == YEARLY
    assert (draft.errors, draft.differences, proposal_no) == ([], [], None)


def test_work_of_a_later_year_is_priced_and_explained_at_its_rate(
    house: House,
) -> None:
    publish(house, AGREED)
    house.approve(date="2025-03-05")

    with house.database.tenant(house.tenant) as session:
        told = explain_entry(session, "t1")

    (step,) = [one for one in told.steps if one.about == "bill rate"]
    assert step.sentences == [
        "The row standard holds: it is of the standard card.",
        (
            "It escalates by 3 % a year; from 2025-03-01 until 2026-03-01 its rate is"
            " 206.01 USD per hour."
        ),
    ]
    assert house.bill().net == 20_601


def test_another_percentage_tells_the_rate_of_every_year(house: House) -> None:
    publish(house, AGREED)

    (change,) = checked(
        house,
        files(
            bill_rates="""
                id,currency,rate,escalation_percent,escalation_every,from,until
                standard,USD,200,,,,2024-02-29
                standard,USD,200.01,4,year,2024-02-29,2026-07-01
            """
        ),
    ).differences

    # 208.0104, 216.330816
    assert (change.word, change.columns) == ("changed", ("rate", "escalation_percent"))
    assert [row.cell("rate") for row in change.after] == [
        "200",
        "200.01",
        "208.01",
        "216.33",
    ]


def test_what_cannot_escalate_is_told_with_its_row_and_column(house: House) -> None:
    found = faults(
        house,
        files(
            bill_rates="""
                id,currency,rate,escalation_percent,escalation_every,from
                a,USD,200,3,year,
                b,EUR,200,-100,,2025-01-01
                c,GBP,200,,year,2025-01-01
                d,CHF,200,3,month,2025-01-01
            """
        ),
    )

    assert found == [
        (
            "bill_rates.csv, row 2",
            "escalation_percent",
            "The rate escalates, but does not say since when it holds.",
        ),
        (
            "bill_rates.csv, row 3",
            "escalation_percent",
            "-100 is no percentage above -100 and up to 100.",
        ),
        (
            "bill_rates.csv, row 4",
            "escalation_percent",
            "Escalation_every is year, without escalation_percent.",
        ),
        (
            "bill_rates.csv, row 5",
            "escalation_every",
            "Escalation_every is 'month', which it does not take.",
        ),
    ]


def test_a_record_that_escalates_is_what_the_table_says(house: House) -> None:
    house.change(RATE)

    assert yearly(house) == YEARLY


def test_a_plain_rate_that_follows_does_not_escalate(house: House) -> None:
    house.change(RATE)
    house.change(
        MasterChange(
            "bill_rate",
            "standard",
            fields={"rate": Decimal(230)},
            effective_from=date(2026, 1, 1),
        )
    )

    assert yearly(house)[2:] == [
        ("2025-03-01", "206.01", "3", "year"),
        ("2026-01-01", "230", "", ""),
    ]
    (content,) = written(
        {"bill_rates": export_book(house.database, house.tenant)["bill_rates"]},
        as_="csv",
    ).values()
    assert content.decode().splitlines()[1:] == [
        "standard,USD,,,,,,,,,200,hour,,false,,,,2024-02-29",
        "standard,USD,,,,,,,,,200.01,hour,,false,3,year,2024-02-29,2026-01-01",
        "standard,USD,,,,,,,,,230,hour,,false,,,2026-01-01,",
    ]
