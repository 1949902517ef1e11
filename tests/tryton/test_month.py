"""The month that is carried to the ERP: what is exported, and what must come of it."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tools.e2e_tryton.expected import Totals, expect
from tools.e2e_tryton.export import (
    GERMAN,
    HEADER,
    UNKNOWN_PROJECT,
    Dialect,
    write_export,
)
from tools.e2e_tryton.work import ENTRIES, Month, invent_month


def rows_of(month: Month, path: Path, dialect: Dialect) -> list[dict[str, str]]:
    write_export(month, path, dialect)
    with path.open(encoding=dialect.encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=dialect.delimiter))


def test_the_same_seed_gives_the_same_month() -> None:
    assert invent_month(seed=3) == invent_month(seed=3)
    assert invent_month(seed=3) != invent_month(seed=4)


def test_a_month_has_more_than_five_hundred_approved_entries_and_some_drafts() -> None:
    entries = invent_month().entries

    approved = [entry for entry in entries if entry.is_approved]
    assert len(approved) == ENTRIES + ENTRIES // 50 == 530
    assert len(entries) - len(approved) == 20
    assert len(set(approved)) < len(approved)


@pytest.mark.parametrize("dialect", [Dialect(), GERMAN], ids=["english", "german"])
def test_the_export_holds_every_entry_and_the_dirt_of_real_ones(
    tmp_path: Path, dialect: Dialect
) -> None:
    month = invent_month()

    rows = rows_of(month, tmp_path / "export.csv", dialect)

    assert len(rows) == len(month.entries) + 3 + 2 + 1
    assert tuple(rows[0]) == HEADER
    assert [row["Project Code"] for row in rows].count(UNKNOWN_PROJECT) == 3
    assert rows[-1]["Date"] == "Total"
    assert any("\n" in row["Notes"] for row in rows)
    assert {row["Approved?"] for row in rows} == {"Yes", "No", ""}


def test_the_german_export_writes_days_and_hours_as_germans_do(tmp_path: Path) -> None:
    month = invent_month(entries=1)
    (first,) = [entry for entry in month.entries if entry.is_approved]

    (row, *_) = rows_of(month, tmp_path / "export.csv", GERMAN)

    assert row["Date"] == f"{first.worked_on:%d.%m.%Y}"
    assert row["Hours"] == str(first.hours).replace(".", ",")


def test_a_customer_is_expected_to_pay_for_approved_billable_hours_and_tax() -> None:
    month = invent_month(seed=1)
    customer = "C-1001"
    hours = {
        price: sum(
            (
                entry.hours
                for entry in month.entries
                if entry.project.planned.customer == customer
                and entry.project.planned.hourly_price == price
                and entry.is_billable
                and entry.is_approved
            ),
            Decimal(),
        )
        for price in (120, 240)
    }
    net = hours[120] * 120 + hours[240] * 240

    found = expect(month)["MARLOW-UK"].customers[customer]

    assert found == Totals(net, net / 5)
    assert found.gross == found.net + found.tax


def test_the_expected_balances_balance() -> None:
    for expected in expect(invent_month()).values():
        assert sum(expected.balances().values()) == 0


def test_hours_that_would_have_to_be_rounded_are_refused() -> None:
    month = invent_month(entries=1)
    (entry,) = [each for each in month.entries if each.is_approved]
    odd = vars(entry) | {"hours": Decimal("0.0033"), "is_billable": True}
    month = Month(month.plan, month.projects, (type(entry)(**odd),))

    with pytest.raises(ValueError, match="no whole number of cents"):
        expect(month)
