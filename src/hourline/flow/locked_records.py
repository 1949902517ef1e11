"""Let in what entry locks keep apart: by a person with the right, or without the lock.

What is let in has the effect it would have if it came now.
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby

from hourline.billing.model import Because
from hourline.exceptions import store as exceptions
from hourline.flow.entries import go_on, locked_subject
from hourline.flow.entry_locks import employer_of, locks_at
from hourline.flow.reviews import EntryName, entry_no_of
from hourline.flow.soft_closed import right_missing
from hourline.flow.transactions import (
    CannotReplace,
    NotKnown,
    in_one_transaction,
    now,
    queued,
    snapshot_of,
)
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.intake.locked import KeptRecord, kept_records
from hourline.intake.rules.entry_lock import LockOf
from hourline.intake.unlocking import LetIn, let_in, note_tried
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot, has_right

RIGHT = "override_entry_lock"


def list_locked(session: Session) -> list[KeptRecord]:
    """Return what entry locks keep apart, in the order of arrival."""
    return kept_records(session)


def override_entry_lock(
    database: Database, tenant: int, entry: EntryName, because: Because
) -> int | Problem:
    """Let in all that locks keep apart of an entry; return how many records that were.

    Who did it and why goes into the audit chain in the same transaction. Returns the
    problem `right_missing`, which waits in its queue, where the person may not.
    Raises NotKnown where nothing of the entry is kept apart, and NotOne.
    """

    def work(session: Session) -> int | Problem:
        snapshot = snapshot_of(session)
        kept = kept_records(session, entry_nos=[entry_no_of(session, entry)])
        if not kept:
            msg = f"No entry lock keeps anything of entry {entry.source_id} apart."
            raise NotKnown(msg)
        refused = _refused(snapshot, kept, because.actor)
        if refused is None:
            _let_in(session, kept, because)
        outcome: int | Problem = refused or len(kept)
        return queued(session, outcome, kind="entry_lock", key=entry.source_id)

    return in_one_transaction(database, tenant, work)


def _refused(
    snapshot: Snapshot, kept: Sequence[KeptRecord], actor: str
) -> Problem | None:
    today = now().date()
    for one in kept:
        entity = employer_of(snapshot, one.connection_no, one.person_ref, one.worked_on)
        if not has_right(snapshot, RIGHT, user=actor, entity=entity, on=today):
            return right_missing(actor, RIGHT, entity)
    return None


def _let_in(session: Session, kept: Sequence[KeptRecord], because: Because) -> None:
    first = kept[0]
    by = LetIn(because.actor, because.reason)
    for records in _by_delivery(kept):
        _take(session, records, lock_of=lambda _who, _day: None, by=by)
    change = ManualChange(
        actor=because.actor,
        action="entry_lock.overridden",
        subject=f"entry {first.source_id}",
        reason=because.reason,
        after={
            "entry_locks": sorted({one.entry_lock for one in kept}),
            "days": sorted({one.worked_on.isoformat() for one in kept}),
            "records": len(kept),
        },
    )
    record_change(session, change)


def resume_locked(database: Database, tenant: int) -> int:
    """Let in what no lock keeps apart any more; return how many records that were.

    Everything is tried once for each state of master data. What cannot be taken in
    now, as a correction that no credit note can follow, waits for the next one.
    """
    with database.tenant(tenant) as session:
        change_no = snapshot_of(session).change_no
        kept = kept_records(session, older_than=change_no)
    total = 0
    for records in _by_delivery(kept):
        with suppress(CannotReplace):
            total += in_one_transaction(database, tenant, _Resuming(records))
    if kept:
        with database.tenant(tenant) as session:
            note_tried(session, kept, change_no)
    return total


class _Resuming:
    """Try the kept records of one delivery by the locks as they are now."""

    def __init__(self, records: Sequence[KeptRecord]) -> None:
        self._records = records

    def __call__(self, session: Session) -> int:
        locks = locks_at(session, snapshot_of(session))
        first = self._records[0]
        lock_of: LockOf = lambda _who, _day: None  # noqa: E731 - no lock is a rule too
        if locks is not None:
            # It goes on as if it came now: a lock that moved on lets nothing in.
            lock_of = locks(first.connection_no, now())
        return _take(session, self._records, lock_of=lock_of, by=LetIn())


def _by_delivery(kept: Sequence[KeptRecord]) -> list[list[KeptRecord]]:
    groups = groupby(kept, key=lambda one: one.delivery_no)
    return [list(records) for _, records in groups]


def _take(
    session: Session, records: Sequence[KeptRecord], *, lock_of: LockOf, by: LetIn
) -> int:
    at = now()
    received = let_in(session, records, lock_of=lock_of, by=by, at=at)
    go_on(session, records[0].delivery, received)
    still = {
        one.entry_no
        for one in kept_records(session, entry_nos=[one.entry_no for one in records])
    }
    exceptions.resolve_subjects(
        session,
        [
            locked_subject(one.connection_no, one.source_id)
            for one in records
            if one.entry_no not in still
        ],
        resolution="let in" if by.actor is None else f"let in by {by.actor}",
        at=at,
    )
    return sum(outcome is not Outcome.LOCKED for outcome in received.outcomes)
