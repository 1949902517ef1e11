"""Prove how durations, days and times of exports are read, and compared."""

from datetime import date

import pytest

from hourline.intake.model import ExportReading, TimeRecord, Unreadable
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import ProblemCode
from tests.intake.exports import (
    CLOCKIFY,
    CLOCKIFY_HEADER,
    HARVEST,
    HARVEST_OLDER,
    TOGGL,
    TOGGL_HEADER,
    changed,
    clockify,
    harvest,
    only,
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


@pytest.mark.parametrize(
    ("written", "mark", "seconds"),
    [
        ("7,5", ",", 27_000),
        ("7.5", ".", 27_000),
        ("7.33", ".", 26_388),
        ("07:30:00", ".", 27_000),
        ("7:30", ",", 27_000),
        ("PT7H30M", ".", 27_000),
        ("PT7.5H", ".", 27_000),
        ("P1DT30S", ".", 86_430),
        ("0", ".", 0),
    ],
)
def test_durations_are_read_as_exports_write_them(
    written: str, mark: str, seconds: int
) -> None:
    declared = changed(HARVEST, decimal_mark=mark)

    assert record(older(hours=written), declared).seconds == seconds


@pytest.mark.parametrize("written", ["7,5", "PT0.1S", "P", "1.00001", "half"])
def test_a_duration_that_is_not_exact_names_the_setting(written: str) -> None:
    (row,) = rows_of(older(hours=written), HARVEST)

    assert isinstance(row, Unreadable)
    (problem,) = row.problems
    assert problem.code is ProblemCode.FIELD_INVALID
    assert "decimal_mark in the connection's reading" in problem.remedy


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("2025-03-05", "month_first"),
        ("05.03.2025", "day_first"),
        ("05/03/2025", "day_first"),
        ("03/05/2025", "month_first"),
    ],
)
def test_dates_are_read_in_the_order_of_the_setting(written: str, order: str) -> None:
    declared = changed(HARVEST, date_order=order)

    assert record(older(date=written), declared).date == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("written", "order"),
    [("15/01/2025", "month_first"), ("01/15/2025", "day_first"), ("1.1.2025", "iso")],
)
def test_a_date_in_another_order_is_a_problem_that_names_the_setting(
    written: str, order: str
) -> None:
    (row,) = rows_of(older(date=written), changed(HARVEST, date_order=order))

    assert isinstance(row, Unreadable)
    (problem,) = row.problems
    assert (
        problem.sentence == f'Date "{written}" is not a day written in order {order}.'
    )
    assert problem.remedy == (
        "Correct Date at the source, or date_order in the connection's reading."
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("02:00 PM", "03:30 PM"),
        ("2 pm", "3:30 p.m."),
        ("14:00", "15:30"),
        ("14:00:00", "15:30:00"),
        ("11:30 PM", "01:00 AM"),
    ],
)
def test_clocks_of_12_and_24_hours_are_read(start: str, end: str) -> None:
    over = start == "11:30 PM"
    content = track(
        start_time=start, end_time=end, end_date="2025-03-06" if over else "2025-03-05"
    )

    assert record(content, TOGGL).date == date(2025, 3, 5)


@pytest.mark.parametrize("written", ["13:00 PM", "24:00", "0 am", "14", "noon"])
def test_a_time_that_no_clock_shows_is_a_problem(written: str) -> None:
    assert sentences(track(start_time=written), TOGGL) == [
        f'Start time "{written}" is not a time of day.'
    ]


def test_an_entry_over_midnight_belongs_to_the_day_it_began() -> None:
    late = {"start_time": "22:00:00", "end_time": "02:00:00", "duration": "04:00:00"}
    found = record(track(**late, end_date="2025-03-06"), TOGGL)
    undated = record(track(**late, end_date=""), TOGGL)

    assert (found.date, found.seconds) == (date(2025, 3, 5), 14_400)
    assert (undated.date, undated.seconds) == (date(2025, 3, 5), 14_400)


def test_a_duration_that_does_not_fit_its_times_is_a_problem() -> None:
    (row,) = rows_of(track(duration="02:00:00"), TOGGL)

    assert isinstance(row, Unreadable)
    assert [(one.code, one.sentence) for one in row.problems] == [
        (
            ProblemCode.DURATION_NOT_AS_TIMES,
            "Duration is 2:00 h, but start and end are 1:30 h apart.",
        )
    ]


def test_an_end_before_the_start_is_a_problem() -> None:
    content = track(start_time="10:00:00", end_time="09:00:05", duration="01:00:00")

    assert sentences(content, TOGGL) == [
        "Duration is 1:00 h, but start and end are -0:59:55 h apart."
    ]


def test_a_clock_without_seconds_is_compared_to_the_minute() -> None:
    content = clocked(
        start_time="09:00 AM",
        end_time="10:30 AM",
        **{"duration_(h)": "01:30:59"},
    )

    assert record(content, CLOCKIFY).seconds == 5_459


def test_a_night_in_which_the_clocks_change_is_told_by_the_time_zone() -> None:
    content = track(
        start_date="2025-03-30",
        start_time="01:00:00",
        end_date="2025-03-30",
        end_time="04:00:00",
        duration="02:00:00",
    )

    assert record(content, changed(TOGGL, time_zone="Europe/Vienna")).seconds == 7_200
    assert sentences(content, TOGGL) == [
        "Duration is 2:00 h, but start and end are 3:00 h apart."
    ]


def test_a_running_entry_is_no_entry_and_no_problem() -> None:
    running = {"end_date": "", "end_time": "", "duration": ""}
    (row,) = rows_of(track(**running), TOGGL)

    assert isinstance(row, Unreadable)
    assert (row.outcome, row.problems) == (Outcome.RUNNING, ())


def test_an_end_that_is_no_day_is_told_with_the_setting() -> None:
    assert sentences(track(end_date="13/13/2025"), TOGGL) == [
        'End date "13/13/2025" is not a day written in order iso.'
    ]
