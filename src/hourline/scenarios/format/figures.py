"""Hold figures as the author wrote them: exact decimals, periods, durations."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from fractions import Fraction

SECONDS_PER_HOUR = 3600
SECONDS_PER_MINUTE = 60
_NUMBER = re.compile(r"[+-]?(\d{1,18})(\.\d{1,12})?")
_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Figure(Decimal):
    """Be a decimal number written out in digits, in hours or major units."""


class Period(str):
    """Be a month written as 2025-04."""

    __slots__ = ()


class Currency(str):
    """Be an ISO 4217 code."""

    __slots__ = ()


class Instant(datetime):
    """Be an instant in UTC; a day alone means its midnight."""


def read_special(kind: type, value: object) -> object:
    """Convert a value to one of the types above; the hook of msgspec.convert.

    Raises ValueError with what was expected.
    """
    if kind is Figure:
        return _figure(value)
    if kind is Period:
        return Period(_matching(_PERIOD, value, "a month such as 2025-04"))
    if kind is Currency:
        return Currency(_matching(_CURRENCY, value, "a currency such as USD"))
    if kind is Instant:
        return _instant(value)
    raise NotImplementedError(kind)


def _figure(value: object) -> Figure:
    text = _matching(_NUMBER, value, "a decimal number")
    try:
        return Figure(text)
    except InvalidOperation as reason:  # pragma: no cover - the pattern excludes it
        raise ValueError(str(reason)) from reason


def _matching(pattern: re.Pattern[str], value: object, expected: str) -> str:
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise ValueError(f"expected {expected}, found {found(value)}")


def _instant(value: object) -> Instant:
    expected = "expected a day or an instant such as 2025-05-05T09:00:00Z"
    try:
        instant = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as reason:
        raise ValueError(f"{expected}, found {found(value)}") from reason
    aware = instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    return Instant.combine(aware.date(), aware.time(), tzinfo=UTC)


def found(value: object) -> str:
    """Name a value of a file in a message."""
    match value:
        case None:
            return "nothing"
        case str():
            return f"'{value}'"
        case list():
            return "a list"
        case _:
            return "a mapping"


def midnight(day: date) -> datetime:
    """Return the first instant of a day in UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


def whole_seconds(amount: Decimal, seconds_each: int) -> int:
    """Return a duration in seconds.

    Raises ValueError where it is not a whole number of them, or negative.
    """
    seconds = Fraction(amount) * seconds_each
    if seconds.denominator != 1 or seconds < 0:
        raise ValueError(f"expected whole seconds from 0 on, found {amount} units")
    return int(seconds)
