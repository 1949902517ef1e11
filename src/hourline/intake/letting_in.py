"""Let kept records in: as if they came now, by the delivery they came with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hourline.infra.database import Session
from hourline.intake import store
from hourline.intake.columns import ReadDelivery, entry_columns
from hourline.intake.kept import (
    KeptRecord,
    keep_check,
    kept_records,
    note_kept,
    settle_kept,
)
from hourline.intake.model import Received, RecordProblem
from hourline.intake.reading import QUERIES, reading_of
from hourline.intake.rules.changes import Changes, plan_changes
from hourline.intake.rules.keeping import Keeping
from hourline.intake.service import problems_found
from hourline.kernel.codes import Outcome


@dataclass(frozen=True, slots=True)
class LetIn:
    """Say who lets records in and why; nobody, where a lock is gone."""

    actor: str | None = None
    reason: str | None = None


def let_in(
    session: Session,
    kept: Sequence[KeptRecord],
    *,
    keeping: Keeping | None,
    by: LetIn,
    at: datetime,
) -> Received:
    """Let the kept records of one delivery in, but those still to be kept.

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
    changes = _changes(session, read, keeping, entry_nos)
    places = [one.position for one in records]
    delivery_no = kept[0].delivery_no
    _write(session, read, changes, places, delivery_no=delivery_no, at=at)
    still = {places[index]: found for index, found in changes.kept.items()}
    note_kept(session, delivery_no, still)
    outcomes = zip(records, changes.outcomes, strict=True)
    settle_kept(
        session,
        [(one, outcome) for one, outcome in outcomes if outcome is not Outcome.KEPT],
        at=at,
        actor=by.actor,
        reason=by.reason,
    )
    return Received(
        delivery_no=delivery_no,
        outcomes=changes.outcomes,
        source_ids=[one.id for one in statements],
        new=entry_columns(read, changes, list(changes.current.values())),
        superseded=changes.superseded,
        problems=_told(read, changes, records),
    )


def _changes(
    session: Session,
    read: ReadDelivery,
    keeping: Keeping | None,
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
        check=keep_check(session, keeping, known),
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


def _told(
    read: ReadDelivery, changes: Changes, records: Sequence[KeptRecord]
) -> list[RecordProblem]:
    """Return what is wrong, but not that a record is kept by what kept it before."""
    return [
        found
        for found in problems_found(read.statements, changes)
        if found.position not in changes.kept
        or changes.kept[found.position].lock_id != records[found.position].entry_lock
    ]


def note_tried(session: Session, kept: Sequence[KeptRecord], change_no: int) -> None:
    """Note that kept records were tried with the master data of a change."""
    session.run(
        QUERIES["kept_on"],
        delivery_nos=[one.delivery_no for one in kept],
        positions=[one.position for one in kept],
        change_no=change_no,
    )
