"""Say what a row of a file is, within which limits, and how a file is turned away."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

import msgspec

from hourline.intake.layout import layout_of
from hourline.intake.model import ExportReading, Kind, SourceReading
from hourline.intake.rules.columns import missing_columns
from hourline.kernel.problems import Problem, ProblemCode

FILE_BYTES_MAX = 100 * 1024 * 1024
ROWS_MAX = 1_000_000
COLUMNS_MAX = 200
CELL_BYTES_MAX = 32 * 1024
_ALWAYS = ("person", "project", "date")
_OF_KIND: Mapping[Kind, tuple[str, ...]] = {
    "time": ("seconds",),
    "expense": ("cost", "currency"),
}


class Row(NamedTuple):
    """Hold one record of a file and the line it begins on, counted from 1."""

    line: int
    record: bytes


class FileRefused(Exception):
    """Carry the problem that makes a file unreadable as a whole."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def refused(code: ProblemCode, sentence: str, remedy: str, **place: str) -> FileRefused:
    """Return the exception that turns a file away."""
    return FileRefused(Problem(code, sentence, remedy, place))


def check_header(header: Sequence[str], reading: SourceReading) -> None:
    """Raise FileRefused unless the header has what the reading needs, each name once.

    Columns the reading does not know are welcome; they stay in the record.
    """
    if len(header) > COLUMNS_MAX:
        raise refused(
            ProblemCode.COLUMNS_WRONG,
            f"The file has {len(header)} columns, the most is {COLUMNS_MAX}.",
            "Leave out the columns that are not needed.",
        )
    names = Counter(header)
    twice = sorted(name or "(no name)" for name, n in names.items() if n > 1)
    nameless = "" in names
    if twice or nameless:
        fault = f"are there twice: {', '.join(twice)}" if twice else "have no name"
        raise refused(
            ProblemCode.COLUMNS_WRONG,
            f"Columns {fault}.",
            "Give every column a name of its own.",
        )
    if isinstance(reading, ExportReading):
        _check_export_header(header, reading)
        return
    missing = [name for name in needed_columns(reading, names) if name not in names]
    if missing:
        raise refused(
            ProblemCode.COLUMNS_WRONG,
            f"Columns are missing: {', '.join(missing)}. The file has:"
            f" {', '.join(header)}.",
            "Add the columns, or correct the fields of the connection's reading.",
        )


def _check_export_header(header: Sequence[str], reading: ExportReading) -> None:
    layout = layout_of(reading)
    missing = missing_columns(header, layout, reading)
    if missing:
        raise refused(
            ProblemCode.COLUMNS_WRONG,
            f"This is no export of {layout.title}: columns are missing:"
            f" {', '.join(missing)}. The file has: {', '.join(header)}.",
            "Export the detailed report with these columns, or correct layout,"
            " person_key, project_key or approval in the connection's reading.",
        )


def needed_columns(reading: SourceReading, names: Container[str] = ()) -> list[str]:
    """Return the source's names of the columns a file must have.

    Where a column says the kind of each row, a file without time needs only what
    expenses have.
    """
    kind, seconds = (reading.fields.get(field, field) for field in ("kind", "seconds"))
    says_kind = kind in names and seconds not in names
    of_kind = reading.kind or ("expense" if says_kind else "time")
    fields = [*_ALWAYS, *_OF_KIND[of_kind]]
    fields += reading.identity or ("id",)
    if reading.states_revisions:
        fields.append("revision")
    if reading.status is None:
        fields.append("status")
    return list(dict.fromkeys(reading.fields.get(field, field) for field in fields))


def row_record(header: Sequence[str], cells: Sequence[str | dict[str, str]]) -> bytes:
    """Return a row as a record: its cells by column, as they stand in the file.

    A row with another number of cells keeps them as a list, which no reading takes.
    """
    if len(cells) != len(header):
        return msgspec.json.encode(cells)
    return msgspec.json.encode(dict(zip(header, cells, strict=True)))


def check_cells(cells: Sequence[str], line: int) -> None:
    """Raise FileRefused for a cell beyond the limit."""
    # A character has at most four bytes.
    long = [cell for cell in cells if len(cell) > CELL_BYTES_MAX // 4]
    if any(len(cell.encode()) > CELL_BYTES_MAX for cell in long):
        raise refused(
            ProblemCode.FILE_REFUSED,
            f"A cell on line {line} has more than {CELL_BYTES_MAX} bytes.",
            "Shorten it, or check for a quote that is never closed.",
            line=str(line),
        )
