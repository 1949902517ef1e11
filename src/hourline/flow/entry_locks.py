"""Say which arrivals entry locks keep out, by what master data says of the person."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from hourline.infra.database import Session
from hourline.intake.model import Delivery
from hourline.intake.rules.entry_lock import LockOf
from hourline.master.snapshot import Lock, Snapshot, entry_locks
from hourline.master.store import connections

LocksOf = Callable[[int, datetime], LockOf]


def locks_at(session: Session, snapshot: Snapshot) -> LocksOf | None:
    """Return what locks what a connection sends at an instant; None without locks."""
    locks = entry_locks(snapshot)
    if not locks:
        return None
    names = {one.connection_no: one.name for one in connections(session)}

    def of(connection_no: int, received_at: datetime) -> LockOf:
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

    return of


def locks_for(
    session: Session, snapshot: Snapshot, delivery: Delivery
) -> LockOf | None:
    """Return what locks the records of a delivery, None without locks."""
    locks = locks_at(session, snapshot)
    return locks and locks(delivery.connection_no, delivery.received_at)


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
