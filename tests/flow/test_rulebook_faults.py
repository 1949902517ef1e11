"""A rulebook that contradicts itself is refused with file, row, column and remedy."""

import io
import random
import time
from decimal import Decimal

import openpyxl
import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.files import RulebookFile
from tests.flow.house import House
from tests.flow.rules import checked, faults, files, propose

pytestmark = pytest.mark.integration


def workbook(**sheets: list[list[object]]) -> list[RulebookFile]:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return [RulebookFile("rules.xlsx", kept.getvalue())]


def yaml(text: str) -> list[RulebookFile]:
    return [RulebookFile("rules.yaml", text.encode())]


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


def test_unknown_and_missing_columns_are_told(house: House) -> None:
    book = files(
        bill_rates="currency,price\nUSD,1",
        hour_types="bill_factor\n1.5",
        cost_rates="person,rate,rate\nann,1,2",
    )

    assert [(place, column) for place, column, _ in faults(house, book)] == [
        ("bill_rates.csv", "price"),
        ("bill_rates.csv", "rate"),
        ("hour_types.csv", "id"),
        ("cost_rates.csv", "rate"),
    ]


def test_a_formula_is_refused_and_its_result_never_taken(house: House) -> None:
    book = workbook(bill_rates=[["currency", "rate"], ["USD", "=100*2"]])

    assert faults(house, book) == [
        (
            "rules.xlsx, sheet bill_rates, row 2",
            "rate",
            "Rate is the formula =100*2.",
        )
    ]


def test_a_sheet_that_is_no_table_is_told(house: House) -> None:
    book = workbook(
        rates=[["currency", "rate"], ["USD", 100]],
        hour_types=[["id", "bill_factor"], ["overtime", 1.5]],
    )

    assert [(place, said) for place, _, said in faults(house, book)] == [
        ("rules.xlsx, sheet rates", "There is no table 'rates'.")
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "bill_rates:\n  - {currency: USD, rate: [1, 2]}",
            "has a list where one value",
        ),
        ("bill_rates: 7", "has no list of rows at line 1"),
        ("bill_rates: [1]", "has a row without columns at line 1"),
        ("bill_rates: []\nbill_rates: []", "has bill_rates twice at line 2"),
        ("{", "is not YAML"),
        ("text", "holds one text, no table"),
        ("- {currency: USD, currency: EUR}", "has currency twice"),
    ],
)
def test_yaml_that_is_no_table_is_told(house: House, content: str, said: str) -> None:
    (found,) = faults(house, yaml(content))

    assert said in found[2]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bill_rates.xlsx", b"PK no workbook", "is not a workbook"),
        ("bill_rates.csv", b"\xff\xfea\x00", "is UTF-16"),
        ("bill_rates.csv", b'currency,rate\nUSD,"1', "is not CSV at row 2"),
        ("bill_rates.csv", b"", "The column currency is missing."),
        ("bill_rates.pdf", b"%PDF", "read from .csv, .xlsx and .yaml files"),
        ("empty.yaml", b"", "There is no table 'empty'."),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    house: House, name: str, content: bytes, said: str
) -> None:
    found = faults(house, [RulebookFile(name, content)])

    assert said in found[0][2]
    assert found[0][0].startswith(name)


def test_a_row_with_more_cells_than_columns_is_told(house: House) -> None:
    book = files(bill_rates="currency,rate\nUSD,1,250")

    assert [said for _, _, said in faults(house, book)] == [
        "The row has more cells than the header has columns."
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
                "Factor 101 is not between 0 and 100 with at most 4 decimals (hour_type"
                " heavy)."
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
    assert "too large to be exact with the bill rates in force" in said


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


def test_a_percentage_of_a_spreadsheet_is_a_warning(house: House) -> None:
    draft = checked(house, workbook(tax=[["rate", "code"], [0.19, "S"], [0, "Z"]]))

    told = draft.findings[0]
    assert (str(told.place), told.sentence) == (
        "rules.xlsx, sheet tax, row 2",
        "The rate is 0.19 %.",
    )


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


def test_nothing_of_a_wrong_rulebook_is_proposed(house: House) -> None:
    book = files(
        hour_types="id,bill_factor\novertime,1.5", bill_rates="currency,rate\nUSD,x"
    )

    draft, proposal_no = propose(house, book)

    assert (len(draft.errors), proposal_no) == (1, None)


def test_ten_thousand_rows_are_checked_in_seconds(house: House) -> None:
    rates = "\n".join(
        f"r{number},USD,{100 + number % 90},role-{number // 2},"
        + ("2020-01-01,2025-01-01" if number % 2 else "2025-01-01,")
        for number in range(10_000)
    )
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    lands = [first + second for first in letters for second in letters]
    tax = "\n".join(
        f"{number + 1},{lands[number % 500]},{lands[number // 500]},7,S"
        for number in range(10_000)
    )
    book = files(
        bill_rates=f"id,currency,rate,role,from,until\n{rates}",
        tax=f"order,entity_country,customer_country,rate,code\n{tax}",
    )

    began = time.monotonic()
    draft = checked(house, book)
    took = time.monotonic() - began

    assert draft.errors == []
    assert draft.counts["bill_rates"]["added"] == 10_000
    assert took < 30, f"{took:.1f} s"


@pytest.mark.parametrize("seed", range(4))
def test_no_garbage_is_taken_or_breaks_the_check(house: House, seed: int) -> None:
    chance = random.Random(seed)
    alphabet = "aU*,;\"'\n\t=0.9-é\x00日{}[]:#&!|>%@`"

    for _ in range(60):
        text = "".join(chance.choice(alphabet) for _ in range(chance.randrange(80)))
        name = chance.choice(
            ["bill_rates.csv", "tax.csv", "rules.yaml", "bill_rates.yaml", "fx.xlsx"]
        )
        lead = chance.choice(
            ["", "currency,rate\n", "bill_rates:\n- ", "id,rate,code\n"]
        )

        draft = checked(house, [RulebookFile(name, (lead + text).encode())])

        assert draft.errors or not draft.differences or draft.snapshot is not None
