"""Accept files: check the whole, then deliver it in parts of a transaction each."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hourline.intake.file_csv import csv_rows
from hourline.intake.file_jsonl import jsonl_rows
from hourline.intake.file_xlsx import xlsx_rows
from hourline.intake.manifest import Counted, Manifest, differences
from hourline.intake.model import (
    Delivery,
    ExportReading,
    Received,
    SourceReading,
    StatedCoverage,
)
from hourline.intake.reading import decoded_row
from hourline.intake.rules.fields import Fields
from hourline.intake.rules.records import count_equals
from hourline.intake.table import FILE_BYTES_MAX, ROWS_MAX, FileRefused, Row, refused
from hourline.kernel.codes import Method, Outcome
from hourline.kernel.problems import Problem, ProblemCode

ROWS_PER_DELIVERY = 20_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """Hold a file as it came, with its manifest if the sender wrote one."""

    connection_no: int
    name: str
    content: bytes
    received_at: datetime
    manifest: Manifest | None = None
    stated: StatedCoverage = field(default_factory=StatedCoverage)

    @property
    def sha256(self) -> str:
        """Give the hash by which the file is known, whatever its name."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def suffix(self) -> str:
        """Give the end of the name, which says the format."""
        return self.name.rsplit(".", 1)[-1].lower() if "." in self.name else ""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Tell the sender of a file what became of one row."""

    line: int
    source_id: str | None
    outcome: Outcome
    problems: tuple[Problem, ...]


def check_file(file: SourceFile, reading: SourceReading) -> list[Problem]:
    """Read all of a file and return why it is refused as a whole; nothing: it is fine.

    Rows that are wrong by themselves do not count here: each gets its own outcome.
    What an export adds up to is compared where its totals are known.
    """
    try:
        counted = _counted(file, reading)
    except FileRefused as refusal:
        return [refusal.problem]
    if isinstance(reading, ExportReading):
        return []
    return differences(file.manifest, counted) if file.manifest else []


def file_deliveries(
    file: SourceFile,
    reading: SourceReading,
    *,
    rows_per_delivery: int = ROWS_PER_DELIVERY,
) -> Iterator[Delivery]:
    """Yield the parts of a checked file; the same file gives the same deliveries.

    A file that is to be taken whole or not at all comes as one delivery, for
    `receive_all_or_nothing`. Raises FileRefused where the file was not checked.
    """
    whole = file.manifest is not None and file.manifest.all_or_nothing
    size = ROWS_MAX if whole else rows_per_delivery
    sha256 = file.sha256
    equals: dict[str, int] = {}
    part: list[Row] = []
    number = 1
    for row in file_rows(file, reading):
        part.append(row)
        if len(part) == size:
            yield _part(file, part, f"{sha256}-{number}", equals)
            _count_on(part, reading, equals, cells=_has_cells(file))
            part, number = [], number + 1
    if part or number == 1:
        yield _part(file, part, f"{sha256}-{number}", equals)


def refused_file(file: SourceFile) -> Delivery:
    """Return the delivery under which a refused file is kept, its content included."""
    small = len(file.content) <= FILE_BYTES_MAX
    return Delivery(
        connection_no=file.connection_no,
        method=Method.FILE,
        delivery_id=file.sha256,
        received_at=file.received_at,
        records=[file.content] if small else [],
        whole=file.content,
    )


def acknowledgement(delivery: Delivery, received: Received) -> list[Acknowledged]:
    """Return one line for each row of a part, in order: what became of it, and why."""
    found: dict[int, list[Problem]] = {}
    for problem in received.problems:
        if problem.position is not None:
            found.setdefault(problem.position, []).append(problem.problem)
    lines = delivery.lines or range(1, len(delivery.records) + 1)
    return [
        Acknowledged(line, source_id, outcome, tuple(found.get(position, ())))
        for position, (line, source_id, outcome) in enumerate(
            zip(lines, received.source_ids, received.outcomes, strict=True)
        )
    ]


def file_rows(file: SourceFile, reading: SourceReading) -> Iterator[Row]:
    """Yield the rows of a file; in an export, a row of empty cells is an empty line.

    Raises FileRefused.
    """
    rows = _rows(file, reading)
    if not isinstance(reading, ExportReading):
        return rows
    return (row for row in rows if not _is_blank(row))


def _is_blank(row: Row) -> bool:
    said = decoded_row(row.record)
    return said is not None and not any(
        cell.strip() if isinstance(cell, str) else True for cell in said.values()
    )


def _rows(file: SourceFile, reading: SourceReading) -> Iterator[Row]:
    if len(file.content) > FILE_BYTES_MAX:
        raise refused(
            ProblemCode.FILE_REFUSED,
            f"The file has {len(file.content)} bytes, the most is {FILE_BYTES_MAX}.",
            "Deliver it in several files.",
        )
    match file.suffix:
        case "csv":
            return csv_rows(file.content, reading)
        case "xlsx":
            return xlsx_rows(file.content, reading)
        case "jsonl" | "ndjson":
            return jsonl_rows(file.content)
        case _:
            raise refused(
                ProblemCode.FILE_REFUSED,
                f"The name {file.name} does not say a format.",
                "Name it .csv, .xlsx, .jsonl or .ndjson.",
            )


def _has_cells(file: SourceFile) -> bool:
    return file.suffix in {"csv", "xlsx"}


def _counted(file: SourceFile, reading: SourceReading) -> Counted:
    totals = file.manifest is not None and file.manifest.states_total
    rows = seconds = 0
    for row in file_rows(file, reading):
        rows += 1
        if rows > ROWS_MAX:
            raise refused(
                ProblemCode.FILE_REFUSED,
                f"The file has more than {ROWS_MAX} rows.",
                "Deliver it in several files.",
            )
        if totals:
            seconds += _seconds(row.record, reading, cells=_has_cells(file))
    return Counted(file.name, file.sha256, rows, seconds)


def _seconds(record: bytes, reading: SourceReading, *, cells: bool) -> int:
    row = decoded_row(record)
    if row is None:
        return 0
    return Fields(row, reading, cells=cells).duration("seconds", required=False) or 0


def _count_on(
    part: list[Row], reading: SourceReading, equals: dict[str, int], *, cells: bool
) -> None:
    if not reading.identity:
        return
    for one in part:
        row = decoded_row(one.record)
        if row is not None:
            count_equals(row, reading, equals, cells=cells)


def _part(
    file: SourceFile, part: list[Row], delivery_id: str, equals: Mapping[str, int]
) -> Delivery:
    return Delivery(
        connection_no=file.connection_no,
        method=Method.FILE,
        delivery_id=delivery_id,
        received_at=file.received_at,
        records=[row.record for row in part],
        whole=delivery_id.encode(),
        cells=_has_cells(file),
        lines=[row.line for row in part],
        earlier_equals=dict(equals),
    )
