"""Write a month of time as Harvest's detailed report, with the dirt real ones have."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tools.e2e_tryton.work import Month, Worked

HEADER = tuple(
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,"
    "First Name,Last Name,Department,Employee?".split(",")
)
UNKNOWN_PROJECT = "P-999"
UNKNOWN_ROWS = 3
EMPTY_ROWS = 2


@dataclass(frozen=True)
class Dialect:
    """Say how an account of the tool writes its exports."""

    delimiter: str = ","
    decimal_mark: str = "."
    date_format: str = "%Y-%m-%d"
    encoding: str = "utf-8-sig"
    """With a byte-order mark, as spreadsheets want it."""


GERMAN = Dialect(delimiter=";", decimal_mark=",", date_format="%d.%m.%Y")


def write_export(month: Month, path: Path, dialect: Dialect) -> None:
    """Write every entry, rows of unknown projects, empty rows and a totals row."""
    with path.open("w", encoding=dialect.encoding, newline="") as file:
        writer = csv.writer(file, delimiter=dialect.delimiter)
        writer.writerow(HEADER)
        writer.writerows(_row(entry, dialect) for entry in month.entries)
        writer.writerows(_unknown(month, dialect))
        writer.writerows([""] * len(HEADER) for _ in range(EMPTY_ROWS))
        writer.writerow(_totals(month, dialect))


def _row(entry: Worked, dialect: Dialect) -> list[str]:
    first_name, last_name = entry.person.name.split(" ", 1)
    return [
        _date(entry.worked_on, dialect),
        entry.project.customer_name,
        entry.project.planned.name,
        entry.project.code,
        entry.task,
        entry.note,
        _hours(entry.hours, dialect),
        _answer(yes=entry.is_billable),
        _answer(yes=False),
        _answer(yes=entry.is_approved),
        first_name,
        last_name,
        "",
        _answer(yes=True),
    ]


def _unknown(month: Month, dialect: Dialect) -> Iterator[list[str]]:
    """Give rows of a project nobody knows: they must wait and may not be lost."""
    for entry in [each for each in month.entries if each.is_approved][:UNKNOWN_ROWS]:
        row = _row(entry, dialect)
        yield [*row[:2], "Skunkworks", UNKNOWN_PROJECT, *row[4:]]


def _totals(month: Month, dialect: Dialect) -> list[str]:
    billed = [entry for entry in month.entries if entry.is_approved][:UNKNOWN_ROWS]
    hours = sum((entry.hours for entry in [*month.entries, *billed]), Decimal())
    row = ["Total", *[""] * (len(HEADER) - 1)]
    row[HEADER.index("Hours")] = _hours(hours, dialect)
    return row


def _date(day: date, dialect: Dialect) -> str:
    return day.strftime(dialect.date_format)


def _hours(hours: Decimal, dialect: Dialect) -> str:
    return str(hours).replace(".", dialect.decimal_mark)


def _answer(*, yes: bool) -> str:
    return "Yes" if yes else "No"
