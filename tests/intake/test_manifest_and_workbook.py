"""Prove that manifests are compared and that workbooks give what their CSV would."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

import msgspec
import openpyxl
import pytest

from hourline.intake.file import (
    SourceFile,
    check_file,
    file_deliveries,
)
from hourline.intake.manifest import Manifest, read_manifest
from hourline.intake.model import (
    SourceReading,
    Statement,
    TimeRecord,
    Unreadable,
)
from hourline.intake.reading import read_statements
from hourline.kernel.problems import Problem, ProblemCode
from tests.intake.deliveries import RECEIVED_AT, WIRE, record

TIMECARDS = SourceReading(
    states_revisions=False,
    status="approved",
    duration_unit="hours",
    fields={"date": "week_end", "seconds": "hours", "role": "grade"},
)
HEADER = "id,person,week_end,project,hours,grade"
LINE = "48,34,2015-04-03,33,36.00,5"
CSV = f"{HEADER}\n{LINE}\n".encode()


def file(
    content: bytes = CSV, *, name: str = "t.csv", manifest: Manifest | None = None
) -> SourceFile:
    return SourceFile(1, name, content, RECEIVED_AT, manifest)


def statements(
    source: SourceFile, reading: SourceReading = TIMECARDS
) -> list[Statement]:
    assert check_file(source, reading) == []
    return [
        statement
        for delivery in file_deliveries(source, reading)
        for statement in read_statements(delivery, reading)
    ]


def seconds(found: Sequence[Statement]) -> list[int]:
    return [one.seconds for one in found if isinstance(one, TimeRecord)]


def codes(source: SourceFile, reading: SourceReading = TIMECARDS) -> list[ProblemCode]:
    return [problem.code for problem in check_file(source, reading)]


def sheet(rows: Sequence[Sequence[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    active = workbook.active
    assert active is not None
    for row in rows:
        active.append(list(row))
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_a_manifest_that_fits_lets_the_file_pass() -> None:
    manifest = Manifest(
        file="t.csv",
        sha256=hashlib.sha256(CSV).hexdigest().upper(),
        rows=1,
        control_total_hours=Decimal("36.0"),
        control_total_seconds=129_600,
    )

    assert codes(file(manifest=manifest)) == []


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"file": "u.csv"}, ProblemCode.FILE_REFUSED),
        ({"sha256": "0" * 64}, ProblemCode.FILE_REFUSED),
        ({"rows": 2}, ProblemCode.ROW_COUNT_WRONG),
        ({"control_total_seconds": 129_601}, ProblemCode.CONTROL_TOTAL_WRONG),
        ({"control_total_hours": "36.01"}, ProblemCode.CONTROL_TOTAL_WRONG),
        ({"control_total_hours": "1e9"}, ProblemCode.CONTROL_TOTAL_WRONG),
        ({"control_total_hours": "0.00001"}, ProblemCode.CONTROL_TOTAL_WRONG),
    ],
)
def test_a_manifest_that_differs_refuses_the_file(
    stated: dict[str, object], code: ProblemCode
) -> None:
    manifest = read_manifest(msgspec.json.encode({"file": "t.csv", **stated}))

    assert isinstance(manifest, Manifest)
    assert codes(file(manifest=manifest)) == [code]


def test_a_control_total_counts_every_row_that_can_be_read() -> None:
    content = record() + b"\n{oops\n[]\n" + record(id="te-2", seconds=-5)
    manifest = Manifest(file="t.jsonl", rows=4, control_total_seconds=27_000)

    assert codes(file(content, name="t.jsonl", manifest=manifest), WIRE) == []


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'{"rows": 1}', b'{"file": "t.csv", "row": 1}']
)
def test_a_manifest_that_cannot_be_read_says_so(content: bytes) -> None:
    problem = read_manifest(content)

    assert isinstance(problem, Problem)
    assert problem.code is ProblemCode.FILE_REFUSED


def test_all_or_nothing_makes_one_delivery_of_a_file() -> None:
    manifest = Manifest(file="t.csv", all_or_nothing=True)
    content = CSV + f"{LINE}\n".encode()

    parts = list(
        file_deliveries(
            file(content, manifest=manifest), TIMECARDS, rows_per_delivery=1
        )
    )

    assert [len(part.records) for part in parts] == [2]


def test_a_workbook_gives_the_same_entries_as_its_csv() -> None:
    content = sheet(
        [
            ["id", "person", "week_end", "project", "hours", "grade"],
            [48, 34, date(2015, 4, 3), 33, 36.0, 5],
            ["49", "34", "2015-04-03", "33", 7.1, None],
            ["50", "34", datetime(2015, 4, 3), "33", timedelta(hours=7, minutes=30)],  # noqa: DTZ001 - a sheet knows no zones
            ["51", "34", date(2015, 4, 3), "33", time(1, 15)],
        ]
    )

    found = statements(file(content, name="t.xlsx"))

    assert seconds(found) == [129_600, 25_560, 27_000, 4_500]
    assert found[0] == statements(file())[0]


def test_a_formula_refuses_its_row_and_no_other() -> None:
    content = sheet(
        [
            ["id", "person", "week_end", "project", "hours", "sum"],
            ["48", "34", "2015-04-03", "33", 36, "=E2*2"],
            ["49", "34", "2015-04-03", "33", "=E2*2", 1],
        ]
    )

    found = statements(file(content, name="t.xlsx"))

    assert seconds(found) == [129_600]
    assert isinstance(found[1], Unreadable)
    assert found[1].problems[0].code is ProblemCode.FORMULA_REFUSED
    assert found[1].problems[0].detail["line"] == "3"
    assert found[1].problems[0].detail["value"] == '"=E2*2"'


def test_a_sheet_row_with_cells_beyond_the_header_is_refused_by_itself() -> None:
    content = sheet(
        [
            ["id", "person", "week_end", "project", "hours"],
            [],
            ["48", "34", "2015-04-03", "33", 1, "beyond"],
            ["49", "34", "2015-04-03", "33", True],
        ]
    )

    first, second = statements(file(content, name="t.xlsx"))

    assert isinstance(first, Unreadable)
    assert first.problems[0].code is ProblemCode.RECORD_MALFORMED
    assert isinstance(second, Unreadable)
    assert second.problems[0].detail["value"] == '"true"'


def test_an_empty_sheet_and_a_hidden_one_are_turned_away() -> None:
    assert codes(file(sheet([]), name="t.xlsx")) == [ProblemCode.COLUMNS_WRONG]

    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append(["id"])
    workbook.active.sheet_state = "hidden"
    workbook.create_chartsheet()
    stream = BytesIO()
    workbook.save(stream)
    assert codes(file(stream.getvalue(), name="t.xlsx")) == [ProblemCode.FILE_REFUSED]


def test_an_instant_in_a_sheet_is_taken_as_utc() -> None:
    reading = msgspec.structs.replace(
        TIMECARDS, fields={**TIMECARDS.fields, "updated_at": "modified"}
    )
    content = sheet(
        [
            ["id", "person", "week_end", "project", "hours", "modified"],
            ["48", "34", "2015-04-03", "33", 1, datetime(2016, 9, 19, 13, 43)],  # noqa: DTZ001 - a sheet knows no zones
        ]
    )

    (found,) = statements(file(content, name="t.xlsx"), reading)

    assert isinstance(found, TimeRecord)
    assert found.updated_at == datetime(2016, 9, 19, 13, 43, tzinfo=UTC)


def test_what_is_no_workbook_inside_a_zip_is_turned_away() -> None:
    assert codes(file(b"PK", name="t.xlsx")) == [ProblemCode.FILE_REFUSED]
