"""Write and read the values that Tryton's JSON has no signs for."""

import datetime
import json
from decimal import Decimal
from typing import Any


def encode(value: object) -> bytes:
    """Return the JSON of a call, with decimals, dates and durations as Tryton's."""
    return json.dumps(value, default=_sign, separators=(",", ":")).encode()


def decode(text: bytes) -> Any:
    """Return the values of an answer."""
    return json.loads(text, object_hook=_value)


def _sign(value: object) -> dict[str, object]:
    match value:
        case Decimal():
            return {"__class__": "Decimal", "decimal": str(value)}
        case datetime.date():
            parts = {"year": value.year, "month": value.month, "day": value.day}
            return {"__class__": "date", **parts}
        case datetime.timedelta():
            return {"__class__": "timedelta", "seconds": value.total_seconds()}
        case _:
            raise TypeError(f"{value!r} has no sign in Tryton's JSON")


def _value(found: dict[str, Any]) -> Any:
    match found.get("__class__"):
        case "Decimal":
            return Decimal(found["decimal"])
        case "date":
            return datetime.date(found["year"], found["month"], found["day"])
        case "timedelta":
            return datetime.timedelta(seconds=found["seconds"])
        case _:
            return found
