"""Change master data: check the owner, the shape and the references, then append."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.model import KIND_BY_NAME, Record
from hourline.master.publishing import published
from hourline.master.records import Records
from hourline.master.rules.escalation import NoEscalation
from hourline.master.rules.sound import (
    readable,
    unsound_days,
    unsound_id,
    unsound_number,
    unsound_text,
)
from hourline.master.rules.usable import unusable
from hourline.master.store import (
    QUERIES,
    StoredVersion,
    current_version,
    find_identity,
    stored_content,
)

_MEND = "Mend the record in the system it comes from and send it again."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Hold a change that was not applied, and why."""

    change: MasterChange
    problem: Problem


@dataclass(frozen=True, slots=True)
class Applied:
    """Count what a set of changes did."""

    changed: int
    unchanged: int
    refusals: list[Refusal]


def hold_changes(session: Session) -> None:
    """Let no other transaction change master data until this one ends."""
    session.run(QUERIES["lock_master"])


def apply_changes(
    session: Session, connection_no: int | None, changes: Sequence[MasterChange]
) -> Applied:
    """Apply each change that its system may make; refuse the others as values."""
    hold_changes(session)
    asked = [(change, _rows(change)) for change in changes]
    records = Records(session, connection_no, _sound_rows(asked))
    changed = unchanged = 0
    refusals = []
    for change, rows in asked:
        outcome = rows if isinstance(rows, Problem) else _publish(records, rows)
        if isinstance(outcome, Problem):
            refusals.append(Refusal(change, outcome))
        elif outcome:
            changed += 1
        else:
            unchanged += 1
    records.write()
    return Applied(changed, unchanged, refusals)


def _rows(change: MasterChange) -> list[MasterChange] | Problem:
    try:
        return published(change)
    except NoEscalation as error:
        return _invalid(change, str(error))


def _sound_rows(
    asked: Sequence[tuple[MasterChange, list[MasterChange] | Problem]],
) -> list[MasterChange]:
    """Return the rows that can be asked for: no text of others reaches a query."""
    return [
        row
        for _, rows in asked
        if not isinstance(rows, Problem)
        for row in rows
        if _wrong(row) is None
    ]


def _publish(records: Records, rows: Sequence[MasterChange]) -> bool | Problem:
    """Apply what a change comes to; a refused one is refused with its first row."""
    changed = False
    for row in rows:
        outcome = _apply(records, row)
        if isinstance(outcome, Problem):
            return outcome
        changed = outcome or changed
    return changed


def _apply(records: Records, change: MasterChange) -> bool | Problem:
    wrong = _wrong(change)
    if wrong is not None:
        return _invalid(change, wrong)
    master_no = _known_number(records, change)
    current = None if master_no is None else records.current_version(master_no)
    if change.fields:
        version = _next_version(records, change, current)
    else:
        version = current or _unknown(change, change.kind, change.canonical_id or "")
    if isinstance(version, Problem):
        return version
    return _append(records, change, version)


def _wrong(change: MasterChange) -> str | None:
    if change.kind not in KIND_BY_NAME:
        return f"there is no kind of master data '{readable(change.kind)}'"
    return (
        unsound_id(change.source_id)
        or unsound_id(change.canonical_id)
        or unsound_days(change.effective_from, change.effective_until)
        or unsound_text(change.fields)
    )


def _next_version(
    records: Records, change: MasterChange, current: StoredVersion | None
) -> StoredVersion | Problem:
    record_type = KIND_BY_NAME[change.kind]
    resolved = _resolve(records, change, record_type)
    if isinstance(resolved, Problem):
        return resolved
    before = {
        name: value
        for name, value in (current.content if current else {}).items()
        if name not in record_type.stated_anew
    }
    kept = _numbers(before, record_type)
    for name in _cleared(change, record_type):
        kept.pop(name, None)
    numbers = {**kept, **resolved}
    record = _record(change, {**before, **change.fields}, numbers, record_type)
    if isinstance(record, Problem):
        return record
    content = stored_content(record, numbers)
    foreign = _foreign_owner(records, change, (before, content))
    return foreign or StoredVersion(
        change.effective_from, change.effective_until, content
    )


def _known_number(records: Records, change: MasterChange) -> int | None:
    if change.canonical_id is None:
        return records.find_reference(change.kind, change.source_id)
    return records.find(change.kind, change.canonical_id)


def _foreign_owner(
    records: Records,
    change: MasterChange,
    contents: tuple[Mapping[str, object], Mapping[str, object]],
) -> Problem | None:
    before, after = contents
    owners = records.owners(change.kind)
    for name in change.fields:
        owner = owners.get(name, owners.get("*"))
        if records.connection_no is None or owner in {None, records.connection_no}:
            continue
        if before.get(name) != after.get(name):
            return Problem(
                ProblemCode.NOT_THE_OWNER,
                f"Field {name} of {change.kind} {change.source_id} was not changed to"
                f" {change.fields[name]!r}: another system owns it.",
                "Change it in the system that owns the field, or make this system the"
                " owner of the field.",
                {"field": name, "owner_connection": str(owner)},
            )
    return None


def _resolve(
    records: Records, change: MasterChange, record_type: type[Record]
) -> dict[str, int] | Problem:
    numbers = {}
    for name, kind in record_type.references.items():
        value = change.fields.get(name)
        if value is None:
            continue
        number = records.find_reference(kind, str(value))
        if number is None:
            return _unknown(change, kind, str(value))
        numbers[name] = number
    return numbers


def _cleared(change: MasterChange, record_type: type[Record]) -> list[str]:
    """Return the references that a change says there are none of any more."""
    absent = [
        name
        for name in record_type.references
        if name in change.fields and change.fields[name] is None
    ]
    if not absent:
        return []
    stated = msgspec.structs.fields(record_type)
    optional = {one.name for one in stated if one.default is None}
    return [name for name in absent if name in optional]


def _unknown(change: MasterChange, kind: str, missing_id: str) -> Problem:
    return Problem(
        ProblemCode.MASTER_REFERENCE_MISSING,
        f"{change.kind} {change.source_id} refers to {kind} {missing_id}, which is not"
        " known yet.",
        f"Bring in {kind} {missing_id}; this record is tried again by itself.",
        {"kind": kind, "id": missing_id},
    )


def _numbers(content: Mapping[str, Any], record_type: type[Record]) -> dict[str, int]:
    return {
        name: int(content[name])
        for name in record_type.references
        if content.get(name) is not None
    }


def _record(
    change: MasterChange,
    fields: Mapping[str, object],
    numbers: Mapping[str, int],
    record_type: type[Record],
) -> Record | Problem:
    texts = {name: str(number) for name, number in numbers.items()}
    try:
        record = msgspec.convert({**fields, **texts}, record_type, strict=False)
    except msgspec.ValidationError as error:
        return _invalid(change, str(error))
    wrong = unsound_number(record)
    if wrong is not None:
        return _invalid(change, wrong)
    found = unusable(record)
    return record if found is None else _invalid(change, found.why, found.remedy)


def _invalid(change: MasterChange, what: str, remedy: str = "") -> Problem:
    # What is quoted of a record is shown and stored, whatever the record holds.
    kind, id_ = readable(change.kind), readable(change.source_id)
    return Problem(
        ProblemCode.MASTER_RECORD_INVALID,
        f"{kind} {id_} was not taken over: {what}.",
        f"{remedy} {_MEND}".strip(),
        {"kind": kind, "id": id_},
    )


def _append(
    records: Records, change: MasterChange, version: StoredVersion
) -> bool | Problem:
    master_no = _known_number(records, change)
    said = records.says(master_no, version)
    table = None if said else records.of_rulebook(change.kind)
    if table is not None:
        return _of_rulebook(change, table)
    if master_no is None:
        master_no = records.begin(change.kind, change.canonical_id or change.source_id)
    changed = records.refer(change.kind, change.source_id, master_no)
    if not said:
        records.record(master_no, version)
    return changed or not said


def _of_rulebook(change: MasterChange, table: str) -> Problem:
    return Problem(
        ProblemCode.NOT_THE_OWNER,
        f"{change.kind} {change.source_id} was not changed: a rulebook published the"
        f" table {table}, and two persons change it.",
        "Change the row in the files of the table, and publish them with hourline"
        " rulebook propose and approve.",
        {"kind": change.kind, "id": change.source_id, "table": table},
    )


def rename_record(session: Session, kind: str, old_id: str, new_id: str) -> None:
    """Give a record another canonical id; everything that points to it follows.

    Raises LookupError where there is no such record.
    """
    session.run(QUERIES["lock_master"])
    identity = find_identity(session, kind, old_id)
    if identity is None:
        msg = f"there is no {kind} {old_id} to rename"
        raise LookupError(msg)
    session.run(QUERIES["rename_identity"], master_no=identity.master_no, id=new_id)
    _record_again(session, identity.master_no)


def merge_records(session: Session, kind: str, merged_id: str, into_id: str) -> None:
    """Let one record be another from now on; ids of all systems follow.

    Raises LookupError where one of them does not exist, or both are one already.
    """
    session.run(QUERIES["lock_master"])
    merged = find_identity(session, kind, merged_id)
    into = find_identity(session, kind, into_id)
    if merged is None or into is None:
        msg = f"there is no {kind} {merged_id if merged is None else into_id} to merge"
        raise LookupError(msg)
    numbers = {
        "master_no": merged.master_no,
        "into_no": into.merged_into or into.master_no,
    }
    if numbers["into_no"] in {merged.master_no, merged.merged_into}:
        raise LookupError(f"{kind} {merged_id} and {into_id} are one record already")
    session.run(QUERIES["merge_identity"], **numbers)
    session.run(QUERIES["move_references"], **numbers)
    _record_again(session, numbers["into_no"])


def _record_again(session: Session, master_no: int) -> None:
    # A rename or merge changes no version; a new one makes every snapshot notice it.
    current = current_version(session, master_no)
    if current is not None:
        session.run(
            QUERIES["add_version"],
            master_no=master_no,
            effective_from=current.effective_from,
            effective_until=current.effective_until,
            connection_no=None,
            content=Jsonb(current.content),
            withdrawn=current.withdrawn,
        )


def own_field(session: Session, kind: str, field_name: str, connection_no: int) -> None:
    """Make a connection the one owner of a field (or of all: `*`) of a kind."""
    session.run(
        QUERIES["set_field_owner"],
        kind=kind,
        field=field_name,
        connection_no=connection_no,
    )


def share_field(session: Session, kind: str, field_name: str) -> None:
    """Let every connection write a field (or all: `*`) of a kind."""
    session.run(QUERIES["drop_field_owner"], kind=kind, field=field_name)
