"""Prove what is known of the file of an export as a whole."""

from datetime import date

from hourline.intake.export_file import export_deliveries, survey_export
from hourline.intake.manifest import Manifest
from tests.intake.exports import (
    HARVEST,
    HARVEST_OLDER,
    TOGGL,
    TOGGL_HEADER,
    export,
    harvest,
    table,
    toggl,
)

ROWS = (
    harvest(),
    harvest(task="Build"),
    harvest(task="Care"),
    harvest(hours="2"),
    harvest(task="Dine", hours="x"),
    "Total,,,,,,6.5,,,,,,,",
)


def test_equal_rows_are_in_one_part_and_every_row_is_in_exactly_one() -> None:
    file = export(table(HARVEST_OLDER, *ROWS))
    survey = survey_export(file, HARVEST)

    parts = list(export_deliveries(file, survey, rows_per_delivery=2))

    assert [part.lines for part in parts] == [[2, 3, 5], [4, 6], [7]]
    assert [list(part.totals) for part in parts] == [[], [], [0]]
    assert [part.delivery_id for part in parts] == [
        f"{file.sha256}-{number}" for number in (1, 2, 3)
    ]


def test_a_file_that_is_to_be_taken_whole_is_one_part() -> None:
    whole = Manifest(file="march.csv", all_or_nothing=True)
    file = export(table(HARVEST_OLDER, *ROWS), manifest=whole)

    parts = list(export_deliveries(file, survey_export(file, HARVEST)))

    assert [len(part.records) for part in parts] == [6]


def test_an_export_without_rows_is_one_empty_part() -> None:
    file = export(table(HARVEST_OLDER))

    (part,) = export_deliveries(file, survey_export(file, HARVEST))

    assert list(part.records) == []


def test_what_is_stated_makes_the_same_bytes_another_delivery() -> None:
    content = table(HARVEST_OLDER, harvest())
    plain, stated = export(content), export(content, covers="everything")

    (first,) = export_deliveries(plain, survey_export(plain, HARVEST))
    (second,) = export_deliveries(stated, survey_export(stated, HARVEST))

    assert first.delivery_id == second.delivery_id
    assert first.whole != second.whole


def test_a_file_knows_its_days_people_projects_and_doubtful_rows() -> None:
    survey = survey_export(export(table(HARVEST_OLDER, *ROWS)), HARVEST)

    assert survey.days == {date(2025, 3, 5)}
    assert survey.pairs == {("ann lee", "website")}
    assert (len(survey.doubtful), survey.unreadable) == (1, 1)
    assert survey.seconds == 23_400


def test_totals_may_count_what_still_runs_or_not() -> None:
    running = toggl(start_time="11:00:00", end_date="", end_time="", duration="0:30:00")
    for total in ("01:30:00", "02:00:00"):
        last = f"Total,,,,,,,,,,,{total},,"
        file = export(table(TOGGL_HEADER, toggl(), running, last))

        assert survey_export(file, TOGGL).totals == {2: ()}
