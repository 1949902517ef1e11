"""Let kept records in: as if they came now, by the delivery they came with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hourline.infra.database import Session
from hourline.intake import store
from hourline.intake.columns import ReadDelivery, entry_columns
from hourline.intake.locked import KeptRecord, kept_records, lock_check, settle_kept
from hourline.intake.model import Received, RecordProblem
from hourline.intake.reading import QUERIES, reading_of
from hourline.intake.rules.changes import Changes, plan_changes
from hourline.intake.rules.entry_lock import LockOf
from hourline.intake.service import problems_found
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import ProblemCode


@dataclass(frozen=True, slots=True)
class LetIn:
    """Say who lets records in and why; nobody, where a lock is gone."""

    actor: str | None = None
    reason: str | None = None


def let_in(
    session: Session,
    kept: Sequence[KeptRecord],
    *,
    lock_of: LockOf,
    by: LetIn,
    at: datetime,
) -> Received:
    """Let the kept records of one delivery in, but those that `lock_of` still locks.

    They have the effect they would have if they came now; what of it another
    transaction settled before has none.
    """
    entry_nos = sorted({one.entry_no for one in kept})
    store.lock_entries(session, entry_nos)
    asked = {(one.delivery_no, one.position) for one in kept}
    records = [
        one
        for one in kept_records(session, entry_nos=entry_nos)
        if (one.delivery_no, one.position) in asked
    ]
    statements = [one.said for one in records]
    read = ReadDelivery(
        kept[0].delivery, statements, [one.content_hash for one in records]
    )
    changes = _changes(session, read, lock_of, entry_nos)
    places = [one.position for one in records]
    _write(session, read, changes, places, delivery_no=kept[0].delivery_no, at=at)
    outcomes = zip(records, changes.outcomes, strict=True)
    settle_kept(
        session,
        [(one, outcome) for one, outcome in outcomes if outcome is not Outcome.LOCKED],
        at=at,
        actor=by.actor,
        reason=by.reason,
    )
    return Received(
        delivery_no=kept[0].delivery_no,
        outcomes=changes.outcomes,
        source_ids=[one.id for one in statements],
        new=entry_columns(read, changes, list(changes.current.values())),
        superseded=changes.superseded,
        problems=_told(read, changes),
    )


def _changes(
    session: Session,
    read: ReadDelivery,
    lock_of: LockOf,
    entry_nos: Sequence[int],
) -> Changes:
    connection_no = read.delivery.connection_no
    reading = reading_of(session, connection_no)
    ids = list(dict.fromkeys(one.id for one in read.statements if one.id is not None))
    known = store.known_entries(session, connection_no, ids)
    known = store.with_history(session, known, entry_nos, reading)
    return plan_changes(
        read.statements,
        read.hashes,
        known,
        numbers={},
        states_revisions=reading.states_revisions,
        locks=lock_check(session, lock_of, known),
    )


def _write(
    session: Session,
    read: ReadDelivery,
    changes: Changes,
    places: Sequence[int],
    *,
    delivery_no: int,
    at: datetime,
) -> None:
    store.write_versions(
        session,
        delivery_no,
        read,
        changes=changes,
        entries=entry_columns(read, changes, changes.accepted),
        recorded_at=at,
        places=places,
    )
    store.write_recalls(session, delivery_no, changes, recorded_at=at, places=places)


def _told(read: ReadDelivery, changes: Changes) -> list[RecordProblem]:
    """Return what is wrong but that a record is still locked, which is told already."""
    return [
        found
        for found in problems_found(read.statements, changes)
        if found.problem.code != ProblemCode.ENTRY_LOCKED
    ]


def note_tried(session: Session, kept: Sequence[KeptRecord], change_no: int) -> None:
    """Note that kept records were tried with the master data of a change."""
    session.run(
        QUERIES["kept_on"],
        delivery_nos=[one.delivery_no for one in kept],
        positions=[one.position for one in kept],
        change_no=change_no,
    )
