"""Receive deliveries: each in one transaction, each record with exactly one outcome."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from psycopg.errors import DeadlockDetected, UniqueViolation

from hourline.infra.database import Session
from hourline.intake import exports, store
from hourline.intake.columns import ReadDelivery, entry_columns
from hourline.intake.kept import (
    keep_check,
    keep_records,
    kept_problem,
    settle_outdated,
)
from hourline.intake.model import (
    Delivery,
    ExportReading,
    Received,
    RecordProblem,
    SourceReading,
    Statement,
    TimeRecord,
    Unreadable,
)
from hourline.intake.reading import read_statements, reading_fingerprint
from hourline.intake.rules.changes import Changes, plan_changes
from hourline.intake.rules.content import content_hash
from hourline.intake.rules.keeping import Keeping
from hourline.intake.rules.versions import EntryState, needs_history
from hourline.kernel.codes import Outcome
from hourline.kernel.entries import EntryColumns
from hourline.kernel.problems import Problem, ProblemCode

# Two transactions brought the same entry at the same moment: run the later one again.
TRY_AGAIN = (UniqueViolation, DeadlockDetected)
_NOT_TAKEN = frozenset({Outcome.REFUSED, Outcome.CONFLICT})


class _NotAll(Exception):
    """Carry what was received out of the savepoint that undoes it."""

    def __init__(self, received: Received) -> None:
        super().__init__(received.delivery_no)
        self.received = received


def receive(
    session: Session,
    delivery: Delivery,
    reading: SourceReading,
    *,
    recorded_at: datetime | None = None,
    keeping: Keeping | None = None,
) -> Received:
    """Store a delivery and what its records change; return what is to be decided.

    The same delivery again changes nothing and returns the earlier outcomes.
    `recorded_at` is the instant from which the versions are known, by default the one
    of the arrival. What is to be kept apart, by `keeping`, changes nothing.

    Raises one of TRY_AGAIN where another transaction brought the same entry at the same
    moment: the caller runs the whole transaction again.
    """
    digest = hashlib.sha256(reading_fingerprint(reading) + delivery.whole).digest()
    opened = store.open_delivery(session, delivery, digest)
    if opened.known_before:
        return _known_before(session, delivery, opened)
    export = None
    if isinstance(reading, ExportReading):
        export = exports.read_export(session, delivery, reading)
        read = export.read
    else:
        read = _read(delivery, reading)
    statements = read.statements
    changes, numbers = _changes(session, read, reading, keeping)
    problems = problems_found(statements, changes)
    store.write_entries(session, delivery.connection_no, numbers)
    if export is not None:
        exports.write_identities(session, export, numbers)
    store.write_records(
        session, opened.delivery_no, read, changes=changes, problems=problems
    )
    outdated = []
    if keeping is not None:
        outdated = _keep(session, opened.delivery_no, read, changes, reading=reading)
    accepted = _write_changes(
        session,
        opened.delivery_no,
        read,
        changes=changes,
        recorded_at=recorded_at or delivery.received_at,
    )
    current = list(changes.current.values())
    return Received(
        delivery_no=opened.delivery_no,
        outcomes=changes.outcomes,
        source_ids=[statement.id for statement in statements],
        new=accepted
        if current == changes.accepted
        else entry_columns(read, changes, current),
        superseded=changes.superseded,
        problems=problems,
        outdated=outdated,
    )


def _keep(
    session: Session,
    delivery_no: int,
    read: ReadDelivery,
    changes: Changes,
    *,
    reading: SourceReading,
) -> list[str]:
    """Keep records apart; return the ids of those kept that are overtaken by others."""
    keep_records(session, delivery_no, read, changes)
    return settle_outdated(
        session,
        changes,
        reading,
        delivery_no=delivery_no,
        at=read.delivery.received_at,
    )


def receive_all_or_nothing(
    session: Session,
    delivery: Delivery,
    reading: SourceReading,
    *,
    recorded_at: datetime | None = None,
    keeping: Keeping | None = None,
) -> Received:
    """Receive a delivery only if every record can be taken; else refuse all of it."""
    try:
        with session.savepoint():
            received = receive(
                session, delivery, reading, recorded_at=recorded_at, keeping=keeping
            )
            _undo_unless_all(received)
    except _NotAll as stop:
        problem = Problem(
            ProblemCode.FILE_REFUSED,
            f"{len({found.position for found in stop.received.problems})} of"
            f" {len(delivery.records)} records cannot be taken, and the delivery is"
            " to be taken as a whole or not at all.",
            "Correct the records named below and deliver everything again.",
        )
        whole = RecordProblem(None, None, problem)
        return _refuse(session, delivery, [whole, *stop.received.problems])
    return received


def _read(delivery: Delivery, reading: SourceReading) -> ReadDelivery:
    statements = read_statements(delivery, reading)
    hashes = [
        content_hash(statement)
        if isinstance(statement, TimeRecord)
        else store.record_hash(record)
        for statement, record in zip(statements, delivery.records, strict=True)
    ]
    return ReadDelivery(delivery, statements, hashes)


def _undo_unless_all(received: Received) -> None:
    if not received.known_before and _NOT_TAKEN & set(received.outcomes):
        raise _NotAll(received)


def refuse(
    session: Session, delivery: Delivery, problems: Sequence[Problem]
) -> Received:
    """Store a delivery that cannot be read; its body is kept, it changes nothing."""
    found = [RecordProblem(None, None, _storable(problem)) for problem in problems]
    return _refuse(session, delivery, found)


def _storable(problem: Problem) -> Problem:
    """Return a problem without NUL, which what it quotes of a file may contain."""
    return replace(
        problem,
        sentence=problem.sentence.replace("\x00", "\ufffd"),
        detail={
            name: text.replace("\x00", "\ufffd")
            for name, text in problem.detail.items()
        },
    )


def _refuse(
    session: Session, delivery: Delivery, problems: list[RecordProblem]
) -> Received:
    digest = hashlib.sha256(delivery.whole).digest()
    refusal = [found.problem for found in problems if found.position is None]
    opened = store.open_delivery(session, delivery, digest, refusal=refusal)
    count = len(delivery.records)
    changes = Changes([Outcome.REFUSED] * count, [None] * count, [None] * count)
    hashes = [store.record_hash(record) for record in delivery.records]
    read = ReadDelivery(delivery, (), hashes)
    if not opened.known_before:
        store.write_records(
            session, opened.delivery_no, read, changes=changes, problems=problems
        )
    named = {found.position: found.source_id for found in problems}
    return Received(
        delivery_no=opened.delivery_no,
        outcomes=changes.outcomes,
        source_ids=[named.get(position) for position in range(count)],
        new=entry_columns(read, changes, ()),
        superseded=[],
        problems=problems,
        known_before=opened.known_before,
        refused=True,
    )


def _known_before(
    session: Session, delivery: Delivery, opened: store.OpenedDelivery
) -> Received:
    rows = store.earlier_outcomes(session, opened.delivery_no)
    problems = [RecordProblem(None, None, problem) for problem in opened.refusal]
    for row in rows:
        problems += [
            RecordProblem(row.position, row.source_id, problem)
            for problem in store.problems_of(row.problems)
        ]
    return Received(
        delivery_no=opened.delivery_no,
        outcomes=[Outcome(row.outcome) for row in rows],
        source_ids=[row.source_id for row in rows],
        new=entry_columns(ReadDelivery(delivery, (), ()), Changes([], [], []), ()),
        superseded=[],
        problems=problems,
        known_before=True,
        refused=bool(opened.refusal),
    )


def _changes(
    session: Session,
    read: ReadDelivery,
    reading: SourceReading,
    keeping: Keeping | None,
) -> tuple[Changes, dict[str, int]]:
    named = (one.id for one in read.statements if not isinstance(one, Unreadable))
    ids = list(dict.fromkeys(named))
    connection_no = read.delivery.connection_no
    known = store.known_entries(session, connection_no, ids)
    moving = _moving(read, known, reading)
    if moving:
        # What was read before the lock may have changed until the lock was given.
        store.lock_entries(session, moving)
        known = store.known_entries(session, connection_no, list(known))
        known = store.with_history(session, known, moving, reading)
    numbers = store.new_numbers(session, [one for one in ids if one not in known])
    changes = plan_changes(
        read.statements,
        read.hashes,
        known,
        numbers=numbers,
        states_revisions=reading.states_revisions,
        check=keep_check(session, keeping, known),
    )
    return changes, numbers


def _moving(
    read: ReadDelivery, known: dict[str, EntryState], reading: SourceReading
) -> list[int]:
    """Return the known entries of which a record may change something."""
    if not known:
        return []
    moving = set()
    for statement, digest in zip(read.statements, read.hashes, strict=True):
        if isinstance(statement, Unreadable) or statement.id not in known:
            continue
        state = known[statement.id]
        if needs_history(
            state, statement, digest, states_revisions=reading.states_revisions
        ):
            moving.add(state.entry_no)
    return list(moving)


def _write_changes(
    session: Session,
    delivery_no: int,
    read: ReadDelivery,
    *,
    changes: Changes,
    recorded_at: datetime,
) -> EntryColumns:
    accepted = entry_columns(read, changes, changes.accepted)
    store.write_versions(
        session,
        delivery_no,
        read,
        changes=changes,
        entries=accepted,
        recorded_at=recorded_at,
    )
    store.write_recalls(session, delivery_no, changes, recorded_at=recorded_at)
    return accepted


def problems_found(
    statements: Sequence[Statement], changes: Changes
) -> list[RecordProblem]:
    """Return what is wrong with records, or keeps them from having an effect."""
    problems = []
    for position, outcome in enumerate(changes.outcomes):
        statement = statements[position]
        if isinstance(statement, Unreadable):
            found = statement.problems
        elif position in changes.openings:
            found = (_conflict_with_opening(statement.id, position),)
        elif position in changes.parts:
            found = (_conflict_with_part(statement.id, position),)
        elif position in changes.kept:
            why = changes.kept[position]
            found = (kept_problem(statement.id, position, why),)
        elif outcome is Outcome.CONFLICT:
            revision = changes.revisions[position]
            found = (_conflict(statement.id, revision, position),)
        else:
            continue
        problems += [
            RecordProblem(position, statement.id, problem) for problem in found
        ]
    return problems


def _conflict(source_id: str, revision: int | None, position: int) -> Problem:
    return Problem(
        ProblemCode.CONFLICTING_DUPLICATE,
        f"Revision {revision} of entry {source_id} came before with other content; the"
        " one that came first stands.",
        "Ask the source which content holds, and have it deliver a higher revision.",
        {
            "source_id": source_id,
            "revision": str(revision),
            "position": str(position),
        },
    )


def _conflict_with_opening(source_id: str, position: int) -> Problem:
    return Problem(
        ProblemCode.CONFLICTING_DUPLICATE,
        f"Entry {source_id} was taken over as an opening position, and its source now"
        " says something else of it; the opening position stands.",
        "If the source is right, reverse the position with hourline opening reverse and"
        " take the corrected work over with a new opening file.",
        {"source_id": source_id, "position": str(position)},
    )


def _conflict_with_part(source_id: str, position: int) -> Problem:
    return Problem(
        ProblemCode.CONFLICTING_DUPLICATE,
        f"Entry {source_id} has the id that a part of another entry got when it was"
        " transferred; the part stands.",
        "Have the source deliver the entry under another id.",
        {"source_id": source_id, "position": str(position)},
    )
