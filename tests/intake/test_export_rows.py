"""Prove how rows of exports are read, with every kind of dirt they come with."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from hourline.intake.export_file import open_file
from hourline.intake.export_reading import ExportReader
from hourline.intake.file import file_rows
from hourline.intake.layout import check_export_reading, layouts
from hourline.intake.model import ExportReading, TimeRecord, Unreadable
from hourline.intake.rules.export_rows import ExportRow
from hourline.intake.rules.gone import Coverage, StandingEntry, gone_problem
from hourline.intake.rules.spelling import as_known, spellings
from hourline.kernel.problems import ProblemCode
from tests.intake.exports import (
    CLOCKIFY,
    CLOCKIFY_HEADER,
    HARVEST,
    HARVEST_NEWER,
    HARVEST_OLDER,
    TOGGL,
    TOGGL_HEADER,
    changed,
    clockify,
    export,
    harvest,
    only,
    refusals,
    rows_of,
    sentences,
    table,
    toggl,
)


def record(content: bytes, reading: ExportReading) -> TimeRecord:
    return only(content, reading).record


def older(**cells: str) -> bytes:
    return table(HARVEST_OLDER, harvest(**cells))


def track(**cells: str) -> bytes:
    return table(TOGGL_HEADER, toggl(**cells))


def clocked(**cells: str) -> bytes:
    return table(CLOCKIFY_HEADER, clockify(**cells))


def test_the_layouts_are_found_from_their_folder() -> None:
    assert sorted(layouts()) == ["clockify", "harvest", "toggl"]


def test_a_row_of_harvest_is_an_entry() -> None:
    found = record(older(notes='Draft, "final"\nand more'), HARVEST)

    assert (found.person, found.project, found.activity) == (
        "Ann Lee",
        "Website",
        "Design",
    )
    assert (found.date, found.seconds) == (date(2025, 3, 5), 5_400)
    assert found.billable_seconds is None
    assert found.note == 'Draft, "final"\nand more'


def test_a_row_of_toggl_is_an_entry_of_the_person_behind_the_address() -> None:
    found = record(track(email="Ann@Firm.example"), TOGGL)

    assert found.person == "ann@firm.example"
    assert (found.project, found.activity, found.seconds) == ("Website", None, 5_400)


def test_a_row_of_clockify_is_an_entry() -> None:
    found = record(clocked(task="Design"), CLOCKIFY)

    assert (found.person, found.activity, found.seconds) == ("Ann Lee", "Design", 5_400)


@pytest.mark.parametrize(
    ("header", "row", "reading"),
    [
        (
            HARVEST_NEWER,
            harvest(header=HARVEST_NEWER),
            changed(HARVEST, approval="every_row"),
        ),
        (
            f"{HARVEST_NEWER},Approved?,Email,Employee Id",
            harvest(header=f"{HARVEST_NEWER},Approved?,Email,Employee Id"),
            HARVEST,
        ),
        (
            HARVEST_OLDER.replace("Task", "Activity"),
            harvest(),
            HARVEST,
        ),
        (
            CLOCKIFY_HEADER.replace("Task", "Activity") + ",Date of creation",
            f"{clockify()},2025-03-05",
            CLOCKIFY,
        ),
        (
            CLOCKIFY_HEADER.replace("Duration (h),", ""),
            clockify(header=CLOCKIFY_HEADER.replace("Duration (h),", "")),
            CLOCKIFY,
        ),
        (TOGGL_HEADER.replace("()", "(USD)"), toggl(), TOGGL),
        (TOGGL_HEADER.upper(), toggl(), TOGGL),
    ],
)
def test_older_and_newer_headers_read_alike(
    header: str, row: str, reading: ExportReading
) -> None:
    found = record(table(header, row), reading)

    assert (found.project, found.seconds) == ("Website", 5_400)


def test_a_header_of_another_tool_is_refused_with_what_is_missing() -> None:
    (problem,) = open_file(export(track()), HARVEST).problems

    assert problem.code is ProblemCode.COLUMNS_WRONG
    assert problem.sentence.startswith(
        "This is no export of Harvest, detailed time report: columns are missing:"
        " First Name and Last Name, Date, Hours, Billable?, Approved?."
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + older(),
        older().replace(b",", b";"),
        older().replace(b",", b"\t"),
        older().replace(b"\n", b"\r\n"),
        older() + b"\n\n,,,,,,,,,,,,,\n",
    ],
)
def test_marks_separators_and_empty_lines_do_no_harm(content: bytes) -> None:
    assert record(content, HARVEST).seconds == 5_400


@pytest.mark.parametrize(
    ("encoding", "python"),
    [
        ("cp1252", "cp1252"),
        ("cp1250", "cp1250"),
        ("utf-16", "utf-16"),
    ],
)
def test_an_encoding_is_read_where_it_is_declared(encoding: str, python: str) -> None:
    content = older(project="Küche").decode().encode(python)
    declared = changed(HARVEST, encoding=encoding)

    assert record(content, declared).project == "Küche"
    assert refusals(content, HARVEST) == [ProblemCode.ENCODING_WRONG]


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("Ja", "Nein"),
        ("はい", "いいえ"),
        ("OUI", "non"),
        ("Sí", "No"),
        ("true", "false"),
    ],
)
def test_yes_and_no_are_read_in_the_language_of_the_tool(yes: str, no: str) -> None:
    cells = {"approved?": yes, "invoiced?": no}
    billed = only(older(**cells, **{"billable?": yes}), HARVEST)
    unbilled = only(older(**cells, **{"billable?": no}), HARVEST)

    assert billed.record.billable_seconds is None
    assert unbilled.record.billable_seconds == 0
    assert billed.approved


def test_an_unknown_word_is_a_problem_unless_it_is_declared() -> None:
    content = older(**{"billable?": "Stimmt"})

    assert sentences(content, HARVEST) == [
        'Billable? "Stimmt" is no word for yes or no that is known.'
    ]
    declared = changed(HARVEST, words={"STIMMT": True})
    assert record(content, declared).billable_seconds is None


@pytest.mark.parametrize("column", ["Billable?", "Approved?"])
def test_an_answer_that_is_needed_must_be_there(column: str) -> None:
    content = older(**{column.lower(): ""})

    assert sentences(content, HARVEST) == [f"Field {column} is missing or empty."]


def test_a_row_that_is_not_approved_says_so() -> None:
    assert not only(older(**{"approved?": "No"}), HARVEST).approved
    every = changed(HARVEST, approval="every_row")
    assert only(older(**{"approved?": "No"}), every).approved


def test_a_row_without_project_person_and_day_tells_all_of_it() -> None:
    content = older(project="", first_name="", last_name="", date="")

    assert sentences(content, HARVEST) == [
        "Field First Name Last Name is missing or empty.",
        "Field Project is missing or empty.",
        "Field Date is missing or empty.",
    ]


def test_projects_are_known_by_code_or_by_client_and_name() -> None:
    by_code = changed(HARVEST, project_key="code")
    by_both = changed(HARVEST, project_key="client_and_name")

    assert record(older(), by_code).project == "WEB"
    assert record(older(), by_both).project == "Adatum / Website"
    assert sentences(older(client=""), by_both) == [
        "Field Client / Project is missing or empty."
    ]


def test_all_spellings_of_a_name_are_one_and_the_first_is_kept() -> None:
    plain = only(older(first_name="José", project="Web Site"), HARVEST)
    other = only(
        older(first_name=" JOSE\u0301 ", last_name="LEE", project="web\u00a0 site"),
        HARVEST,
    )

    assert (plain.key, plain.content) == (other.key, other.content)
    assert other.record.person == "JOSÉ LEE"
    assert other.record.project == "web site"


def test_note_and_hours_are_no_part_of_what_names_a_row_and_the_rest_is() -> None:
    keys = {
        only(older(**cells), HARVEST).key
        for cells in (
            {},
            {"notes": "x"},
            {"hours": "2"},
            {"billable?": "No"},
            {"date": "2025-03-06"},
            {"first_name": "Bob"},
            {"project": "App"},
            {"task": "Build"},
        )
    }

    assert len(keys) == 5


def test_the_start_names_a_row_to_the_minute() -> None:
    exact = only(clocked(), CLOCKIFY)
    without_seconds = clocked(start_time="9:00", end_time="10:30")
    later = clocked(start_time="9:01", end_time="10:31")

    assert only(without_seconds, CLOCKIFY).key == exact.key
    assert only(later, CLOCKIFY).key != exact.key


def test_a_row_of_another_length_is_refused_by_itself() -> None:
    rows = rows_of(older() + b"1,2\n", HARVEST)

    assert isinstance(rows[0], ExportRow)
    assert isinstance(rows[1], Unreadable)
    assert rows[1].problems[0].sentence == (
        "The row has another number of cells than columns."
    )


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"layout": "abacus"}, "no layout abacus; there are: clockify, harvest, toggl"),
        ({"time_zone": "Mars/Olympus"}, "there is no time zone Mars/Olympus"),
        ({"gone": "recall"}, "gone recall needs covers: everything, or"),
        ({"status": "approved"}, "a layout says itself what status would say"),
        ({"states_revisions": True}, "a layout says itself what states_revisions or"),
        (
            {"layout": "toggl", "project_key": "code", "approval": "every_row"},
            "exports of Toggl Track, detailed report have no column for project codes",
        ),
        (
            {"layout": "toggl"},
            "exports of Toggl Track, detailed report have no column for approval",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused_with_the_reason(
    settings: dict[str, object], fault: str
) -> None:
    reading = changed(HARVEST, **settings)

    with pytest.raises((LookupError, ValueError), match=fault.replace("(", r"\(")):
        check_export_reading(reading)
    (problem,) = open_file(export(older()), reading).problems
    assert problem.code is ProblemCode.FILE_REFUSED
    assert fault in problem.sentence


def workbook(**changed_cells: object) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    cells: dict[str, object] = dict(
        zip(HARVEST_OLDER.split(","), harvest().split(","), strict=True)
    )
    cells |= {"Date": date(2025, 3, 5), "Hours": 1.5} | changed_cells
    sheet.append(list(cells))
    sheet.append(list(cells.values()))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def test_an_export_may_be_a_workbook_and_no_formula_is_computed() -> None:
    reader = ExportReader(HARVEST)
    said = []
    for content in (workbook(), workbook(**{"First Name": "=A1", "Hours": "=1+1"})):
        file = export(content, name="march.xlsx")
        assert open_file(file, HARVEST).problems == []
        said += [reader.statement(row.record) for row in file_rows(file, HARVEST)]

    plain, computed = said
    assert isinstance(plain, ExportRow)
    assert (plain.record.date, plain.record.seconds) == (date(2025, 3, 5), 5_400)
    assert isinstance(computed, Unreadable)
    assert [problem.code for problem in computed.problems] == [
        ProblemCode.FORMULA_REFUSED,
        ProblemCode.FORMULA_REFUSED,
    ]


def test_a_record_without_the_columns_of_the_layout_names_them() -> None:
    said = ExportReader(HARVEST).statement(b'{"Date": "2025-03-05"}')

    assert isinstance(said, Unreadable)
    assert said.problems[0].sentence == (
        "The record lacks columns of Harvest, detailed time report: First Name and Last"
        " Name, Project, Task or Activity, Hours, Billable?, Approved?."
    )


def test_two_spellings_that_are_both_known_are_left_as_they_are() -> None:
    known = spellings(["Ann Lee", "ANN LEE", "Bob"])

    assert as_known("ann lee", known) == "ann lee"
    assert as_known("bob ", known) == "Bob"


def test_a_report_of_many_rows_names_twenty_of_them() -> None:
    day = date(2025, 3, 5)
    gone = [StandingEntry(n, f"e{n}", b"", "ann", "P1", day, 3_600) for n in range(25)]

    problem = gone_problem(
        gone, Coverage(first_day=day, last_day=day, covers=None), kept_because=None
    )

    assert problem.sentence.startswith(
        "The export of 2025-03-05 to 2025-03-05 lacks 25 entries in force, 25:00 h:"
    )
    assert problem.sentence.count("ann, P1") == 20
    assert problem.sentence.endswith("; and 5 more.")
