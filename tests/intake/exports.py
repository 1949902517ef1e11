"""Build exports of time tools as their users get them; every default is valid."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from hourline.intake.export_file import open_file
from hourline.intake.export_reading import ExportReader
from hourline.intake.file import SourceFile, file_rows
from hourline.intake.manifest import Manifest
from hourline.intake.model import ExportReading, StatedCoverage, Unreadable
from hourline.intake.rules.export_rows import ExportRow
from hourline.kernel.problems import ProblemCode

RECEIVED_AT = datetime(2025, 4, 1, 8, tzinfo=UTC)
HARVEST = ExportReading(layout="harvest", person_key="name", approval="column")
TOGGL = ExportReading(layout="toggl", person_key="email", approval="every_row")
CLOCKIFY = ExportReading(layout="clockify", person_key="name", approval="every_row")

HARVEST_OLDER = (
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,"
    "First Name,Last Name,Department,Employee?"
)
HARVEST_NEWER = (
    "Date,Client,Project,Project Code,Task,Notes,Hours,Hours Rounded,Billable?,"
    "Invoiced?,First Name,Last Name,Roles,Employee?,Billable Rate,Billable Amount,"
    "Cost Rate,Cost Amount,Currency,External Reference URL"
)
TOGGL_HEADER = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,"
    "End date,End time,Duration,Tags,Amount ()"
)
CLOCKIFY_HEADER = (
    "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,"
    "Start Time,End Date,End Time,Duration (h),Duration (decimal),Billable Rate (EUR),"
    "Billable Amount (EUR)"
)


def harvest(*, header: str = HARVEST_OLDER, **cells: str) -> str:
    """Return a row of Harvest; cells are named in lower case, blanks as underscores."""
    return _row(
        header,
        {
            "date": "2025-03-05",
            "client": "Adatum",
            "project": "Website",
            "project_code": "WEB",
            "task": "Design",
            "hours": "1.5",
            "hours_rounded": "1.5",
            "billable?": "Yes",
            "invoiced?": "No",
            "approved?": "Yes",
            "first_name": "Ann",
            "last_name": "Lee",
            "employee?": "Yes",
            **cells,
        },
    )


def toggl(**cells: str) -> str:
    """Return a row of Toggl Track."""
    return _row(
        TOGGL_HEADER,
        {
            "user": "Ann Lee",
            "email": "ann@firm.example",
            "client": "Adatum",
            "project": "Website",
            "billable": "Yes",
            "start_date": "2025-03-05",
            "start_time": "09:00:00",
            "end_date": "2025-03-05",
            "end_time": "10:30:00",
            "duration": "01:30:00",
            **cells,
        },
    )


def clockify(*, header: str = CLOCKIFY_HEADER, **cells: str) -> str:
    """Return a row of Clockify."""
    return _row(
        header,
        {
            "project": "Website",
            "client": "Adatum",
            "user": "Ann Lee",
            "email": "ann@firm.example",
            "billable": "Yes",
            "start_date": "2025-03-05",
            "start_time": "09:00:00 AM",
            "end_date": "2025-03-05",
            "end_time": "10:30:00 AM",
            "duration_(h)": "01:30:00",
            "duration_(decimal)": "1.50",
            **cells,
        },
    )


def _row(header: str, cells: dict[str, str]) -> str:
    names = [name.lower().replace(" ", "_") for name in header.split(",")]
    return ",".join(_quoted(cells.get(name, "")) for name in names)


def _quoted(cell: str) -> str:
    if any(mark in cell for mark in ',"\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def table(header: str, *rows: str) -> bytes:
    """Return a file of these rows."""
    return "".join(f"{row}\n" for row in (header, *rows)).encode()


def export(
    content: bytes,
    *,
    name: str = "march.csv",
    connection_no: int = 1,
    manifest: Manifest | None = None,
    **stated: object,
) -> SourceFile:
    """Return an export as a file, with what is stated about its coverage."""
    said = msgspec.convert(stated, StatedCoverage)
    return SourceFile(connection_no, name, content, RECEIVED_AT, manifest, said)


def rows_of(content: bytes, reading: ExportReading) -> list[ExportRow | Unreadable]:
    """Return what each row of a file says, totals not told apart."""
    reader = ExportReader(reading)
    file = export(content)
    assert open_file(file, reading).problems == []
    return [reader.statement(row.record) for row in file_rows(file, reading)]


def only(content: bytes, reading: ExportReading) -> ExportRow:
    """Return the one row of a file."""
    (row,) = rows_of(content, reading)
    assert isinstance(row, ExportRow), row
    return row


def sentences(content: bytes, reading: ExportReading) -> list[str]:
    """Return what is wrong with the one row of a file."""
    (row,) = rows_of(content, reading)
    assert isinstance(row, Unreadable)
    return [problem.sentence for problem in row.problems]


def refusals(content: bytes, reading: ExportReading) -> Sequence[ProblemCode]:
    """Return the codes for which a file is refused as a whole."""
    return [problem.code for problem in open_file(export(content), reading).problems]


def changed(reading: ExportReading, **settings: object) -> ExportReading:
    """Return a reading with other settings."""
    return msgspec.structs.replace(reading, **settings)
