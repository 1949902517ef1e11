"""Read whole tables of files as texts: the rows of a CSV, every sheet of a workbook.

A rulebook is read this way: all visible sheets count, and a row is told by its line.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

import openpyxl
import yaml
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hourline.intake.file_csv import decoded
from hourline.intake.file_xlsx import cell_text
from hourline.intake.model import SourceReading
from hourline.intake.table import CELL_BYTES_MAX, FILE_BYTES_MAX, refused
from hourline.intake.workbook_scan import scan_workbook
from hourline.kernel.problems import ProblemCode

_READING = SourceReading(states_revisions=False)
_DELIMITERS = (",", ";", "\t")
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class FormulaText:
    """Hold what a cell would compute; its cached result is never taken."""

    text: str


SheetCell: TypeAlias = str | FormulaText


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Hold a row: where it stands, and its cells by column."""

    place: str
    cells: dict[str, SheetCell]
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold a table of a file: its name there, None where a file is one table."""

    name: str | None
    place: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheets(suffix: str, content: bytes) -> list[Sheet]:
    """Return the tables of a file by its suffix: csv, xlsx or yaml.

    Raises FileRefused for what cannot be read as such.
    """
    if len(content) > FILE_BYTES_MAX:
        raise _refused(f"has more than {FILE_BYTES_MAX} bytes")
    match suffix:
        case "csv":
            return [_csv_sheet(content)]
        case "xlsx":
            return list(_workbook_sheets(content))
        case _:
            return list(_yaml_sheets(content))


def _refused(fault: str) -> Exception:
    return refused(
        ProblemCode.FILE_REFUSED,
        f"The file {fault}.",
        "Save it anew as CSV, XLSX or YAML with one table a file or sheet.",
    )


def _csv_sheet(content: bytes) -> Sheet:
    text = decoded(content, _READING)
    beginning = text[:10_000].lstrip().split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=beginning.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    grid: list[tuple[str, list[SheetCell]]] = []
    line = 1
    try:
        for cells in reader:
            grid.append((f"row {line}", list(cells)))
            line = reader.line_num + 1
    except csv.Error as fault:
        raise _refused(f"is not CSV at row {line}: {fault}") from fault
    return _sheet(None, "", grid)


def _sheet(
    name: str | None, place: str, grid: Sequence[tuple[str, list[SheetCell]]]
) -> Sheet:
    filled = [(at, cells) for at, cells in grid if any(cells)]
    if not filled:
        return Sheet(name, place, (), ())
    header = [
        "" if isinstance(one, FormulaText) else one.strip() for one in filled[0][1]
    ]
    while header and not header[-1]:
        header.pop()
    return Sheet(
        name,
        place,
        tuple(header),
        tuple(
            SheetRow(
                at,
                dict(zip(header, cells, strict=False)),
                sum(1 for cell in cells[len(header) :] if cell),
            )
            for at, cells in filled[1:]
        ),
    )


def _workbook_sheets(content: bytes) -> Iterator[Sheet]:
    formulas = _formulas(content) if scan_workbook(content) else {}
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            for name in _visible(workbook):
                yield _of_workbook(name, workbook.get_sheet_by_name(name), formulas)
    except (CalamineError, ValueError, OSError) as fault:
        raise _refused(f"is not a workbook: {fault}") from fault


def _visible(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
        and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _of_workbook(
    name: str, values: CalamineSheet, formulas: dict[tuple[str, int, int], str]
) -> Sheet:
    grid = [
        (
            f"sheet {name}, row {line}",
            [
                _cell(cell_text(value), formulas.get((name, line, column)))
                for column, value in enumerate(row, start=1)
            ],
        )
        for line, row in enumerate(values.to_python(skip_empty_area=False), start=1)
    ]
    return _sheet(name, f"sheet {name}", grid)


def _cell(text: str, formula: str | None) -> SheetCell:
    if formula is not None:
        return FormulaText(formula)
    if len(text) > CELL_BYTES_MAX:
        raise _refused(f"has a cell of more than {CELL_BYTES_MAX} bytes")
    return text


def _formulas(content: bytes) -> dict[tuple[str, int, int], str]:
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True)
    try:
        return {
            (sheet.title, cell.row, cell.column): str(cell.value)
            for sheet in workbook.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and cell.row and cell.column
        }
    finally:
        workbook.close()


def _yaml_sheets(content: bytes) -> Iterator[Sheet]:
    """Yield the tables of a document: a mapping of tables, or the rows of one.

    Only texts are read: nothing is built, no alias is followed.
    """
    try:
        root = yaml.compose(decoded(content, _READING), Loader=_YAML_LOADER)
    except (yaml.YAMLError, RecursionError) as fault:
        told = " ".join(str(fault).split())[:200]
        raise _refused(f"is not YAML: {told}") from fault
    match root:
        case None:
            yield Sheet(None, "", (), ())
        case yaml.SequenceNode():
            yield _of_yaml(None, root)
        case yaml.MappingNode():
            for key, value in _pairs(root):
                yield _of_yaml(key, value)
        case _:
            raise _refused("holds one text, no table")


def _pairs(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    seen: set[str] = set()
    for key, value in node.value:
        name = _text_of(key)
        if name in seen:
            raise _refused(f"has {name} twice at {_line(key)}")
        seen.add(name)
        yield name, value


def _of_yaml(name: str | None, node: yaml.Node) -> Sheet:
    if not isinstance(node, yaml.SequenceNode):
        raise _refused(f"has no list of rows at {_line(node)}")
    rows = []
    for item in node.value:
        if not isinstance(item, yaml.MappingNode):
            raise _refused(f"has a row without columns at {_line(item)}")
        cells: dict[str, SheetCell] = {
            key: _text_of(value) for key, value in _pairs(item)
        }
        rows.append(SheetRow(_line(item), cells))
    columns = dict.fromkeys(key for row in rows for key in row.cells)
    return Sheet(name, _line(node), tuple(columns), tuple(rows))


def _text_of(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _refused(f"has a list where one value belongs, at {_line(node)}")
    empty = node.tag == "tag:yaml.org,2002:null"
    return "" if empty else str(node.value)


def _line(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"
