"""Write and read the values that Tryton's JSON has no signs for."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any, TypeAlias

# What a method answers is known to its caller alone.
Answer: TypeAlias = Any


def encode(value: object) -> bytes:
    """Return the JSON of a call, with decimals, dates and durations as Tryton's."""
    return json.dumps(value, default=_sign, separators=(",", ":")).encode()


def decode(text: bytes) -> Answer:
    """Return the values of an answer."""
    return json.loads(text, object_hook=_value)


def _sign(value: object) -> dict[str, object]:
    match value:
        case Decimal():
            return {"__class__": "Decimal", "decimal": str(value)}
        case dt.date():
            parts = {"year": value.year, "month": value.month, "day": value.day}
            return {"__class__": "date", **parts}
        case dt.timedelta():
            return {"__class__": "timedelta", "seconds": value.total_seconds()}
        case _:
            raise TypeError(f"{value!r} has no sign in Tryton's JSON")


def _value(found: dict[str, Answer]) -> Answer:
    match found.get("__class__"):
        case "Decimal":
            return Decimal(found["decimal"])
        case "date":
            return dt.date(found["year"], found["month"], found["day"])
        case "timedelta":
            return dt.timedelta(seconds=found["seconds"])
        case _:
            return found
