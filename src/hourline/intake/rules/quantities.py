"""Read days, instants and durations exactly: nothing is guessed and nothing rounded."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

Unit: TypeAlias = Literal["seconds", "minutes", "hours"]
SECONDS_OF: dict[Unit, int] = {"seconds": 1, "minutes": 60, "hours": 3_600}

_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_LOCAL_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_CLOCK = re.compile(r"(-?)(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
_PART = r"(\d{1,8}(?:[.,]\d{1,9})?)"
_ISO_DURATION = re.compile(
    rf"(-?)P(?=[\dT])(?:{_PART}D)?(?:T(?=\d)(?:{_PART}H)?(?:{_PART}M)?(?:{_PART}S)?)?"
)
_TIME = re.compile(r"(\d{1,2})(?::([0-5]\d)(?::([0-5]\d))?)?(?:\s*([ap])\.?m\.?)?")
_NOON = 12
_HOURS_OF_A_DAY = 24
# No quantity of ours has more digits on either side of the mark.
_DIGITS_MAX = 15
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,12})?")


def day_of(text: str, order: Literal["iso", "day_first", "month_first"]) -> date | None:
    """Return the day a text names, None where there is no such day in this order."""
    parts = _ISO_DAY.fullmatch(text)
    if parts is not None:
        year, month, day = parts.groups()
    else:
        parts = _LOCAL_DAY.fullmatch(text)
        if parts is None or order == "iso":
            return None
        first, second, year = parts.groups()
        day, month = (first, second) if order == "day_first" else (second, first)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def instant_of(text: str, *, zone_assumed: bool) -> datetime | None:
    """Return the instant in UTC; a time without zone counts as UTC only if assumed."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC) if zone_assumed else None
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        return None


def number_of(text: str, decimal_mark: Literal[".", ","]) -> Decimal | None:
    """Return the exact number; digits are not grouped, there is no exponent."""
    plain = text.replace(",", ".") if decimal_mark == "," else text
    if decimal_mark == "," and "." in text:
        return None
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def clock_seconds(text: str) -> int | None:
    """Return the seconds of a duration written as H:MM or H:MM:SS."""
    parts = _CLOCK.fullmatch(text)
    if parts is None:
        return None
    sign, hours, minutes, seconds = parts.groups()
    total = int(hours) * 3_600 + int(minutes) * 60 + int(seconds or 0)
    return -total if sign else total


def iso_seconds(text: str) -> int | None:
    """Return the seconds of an ISO 8601 duration, None where they are not whole."""
    parts = _ISO_DURATION.fullmatch(text)
    if parts is None:
        return None
    sign, *amounts = parts.groups()
    exact = sum(
        (
            Fraction((amount or "0").replace(",", ".")) * unit
            for amount, unit in zip(amounts, (86_400, 3_600, 60, 1), strict=True)
        ),
        Fraction(0),
    )
    if exact.denominator != 1:
        return None
    return -exact.numerator if sign else exact.numerator


class TimeOfDay(NamedTuple):
    """Hold a reading of a clock; `shows_seconds` says how exact it is."""

    seconds: int
    shows_seconds: bool


def time_of_day(text: str) -> TimeOfDay | None:
    """Return what a clock of 24 or of 12 hours says, as 14:00, 2:00 PM or 2 pm."""
    parts = _TIME.fullmatch(text.lower())
    if parts is None:
        return None
    hour, minute, second, half = parts.groups()
    hours = int(hour)
    if half is None:
        if minute is None or hours >= _HOURS_OF_A_DAY:
            return None
    elif 1 <= hours <= _NOON:
        hours = hours % _NOON + (_NOON if half == "p" else 0)
    else:
        return None
    seconds = hours * 3_600 + int(minute or 0) * 60 + int(second or 0)
    return TimeOfDay(seconds, second is not None)


def whole_seconds(number: Decimal | int, unit: Unit) -> int | None:
    """Return the seconds of a quantity, None where they are not whole."""
    # JSON allows an exponent of any size, which Fraction would spell out in digits.
    if isinstance(number, Decimal) and not is_moderate(number):
        return None
    exact = Fraction(number) * SECONDS_OF[unit]
    return exact.numerator if exact.denominator == 1 else None


def is_moderate(number: Decimal) -> bool:
    """Say whether a number has no more digits than any quantity of ours."""
    exponent = number.as_tuple().exponent
    fine = isinstance(exponent, int) and exponent >= -_DIGITS_MAX
    return fine and number.adjusted() <= _DIGITS_MAX
