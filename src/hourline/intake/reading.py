"""Turn the bytes of records into statements: typed where they are in the wire shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.intake.model import (
    WORK_DATE_FIRST,
    WORK_DATE_LAST,
    Delivery,
    ExportReading,
    SourceReading,
    Statement,
    TimeRecord,
    Unreadable,
    Withdrawal,
)
from hourline.intake.rules.fields import Fields, is_clean, is_in_range
from hourline.intake.rules.records import read_record
from hourline.kernel.problems import Problem, ProblemCode

QUERIES = load_queries(__package__)
# What the JSON decoder raises for bytes that are no JSON text.
NOT_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_TYPED = msgspec.json.Decoder(TimeRecord)
_ANY = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class _Connection:
    states_revisions: bool
    reading: object


def reading_of(session: Session, connection_no: int) -> SourceReading:
    """Return how a connection's records are read: `reading` in its settings.

    Raises LookupError for an unknown connection, msgspec.ValidationError for settings
    that are no reading.
    """
    row = session.one(
        QUERIES["connection_reading"], _Connection, connection_no=connection_no
    )
    stated = row.reading or {}
    if isinstance(stated, Mapping) and "layout" in stated:
        return msgspec.convert(stated, ExportReading)
    reading = msgspec.convert(stated, SourceReading)
    return msgspec.structs.replace(reading, states_revisions=row.states_revisions)


def reading_fingerprint(reading: SourceReading) -> bytes:
    """Return bytes that change when the same records would be read another way."""
    return msgspec.json.encode(reading, order="deterministic")


def read_statements(delivery: Delivery, reading: SourceReading) -> list[Statement]:
    """Return what each record says, in order; problems name the record's place."""
    if reading.is_wire_shape and not delivery.cells:
        statements = [
            _typed(record, reading.states_revisions) or _slow(record, reading, {})
            for record in delivery.records
        ]
    else:
        equals = dict(delivery.earlier_equals)
        statements = [
            _slow(record, reading, equals, cells=delivery.cells)
            for record in delivery.records
        ]
    return [
        placed(statement, position, delivery.lines)
        if type(statement) is Unreadable
        else statement
        for position, statement in enumerate(statements)
    ]


def decoded_row(record: bytes | str) -> Mapping[str, object] | None:
    """Return the fields of a record, None where it is no JSON object."""
    try:
        row = _ANY.decode(record)
    except NOT_JSON:
        return None
    return row if isinstance(row, Mapping) else None


def changed_at_of(record: bytes | str, reading: SourceReading) -> datetime | None:
    """Return the change time a stored record states, as it was understood then."""
    row = decoded_row(record)
    if row is None:
        return None
    fields = Fields(row, reading, cells=True)
    return fields.instant("updated_at") or fields.instant("approved_at")


def _typed(record: bytes, states_revisions: bool) -> Statement | None:  # noqa: FBT001 - private and called once per record
    """Return the statement of a faultless record; None sends it to the slow reader."""
    try:
        found = _TYPED.decode(record)
    except NOT_JSON:
        return None
    numbered = found.revision is not None or not states_revisions
    if found.kind != "time" or not numbered or not _is_dated(found):
        return None
    if found.status != "approved":
        changed_at = found.updated_at or found.approved_at
        if not is_clean(found.id):
            return None
        return Withdrawal(found.id, found.status, found.revision, _utc(changed_at))
    clean = (
        f"{found.id}{found.person}{found.project}"
        f"{found.activity}{found.hour_type}{found.role}"
    ).isprintable()
    if not WORK_DATE_FIRST <= found.date <= WORK_DATE_LAST:
        return None
    return found if clean or _is_clean_throughout(found) else None


def _is_dated(found: TimeRecord) -> bool:
    approved_at, updated_at = found.approved_at, found.updated_at
    return (approved_at is None or is_in_range(approved_at)) and (
        updated_at is None or is_in_range(updated_at)
    )


def _is_clean_throughout(found: TimeRecord) -> bool:
    texts = (found.activity, found.hour_type, found.role)
    return all(
        text is None or is_clean(text)
        for text in (found.id, found.person, found.project, *texts)
    )


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)


def _slow(
    record: bytes,
    reading: SourceReading,
    equals: dict[str, int],
    *,
    cells: bool = False,
) -> Statement:
    try:
        row = _ANY.decode(record)
    except NOT_JSON as fault:
        return _malformed(f"The record is not JSON: {fault}.")
    if cells and isinstance(row, list):
        return _malformed(f"The row has {len(row)} cells, another number than columns.")
    if not isinstance(row, Mapping):
        return _malformed("The record is not a JSON object.")
    return read_record(row, reading, equals, cells=cells)


def _malformed(sentence: str) -> Unreadable:
    problem = Problem(
        ProblemCode.RECORD_MALFORMED,
        sentence,
        "Correct the record at the source and deliver it again.",
    )
    return Unreadable(None, (problem,))


def placed(
    statement: Unreadable, position: int, lines: Sequence[int] | None
) -> Unreadable:
    """Return a finding whose problems say where its record is."""
    place = {"position": str(position)}
    if lines is not None:
        place["line"] = str(lines[position])
    if statement.id is not None:
        place["source_id"] = statement.id
    return replace(
        statement,
        problems=tuple(
            replace(problem, detail={**place, **problem.detail})
            for problem in statement.problems
        ),
    )
