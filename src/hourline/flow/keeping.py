"""Say which arrivals are kept apart, by what master data says.

Entry locks keep out what changes work of their days, of the people they are for; where
an entity's credits wait for approval, what would credit an invoice of it waits as well.
"""

from datetime import date, datetime
from functools import cache

from hourline.flow.rebilling.guard import guarding
from hourline.infra.database import Session
from hourline.intake.model import Delivery
from hourline.intake.rules.keeping import Keeping, LockOf
from hourline.master.snapshot import Lock, Snapshot, entry_locks
from hourline.master.store import connections


def keeping_for(
    session: Session, snapshot: Snapshot, delivery: Delivery
) -> Keeping | None:
    """Return what keeps records of a delivery apart, None where nothing does."""
    return keeping_at(
        session, snapshot, delivery.connection_no, received_at=delivery.received_at
    )


def keeping_at(
    session: Session, snapshot: Snapshot, connection_no: int, *, received_at: datetime
) -> Keeping | None:
    """Return what keeps apart what a connection sends at an instant."""
    lock_of = _lock_of(session, snapshot, connection_no, received_at)
    guarded_of = guarding(session, snapshot)
    if lock_of is None and guarded_of is None:
        return None
    return Keeping(lock_of, guarded_of)


def _lock_of(
    session: Session, snapshot: Snapshot, connection_no: int, received_at: datetime
) -> LockOf | None:
    locks = entry_locks(snapshot)
    if not locks:
        return None
    names = {one.connection_no: one.name for one in connections(session)}

    # Many records of a delivery are of the same people and days.
    @cache
    def lock_of(person_ref: str, worked_on: date) -> Lock | None:
        role, entity = _group_of(snapshot, connection_no, person_ref, worked_on)
        who = {
            "role": role,
            "connection": names.get(connection_no),
            "entity": entity,
        }
        return locks.lock_of(worked_on, received_at, who)

    return lock_of


def employer_of(
    snapshot: Snapshot, connection_no: int, person_ref: str, worked_on: date
) -> str | None:
    """Return who employs a person on a day, None where that is not known."""
    return _group_of(snapshot, connection_no, person_ref, worked_on)[1]


def _group_of(
    snapshot: Snapshot, connection_no: int, person_ref: str, worked_on: date
) -> tuple[str | None, str | None]:
    people = snapshot.sources.get((connection_no, "person"), {})
    dense = people.get(person_ref)
    if dense is None:
        return None, None
    for span in snapshot.catalogue.people.of(dense):
        if span.effective_from <= worked_on < span.effective_until:
            return span.content.role, span.content.entity
    return None, None
