"""Files that hold no table are refused, with what is wrong in each, and fast."""

import io
import random
import time

import openpyxl
import pytest

from hourline.flow.rulebook.files import RulebookFile
from hourline.kernel.countries import COUNTRIES
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


def test_a_percentage_of_a_spreadsheet_is_a_warning(house: House) -> None:
    draft = checked(house, workbook(tax=[["rate", "code"], [0.19, "S"], [0, "Z"]]))

    told = draft.findings[0]
    assert (str(told.place), told.sentence) == (
        "rules.xlsx, sheet tax, row 2",
        "The rate is 0.19 %.",
    )


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
    lands = sorted(COUNTRIES)
    tax = "\n".join(
        f"{number + 1},{lands[number % 250]},{lands[number // 250]},7,S"
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
