"""What rounding, terms of a line and prices between entities do is told and proven."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from tests.flow.house import House
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, PRICE, charge
from tests.flow.rules import faults, files, publish
from tests.flow.test_explain import about, explained

pytestmark = pytest.mark.integration

_SMUGGLE_DAY = Query(
    "smuggle_day",
    "Say that a day was rounded otherwise.",
    "INSERT INTO hourline.day_rounding (entry_no, revision, part, time_rounding_no,"
    " seconds_before, seconds_after, uplift_change, day_worked_seconds,"
    " day_billable_seconds, change_no, recorded_at)"
    " SELECT entry_no, revision, part, time_rounding_no, seconds_before, seconds_after,"
    " uplift_change, day_worked_seconds, 2750, change_no, recorded_at"
    " FROM hourline.day_rounding",
)


def lend(house: House, **fields: object) -> None:
    price = replace(PRICE, fields={**PRICE.fields, **fields})
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, price)


def line(**fields: object) -> MasterChange:
    return MasterChange("contract_line", "C1.1", fields=fields)


def test_factor_minimum_and_increment_are_told_with_their_row(house: House) -> None:
    publish(
        house,
        files(
            time_rounding="""
                id,factor,minimum_minutes,increment_minutes,mode,activity
                dev,1,,6,down,dev
                usual,1.5,60,15,up,
            """
        ),
    )
    house.approve(seconds=2_000)

    told = explained(house)
    step = about(told, "time rounding")

    # 2000 s times 1.5 are 3000 s, five sixths of an hour; at least an hour.
    assert step.sentences == [
        (
            "The row usual is the first that matches: 0:33:20 h worked, times 1.5"
            " (exactly 5/6 h), at least 60 minutes, which it is below, up to a multiple"
            " of 15 minutes, so 1 h to bill."
        )
    ]
    assert (step.figures["row"], step.figures["rounded_seconds"]) == ("usual", 3_600)
    assert told.broken == []


def test_the_rounding_of_a_day_is_a_later_step(house: House) -> None:
    publish(
        house,
        files(
            time_rounding="""
                id,increment_minutes,mode,scope
                quarters,15,up,person_day
            """
        ),
    )
    house.approve(id="t1", seconds=700)
    house.approve(id="t2", seconds=650)

    told = explained(house, "t2")

    assert about(told, "time rounding").sentences == [
        (
            "The row quarters is the first that matches: 0:10:50 h worked, so 0:10:50 h"
            " to bill."
        ),
        "The day of the person is rounded as a whole: up to a multiple of 15 minutes.",
    ]
    # 1350 s are two quarters: 450 s more, at 200 USD an hour.
    assert about(told, "rounding of the day").sentences == [
        (
            "By the row quarters, the 0:22:30 h the person worked on 2025-03-05 bill as"
            " 0.5 h. This entry carries the difference: it bills 0:18:20 h in place of"
            " 0:10:50 h."
        ),
        "Its portion 1, billable, is 0:18:20 h worth 61.11 USD.",
    ]
    assert told.broken == []


def test_a_rounding_of_the_day_that_no_rule_gives_is_told(house: House) -> None:
    day = {"increment_minutes": Decimal(15), "mode": "up", "scope": "person_day"}
    house.change(MasterChange("time_rounding", "q", fields={"order": 1, **day}))
    house.approve(seconds=2_000)
    with house.database.tenant(house.tenant) as session:
        session.run(_SMUGGLE_DAY)

    assert [
        (one.figure, one.recomputed, one.stored) for one in explained(house).broken
    ] == [("billable seconds of the day", "2700", "2750")]


def test_discount_and_fee_are_told_with_the_price_they_make(house: House) -> None:
    publish(house, files(hour_types="id,bill_factor\novertime,1.5"))
    house.change(line(discount_percent=Decimal(10), fee_percent=Decimal(5)))
    house.approve(hour_type="overtime", billable_seconds=1_800)

    told = explained(house)

    # 200 x 1.5 x 0.9 x 1.05.
    assert about(told, "discount and fee").sentences == [
        (
            "200 USD an hour, times 1.5 for the hour type, less the discount of 10 %,"
            " plus the fee of 5 %, are exactly 283.5 USD; nothing is rounded here."
        )
    ]
    assert [one.stored for one in about(told, "discount and fee").checks] == [
        "283.5 USD",
        "283.5 USD",
    ]
    assert told.broken == []


def test_a_price_set_by_hand_has_neither_discount_nor_fee(house: House) -> None:
    house.change(line(discount_percent=Decimal(10)))
    house.approve(price="150.00")

    told = explained(house)

    assert about(told, "discount and fee").sentences == [
        "The price is set by hand, so the line's discount and fee leave it."
    ]
    assert told.broken == []


def test_a_price_by_cost_is_told_without_any_rate_row(house: House) -> None:
    lend(house)
    house.change(line(cost_plus_percent=Decimal(20), discount_percent=Decimal(10)))
    house.approve(person="bob")

    told = explained(house)

    # A dollar is 0.80 GBP: 50 GBP are 62.50 USD, plus 20 % 75, less 10 % 67.50.
    assert about(told, "price by cost").sentences == [
        (
            "No rate row is asked: an hour is sold by the cost rate bob-cost of 50 GBP"
            " an hour, which is 62.5 USD at the transaction rate of 2025-03-05 (row"
            " USD-GBP, in force from 2025-01-01): 1 USD is 0.8 GBP, taken as its exact"
            " inverse: 1 GBP is 1.25 USD, plus 20 %, less the discount of 10 %, so for"
            " 67.5 USD."
        )
    ]
    assert "bill rate" not in [step.about for step in told.steps]
    assert told.broken == []


def test_a_unit_price_is_told_with_the_books_of_both_sides(house: House) -> None:
    lend(house)
    house.approve(person="bob", seconds=5_400)
    charge(house)

    told = explained(house)

    assert about(told, "transfer price").sentences == [
        "GB1 lends to US1: the row GB1-US1 holds, as it names nobody.",
        "By its model, unit price, an hour is charged at 120 USD.",
        (
            "1.5 h worked at 120 USD an hour are exactly 180 USD; rounded once (half"
            " up) they are 180.00 USD."
        ),
        (
            "GB1 accrues 144.00 GBP in its books until it invoices, at the transaction"
            " rate of 2025-03-05 (row USD-GBP, in force from 2025-01-01): 1 USD is 0.8"
            " GBP."
        ),
        "In the books of US1 it is 180.00 USD.",
    ]
    assert about(told, "intercompany invoice").sentences == [
        (
            "Line 1 of GB1-IC-000001, 2025-03-31, charges US1 180.00 USD for 1.5 h;"
            " its tax is 0.00 USD. It is 144.00 GBP in the books of GB1, 180.00 USD in"
            " those of US1."
        ),
        (
            "GB1 translated it at the transaction rate of 2025-03-31 (row USD-GBP, in"
            " force from 2025-01-01): 1 USD is 0.8 GBP."
        ),
    ]
    assert told.broken == []


def test_a_share_of_the_margin_is_told_with_both_rates(house: House) -> None:
    lend(house, model="contribution_ratio", value=Decimal(40), currency=None)
    publish(
        house,
        files(
            transfer_prices="""
                id,lender,borrower,model,value,person,accrue
                GB1-US1,GB1,US1,contribution_ratio,40,,
                bob,GB1,US1,contribution_ratio,25,bob,false
            """
        ),
    )
    house.approve(person="bob")

    told = explained(house)

    # 75 % of 50 GBP and 25 % of 200 USD, which are 160 GBP.
    assert about(told, "transfer price").sentences == [
        "GB1 lends to US1: the row bob holds, as it names person bob.",
        "The row GB1-US1 matches too, but yields: it names nobody.",
        (
            "By its model, contribution ratio, with its factor, an hour is charged at"
            " 75 % of the cost rate of 50 GBP and 25 % of the bill rate of 200 USD, at"
            " the transaction rate of 2025-03-05 (row USD-GBP, in force from"
            " 2025-01-01): 1 USD is 0.8 GBP."
        ),
        (
            "1 h worked at 77.5 GBP an hour are exactly 77.5 GBP; rounded once (half"
            " up) they are 77.50 GBP."
        ),
        "GB1 accrues nothing before it invoices.",
        (
            "In the books of US1 it is 96.88 USD, at the transaction rate of 2025-03-05"
            " (row USD-GBP, in force from 2025-01-01): 1 USD is 0.8 GBP, taken as its"
            " exact inverse: 1 GBP is 1.25 USD."
        ),
    ]
    assert told.broken == []


def test_what_an_intercompany_invoice_takes_back_is_told(house: House) -> None:
    lend(house)
    house.approve(person="bob")
    charge(house)
    house.approve(person="bob", revision=2, seconds=7_200)
    charge(house)

    told = explained(house, revision=1)

    charged = [one for one in told.steps if one.about == "intercompany invoice"]
    assert [one.figures["net"] for one in charged] == [12_000, -12_000]
    assert "takes back US1 120.00 USD for 1 h" in charged[1].sentences[0]
    assert told.broken == []


def test_a_blended_rate_is_told_with_what_yields_to_it(house: House) -> None:
    house.change(line(discount_percent=Decimal(10)))
    publish(
        house,
        files(
            bill_rates="""
                id,currency,rate,contract_line,contract,person,blended
                standard,USD,200,,,,
                anns,USD,300,C1.1,,ann,false
                team,USD,150,,C1,,true
            """,
            hour_types="id,bill_factor,cost_factor\novertime,1.5,1.25",
        ),
        on=date(2025, 3, 1),
    )
    house.approve(hour_type="overtime")

    told = explained(house)

    assert about(told, "bill rate").sentences == [
        "The row team holds: it is blended and names contract C1.",
        (
            "The row anns matches too, but is not blended: it names contract line C1.1,"
            " person ann."
        ),
        (
            "The row standard matches too, but is not blended: it is of the standard"
            " card."
        ),
    ]
    assert about(told, "hour type").sentences == [
        (
            "overtime: the bill rate is blended, so no factor counts for it, the cost"
            " rate 1.25 times."
        )
    ]
    assert about(told, "discount and fee").sentences == [
        (
            "150 USD an hour, less the discount of 10 %, are exactly 135 USD;"
            " nothing is rounded here."
        )
    ]
    assert about(told, "portion 0").figures["amount"] == 13_500
    assert told.broken == []


def test_a_rate_that_is_blended_for_somebody_is_no_rulebook(house: House) -> None:
    book = files(
        bill_rates="""
            currency,rate,contract_line,person,role,blended
            USD,200,,,,
            USD,150,,,,true
            USD,150,C1.1,ann,developer,true
            USD,150,C1.1,,,maybe
        """
    )

    assert faults(house, book) == [
        (
            "bill_rates.csv, row 5",
            "blended",
            "Blended is 'maybe', which it does not take.",
        ),
        (
            "bill_rates.csv, row 3",
            "blended",
            "It is blended, but names no contract line and no contract.",
        ),
        (
            "bill_rates.csv, row 4",
            "blended",
            "It is blended for everybody, but names person and role.",
        ),
    ]
