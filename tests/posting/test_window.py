"""A posting window opens by the local clock, also over midnight and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.posting.rules.window import Window, opening
from hourline.posting.windows import parse_window, window_of

NIGHTS = "mon-fri 18:00-06:00 Europe/Berlin"


def berlin(day: str, clock: str) -> datetime:
    zone = ZoneInfo("Europe/Berlin")
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("day", "clock", "opens_day", "opens_clock"),
    [
        ("2025-03-03", "17:59", "2025-03-03", "18:00"),  # Monday
        ("2025-03-03", "18:00", "2025-03-03", "18:00"),
        ("2025-03-04", "05:59", "2025-03-04", "05:59"),
        ("2025-03-04", "06:00", "2025-03-04", "18:00"),
        ("2025-03-08", "05:00", "2025-03-08", "05:00"),  # Friday's, on Saturday
        ("2025-03-08", "06:00", "2025-03-10", "18:00"),
        ("2025-03-10", "03:00", "2025-03-10", "18:00"),  # Sunday had none
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_it_opens_on(
    day: str, clock: str, opens_day: str, opens_clock: str
) -> None:
    found = opening(parse_window(NIGHTS), berlin(day, clock))

    assert found == berlin(opens_day, opens_clock)


def test_a_closed_date_has_no_window_and_ends_the_one_before_at_midnight() -> None:
    window = parse_window(NIGHTS, [date(2025, 12, 25)])

    assert opening(window, berlin("2025-12-24", "23:59")) == berlin(
        "2025-12-24", "23:59"
    )
    assert opening(window, berlin("2025-12-25", "00:00")) == berlin(
        "2025-12-26", "18:00"
    )


def test_a_time_that_the_clock_skips_is_so_much_later() -> None:
    window = parse_window("mon-sun 02:30-04:00 Europe/Berlin")

    found = opening(window, datetime(2025, 3, 30, 0, 0, tzinfo=UTC))

    assert found == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)
    assert found.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    window = parse_window("mon-sun 01:00-02:30 Europe/Berlin")

    inside = datetime(2025, 10, 26, 0, 29, tzinfo=UTC)
    second_time = datetime(2025, 10, 26, 1, 29, tzinfo=UTC)

    assert opening(window, inside) == inside
    assert opening(window, second_time) == datetime(2025, 10, 27, 0, 0, tzinfo=UTC)


def test_a_window_that_the_clock_skips_whole_opens_the_next_day() -> None:
    window = parse_window("mon-sun 02:30-03:00 Europe/Berlin")

    found = opening(window, datetime(2025, 3, 30, 0, 0, tzinfo=UTC))

    assert found == datetime(2025, 3, 31, 0, 30, tzinfo=UTC)


def test_days_can_be_listed_and_run_over_the_weekend() -> None:
    assert parse_window("fri-mon,wed 00:00-24:00 UTC") == Window(
        days=frozenset({4, 5, 6, 0, 2}),
        opens=time(),
        closes=time(),
        zone=ZoneInfo("UTC"),
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("at night", "'at night' is no window; write days, times and zone, such as:"),
        ("mon-fry 18:00-06:00 UTC", "'mon-fry' is no day of the week; days are mon,"),
        ("mon 18:00-25:00 UTC", "25:00 is no time of the day, such as:"),
        ("mon 18:00-06:00 Mars/Base", "Mars/Base is no time zone of the IANA list,"),
    ],
)
def test_words_that_are_no_window_are_refused_with_the_reason(
    words: str, why: str
) -> None:
    with pytest.raises(ValueError, match="such as: mon-fri 18:00-06:00") as refused:
        parse_window(words)

    assert str(refused.value).startswith(why)


def test_a_window_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Window(days=frozenset(), opens=time(), closes=time(), zone=UTC)


def test_a_connection_without_a_window_is_open_always() -> None:
    assert window_of({"address": "https://erp.example"}) is None


CLOCKS = st.times(max_value=time(23, 59)).map(
    lambda t: t.replace(second=0, microsecond=0)
)
WINDOWS = st.builds(
    Window,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    opens=CLOCKS,
    closes=CLOCKS,
    zone=st.sampled_from(
        [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "UTC")]
        + [ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")]
    ),
    closed=st.frozensets(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=4),
)
INSTANTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(window=WINDOWS, at=INSTANTS)
def test_an_opening_is_never_past_and_open_itself(window: Window, at: datetime) -> None:
    found = opening(window, at)

    assert found >= at
    assert opening(window, found) == found
    assert found.astimezone(window.zone).date() not in window.closed


@given(window=WINDOWS, at=INSTANTS, share=st.integers(0, 99))
def test_nothing_is_open_before_the_opening(
    window: Window, at: datetime, share: int
) -> None:
    found = opening(window, at)
    between = at + (found - at) * share // 100

    assert opening(window, between) == found or found == at


@given(window=WINDOWS, at=INSTANTS)
def test_what_the_wall_clock_shows_decides_where_no_clock_changes(
    window: Window, at: datetime
) -> None:
    local = at.astimezone(window.zone)
    around = {
        (local + hours * timedelta(hours=1)).utcoffset() for hours in range(-30, 31)
    }
    if len(around) > 1:
        return

    assert (opening(window, at) == at) is shown_open(window, local)


def shown_open(window: Window, local: datetime) -> bool:
    """Decide by the wall clock alone, the plain way."""
    clock, today = local.timetz().replace(tzinfo=None), local.date()
    yesterday = today - timedelta(days=1)
    owns = {
        day: day.weekday() in window.days and day not in window.closed
        for day in (today, yesterday)
    }
    if today in window.closed:
        return False
    if window.closes > window.opens:
        return owns[today] and window.opens <= clock < window.closes
    return (owns[today] and clock >= window.opens) or (
        owns[yesterday] and clock < window.closes
    )
