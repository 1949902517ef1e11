"""Write and read what Tryton's REST interface exchanges (release 8.2).

A call names a model, the fields to answer with and, where it searches, a domain. The
company it is made for travels in a header. Numbers and dates are objects with a class;
money is always a decimal, never a float.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hourline.connectors.sdk.http import HttpReply, parse_json
from hourline.connectors.sdk.target import Ask

# A list in an answer of one page; Tryton itself has no limit.
PAGE_RECORDS = 500


def ask(
    method: str,
    *path: str,
    fields: Sequence[str],
    company: int | None = None,
    content: object = None,
    query: Sequence[tuple[str, str]] = (),
    accept_warnings: bool = False,
) -> Ask:
    """Return a call below rest/model; `fields` are what the answer shall hold.

    With `accept_warnings`, what Tryton would ask a person to confirm is confirmed.
    """
    context: dict[str, object] = {} if company is None else {"company": company}
    if accept_warnings:
        context["_skip_warnings"] = True
    return Ask(
        method=method,
        path=("rest", "model", *path),
        query=(*(("f", name) for name in fields), *query),
        headers={
            "Accept-Language": "en",
            "Content-Type": "application/json",
            "X-Tryton-Context": _base64(context),
        },
        content=content,
    )


def search(
    model: str,
    domain: Sequence[object],
    *,
    fields: Sequence[str],
    company: int | None = None,
    order: Sequence[str] = ("id",),
) -> Ask:
    """Return the call that lists records of a model by a domain: one page of them."""
    query = (
        ("d", _base64(domain)),
        ("o", _base64([[name, "ASC"] for name in order])),
        ("s", str(PAGE_RECORDS)),
    )
    return ask("GET", model, fields=fields, company=company, query=query)


def money(text: str) -> dict[str, str]:
    """Return a decimal figure as Tryton reads it."""
    return {"__class__": "Decimal", "decimal": text}


def day(of: date) -> dict[str, object]:
    """Return a day as Tryton reads it."""
    return {"__class__": "date", "year": of.year, "month": of.month, "day": of.day}


def instant(text: str) -> dict[str, object]:
    """Return an instant, as `plain` told it, as Tryton reads it."""
    at = datetime.fromisoformat(text)
    names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime", **{name: getattr(at, name) for name in names}}


def create(records: Sequence[Mapping[str, object]]) -> list[object]:
    """Return the command that creates records of a field that holds several."""
    return [["create", list(records)]]


def add(*ids: int) -> list[object]:
    """Return the command that adds records that are there to a field."""
    return [["add", list(ids)]]


def told(reply: HttpReply) -> Any:  # noqa: ANN401 - JSON as it came
    """Return the content of an answer with plain figures, dates and durations.

    Decimals stay exact, days and instants become ISO 8601 text (instants are UTC),
    durations seconds. Raises NotJson.
    """
    return plain(parse_json(reply.body))


def told_records(reply: HttpReply) -> list[Any]:
    """Return the records of an answer; raise ValueError where it holds none."""
    records = told(reply)
    if not isinstance(records, list):
        raise ValueError("Tryton's answer is no list of records")  # noqa: TRY004 - the SDK says ValueError
    return records


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON as it came
    """Return a value of an answer without the classes of Tryton's JSON."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "__class__" not in value:
        return {name: plain(one) for name, one in value.items()}
    read = _CLASSES.get(value["__class__"])
    if read is None:
        raise ValueError(f"Tryton told a value of class {value['__class__']}")
    return read(value)


def _instant_text(told: Mapping[str, int]) -> str:
    at = datetime(told["year"], told["month"], told["day"], tzinfo=UTC)
    passed = timedelta(
        hours=told["hour"],
        minutes=told["minute"],
        seconds=told["second"],
        microseconds=told["microsecond"],
    )
    return (at + passed).isoformat()


_CLASSES: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "Decimal": lambda told: Decimal(told["decimal"]),
    "date": lambda told: date(told["year"], told["month"], told["day"]).isoformat(),
    "datetime": _instant_text,
    "timedelta": lambda told: told["seconds"],
}


def _base64(content: object) -> str:
    text = json.dumps(content, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode()
