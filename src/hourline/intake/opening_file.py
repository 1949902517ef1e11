"""Read a file of opening positions: every row or none, each fault with its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from hourline.intake.file_csv import csv_rows
from hourline.intake.file_xlsx import xlsx_rows
from hourline.intake.model import SourceReading
from hourline.intake.reading import decoded_row
from hourline.intake.rules.opening_rows import COLUMNS, read_opening_row
from hourline.intake.table import FileRefused, Row, refused
from hourline.kernel.openings import OpeningRow, RowProblem
from hourline.kernel.problems import Problem, ProblemCode

# More positions than that are a migration of time, for a connection of its own.
OPENING_ROWS_MAX = 100_000
OPENING_BYTES_MAX = 50 * 1024 * 1024

READING = SourceReading(
    states_revisions=False,
    status="approved",
    fields={"id": "reference", "seconds": "hours"},
    duration_unit="hours",
)


@dataclass(frozen=True, slots=True)
class OpeningRead:
    """Hold what a file says: its rows as records and as values, or what is wrong."""

    records: list[bytes]
    rows: list[OpeningRow]
    problems: list[RowProblem]


def read_opening(name: str, content: bytes) -> OpeningRead:
    """Return the rows of a CSV or XLSX file, and everything that is wrong with them."""
    read = OpeningRead([], [], [])
    try:
        for row in _rows(name, content):
            _take(read, row)
    except FileRefused as refusal:
        read.problems.append(RowProblem(None, None, refusal.problem))
        return read
    if not read.records:
        problem = Problem(
            ProblemCode.ROW_COUNT_WRONG,
            "The file has no row.",
            "Put each position on a row under the header.",
        )
        read.problems.append(RowProblem(None, None, problem))
    return read


def _rows(name: str, content: bytes) -> Iterator[Row]:
    suffix = name.rsplit(".", 1)[-1].lower()
    if len(content) > OPENING_BYTES_MAX or suffix not in {"csv", "xlsx"}:
        raise refused(
            ProblemCode.FILE_REFUSED,
            f"{name} is no .csv or .xlsx file of at most {OPENING_BYTES_MAX} bytes.",
            "Save the sheet as CSV or XLSX, in several files if it is large.",
        )
    rows = csv_rows if suffix == "csv" else xlsx_rows
    return rows(content, READING)


def _take(read: OpeningRead, row: Row) -> None:
    cells = decoded_row(row.record)
    if cells is not None and not read.records:
        _check_columns(list(cells))
    read.records.append(row.record)
    if len(read.records) > OPENING_ROWS_MAX:
        raise refused(
            ProblemCode.FILE_REFUSED,
            f"The file has more than {OPENING_ROWS_MAX} rows.",
            "Take the unit over in several files.",
        )
    if cells is None:
        problem = Problem(
            ProblemCode.RECORD_MALFORMED,
            "The row has another number of cells than the header.",
            "Quote cells that contain the separator.",
        )
        read.problems.append(RowProblem(row.line, None, problem))
        return
    found = read_opening_row(row.line, cells, READING)
    if isinstance(found, OpeningRow):
        read.rows.append(found)
    else:
        read.problems.extend(found)


def _check_columns(header: list[str]) -> None:
    # A column nobody reads would be money that is silently left behind.
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in ("kind", "amount", "currency") if name not in header]
    if unknown or missing:
        fault = "unknown" if unknown else "missing"
        raise refused(
            ProblemCode.COLUMNS_WRONG,
            f"Columns are {fault}: {', '.join(unknown or missing)}.",
            f"Name the columns as the reference does: {', '.join(COLUMNS)}.",
        )
