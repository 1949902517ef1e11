"""What cannot be of transfer prices, rounding, blocks and shares is told by row."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.files import RulebookFile
from tests.flow.advances import KIEL, shares
from tests.flow.house import House
from tests.flow.rules import checked, faults, files
from tests.flow.test_rulebook_terms import BLOCK, lend

pytestmark = pytest.mark.integration


def replaced(file: RulebookFile, old: bytes, new: bytes) -> RulebookFile:
    return RulebookFile(file.name, file.content.replace(old, new))


def test_transfer_prices_that_overlap_are_told(house: House) -> None:
    lend(house)

    book = files(
        transfer_prices="""
            id,lender,borrower,model,value,role,from,until
            a,GB1,US1,unit_price,120,consultant,2025-01-01,2025-07-01
            b,GB1,US1,unit_price,130,consultant,2025-06-01,
            c,GB1,US1,unit_price,110,,,
        """
    )

    (tie,) = checked(house, book).errors
    assert (str(tie.place), tie.column) == ("transfer_prices.csv, row 3", None)
    assert tie.sentence == (
        "The row is as specific as transfer_prices.csv, row 2 and matches the same"
        " cases on the same days: nothing says which holds."
    )
    assert tie.remedy == (
        "End one before the other begins, make one narrower, or delete it."
    )


def test_transfer_prices_that_cannot_be_are_told(house: House) -> None:
    lend(house)

    draft = checked(
        house,
        files(
            transfer_prices="""
                id,lender,borrower,model,value,role
                a,GB1,US1,cost_plus_percent,0.15,consultant
                b,GB1,GB1,unit_price,120,
                c,US1,GB1,unit_price,-1,
                d,US1,GB1,unit_price,120,tester
            """
        ),
    )

    assert [
        (one.severity.value, str(one.place), one.column, one.sentence)
        for one in draft.findings
    ] == [
        (
            "warning",
            "transfer_prices.csv, row 5",
            "role",
            "No person has the role tester; only work that states it would match.",
        ),
        ("warning", "transfer_prices.csv, row 2", "value", "The value is 0.15 %."),
        (
            "error",
            "transfer_prices.csv, row 3",
            None,
            "GB1 lends to itself (transfer_price b).",
        ),
        (
            "error",
            "transfer_prices.csv, row 4",
            None,
            "A value of -1 is not between 0 and 1000000000 (transfer_price c).",
        ),
    ]


def test_a_model_that_is_none_and_a_lender_nobody_knows_are_told(house: House) -> None:
    lend(house)

    assert faults(
        house,
        files(
            transfer_prices="""
                lender,borrower,model,value
                GB1,US1,margin,10
                FR1,US1,unit_price,120
            """
        ),
    ) == [
        (
            "transfer_prices.csv, row 2",
            "model",
            "Model is 'margin', which it does not take.",
        ),
        ("transfer_prices.csv, row 3", "lender", "There is no legal entity FR1."),
    ]


def test_a_rounding_row_behind_one_for_everything_is_told(house: House) -> None:
    book = files(
        time_rounding="""
            id,increment_minutes,mode,project,activity
            all,15,up,*,
            of_p1,30,up,P1,
            dev,6,up,,dev
        """
    )

    first, second = checked(house, book).errors

    assert (str(first.place), first.column) == ("time_rounding.csv, row 3", "order")
    assert first.sentence == (
        "The row never holds: what it matches is matched before, by"
        " time_rounding.csv, row 2."
    )
    assert first.remedy == "Move it before those rows, or delete it."
    assert str(second.place) == "time_rounding.csv, row 4"


def test_rounding_rows_of_one_place_and_beyond_a_day_are_told(house: House) -> None:
    tie = faults(
        house,
        files(
            time_rounding="""
                id,order,increment_minutes,project,activity
                a,1,15,P1,
                b,1,30,,dev
            """
        ),
    )
    beyond = faults(house, files(time_rounding="id,increment_minutes,mode\na,1441,up"))

    assert tie == [
        (
            "time_rounding.csv, row 3",
            "order",
            (
                "The row has the same order as time_rounding.csv, row 2, and both match"
                " the same cases on the same days: nothing says which holds."
            ),
        )
    ]
    assert beyond == [
        (
            "time_rounding.csv, row 2",
            None,
            (
                "Increment_minutes 1441 is not from 0 to a day in whole seconds"
                " (time_rounding a)."
            ),
        )
    ]


def test_shares_of_99_are_told_with_every_row_and_a_remedy(house: House) -> None:
    house.change(KIEL)
    book = files(
        contract_customers="""
            contract,customer,share,order
            C1,ADATUM,49,1
            C1,KIEL,50,2
        """
    )

    (wrong,) = checked(house, book).errors

    assert (str(wrong.place), wrong.column) == (
        "contract_customers.csv, row 3",
        "share",
    )
    assert wrong.sentence == (
        "The shares of contract C1 total 99 percent, not 100: ADATUM 49 in"
        " contract_customers.csv, row 2, KIEL 50 in contract_customers.csv, row 3."
    )
    assert wrong.remedy == (
        "Change the shares of the contract so that they total 100; the shares of one"
        " that leaves go to the others on the same day."
    )


def test_shares_that_miss_one_from_a_day_on_are_told(house: House) -> None:
    house.change(KIEL)
    book = files(
        contract_customers="""
            contract,customer,share,order,until,rounding
            C1,ADATUM,50,1,2025-07-01,true
            C1,KIEL,50,2,,true
        """
    )

    assert faults(house, book) == [
        (
            "contract_customers.csv, row 3",
            "rounding",
            (
                "Of contract C1, contract_customers.csv, row 2 takes the difference of"
                " rounding already."
            ),
        ),
    ]
    assert faults(house, [replaced(book[0], b",true", b",")]) == [
        (
            "contract_customers.csv, row 3",
            "share",
            (
                "The shares of contract C1 total 50 percent, not 100, from 2025-07-01"
                " on: KIEL 50 in contract_customers.csv, row 3."
            ),
        )
    ]


def test_a_customer_of_a_contract_that_is_left_out_leaves_too_little(
    house: House,
) -> None:
    house.change(KIEL, *shares(ADATUM="50", KIEL="50"))

    book = files(
        contract_customers="id,contract,customer,share,order\nC1:KIEL,C1,KIEL,50,2"
    )

    (place, column, sentence), *_ = faults(house, book)
    assert (place, column) == ("contract_customers.csv, row 2", "share")
    assert sentence.startswith("The shares of contract C1 total 50 percent, not 100:")


def test_master_data_itself_does_not_let_a_share_end_alone(house: House) -> None:
    house.change(KIEL, *shares(ADATUM="50", KIEL="50"))
    leaves = MasterChange(
        "contract_customer",
        "C1:KIEL",
        fields={
            "contract": "C1",
            "customer": "KIEL",
            "share": Decimal(50),
            "order": 2,
        },
        effective_until=date(2025, 7, 1),
    )

    refusals = house.change(leaves).refusals

    assert [one.problem.sentence for one in refusals] == [
        (
            "contract C1 was not taken over: the shares of its customers total 50"
            " percent, not 100, from 2025-07-01 on."
        )
    ]


def test_a_block_that_was_sold_cannot_be_left_out_or_end_by_its_row(
    house: House,
) -> None:
    house.change(BLOCK)

    draft = checked(
        house,
        files(
            prepaid_blocks="""
                id,contract_line,hours,purchased,expires,until
                B2,C1.1,10,2025-01-01,2025-12-31,2025-06-01
            """
        ),
    )

    assert [
        (one.severity.value, str(one.place), one.column, one.sentence)
        for one in draft.findings
    ] == [
        (
            "warning",
            "prepaid_blocks.csv, row 2",
            "until",
            "The block is used until it expires on 2025-12-31, whatever until says.",
        ),
        (
            "error",
            "prepaid_blocks.csv, row 2",
            "id",
            (
                "The block B1 is not in the table any more, but it was sold and its"
                " hours are used until it expires."
            ),
        ),
    ]


def test_a_block_that_nobody_could_use_is_told(house: House) -> None:
    assert faults(
        house,
        files(
            prepaid_blocks="""
                id,contract_line,hours,purchased,expires
                B1,C1.1,10,2025-12-31,2025-01-01
                B2,C1.1,10,31.12.2025,2025-01-01
            """
        ),
    ) == [
        (
            "prepaid_blocks.csv, row 3",
            "purchased",
            "Purchased is '31.12.2025', which it does not take.",
        ),
        (
            "prepaid_blocks.csv, row 2",
            None,
            (
                "It expires on 2025-01-01, before its purchase 2025-12-31"
                " (prepaid_block B1)."
            ),
        ),
    ]
