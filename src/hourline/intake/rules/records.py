"""Read one record by the connection's reading: a statement, or all findings at once."""

from collections.abc import Mapping, MutableMapping
from datetime import date
from typing import cast, get_args

from hourline.intake.model import (
    Kind,
    SourceReading,
    Statement,
    Status,
    TimeRecord,
    Unreadable,
    Withdrawal,
)
from hourline.intake.rules.expenses import read_expense
from hourline.intake.rules.fields import Fields
from hourline.intake.rules.identity import numbered_id, recipe_key

_STATUSES: tuple[Status, ...] = get_args(Status)
_KINDS: tuple[Kind, ...] = get_args(Kind)


def read_record(
    row: Mapping[str, object],
    reading: SourceReading,
    equals: MutableMapping[str, int],
    *,
    cells: bool,
) -> Statement:
    """Return what a record says; `equals` counts on among records without ids."""
    fields = Fields(row, reading, cells=cells)
    # The recipe reads fields that are read again below: its problems count once.
    recipe = Fields(row, reading, cells=cells) if reading.identity else fields
    source_id = _source_id(recipe, reading, equals)
    status = _status(fields, reading)
    revision = fields.revision() if reading.states_revisions else None
    if status is not None and status != "approved":
        changed_at = fields.instant("updated_at") or fields.instant("approved_at")
        if recipe is not fields:
            fields.problems.extend(recipe.problems)
        if fields.problems or source_id is None:
            return Unreadable(source_id, tuple(fields.problems))
        return Withdrawal(source_id, status, revision, changed_at)
    kind = _kind(fields, reading)
    if kind is None:
        return Unreadable(source_id, tuple(fields.problems))
    read = read_expense if kind == "expense" else _approved
    return read(fields, source_id, revision)


def count_equals(
    row: Mapping[str, object],
    reading: SourceReading,
    equals: MutableMapping[str, int],
    *,
    cells: bool,
) -> None:
    """Count a record without an id among its equals, as reading it would."""
    _source_id(Fields(row, reading, cells=cells), reading, equals)


def _approved(
    fields: Fields, source_id: str | None, revision: int | None
) -> TimeRecord | Unreadable:
    person = fields.identifier("person", required=True)
    project = fields.identifier("project", required=True)
    activity = fields.identifier("activity", required=False)
    hour_type = fields.identifier("hour_type", required=False)
    role = fields.identifier("role", required=False)
    worked_on = fields.day("date")
    seconds = fields.duration("seconds", required=True)
    billable_seconds = fields.duration("billable_seconds", required=False)
    price = fields.price("price")
    note = fields.text("note")
    approved_at = fields.instant("approved_at")
    updated_at = fields.instant("updated_at")
    if fields.problems:
        return Unreadable(source_id, tuple(fields.problems))
    # Each of these is None only together with a problem.
    return TimeRecord(
        id=cast("str", source_id),
        status="approved",
        person=cast("str", person),
        project=cast("str", project),
        date=cast("date", worked_on),
        seconds=cast("int", seconds),
        revision=revision,
        activity=activity,
        hour_type=hour_type,
        role=role,
        billable_seconds=billable_seconds,
        price=price,
        note=note,
        approved_at=approved_at,
        updated_at=updated_at,
    )


def _source_id(
    fields: Fields, reading: SourceReading, equals: MutableMapping[str, int]
) -> str | None:
    if not reading.identity:
        return fields.identifier("id", required=True)
    parts = [_recipe_part(fields, field) for field in reading.identity]
    complete = [part for part in parts if part is not None]
    if len(complete) < len(parts):
        return None
    return numbered_id(recipe_key(complete), equals)


def _recipe_part(fields: Fields, field: str) -> str | None:
    # By our own reading of the field, so that every method of a connection agrees.
    match field:
        case "date":
            day = fields.day(field)
            return None if day is None else day.isoformat()
        case "seconds" | "billable_seconds":
            seconds = fields.duration(field, required=False)
            return "" if seconds is None else str(seconds)
        case "cost" | "markup_percent" | "tax":
            number = fields.number(field, required=False)
            return "" if number is None else f"{number.normalize():f}"
        case "person" | "project":
            return fields.identifier(field, required=True)
        case _:
            return fields.identifier(field, required=False) or ""


def _status(fields: Fields, reading: SourceReading) -> Status | None:
    if reading.status is not None:
        return reading.status
    found = fields.present("status")
    if found is None:
        return None
    if isinstance(found, str):
        status = reading.statuses.get(found)
        if status is None and found in _STATUSES:
            status = found
        if status is not None:
            return status
    known = ", ".join((*reading.statuses, *_STATUSES))
    fields.wrong("status", found, f"is none of: {known}")
    return None


def _kind(fields: Fields, reading: SourceReading) -> Kind | None:
    if reading.kind is not None:
        return reading.kind
    found = fields.value("kind")
    if found is None:
        return "time"
    if isinstance(found, str):
        kind = reading.kinds.get(found)
        if kind is None and found in _KINDS:
            kind = found
        if kind is not None:
            return kind
    fields.wrong("kind", found, f"is none of: {', '.join((*reading.kinds, *_KINDS))}")
    return None
