"""Run work in one transaction of a tenant, with the master data it sees."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from psycopg.errors import DeadlockDetected, UniqueViolation

from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem
from hourline.master.cache import SnapshotCache
from hourline.master.snapshot import Snapshot

T = TypeVar("T")
_SNAPSHOTS = SnapshotCache()
# Two deliveries of a new entry can meet; the one that came second sees the first then.
_TRIES_MAX = 5


class NotKnown(LookupError):
    """Say which record of master data there is not."""


def now() -> datetime:
    """Return the instant at the edge; everything below takes it as a value."""
    return datetime.now(UTC)


def in_one_transaction(
    database: Database, tenant: int, work: Callable[[Session], T]
) -> T:
    """Run work in a transaction, again where another transaction came first."""
    for _ in range(_TRIES_MAX - 1):
        try:
            with database.tenant(tenant) as session:
                return work(session)
        except (UniqueViolation, DeadlockDetected):
            continue
    with database.tenant(tenant) as session:
        return work(session)


def snapshot_of(session: Session) -> Snapshot:
    """Return the master data this transaction sees."""
    return _SNAPSHOTS.current(session)


def number_of(snapshot: Snapshot, kind: str, canonical_id: str) -> int:
    """Return the number of a record; raise NotKnown with its kind and id."""
    number = snapshot.number(kind, canonical_id)
    if number is None:
        raise NotKnown(f"There is no {kind.replace('_', ' ')} {canonical_id}.")
    return number


def queued(session: Session, outcome: T, *, kind: str, key: str) -> T:
    """Return what a stage answered; a problem also waits in its queue."""
    if isinstance(outcome, Problem):
        exceptions.open_items(session, [(Subject(kind, key), outcome)], at=now())
    return outcome
