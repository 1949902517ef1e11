"""Run work in one transaction of a tenant, with the master data it sees."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.cache import SnapshotCache
from hourline.master.snapshot import Snapshot

T = TypeVar("T")
_SNAPSHOTS = SnapshotCache()
# Two deliveries of a new entry can meet; the one that came second sees the first then.
_TRIES_MAX = 5


# What a person must decide: that another try went well does not answer it.
_ASKED = (
    ProblemCode.CREDIT_EXCEEDS_INVOICE,
    ProblemCode.CANCELLATION_REFUSED,
    ProblemCode.WRITE_OFF_EXCEEDS_DUE,
    ProblemCode.RELEASE_EXCEEDS_RETAINAGE,
    ProblemCode.REVIEW_EXCEEDS_OPEN,
    ProblemCode.CONFLICTING_DUPLICATE,
)


class NotKnown(LookupError):
    """Say which record of master data there is not."""


class CannotReplace(Exception):
    """Say why what a revision caused cannot be taken back; all of it is undone."""

    def __init__(self, subject: Subject, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.subject = subject
        self.problem = problem


class InvoicedMeanwhile(Exception):
    """Say that work was invoiced after it was found open; look again."""


def now() -> datetime:
    """Return the instant at the edge; everything below takes it as a value."""
    return datetime.now(UTC)


def in_one_transaction(
    database: Database, tenant: int, work: Callable[[Session], T]
) -> T:
    """Run work in a transaction, again where another transaction came first.

    Raises CannotReplace, with its problem in a queue and everything else undone.
    """
    for _ in range(_TRIES_MAX - 1):
        try:
            return _attempt(database, tenant, work)
        except (UniqueViolation, DeadlockDetected, InvoicedMeanwhile):
            continue
    return _attempt(database, tenant, work)


def tried(database: Database, tenant: int, work: Callable[[Session], T]) -> T:
    """Return what some work would give; nothing of it stays.

    It is run again where another transaction came between.
    """
    for _ in range(_TRIES_MAX - 1):
        try:
            return _try(database, tenant, work)
        except (DeadlockDetected, SerializationFailure, UniqueViolation):
            continue
    return _try(database, tenant, work)


def _try(database: Database, tenant: int, work: Callable[[Session], T]) -> T:
    with database.trial(tenant) as session:
        return work(session)


def _attempt(database: Database, tenant: int, work: Callable[[Session], T]) -> T:
    try:
        with database.tenant(tenant) as session:
            return work(session)
    except CannotReplace as reason:
        with database.tenant(tenant) as session:
            exceptions.open_items(session, [(reason.subject, reason.problem)], at=now())
        raise


def snapshot_of(session: Session) -> Snapshot:
    """Return the master data this transaction sees."""
    return _SNAPSHOTS.current(session)


def number_of(snapshot: Snapshot, kind: str, canonical_id: str) -> int:
    """Return the number of a record; raise NotKnown with its kind and id."""
    number = snapshot.number(kind, canonical_id)
    if number is None:
        raise NotKnown(f"There is no {kind.replace('_', ' ')} {canonical_id}.")
    return number


def queued(
    session: Session,
    outcome: T,
    *,
    kind: str,
    key: str,
    keep: tuple[ProblemCode, ...] = (),
) -> T:
    """Return what a stage answered: a problem waits in its queue, or waits no more.

    What has one of the codes to `keep` goes on waiting.
    """
    subject = Subject(kind, key)
    if isinstance(outcome, Problem):
        about = outcome.detail.get("entry_no")
        asked = replace(subject, entry_no=None if about is None else int(about))
        exceptions.open_items(session, [(asked, outcome)], at=now())
    else:
        exceptions.resolve_subject(
            session,
            subject,
            resolution="went on",
            at=now(),
            keep_codes=(*_ASKED, *keep),
        )
    return outcome
