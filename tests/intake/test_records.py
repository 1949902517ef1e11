"""Prove what a record says, and that everything wrong with it is told at once."""

import json
from datetime import UTC, date, datetime

import pytest

from hourline.intake.model import (
    SourceReading,
    Statement,
    TimeRecord,
    Unreadable,
    Withdrawal,
)
from hourline.intake.reading import changed_at_of, read_statements
from hourline.kernel.problems import ProblemCode
from tests.intake.deliveries import UNVERSIONED, WIRE, delivery, record

TIMECARDS = SourceReading(
    states_revisions=False,
    status="approved",
    duration_unit="hours",
    fields={
        "date": "week_end",
        "seconds": "hours",
        "role": "grade",
        "note": "notes",
        "updated_at": "modified",
    },
)


def read(
    body: bytes, reading: SourceReading = WIRE, *, cells: bool = False
) -> Statement:
    return read_statements(delivery(body, cells=cells), reading)[0]


def found(statement: Statement) -> list[tuple[ProblemCode, str]]:
    assert isinstance(statement, Unreadable)
    return [(one.code, one.detail.get("field", "")) for one in statement.problems]


def row(**cells: str) -> bytes:
    return json.dumps(cells).encode()


def test_a_record_in_the_wire_shape_is_read_field_by_field() -> None:
    statement = read(record())

    assert statement == TimeRecord(
        id="te-1",
        status="approved",
        person="r-7",
        project="p-42",
        date=date(2026, 10, 6),
        seconds=27_000,
        revision=1,
        activity="design",
        hour_type="normal",
        billable_seconds=27_000,
        note="workshop",
        approved_at=datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
        updated_at=datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
    )


def test_both_readers_of_the_wire_shape_agree() -> None:
    renamed = SourceReading(fields={"id": "key"})
    body = record()
    other = record(id=None, key="te-1")

    assert read(body) == read(other, renamed)


def test_unknown_fields_are_passed_over() -> None:
    assert isinstance(read(record(colour="green", nested={"a": [1]})), TimeRecord)


def test_all_findings_of_a_record_are_reported_together() -> None:
    statement = read(
        record(person=None, date="2026-02-30", seconds=-60, approved_at="soon")
    )

    assert found(statement) == [
        (ProblemCode.FIELD_MISSING, "person"),
        (ProblemCode.FIELD_INVALID, "date"),
        (ProblemCode.DURATION_OUT_OF_RANGE, "seconds"),
        (ProblemCode.FIELD_INVALID, "approved_at"),
    ]
    assert isinstance(statement, Unreadable)
    assert statement.id == "te-1"
    assert statement.problems[1].sentence == (
        'date "2026-02-30" is not a day written in order iso.'
    )
    assert statement.problems[1].detail == {
        "position": "0",
        "source_id": "te-1",
        "field": "date",
        "source_field": "date",
        "value": '"2026-02-30"',
    }


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"id": ""}, ProblemCode.FIELD_MISSING, "id"),
        ({"id": "x" * 301}, ProblemCode.FIELD_INVALID, "id"),
        ({"id": "a\tb"}, ProblemCode.FIELD_INVALID, "id"),
        ({"id": "a\u0000b"}, ProblemCode.FIELD_INVALID, "id"),
        ({"id": "a\u0085b"}, ProblemCode.FIELD_INVALID, "id"),
        ({"id": True}, ProblemCode.FIELD_INVALID, "id"),
        ({"revision": None}, ProblemCode.FIELD_MISSING, "revision"),
        ({"revision": 0}, ProblemCode.FIELD_INVALID, "revision"),
        ({"revision": 2**31}, ProblemCode.FIELD_INVALID, "revision"),
        ({"revision": "one"}, ProblemCode.FIELD_INVALID, "revision"),
        ({"status": None}, ProblemCode.FIELD_MISSING, "status"),
        ({"status": "paid"}, ProblemCode.FIELD_INVALID, "status"),
        ({"status": 3}, ProblemCode.FIELD_INVALID, "status"),
        ({"person": 1.5}, ProblemCode.FIELD_INVALID, "person"),
        ({"project": "p\n"}, ProblemCode.FIELD_INVALID, "project"),
        ({"activity": "\u0007"}, ProblemCode.FIELD_INVALID, "activity"),
        ({"date": None}, ProblemCode.FIELD_MISSING, "date"),
        ({"date": 20261006}, ProblemCode.FIELD_INVALID, "date"),
        ({"date": "06.10.2026"}, ProblemCode.FIELD_INVALID, "date"),
        ({"date": "1989-12-31"}, ProblemCode.DATE_OUT_OF_RANGE, "date"),
        ({"date": "2101-01-01"}, ProblemCode.DATE_OUT_OF_RANGE, "date"),
        ({"seconds": None}, ProblemCode.FIELD_MISSING, "seconds"),
        ({"seconds": "27000"}, ProblemCode.FIELD_INVALID, "seconds"),
        ({"seconds": True}, ProblemCode.FIELD_INVALID, "seconds"),
        ({"seconds": 0.5}, ProblemCode.FIELD_INVALID, "seconds"),
        ({"seconds": -1}, ProblemCode.DURATION_OUT_OF_RANGE, "seconds"),
        ({"seconds": 2_678_401}, ProblemCode.DURATION_OUT_OF_RANGE, "seconds"),
        (
            {"billable_seconds": -1},
            ProblemCode.DURATION_OUT_OF_RANGE,
            "billable_seconds",
        ),
        ({"note": 7}, ProblemCode.FIELD_INVALID, "note"),
        (
            {"updated_at": "2026-10-07T09:00:00"},
            ProblemCode.FIELD_INVALID,
            "updated_at",
        ),
        ({"updated_at": 1}, ProblemCode.FIELD_INVALID, "updated_at"),
    ],
)
def test_a_wrong_field_is_named_with_its_code(
    changes: dict[str, object], code: ProblemCode, field: str
) -> None:
    assert found(read(record(**changes))) == [(code, field)]


@pytest.mark.parametrize(
    "source_id",
    [
        "te 1/2026",
        "\N{ALARM CLOCK}\N{VARIATION SELECTOR-16}",
        "\N{RIGHT-TO-LEFT OVERRIDE}\N{HEBREW LETTER ALEF}",
        "a'b\"c;--",
        "=1+1",
        "e\N{COMBINING ACUTE ACCENT}",
        "x" * 300,
        "no\N{NO-BREAK SPACE}break",
        "back\\slash",
    ],
)
def test_odd_ids_are_ids(source_id: str) -> None:
    statement = read(record(id=source_id))

    assert isinstance(statement, TimeRecord)
    assert statement.id == source_id


def test_ids_that_are_numbers_are_read_as_their_digits() -> None:
    statement = read(record(id=48, person=34))

    assert isinstance(statement, TimeRecord)
    assert (statement.id, statement.person) == ("48", "34")


def test_empty_optional_fields_say_nothing() -> None:
    statement = read(record(activity="", hour_type="", note=""))

    assert isinstance(statement, TimeRecord)
    assert (statement.activity, statement.hour_type, statement.note) == (None,) * 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b'"text"',
        b'{"id": "\xff"}',
        b'{"id": "\\ud800"}',
        b"[" * 100_000,
        b'{"id": NaN}',
    ],
)
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    assert found(read(body)) == [(ProblemCode.RECORD_MALFORMED, "")]


def test_a_number_of_any_size_is_refused_at_once() -> None:
    body = record(seconds=12_345).replace(b"12345", b"1e999999999")

    assert found(read(body)) == [(ProblemCode.FIELD_INVALID, "seconds")]


def test_a_withdrawal_needs_only_its_id_and_revision() -> None:
    body = b'{"id": "te-1", "revision": 2, "status": "recalled"}'

    assert read(body) == Withdrawal("te-1", "recalled", 2, None)


def test_a_withdrawal_in_full_says_when() -> None:
    statement = read(record(status="rejected", updated_at="2026-10-09T08:00:00+02:00"))

    assert statement == Withdrawal(
        "te-1", "rejected", 1, datetime(2026, 10, 9, 6, 0, tzinfo=UTC)
    )


def test_a_withdrawal_without_its_id_is_refused() -> None:
    assert found(read(b'{"revision": 2, "status": "recalled"}')) == [
        (ProblemCode.FIELD_MISSING, "id")
    ]


def test_a_withdrawal_of_an_id_with_a_tab_is_refused() -> None:
    assert found(read(record(id="a\tb", status="recalled"))) == [
        (ProblemCode.FIELD_INVALID, "id")
    ]


def test_a_source_without_revisions_need_not_state_one() -> None:
    statement = read(record(revision=None), UNVERSIONED)

    assert isinstance(statement, TimeRecord)
    assert statement.revision is None


def test_timecards_are_read_by_their_columns() -> None:
    body = row(
        id="48",
        person="34",
        week_end="2015-04-03",
        project="33",
        hours="36.00",
        grade="5",
        notes="",
        modified="2016-09-19T13:43:10.531Z",
    )

    assert read(body, TIMECARDS, cells=True) == TimeRecord(
        id="48",
        status="approved",
        person="34",
        project="33",
        date=date(2015, 4, 3),
        seconds=129_600,
        role="5",
        updated_at=datetime(2016, 9, 19, 13, 43, 10, 531_000, tzinfo=UTC),
    )


def test_a_cell_of_spaces_is_empty_and_a_tab_in_an_id_is_refused() -> None:
    body = row(id="4\t8", person="  ", week_end="2015-04-03", project="1", hours="1")

    assert found(read(body, TIMECARDS, cells=True)) == [
        (ProblemCode.FIELD_INVALID, "id"),
        (ProblemCode.FIELD_MISSING, "person"),
    ]


def test_a_formula_is_refused_where_a_field_is_read() -> None:
    cells = {
        "id": "48",
        "person": "34",
        "week_end": "2015-04-03",
        "project": "33",
        "hours": {"formula": "=SUM(A1:A9)"},
        "total": {"formula": "=1+1"},
    }
    statement = read(json.dumps(cells).encode(), TIMECARDS, cells=True)

    assert found(statement) == [(ProblemCode.FORMULA_REFUSED, "seconds")]
    assert isinstance(statement, Unreadable)
    assert statement.problems[0].detail["value"] == '"=SUM(A1:A9)"'


def test_a_text_that_looks_like_a_formula_is_a_text() -> None:
    body = row(
        id="=1+1", person="@34", week_end="2015-04-03", project="-3", hours="1.00"
    )
    statement = read(body, TIMECARDS, cells=True)

    assert isinstance(statement, TimeRecord)
    assert (statement.id, statement.person, statement.project) == ("=1+1", "@34", "-3")


def test_a_row_with_other_cells_than_the_header_is_malformed() -> None:
    statement = read(b'["48", "34"]', TIMECARDS, cells=True)

    assert found(statement) == [(ProblemCode.RECORD_MALFORMED, "")]


def test_statuses_of_the_source_are_mapped() -> None:
    reading = SourceReading(
        fields={"status": "state.name"}, statuses={"Genehmigt": "approved"}
    )
    approved = record(status=None, state={"name": "Genehmigt"})
    other = record(status=None, state={"name": "Offen"})
    absent = record(status=None, state="Genehmigt")

    assert isinstance(read(approved, reading), TimeRecord)
    assert found(read(other, reading)) == [(ProblemCode.FIELD_INVALID, "status")]
    assert found(read(absent, reading)) == [(ProblemCode.FIELD_MISSING, "status")]


def test_lines_of_a_file_are_named_in_problems() -> None:
    arrived = delivery(record(), b"{", lines=[2, 5])

    statement = read_statements(arrived, WIRE)[1]

    assert isinstance(statement, Unreadable)
    assert statement.problems[0].detail == {"position": "1", "line": "5"}


def test_the_change_time_of_a_stored_record_is_read_again() -> None:
    assert changed_at_of(record(updated_at=None), WIRE) == datetime(
        2026, 10, 7, 9, 0, tzinfo=UTC
    )
    assert changed_at_of("no json", WIRE) is None
    assert changed_at_of("[]", WIRE) is None


def test_cells_may_hold_clock_durations() -> None:
    body = row(id="1", person="3", week_end="2015-04-03", project="1", hours=" 7:30 ")
    statement = read(body, TIMECARDS, cells=True)

    assert isinstance(statement, TimeRecord)
    assert statement.seconds == 27_000


def test_long_values_are_shown_shortened_and_clean() -> None:
    statement = read(record(date="\u0007" + "x" * 100))

    assert isinstance(statement, Unreadable)
    value = statement.problems[0].detail["value"]
    assert value == '"\N{REPLACEMENT CHARACTER}' + "x" * 59 + '\N{HORIZONTAL ELLIPSIS}"'
