"""Prove how files are read: formats, limits, manifests, and what is turned away."""

import hashlib
from collections.abc import Sequence
from datetime import date

import msgspec
import pytest

from hourline.intake import table
from hourline.intake.file import (
    SourceFile,
    check_file,
    file_deliveries,
    refused_file,
)
from hourline.intake.file_jsonl import LINE_BYTES_MAX
from hourline.intake.manifest import Manifest
from hourline.intake.model import (
    SourceReading,
    Statement,
    TimeRecord,
    Unreadable,
)
from hourline.intake.reading import read_statements
from hourline.intake.table import FileRefused
from hourline.kernel.problems import ProblemCode
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


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        b"\xef\xbb\xbf" + CSV,
        CSV.replace(b",", b";"),
        CSV.replace(b"\n", b"\r\n"),
        b"\n" + CSV + b"\n\n",
        f'"id",person ,week_end,project,hours,grade\n{LINE}'.encode(),
    ],
)
def test_csv_is_read_as_exports_write_it(content: bytes) -> None:
    assert seconds(statements(file(content))) == [129_600]


def test_a_decimal_comma_is_read_where_it_is_declared() -> None:
    content = b"id;person;week_end;project;hours\n1;34;03.04.2015;33;7,5\n"
    reading = msgspec.structs.replace(
        TIMECARDS, decimal_mark=",", date_order="day_first"
    )

    found = statements(file(content), reading)

    assert seconds(found) == [27_000]
    assert isinstance(found[0], TimeRecord)
    assert found[0].date == date(2015, 4, 3)


def test_columns_nobody_asked_for_stay_in_the_record() -> None:
    content = f"{HEADER},mood\n{LINE},fine\n".encode()

    (delivery,) = file_deliveries(file(content), TIMECARDS)

    assert b'"mood":"fine"' in delivery.records[0]


def test_every_problem_names_its_line_also_after_a_quoted_line_break() -> None:
    content = f'{HEADER},notes\n{LINE},"a\nb"\n,34,2015-04-03,33,1,5,x\n'.encode()

    found = statements(file(content))

    assert isinstance(found[1], Unreadable)
    assert found[1].problems[0].detail["line"] == "4"


def test_a_row_of_another_length_is_refused_by_itself() -> None:
    found = statements(file(CSV + b"49,34\n" + LINE.encode()))

    assert seconds(found) == [129_600, 129_600]
    assert isinstance(found[1], Unreadable)
    assert found[1].problems[0].sentence == (
        "The row has 2 cells, another number than columns."
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", ProblemCode.COLUMNS_WRONG),
        (b"id,person\n", ProblemCode.COLUMNS_WRONG),
        (b"id,id,person,week_end,project,hours\n", ProblemCode.COLUMNS_WRONG),
        (b"id,person,week_end,project,hours,\n", ProblemCode.COLUMNS_WRONG),
        (",".join(map(str, range(201))).encode(), ProblemCode.COLUMNS_WRONG),
        (CSV + b'1,"2\n', ProblemCode.FILE_REFUSED),
        (CSV + b'1,"a"b\n', ProblemCode.FILE_REFUSED),
        (CSV + b"x" * 40_000, ProblemCode.FILE_REFUSED),
        (CSV + b"x" * 200_000, ProblemCode.FILE_REFUSED),
        (CSV + b"\xe9", ProblemCode.ENCODING_WRONG),
        (CSV.decode().encode("utf-16"), ProblemCode.ENCODING_WRONG),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_says_why(
    content: bytes, code: ProblemCode
) -> None:
    assert codes(file(content)) == [code]


def test_missing_and_doubled_columns_are_named() -> None:
    missing = check_file(file(b"id,person,hours\n"), TIMECARDS)
    doubled = check_file(file(b"id,id,hours,hours\n"), TIMECARDS)

    assert missing[0].sentence == (
        "Columns are missing: project, week_end. The file has: id, person, hours."
    )
    assert doubled[0].sentence == "Columns are there twice: hours, id."


def test_the_wire_shape_needs_revision_and_status() -> None:
    (problem,) = check_file(file(b"id,person,project,date,seconds\n"), WIRE)

    assert problem.sentence.startswith("Columns are missing: revision, status.")


def test_a_declared_encoding_is_used_only_where_the_file_is_not_utf8() -> None:
    declared = msgspec.structs.replace(TIMECARDS, encoding="cp1252")
    ansi = CSV.replace(b"34", b"Andr\xe9")
    utf8 = CSV.replace(b"34", "Andr\N{LATIN SMALL LETTER E WITH ACUTE}".encode())

    people = [
        one.person
        for content in (ansi, utf8)
        for one in statements(file(content), declared)
        if isinstance(one, TimeRecord)
    ]

    assert people == ["Andr\N{LATIN SMALL LETTER E WITH ACUTE}"] * 2
    assert codes(file(CSV + b"\x81"), declared) == [ProblemCode.ENCODING_WRONG]


def test_an_unknown_format_and_a_huge_file_are_turned_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert codes(file(name="t.doc")) == [ProblemCode.FILE_REFUSED]
    assert codes(file(name="t")) == [ProblemCode.FILE_REFUSED]

    monkeypatch.setattr("hourline.intake.file.FILE_BYTES_MAX", 10)
    assert codes(file()) == [ProblemCode.FILE_REFUSED]
    assert list(refused_file(file()).records) == []


def test_a_million_rows_are_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    assert table.ROWS_MAX == 1_000_000

    monkeypatch.setattr("hourline.intake.file.ROWS_MAX", 1)
    assert codes(file(CSV + LINE.encode())) == [ProblemCode.FILE_REFUSED]


def test_a_refused_file_is_kept_under_its_hash() -> None:
    kept = refused_file(file())

    assert kept.delivery_id == hashlib.sha256(CSV).hexdigest()
    assert list(kept.records) == [CSV]


def test_json_lines_are_kept_byte_for_byte_with_their_line() -> None:
    content = b"\xef\xbb\xbf" + record() + b"\r\n\n" + record(id="te-2")

    (delivery,) = file_deliveries(file(content, name="t.jsonl"), WIRE)

    assert list(delivery.records) == [record(), record(id="te-2")]
    assert delivery.lines == [1, 3]


def test_a_json_line_beyond_its_limit_refuses_the_file() -> None:
    content = b"x" * (LINE_BYTES_MAX + 1)

    assert codes(file(content, name="t.ndjson"), WIRE) == [ProblemCode.FILE_REFUSED]


def test_a_large_file_comes_in_parts_that_are_the_same_each_time() -> None:
    content = CSV + f"{LINE}\n{LINE}\n".encode()
    sha256 = hashlib.sha256(content).hexdigest()

    parts = list(file_deliveries(file(content), TIMECARDS, rows_per_delivery=2))
    again = list(file_deliveries(file(content), TIMECARDS, rows_per_delivery=2))

    assert [part.delivery_id for part in parts] == [f"{sha256}-1", f"{sha256}-2"]
    assert [len(part.records) for part in parts] == [2, 1]
    assert parts == again


def test_a_file_without_rows_is_still_a_delivery() -> None:
    (delivery,) = file_deliveries(file(f"{HEADER}\n".encode()), TIMECARDS)

    assert list(delivery.records) == []


def test_equals_are_numbered_on_over_the_parts_of_a_file() -> None:
    reading = msgspec.structs.replace(TIMECARDS, identity=("person", "date", "project"))
    content = f"{HEADER}\n{LINE}\n{LINE}\n{LINE}\n".encode()

    ids = [
        statement.id
        for part in file_deliveries(file(content), reading, rows_per_delivery=1)
        for statement in read_statements(part, reading)
    ]

    assert ids == [f"34|2015-04-03|33|{number}" for number in (1, 2, 3)]


def test_equals_in_json_lines_skip_what_is_no_record() -> None:
    reading = SourceReading(
        states_revisions=False, identity=("person", "date", "project")
    )
    content = record(id=None) + b"\n[]\n{\n" + record(id=None)

    ids = [
        statement.id
        for part in file_deliveries(
            file(content, name="t.jsonl"), reading, rows_per_delivery=1
        )
        for statement in read_statements(part, reading)
    ]

    assert ids == ["r-7|2026-10-06|p-42|1", None, None, "r-7|2026-10-06|p-42|2"]


def test_reading_an_unchecked_file_raises_its_problem() -> None:
    with pytest.raises(FileRefused, match="UTF-16"):
        list(file_deliveries(file(b"\xff\xfe"), TIMECARDS))
