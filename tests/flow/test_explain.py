"""Every figure of an hour is explained from the rules it was decided with."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.explain import (
    AmountExplanation,
    Explanation,
    NotDecided,
    Step,
    explain_entry,
)
from hourline.infra.queries import Query
from tests.flow.house import House, chart
from tests.flow.rules import files, publish

pytestmark = pytest.mark.integration

_SMUGGLE = Query(
    "smuggle",
    "Add a portion that nothing decided.",
    "INSERT INTO hourline.portion (entry_no, revision, part, fate, contract_no,"
    " contract_line_no, seconds, rate_amount, rate_seconds, currency, amount,"
    " accrued_amount) SELECT entry_no, revision, 7, fate, contract_no,"
    " contract_line_no, 1, 1, 1, currency, 1, 0 FROM hourline.portion",
)


def explained(
    house: House,
    entry: str = "t1",
    *,
    revision: int | None = None,
    part: int | None = None,
) -> Explanation:
    with house.database.tenant(house.tenant) as session:
        return explain_entry(session, entry, revision=revision, part=part)


def about(explanation: Explanation | AmountExplanation, what: str) -> Step:
    (step,) = [one for one in explanation.steps if one.about == what]
    return step


def test_an_hour_is_told_from_time_to_invoice(house: House) -> None:
    house.change(*chart())
    house.approve()
    house.bill()

    told = explained(house)

    assert [step.about for step in told.steps] == [
        "time",
        "bill rate",
        "portion 0",
        "amounts of portion 0",
        "cost",
        "tax",
        "accounting date",
        "journal",
        "invoice",
        "amounts of US1-000001 line 1",
        "proof",
    ]
    assert about(told, "time").sentences == [
        "1 h were worked on 2025-03-05.",
        "All of it is billable.",
    ]
    assert about(told, "portion 0").sentences == [
        (
            "1 h at 200 USD an hour is exactly 200 USD; rounded once (half up), the"
            " billable portion is worth 200.00 USD."
        ),
        "200.00 USD of it is accrued until it is billed.",
    ]
    assert about(told, "journal").sentences == [
        (
            "cost: Dr cost (account 5000) / Cr payroll_allocation (account 5900)"
            " 100.00 USD, US1, 2025-03-05."
        ),
        (
            "accrual: Dr wip (account 1400) / Cr accrued_revenue (account 4100)"
            " 200.00 USD, US1, 2025-03-05."
        ),
    ]
    assert told.broken == []
    assert about(told, "proof").sentences[0].endswith("all are stored just so.")


def test_rates_that_match_but_are_less_specific_are_named(house: House) -> None:
    publish(
        house,
        files(
            bill_rates="""
                id,currency,rate,customer,person,role
                standard,USD,200,,,
                adatum,USD,190,ADATUM,,
                ann,USD,260,ADATUM,ann,
                testers,USD,90,,,tester
            """
        ),
    )
    house.approve()

    told = explained(house)
    step = about(told, "bill rate")

    assert told.rulebook == 1
    assert step.sentences == [
        "The row ann holds: it names customer ADATUM, person ann.",
        "The row adatum matches too, but is less specific: it names customer ADATUM.",
        (
            "The row standard matches too, but is less specific: it is of the standard"
            " card."
        ),
    ]
    assert step.figures["row"] == "ann"


def test_a_step_of_the_running_total_is_told_exactly(house: House) -> None:
    house.change(MasterChange("bill_rate", "standard", fields={"rate": Decimal(100)}))
    house.approve(id="t1", seconds=1_200)
    house.approve(id="t2", seconds=1_200, date="2025-03-06")
    house.bill()

    first, second = (
        about(explained(house, entry), "invoice") for entry in ("t1", "t2")
    )

    assert (first.figures["step"], second.figures["step"]) == (3_333, 3_334)
    assert second.sentences[0] == (
        "Line 2 of US1-000001, 2025-03-31, bills 0:20:00 h. Before it the contract"
        " line was billed 33.33 USD, exactly 33 1/3 USD; with it the exact total is"
        " 66 2/3 USD, rounded 66.67 USD: the step is 33.34 USD."
    )


def test_rules_published_later_do_not_change_what_is_told(house: House) -> None:
    house.approve()
    before = explained(house)
    publish(house, files(bill_rates="id,currency,rate\nstandard,USD,999"))

    after = explained(house)

    assert after == before
    assert after.broken == []


def test_the_tax_row_and_those_tried_before_it_are_told(house: House) -> None:
    publish(
        house,
        files(
            tax="""
                id,entity_country,customer_country,rate,code,from
                abroad,DE,,19,S,
                later,,,8,S,2025-04-01
                home,US,US,7.25,S,
                rest,,,0,Z,
            """
        ),
    )
    house.approve()

    step = about(explained(house), "tax")

    assert step.sentences == [
        "The row home holds: 7.25 %, code S.",
        "abroad, tried before, does not: it asks for entity country DE, here it is US.",
        "later, tried before, does not: it does not hold on 2025-03-05.",
    ]


def test_the_service_that_the_tax_table_is_asked_for_is_told(house: House) -> None:
    publish(
        house,
        files(tax="id,service,rate,code\nbooks,books,7,S\ncourse,training,0,E"),
    )
    house.change(
        MasterChange("contract_line", "C1.1", fields={"tax_service": "training"})
    )
    house.approve()

    step = about(explained(house), "tax")

    assert step.sentences == [
        "The row course holds: 0 %, code E.",
        "The contract line C1.1 is of the tax service training.",
        (
            "books, tried before, does not: it asks for service books, here it is"
            " training."
        ),
    ]
    assert step.figures["service"] == "training"


def test_foreign_work_is_told_with_its_rate_of_exchange(house: House) -> None:
    house.change(
        MasterChange("contract", "C1", fields={"currency": "EUR"}),
        MasterChange(
            "bill_rate", "eur", fields={"currency": "EUR", "rate": Decimal(80)}
        ),
    )
    publish(
        house,
        files(
            fx="from_currency,to_currency,rate,from\nUSD,EUR,0.8,2025-01-01",
        ),
    )
    house.approve()

    step = about(explained(house), "rate of exchange")

    assert step.sentences == [
        (
            "The row from_currency=USD to_currency=EUR holds on the accounting date"
            " 2025-03-05: 1 USD is 0.8 EUR, taken as its exact inverse. One EUR is so"
            " 1.25 USD."
        )
    ]
    assert explained(house).broken == []


def test_overtime_and_its_factor_are_told(house: House) -> None:
    publish(house, files(hour_types="id,bill_factor,cost_factor\novertime,1.5,1.25"))
    house.approve(hour_type="overtime")

    told = explained(house)

    assert about(told, "hour type").sentences == [
        "overtime: the bill rate counts 1.5 times, the cost rate 1.25 times."
    ]
    assert about(told, "portion 0").figures["amount"] == 30_000
    assert about(told, "cost").figures == {"row": "ann-cost", "amount": 12_500}


def test_a_part_can_be_told_alone(house: House) -> None:
    house.approve(billable_seconds=1_800)

    told = explained(house, part=1)

    assert [one.about for one in told.steps if one.about.startswith("portion")] == [
        "portion 1"
    ]
    assert about(told, "time").sentences[1] == (
        "The approver stated 0.5 h as billable, taken as given."
    )


def test_work_of_a_closed_month_is_told_as_late(house: House) -> None:
    house.change(
        MasterChange(
            "posting_period",
            "US1:2025-03",
            fields={"entity": "US1", "period": "2025-03", "status": "closed"},
        )
    )
    house.approve()

    step = about(explained(house), "accounting date")

    assert step.figures == {"date": date(2025, 4, 1), "late": True}


def test_an_older_revision_is_told_as_it_was(house: House) -> None:
    house.approve()
    house.approve(revision=2, seconds=7_200)

    told = explained(house, revision=1)

    assert (told.revision, told.superseded, told.broken) == (1, True, [])
    assert about(told, "portion 0").figures["amount"] == 20_000
    assert explained(house).revision == 2


def test_what_is_not_decided_says_what_it_waits_for(house: House) -> None:
    house.approve(person="nobody")

    with pytest.raises(NotDecided, match="nobody"):
        explained(house)


def test_a_figure_that_is_not_stored_as_it_is_computed_is_told(house: House) -> None:
    house.approve()
    with house.database.tenant(house.tenant) as session:
        session.run(_SMUGGLE)

    broken = explained(house).broken

    assert [(one.figure, one.recomputed, one.stored) for one in broken] == [
        ("number of portions", "1", "2")
    ]


def test_an_entry_there_is_not_is_refused(house: House) -> None:
    with pytest.raises(LookupError, match="no time entry t9"):
        explained(house, "t9")
