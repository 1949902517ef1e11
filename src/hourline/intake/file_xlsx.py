"""Read the first visible sheet of a workbook, after the scan has found it harmless."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TypeAlias

import openpyxl
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hourline.intake.model import SourceReading
from hourline.intake.rules.fields import FORMULA
from hourline.intake.table import Row, check_cells, check_header, refused, row_record
from hourline.intake.workbook_scan import scan_workbook
from hourline.kernel.problems import ProblemCode

Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
Formulas: TypeAlias = dict[tuple[int, int], str]


def xlsx_rows(content: bytes, reading: SourceReading) -> Iterator[Row]:
    """Yield the rows under the header; a formula is marked, never its cached result.

    Numbers and dates become the text that names them exactly. Raises FileRefused.
    """
    has_formulas = scan_workbook(content)
    name, grid = _grid(content)
    formulas = _formulas(content, name) if has_formulas else {}
    header: list[str] | None = None
    for line, values in enumerate(grid, start=1):
        cells = _texts(values, line, formulas)
        if not cells:
            continue
        if header is None:
            header = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
            check_header(header, reading)
            continue
        cells += [""] * (len(header) - len(cells))
        yield Row(line, row_record(header, cells))
    if header is None:
        raise refused(
            ProblemCode.COLUMNS_WRONG,
            "The first visible sheet is empty: it has no header.",
            "Put the header into the first row of the first visible sheet.",
        )


def _grid(content: bytes) -> tuple[str, list[list[Cell]]]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            name = _first_visible(workbook)
            if name is not None:
                found = workbook.get_sheet_by_name(name)
                return name, found.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as fault:
        raise refused(
            ProblemCode.FILE_REFUSED,
            f"The file is not a workbook: {fault}.",
            "Save the sheet anew as an XLSX workbook, or deliver it as CSV.",
        ) from fault
    raise refused(
        ProblemCode.FILE_REFUSED,
        "The workbook has no visible sheet.",
        "Show the sheet that holds the time entries, and put it first.",
    )


def _first_visible(workbook: CalamineWorkbook) -> str | None:
    for sheet in workbook.sheets_metadata:
        visible = sheet.visible == SheetVisibleEnum.Visible
        if visible and sheet.typ == SheetTypeEnum.WorkSheet:
            return sheet.name
    return None


def _formulas(content: bytes, sheet_name: str) -> Formulas:
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True)
    try:
        return {
            (cell.row, cell.column): str(cell.value)
            for row in workbook[sheet_name].iter_rows()
            for cell in row
            if cell.data_type == "f" and cell.row and cell.column
        }
    finally:
        workbook.close()


def _texts(
    values: Sequence[Cell], line: int, formulas: Formulas
) -> list[str | dict[str, str]]:
    texts = [cell_text(value) for value in values]
    check_cells(texts, line)
    cells: list[str | dict[str, str]] = list(texts)
    if formulas:
        for column in range(len(cells)):
            formula = formulas.get((line, column + 1))
            if formula is not None:
                cells[column] = {FORMULA: formula}
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def cell_text(value: Cell) -> str:
    """Return a cell as the text that names its value exactly."""
    if isinstance(value, str):
        return value
    if isinstance(value, timedelta):
        seconds = value.days * 86_400 + value.seconds
        hours, rest = divmod(seconds, 3_600)
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    if isinstance(value, date | time):
        if isinstance(value, datetime) and value.time() == time():
            value = value.date()
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # The shortest text of a number that reads back as the very same number.
    return str(value).lower() if isinstance(value, bool) else repr(value)
