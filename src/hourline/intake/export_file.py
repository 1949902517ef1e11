"""Look at the file of an export as a whole: its totals, its days, its equal rows."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from hourline.intake.export_reading import ExportReader
from hourline.intake.file import (
    ROWS_PER_DELIVERY,
    SourceFile,
    check_file,
    file_deliveries,
    file_rows,
)
from hourline.intake.layout import check_export_reading
from hourline.intake.manifest import Counted, Manifest, differences
from hourline.intake.model import (
    Delivery,
    ExportReading,
    SourceReading,
    StatedCoverage,
    Unreadable,
)
from hourline.intake.reading import decoded_row
from hourline.intake.rules.export_rows import ExportRow
from hourline.intake.rules.gone import Coverage
from hourline.intake.rules.spelling import fold
from hourline.intake.rules.totals import is_totals_row, totals_problems
from hourline.intake.table import Row
from hourline.kernel.codes import Method, Outcome
from hourline.kernel.problems import Problem, ProblemCode


@dataclass(slots=True)
class Survey:
    """Hold what a whole file says; `keys` has what names each row, where it is named.

    `sums` is the time of its rows, without and with those that still run. `doubtful`
    are the keys of rows that could not be read or still run.
    """

    rows: list[Row]
    keys: list[bytes | None] = field(default_factory=list)
    totals: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    doubtful: set[bytes] = field(default_factory=set)
    unreadable: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """Hold a file that was looked at: its parts, or the problems that refuse it."""

    problems: list[Problem]
    parts: Iterator[Delivery]
    survey: Survey | None = None
    coverage: Coverage | None = None
    stated: StatedCoverage = field(default_factory=StatedCoverage)


def open_file(file: SourceFile, reading: SourceReading) -> OpenedFile:
    """Check a file and return its parts, with a survey where it is an export."""
    problems = _reading_problems(reading) or check_file(file, reading)
    stated = stated_coverage(file)
    if problems:
        return OpenedFile(problems, iter(()))
    if not isinstance(reading, ExportReading):
        problems = [] if stated == StatedCoverage() else [_no_layout()]
        return OpenedFile(problems, file_deliveries(file, reading))
    survey = survey_export(file, reading)
    if file.manifest is not None:
        problems = _compared(file, file.manifest, survey)
    problems += _range_problems(stated, survey)
    return OpenedFile(
        problems,
        export_deliveries(file, survey),
        survey,
        None if problems else coverage_of(stated, survey, reading),
        stated,
    )


def _reading_problems(reading: SourceReading) -> list[Problem]:
    if not isinstance(reading, ExportReading):
        return []
    try:
        check_export_reading(reading)
    except (LookupError, ValueError) as fault:
        return [
            Problem(
                ProblemCode.FILE_REFUSED,
                f"The connection's reading cannot be used: {fault}.",
                "Correct it with hourline connection reading, and deliver again.",
            )
        ]
    return []


def stated_coverage(file: SourceFile) -> StatedCoverage:
    """Return what was said about a file with it; before the manifest comes the call."""
    said = file.stated
    written = file.manifest
    if written is None:
        return said
    return StatedCoverage(
        said.first_day or written.first_day,
        said.last_day or written.last_day,
        said.covers or written.covers,
        said.gone,
        said.exported_at,
    )


def survey_export(file: SourceFile, reading: ExportReading) -> Survey:
    """Read every row of an export once."""
    reader = ExportReader(reading)
    survey = Survey(list(file_rows(file, reading)))
    totals = _totals_from(survey.rows, reader)
    running = 0
    for row in survey.rows[:totals]:
        said = reader.statement(row.record)
        key = said.key if isinstance(said, ExportRow) else said.id
        survey.keys.append(None if key is None else key_hash(key))
        if isinstance(said, ExportRow):
            survey.days.add(said.record.date)
            survey.pairs.add((fold(said.record.person), fold(said.record.project)))
            survey.seconds += said.record.seconds
            continue
        running += _note_unreadable(survey, said, _stated_seconds(reader, row))
    survey.keys += [None] * (len(survey.rows) - totals)
    sums = (survey.seconds, survey.seconds + running)
    for position in range(totals, len(survey.rows)):
        row_said = decoded_row(survey.rows[position].record) or {}
        columns = reader.columns(row_said)
        if columns is not None:
            survey.totals[position] = totals_problems(row_said, columns, sums)
    return survey


def _note_unreadable(survey: Survey, said: Unreadable, seconds: int) -> int:
    """Note a row that is no entry; return the time of one that still runs."""
    if said.id is not None:
        survey.doubtful.add(key_hash(said.id))
    if said.outcome is Outcome.RUNNING:
        return seconds
    survey.unreadable += 1
    survey.seconds += seconds
    return 0


def key_hash(key: str) -> bytes:
    """Return the hash under which what names a row is known."""
    return hashlib.sha256(key.encode()).digest()


def _stated_seconds(reader: ExportReader, row: Row) -> int:
    said = decoded_row(row.record)
    columns = None if said is None else reader.columns(said)
    if said is None or columns is None:
        return 0
    return columns.stated_seconds(said)


def _totals_from(rows: Sequence[Row], reader: ExportReader) -> int:
    """Return the position from which there are only rows of totals."""
    start = len(rows)
    while start > 0:
        said = decoded_row(rows[start - 1].record)
        columns = None if said is None else reader.columns(said)
        if said is None or columns is None or not is_totals_row(said, columns):
            return start
        start -= 1
    return start


def export_deliveries(
    file: SourceFile, survey: Survey, *, rows_per_delivery: int = ROWS_PER_DELIVERY
) -> Iterator[Delivery]:
    """Yield the parts of an export: rows of one name are all in the same part."""
    whole = file.manifest is not None and file.manifest.all_or_nothing
    size = len(survey.rows) + 1 if whole else rows_per_delivery
    parts: list[list[int]] = [[]]
    part_of: dict[bytes, int] = {}
    for position, key in enumerate(survey.keys):
        if len(parts[-1]) >= size:
            parts.append([])
        part = (
            len(parts) - 1 if key is None else part_of.setdefault(key, len(parts) - 1)
        )
        parts[part].append(position)
    sha256 = file.sha256
    said = msgspec.json.encode(stated_coverage(file), order="deterministic")
    for number, positions in enumerate(parts, start=1):
        delivery_id = f"{sha256}-{number}"
        yield Delivery(
            connection_no=file.connection_no,
            method=Method.FILE,
            delivery_id=delivery_id,
            received_at=file.received_at,
            records=[survey.rows[position].record for position in positions],
            whole=delivery_id.encode() + said,
            cells=True,
            lines=[survey.rows[position].line for position in positions],
            totals={
                place: survey.totals[position]
                for place, position in enumerate(positions)
                if position in survey.totals
            },
        )


def coverage_of(
    stated: StatedCoverage, survey: Survey, reading: ExportReading
) -> Coverage | None:
    """Return what a file covers: as it was said, else from its first to its last day.

    None where nobody said and no row has a day.
    """
    if stated.first_day is None and not survey.days:
        return None
    return Coverage(
        first_day=stated.first_day or min(survey.days),
        last_day=stated.last_day or max(survey.days),
        covers=stated.covers or reading.covers,
    )


def _compared(file: SourceFile, manifest: Manifest, survey: Survey) -> list[Problem]:
    rows = len(survey.rows)
    counted = Counted(file.name, file.sha256, rows, survey.seconds)
    return differences(manifest, counted)


def _range_problems(stated: StatedCoverage, survey: Survey) -> list[Problem]:
    first, last = stated.first_day, stated.last_day
    if first is None and last is None:
        return []
    if first is None or last is None or first > last:
        return [
            Problem(
                ProblemCode.FILE_REFUSED,
                f"The file is said to cover {first or 'no day'} to {last or 'no day'}.",
                "State its first and its last day, both or neither.",
            )
        ]
    beyond = sorted(day for day in survey.days if not first <= day <= last)
    if not beyond:
        return []
    return [
        Problem(
            ProblemCode.FILE_REFUSED,
            f"The file is said to cover {first} to {last}, and holds rows of"
            f" {', '.join(map(str, beyond[:5]))}.",
            "State the days the export really covers, and deliver it again.",
        )
    ]


def _no_layout() -> Problem:
    return Problem(
        ProblemCode.FILE_REFUSED,
        "Days or coverage were stated for a file whose connection reads no export.",
        "Leave them out, or name a layout in the connection's reading.",
    )
