"""A rulebook that contradicts itself is refused with file, row, column and remedy."""

from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.drafts import export_book
from hourline.flow.rulebook.files import RulebookFile, written
from tests.flow.house import House
from tests.flow.rules import checked, faults, files, propose, publish

pytestmark = pytest.mark.integration


def test_rows_of_two_files_that_tie_are_told_with_both_places(house: House) -> None:
    book = files(
        bill_rates__emea="id,currency,rate,role\na,USD,200,dev\nb,USD,210,tester",
        bill_rates__apac="id,currency,rate,role\nc,USD,220,dev",
    )

    assert faults(house, book) == [
        (
            "bill_rates.apac.csv, row 2",
            None,
            (
                "The row is as specific as bill_rates.emea.csv, row 2 and matches the"
                " same cases on the same days: nothing says which holds."
            ),
        )
    ]


def test_every_fault_is_told_not_just_the_first(house: House) -> None:
    book = files(
        bill_rates="""
            id,currency,rate,project,customer,from,until
            a,USD,"120,50",,,,
            b,EURO,100,,,,
            c,USD,,,,,
            d,USD,100,,,2025-13-01,
            e,USD,100,,,2025-05-01,2025-05-01
            f,USD,100,P9,,,
            g,USD,100,P1,ADATUM,,
            h,USD,1e3,,,,
            i,USD,100,P1,,,
            j,USD,101,P1,,,
        """
    )

    assert faults(house, book) == [
        (
            "bill_rates.csv, row 2",
            "rate",
            "Rate is '120,50', with a comma.",
        ),
        (
            "bill_rates.csv, row 3",
            "currency",
            "'EURO' is no currency of ISO 4217; write a code such as EUR.",
        ),
        ("bill_rates.csv, row 4", "rate", "Rate is empty."),
        ("bill_rates.csv, row 5", "from", "From is '2025-13-01', which is no day."),
        (
            "bill_rates.csv, row 6",
            "until",
            "It holds from 2025-05-01 until 2025-05-01, which is not after it.",
        ),
        ("bill_rates.csv, row 9", "rate", "Rate is '1e3', which is no number."),
        ("bill_rates.csv, row 7", "project", "There is no project P9."),
        ("bill_rates.csv, row 8", "customer", "The row names project and customer."),
        (
            "bill_rates.csv, row 11",
            None,
            (
                "The row is as specific as bill_rates.csv, row 10 and matches the same"
                " cases on the same days: nothing says which holds."
            ),
        ),
    ]


def test_a_hidden_tax_row_and_rows_of_one_place_are_told(house: House) -> None:
    book = files(
        tax="""
            order,entity_country,customer_country,rate,code
            1,US,,7,S
            2,US,FR,0,E
            3,,FR,0,E
            3,DE,,19,S
            ,IT,,22,S
        """
    )

    assert faults(house, book) == [
        ("tax.csv, row 6", "order", "Order is empty, while other rows have it."),
        (
            "tax.csv, row 5",
            "order",
            (
                "The row has the same order as tax.csv, row 4, and both match the same"
                " cases on the same days: nothing says which holds."
            ),
        ),
        (
            "tax.csv, row 3",
            "order",
            (
                "The row never holds: what it matches is matched before, by tax.csv,"
                " row 2."
            ),
        ),
    ]


def test_the_place_of_a_row_that_is_gone_is_not_taken(house: House) -> None:
    publish(
        house, files(tax="id,order,entity_country,rate,code\nus,1,US,7,S\nz,2,,0,Z")
    )

    taken = files(tax="id,order,customer_country,rate,code\nfr,1,FR,20,S\nz,2,,0,Z")
    free = files(tax="id,order,customer_country,rate,code\nfr,3,FR,20,S\nz,4,,0,Z")

    assert faults(house, taken) == [
        (
            "tax.csv, row 2",
            "order",
            (
                "The row has the order of us, which is not in the table any more but"
                " holds until 2025-04-01."
            ),
        )
    ]
    assert faults(house, free) == []


def test_rows_that_state_no_place_keep_clear_of_those_that_are_gone(
    house: House,
) -> None:
    publish(house, files(tax="id,entity_country,rate,code\nus,US,7,S\nrest,,0,Z"))
    publish(house, files(tax="id,customer_country,rate,code\nfr,FR,20,S\nrest,,0,Z"))

    book = export_book(house.database, house.tenant)

    assert [(row.id, row.cell("order"), str(row.ends)) for row in book["tax"]] == [
        ("us", "1", "2025-04-01"),
        ("fr", "2", "9999-12-31"),
        ("rest", "3", "9999-12-31"),
    ]
    again = [
        RulebookFile(name, content)
        for name, content in written(book, as_="csv").items()
        if name == "tax.csv"
    ]
    draft = checked(house, again)
    assert (draft.errors, draft.differences) == ([], [])


def test_one_id_for_two_cases_is_told(house: House) -> None:
    book = files(bill_rates="id,currency,rate,role\na,USD,1,dev\na,USD,2,tester")

    assert faults(house, book) == [
        (
            "bill_rates.csv, row 3",
            "id",
            (
                "The id a is used on the same days by bill_rates.csv, row 2 for other"
                " cases."
            ),
        )
    ]


def test_days_that_no_row_covers_are_a_warning(house: House) -> None:
    book = files(
        bill_rates="currency,rate,from,until\nUSD,1,,2025-01-01\nUSD,2,2025-02-01,"
    )

    draft, proposal_no = propose(house, book)

    assert [(one.severity, str(one.place)) for one in draft.findings] == [
        ("warning", "bill_rates.csv, row 3")
    ]
    assert proposal_no is not None


def test_rates_that_could_overflow_are_all_told(house: House) -> None:
    book = files(
        bill_rates="""
            id,currency,rate,role
            standard,USD,200,
            a,USD,99999999999999,dev
            b,USD,-1,tester
            c,USD,0.0000001,lead
        """,
        hour_types="id,bill_factor\nheavy,101",
    )

    assert sorted((place, said) for place, _, said in faults(house, book)) == [
        (
            "bill_rates.csv, row 3",
            "A rate of 99999999999999 is too large to be exact (bill_rate a).",
        ),
        ("bill_rates.csv, row 4", "The rate is below zero (bill_rate b)."),
        (
            "bill_rates.csv, row 5",
            (
                "1E-7 USD is finer than a ten-thousandth of the currency's smallest"
                " unit (bill_rate c)."
            ),
        ),
        (
            "hour_types.csv, row 2",
            (
                "Bill_factor 101 is not between 0 and 100 with at most 4 decimals"
                " (hour_type heavy)."
            ),
        ),
    ]


def test_a_rate_of_exchange_that_overflows_with_rates_elsewhere_is_told(
    house: House,
) -> None:
    house.change(
        MasterChange(
            "bill_rate",
            "dear",
            fields={"currency": "USD", "rate": Decimal(99_999_999), "role": "oracle"},
        )
    )
    book = files(fx="from_currency,to_currency,rate\nUSD,EUR,0.900000001")

    ((place, _, said),) = faults(house, book)

    assert place == "fx.csv, row 2"
    assert "too large to be exact with the bill and cost rates in force" in said


def test_routes_of_exceptions_and_severities_without_sense_are_told(
    house: House,
) -> None:
    book = files(
        exception_routes="""
            code,queue,owner,due_hours
            price_not_found,,lead,0
            price_not_fond,,lead,1
            tax_not_determined,tax,lead,1
        """,
        validation_severity="code,severity\nprice_not_found,warning",
    )

    assert sorted((place, column) for place, column, _ in faults(house, book)) == [
        ("exception_routes.csv, row 3", "code"),
        ("exception_routes.csv, row 4", "queue"),
        ("validation_severity.csv, row 2", "code"),
    ]
    zero = files(exception_routes="code,owner,due_hours\nprice_not_found,lead,0")
    assert [said for _, _, said in faults(house, zero)] == [
        "Due_hours is not between 1 and 8784 (exception_route code=price_not_found)."
    ]


def test_a_role_of_nobody_is_a_warning(house: House) -> None:
    draft = checked(
        house,
        files(bill_rates="currency,rate,role\nUSD,1,consultant\nUSD,2,consutlant"),
    )

    assert [(one.severity, one.column, one.sentence) for one in draft.findings] == [
        (
            "warning",
            "role",
            "No person has the role consutlant; only work that states it would match.",
        )
    ]


def test_a_country_that_is_no_code_is_told(house: House) -> None:
    book = files(tax="entity_country,rate,code\nGermany,19,S\nde,19,S")

    assert [(place, column) for place, column, _ in faults(house, book)] == [
        ("tax.csv, row 2", "entity_country"),
        ("tax.csv, row 3", "entity_country"),
    ]


def test_regular_hours_cannot_be_left_out(house: House) -> None:
    house.change(MasterChange("hour_type", "regular", fields={"bill_factor": 1}))

    book = files(hour_types="id,bill_factor\novertime,1.5")

    assert [said for _, _, said in faults(house, book)] == [
        "The row regular is missing, which is the kind of all work that states none."
    ]


def test_a_table_without_a_row_does_not_end_all_of_them(house: House) -> None:
    assert faults(house, files(bill_rates="id,currency,rate")) == [
        (
            "bill_rates",
            None,
            "The table has no row, so all 1 rows would end.",
        )
    ]
    assert faults(house, files(tax="rate,code")) == []


def test_most_rows_of_a_table_that_end_are_a_warning(house: House) -> None:
    rows = [f"r{number},USD,{number + 1},role{number}" for number in range(21)]
    publish(house, files(bill_rates="\n".join(("id,currency,rate,role", *rows))))

    draft = checked(
        house, files(bill_rates="\n".join(("id,currency,rate,role", *rows[:10])))
    )

    told = [one for one in draft.findings if one.column is None]
    assert [(one.severity, one.sentence) for one in told] == [
        ("warning", "11 of 21 rows end, as they are not in the table.")
    ]


def test_a_rate_of_exchange_of_nothing_is_told_apart_from_one_too_large(
    house: House,
) -> None:
    book = files(
        fx="""
            id,from_currency,to_currency,rate
            a,USD,EUR,0
            b,USD,GBP,999999999999999
        """
    )

    assert sorted((place, said) for place, _, said in faults(house, book)) == [
        ("fx.csv, row 2", "A rate of 0 is not above zero (fx_rate a)."),
        (
            "fx.csv, row 3",
            (
                "A rate of 999999999999999 is too large to be exact with the bill and"
                " cost rates in force (fx_rate b)."
            ),
        ),
    ]


def test_what_cannot_be_read_does_not_hide_what_could_not_be_decided_with(
    house: House,
) -> None:
    book = files(
        bill_rates="""
            id,currency,rate,role,per
            standard,USD,1e30,,
            b,USD,-1,tester,
            c,USD,1600,lead,day
        """
    )

    assert sorted((place, said) for place, _, said in faults(house, book)) == [
        ("bill_rates.csv, row 2", "Rate is '1e30', which is no number."),
        ("bill_rates.csv, row 3", "The rate is below zero (bill_rate b)."),
        (
            "bill_rates.csv, row 4",
            "A rate per day does not say how many hours a day has (bill_rate c).",
        ),
    ]


def test_a_tax_of_more_than_the_whole_is_a_warning(house: House) -> None:
    book = files(tax="entity_country,rate,code\nUS,1900,S")

    (warning,) = checked(house, book).findings

    assert (str(warning.place), warning.column) == ("tax.csv, row 2", "rate")
    assert warning.sentence == "The rate is 1900 %, more than the whole."
