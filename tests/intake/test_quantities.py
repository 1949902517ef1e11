"""Prove that days, instants and durations are read exactly or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hourline.intake.rules.quantities import (
    clock_seconds,
    day_of,
    instant_of,
    number_of,
    whole_seconds,
)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-10-06", "iso", date(2026, 10, 6)),
        ("2026-10-06", "day_first", date(2026, 10, 6)),
        ("06.10.2026", "day_first", date(2026, 10, 6)),
        ("6/10/2026", "day_first", date(2026, 10, 6)),
        ("06/10/2026", "month_first", date(2026, 6, 10)),
        ("31.02.2026", "day_first", None),
        ("06.10.2026", "iso", None),
        ("06.10.26", "day_first", None),
        ("0000-01-01", "iso", None),
    ],
)
def test_a_day_is_read_in_the_declared_order_only(
    text: str, order: str, expected: date | None
) -> None:
    match order:
        case "day_first":
            assert day_of(text, "day_first") == expected
        case "month_first":
            assert day_of(text, "month_first") == expected
        case _:
            assert day_of(text, "iso") == expected


def test_an_instant_needs_a_zone_unless_one_is_assumed() -> None:
    expected = datetime(2026, 10, 6, 7, 0, tzinfo=UTC)

    assert instant_of("2026-10-06T09:00:00+02:00", zone_assumed=False) == expected
    assert instant_of("2026-10-06 07:00", zone_assumed=True) == expected
    assert instant_of("2026-10-06 07:00", zone_assumed=False) is None
    assert instant_of("yesterday", zone_assumed=True) is None
    assert instant_of("0001-01-01T00:00:00+02:00", zone_assumed=True) is None


def test_numbers_are_exact_and_never_guessed() -> None:
    assert number_of("7.50", ".") == Decimal("7.50")
    assert number_of("7,50", ",") == Decimal("7.50")
    assert number_of("7,50", ".") is None
    assert number_of("1.234,56", ",") is None
    assert number_of("1e5", ".") is None
    assert number_of("\N{ARABIC-INDIC DIGIT SEVEN}x", ".") is None


def test_durations_make_whole_seconds_or_none() -> None:
    assert whole_seconds(Decimal("36.00"), "hours") == 129_600
    assert whole_seconds(Decimal("7.33"), "hours") == 26_388
    assert whole_seconds(Decimal("7.333"), "hours") is None
    assert whole_seconds(90, "minutes") == 5_400
    assert whole_seconds(Decimal("1E-99"), "hours") is None
    assert whole_seconds(Decimal("1E+99"), "seconds") is None
    assert whole_seconds(Decimal("NaN"), "seconds") is None


def test_clock_durations_are_hours_and_minutes() -> None:
    assert clock_seconds("7:30") == 27_000
    assert clock_seconds("07:30:15") == 27_015
    assert clock_seconds("-1:00") == -3_600
    assert clock_seconds("7:60") is None
    assert clock_seconds("7.5") is None
