"""Hold which days of time are locked, and who may go past locks and soft closes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hourline.kernel.columns import NOTHING
from hourline.kernel.decision_table import (
    HitPolicy,
    Shape,
    TableRow,
    matching,
    ties,
)
from hourline.master.model import EntryLock, UserRight
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.timelines import Timeline
from hourline.master.snapshot.unusable import UnusableRecord
from hourline.master.snapshot.view import Snapshot

# A group of people is narrower than a system, a system narrower than an entity.
ENTRY_LOCK_SHAPE = Shape(
    policy=HitPolicy.MOST_SPECIFIC, dimensions=("role", "connection", "entity")
)
GRACE_DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class Lock:
    """Hold a lock: through which day, and from which instant on it holds.

    Of work that it locks, `employer` is who employs the person, None if not known.
    """

    id: str
    through: date
    closes_at: datetime
    employer: str | None = None


@dataclass(frozen=True, slots=True)
class EntryLocks:
    """Find which lock keeps work of a day out that arrives at an instant."""

    _rows: tuple[TableRow, ...]
    _locks: tuple[Lock, ...]

    def __bool__(self) -> bool:
        """Say whether there is any lock."""
        return bool(self._locks)

    def named(self, column: str) -> set[str]:
        """Return the roles, connections or entities that locks are for."""
        place = ENTRY_LOCK_SHAPE.columns.index(column)
        cells = (row.cells[place] for row in self._rows)
        return {cell for cell in cells if cell is not None}

    def turning_days(self) -> set[date]:
        """Return the days on which another lock decides, or one that did ends."""
        starts = {row.starts for row in self._rows}
        return starts.union(
            (row.ends for row in self._rows),
            (lock.through + timedelta(days=1) for lock in self._locks),
        )

    def lock_of(
        self, worked_on: date, received_at: datetime, who: Mapping[str, str | None]
    ) -> Lock | None:
        """Return what locks work of a day, None where it may still come and change.

        `who` gives role, connection and entity of the work, None where not known. Of
        several rows that match, the narrowest decides, also that nothing is locked.
        """
        found = matching(ENTRY_LOCK_SHAPE, self._rows, who, worked_on)
        if not found:
            return None
        lock = self._locks[found[0]]
        holds = worked_on <= lock.through and received_at >= lock.closes_at
        return replace(lock, employer=who["entity"]) if holds else None


def entry_locks(snapshot: Snapshot) -> EntryLocks:
    """Return the entry locks as known."""
    return entry_locks_of(snapshot.catalogue)


def entry_locks_of(catalogue: Catalogue) -> EntryLocks:
    """Return the locks; raise UnusableRecord for one that says no instant, or a tie."""
    rows: Timeline[EntryLock] = catalogue.of_kind(EntryLock.kind)
    table, locks = [], []
    for span in rows.spans:
        one = span.content
        cells = (one.role, one.connection, one.entity)
        id_ = rows.id_of(span)
        table.append(TableRow(id_, cells, span.effective_from, span.effective_until))
        locks.append(Lock(id_, one.through, _closes_at(id_, one)))
    for first, second in ties(ENTRY_LOCK_SHAPE, table):
        raise UnusableRecord(
            EntryLock.kind,
            table[second].id,
            why=f"it is for the same work on the same days as {table[first].id}",
            remedy=f"Change {table[first].id} instead, or end one of them.",
        )
    return EntryLocks(tuple(table), tuple(locks))


def _closes_at(id_: str, lock: EntryLock) -> datetime:
    if not 0 <= lock.grace_days <= GRACE_DAYS_MAX:
        raise UnusableRecord(
            EntryLock.kind,
            id_,
            why=f"grace_days is not between 0 and {GRACE_DAYS_MAX}",
            remedy="Correct the days of grace.",
        )
    try:
        zone = ZoneInfo(lock.time_zone)
        after = lock.through + timedelta(days=lock.grace_days + 1)
        return datetime.combine(after, time.min, tzinfo=zone).astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError) as fault:
        raise UnusableRecord(
            EntryLock.kind,
            id_,
            why=f"it holds from no instant: {fault}",
            remedy="Write a day, and a time zone such as Europe/Berlin.",
        ) from fault


def into_soft_closed(snapshot: Snapshot, entity_no: int) -> Snapshot:
    """Return what an act is booked with that may go into an entity's soft-closed."""
    dense = snapshot.catalogue.entities.dense_of_no.get(entity_no, NOTHING)
    periods = snapshot.columns.periods.with_soft_closed_open(dense)
    return replace(snapshot, columns=replace(snapshot.columns, periods=periods))


def holding_late_work(snapshot: Snapshot) -> Snapshot:
    """Return what arrivals are decided with: work that is too late waits, or too much.

    A person accepts it, and what was accepted is explained and tried anew, with
    master data that holds no work for being late.
    """
    entities = snapshot.columns.entities
    holding = replace(
        entities,
        late_days_max=entities.late_days_stated,
        late_amount_max=entities.late_amount_stated,
    )
    return replace(snapshot, columns=replace(snapshot.columns, entities=holding))


def holding_prices(snapshot: Snapshot) -> Snapshot:
    """Return what arrivals are decided with: a price set by hand waits, if it must."""
    entities = snapshot.columns.entities
    holding = replace(entities, price_right=entities.price_right_stated)
    return replace(snapshot, columns=replace(snapshot.columns, entities=holding))


def has_right(
    snapshot: Snapshot, right: str, *, user: str, entity: str | None, on: date
) -> bool:
    """Say whether a user has a right on a day, for an entity or, with None, for all."""
    return any(
        one.user.casefold() == user.casefold() and one.entity in {None, entity}
        for one in _rights(snapshot, right, on)
    )


def _rights(snapshot: Snapshot, right: str, on: date) -> Iterator[UserRight]:
    rows: Timeline[UserRight] = snapshot.catalogue.of_kind(UserRight.kind)
    for span in rows.spans:
        holds = span.effective_from <= on < span.effective_until
        if holds and span.content.right == right:
            yield span.content
