"""Read the files of a rulebook, and write one: CSV by table, a workbook, or YAML."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import yaml
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from hourline.intake.sheets import FormulaText, Sheet, SheetRow, read_sheets
from hourline.intake.table import FileRefused
from hourline.master.rulebook.columns import FROM, ID, UNTIL, header_of
from hourline.master.rulebook.escalating import as_agreed
from hourline.master.rulebook.model import (
    Book,
    Finding,
    Formula,
    Place,
    RuleRow,
    SourceRow,
    SourceTable,
    error,
)
from hourline.master.rulebook.tables import TABLE_BY_NAME

SUFFIXES = ("csv", "xlsx", "yaml", "yml")
_FILES_MAX = 200


@dataclass(frozen=True, slots=True)
class RulebookFile:
    """Hold a file of a rulebook: its name within the folder, and what it holds."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        """Give the kind of file, in lower case."""
        return self.name.rsplit(".", 1)[-1].lower()

    @property
    def table(self) -> str:
        """Give the table a file of one table holds: its name up to the first dot."""
        return self.name.rsplit("/", 1)[-1].split(".", 1)[0].lower()


def rulebook_files(path: Path) -> list[RulebookFile]:
    """Return the file at a path, or the files of a folder in order of their names.

    Raises LookupError where there is none.
    """
    if path.is_file():
        return [RulebookFile(path.name, path.read_bytes())]
    if not path.is_dir():
        raise LookupError(f"there is no file or folder {path}")
    found = sorted(
        file
        for file in path.iterdir()
        if file.is_file() and not file.name.startswith((".", "~$"))
    )
    if not found or len(found) > _FILES_MAX:
        raise LookupError(f"{path} has {len(found)} files, not 1 to {_FILES_MAX}")
    return [RulebookFile(file.name, file.read_bytes()) for file in found]


def source_tables(
    files: Sequence[RulebookFile],
) -> tuple[list[SourceTable], list[Finding]]:
    """Return the tables of files as they stand there, and which files cannot be read.

    A file or sheet is named as its table; what follows a dot is the author's:
    `bill_rates.emea.csv`.
    """
    tables: list[SourceTable] = []
    findings: list[Finding] = []
    for file in files:
        if file.suffix not in SUFFIXES:
            findings.append(
                error(
                    file.table,
                    Place(file.name),
                    "A rulebook is read from .csv, .xlsx and .yaml files.",
                    "Save the table as one of them, or move the file elsewhere.",
                )
            )
            continue
        suffix = "yaml" if file.suffix == "yml" else file.suffix
        try:
            sheets = read_sheets(suffix, file.content)
        except FileRefused as refusal:
            problem = refusal.problem
            findings.append(
                error(file.table, Place(file.name), problem.sentence, problem.remedy)
            )
            continue
        for sheet in sheets:
            tables.append(_table(file, sheet))
            findings += _too_long(file, sheet)
    return tables, findings


def _table(file: RulebookFile, sheet: Sheet) -> SourceTable:
    name = file.table if sheet.name is None else sheet.name.split(".", 1)[0]
    return SourceTable(
        name.strip().lower(),
        Place(file.name, sheet.place),
        sheet.columns,
        tuple(_row(file, row) for row in sheet.rows),
    )


def _row(file: RulebookFile, row: SheetRow) -> SourceRow:
    return SourceRow(
        Place(file.name, row.place),
        {
            name: Formula(cell.text) if isinstance(cell, FormulaText) else cell
            for name, cell in row.cells.items()
        },
    )


def _too_long(file: RulebookFile, sheet: Sheet) -> Iterator[Finding]:
    for row in sheet.rows:
        if row.beyond:
            yield error(
                file.table if sheet.name is None else sheet.name,
                Place(file.name, row.place),
                "The row has more cells than the header has columns.",
                "Quote cells that contain the separator, or name the column.",
            )


def written(book: Book, *, as_: str) -> dict[str, bytes]:
    """Return the files of a rulebook by name: csv, xlsx or yaml.

    A rate that escalates is one row, as it was agreed.
    """
    book = {name: as_agreed(rows) for name, rows in book.items()}
    match as_:
        case "xlsx":
            return {"rulebook.xlsx": _workbook(book)}
        case "yaml":
            return {"rulebook.yaml": _yaml(book)}
        case _:
            return {f"{name}.csv": _csv(name, rows) for name, rows in book.items()}


def row_values(row: RuleRow) -> dict[str, str]:
    """Return a row by column, as a file has it; without end is an empty cell."""
    return {
        ID: row.id,
        **dict(row.cells),
        FROM: "" if row.starts == date.min else row.starts.isoformat(),
        UNTIL: "" if row.ends == date.max else row.ends.isoformat(),
    }


def _grid(name: str, rows: Sequence[RuleRow]) -> Iterator[list[str]]:
    header = header_of(TABLE_BY_NAME[name])
    yield list(header)
    for row in rows:
        values = row_values(row)
        yield [values[column] for column in header]


def _csv(name: str, rows: Sequence[RuleRow]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(_grid(name, rows))
    return text.getvalue().encode()


def _workbook(book: Book) -> bytes:
    workbook = openpyxl.Workbook(write_only=True)
    for name, rows in book.items():
        sheet = workbook.create_sheet(name)
        for cells in _grid(name, rows):
            sheet.append([_text_cell(sheet, text) for text in cells])
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    # A text that begins with = would otherwise be written as a formula.
    cell: Cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _yaml(book: Book) -> bytes:
    plain: Mapping[str, object] = {
        name: [
            {column: text for column, text in row_values(row).items() if text}
            for row in rows
        ]
        for name, rows in book.items()
    }
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True).encode()
