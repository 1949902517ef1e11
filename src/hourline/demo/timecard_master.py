"""Read a consultancy's master data from the flat files beside its timecards.

One legal entity, one contract per agency in USD with one line per accounting code;
the code that is not billable is a non-billable line. The folder's README
says how to read it.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from hourline.connectors.sdk.changes import MasterChange

ENTITY = "US1"
CURRENCY = "USD"


class FolderIncomplete(Exception):
    """Say which file of the folder is missing or lacks a column."""


def master_changes(folder: Path) -> list[MasterChange]:
    """Return the records of the folder in dependency order.

    Raises FolderIncomplete naming the file or column that is missing.
    """
    return [
        MasterChange(
            "legal_entity",
            ENTITY,
            fields={"country": "US", "currency": CURRENCY, "name": "The consultancy"},
        ),
        *_agencies(folder),
        *_contract_lines(folder),
        *_projects(folder),
        *_people(folder),
        *_rates(folder),
    ]


def _agencies(folder: Path) -> Iterator[MasterChange]:
    for row in read_rows(folder, "agencies.csv", ("id", "name")):
        fields = {"country": "US", "name": row["name"]}
        yield MasterChange("customer", f"agency-{row['id']}", fields=fields)
        yield MasterChange(
            "contract",
            f"agency-{row['id']}",
            fields={
                "customer": f"agency-{row['id']}",
                "entity": ENTITY,
                "name": row["name"],
            },
        )


def _contract_lines(folder: Path) -> Iterator[MasterChange]:
    columns = ("id", "code", "agency", "billable")
    for row in read_rows(folder, "accounting_codes.csv", columns):
        billable = row["billable"] == "True"
        yield MasterChange(
            "contract_line",
            f"code-{row['id']}",
            fields={
                "contract": f"agency-{row['agency']}",
                "method": "time_and_materials" if billable else "non_billable",
                "name": row["code"],
            },
        )


def _projects(folder: Path) -> Iterator[MasterChange]:
    for row in read_rows(folder, "projects.csv", ("id", "name", "accounting_code")):
        fields = {
            "contract_line": f"code-{row['accounting_code']}",
            "name": row["name"],
        }
        yield MasterChange("project", row["id"], fields=fields)


def _people(folder: Path) -> Iterator[MasterChange]:
    # The grades are as recorded later, so they hold undated (the folder's README).
    for row in read_rows(folder, "people.csv", ("id", "name", "grade")):
        fields = {"entity": ENTITY, "name": row["name"], "role": row["grade"] or None}
        yield MasterChange("person", row["id"], fields=fields)


def _rates(folder: Path) -> Iterator[MasterChange]:
    for row in read_rows(folder, "bill_rates.csv", ("grade", "rate", "currency")):
        yield MasterChange(
            "bill_rate",
            f"grade-{row['grade']}",
            fields={
                "role": row["grade"],
                "rate": row["rate"],
                "currency": row["currency"],
            },
        )


def read_rows(
    folder: Path, name: str, columns: tuple[str, ...]
) -> Iterator[dict[str, str]]:
    """Yield the rows of a file of the folder by column.

    Raises FolderIncomplete naming the file or column that is missing, or the file that
    is no UTF-8.
    """
    try:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise FolderIncomplete(
                    f"{name} in {folder} lacks the column {', '.join(sorted(missing))}."
                )
            yield from reader
    except UnicodeDecodeError as reason:
        raise FolderIncomplete(f"{name} in {folder} is no UTF-8.") from reason
    except FileNotFoundError as reason:
        raise FolderIncomplete(
            f"{folder} has no {name}; give the folder of the timecards."
        ) from reason
