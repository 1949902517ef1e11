"""Let in what is kept apart: by a person with the right, or once nothing keeps it.

What is let in has the effect it would have if it came now.
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby

from hourline.billing.model import Because
from hourline.exceptions import store as exceptions
from hourline.flow.entries import go_on, kept_subject
from hourline.flow.keeping import employer_of, keeping_at
from hourline.flow.rebilling.guard import guarding
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
from hourline.intake.kept import KeptRecord, kept_records
from hourline.intake.letting_in import LetIn, let_in, note_tried
from hourline.intake.rules.keeping import Keeping
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot, has_right

RIGHT = "override_entry_lock"


def list_locked(session: Session) -> list[KeptRecord]:
    """Return what entry locks keep apart, in the order of arrival."""
    return [one for one in kept_records(session) if one.entry_lock is not None]


def override_entry_lock(
    database: Database, tenant: int, entry: EntryName, because: Because
) -> int | Problem:
    """Let in all that locks keep apart of an entry; return how many records that were.

    What of it would credit an invoice may wait for the approval of that, then. Who did
    it and why goes into the audit chain in the same transaction. Returns the problem
    `right_missing`, which waits in its queue, where the person may not.
    Raises NotKnown where nothing of the entry is kept apart, and NotOne.
    """

    def work(session: Session) -> int | Problem:
        snapshot = snapshot_of(session)
        of_entry = kept_records(session, entry_nos=[entry_no_of(session, entry)])
        kept = [one for one in of_entry if one.entry_lock is not None]
        if not kept:
            msg = f"No entry lock keeps anything of entry {entry.source_id} apart."
            raise NotKnown(msg)
        refused = _refused(snapshot, kept, because.actor)
        let_in = 0 if refused else _let_in(session, snapshot, kept, because)
        outcome: int | Problem = refused or let_in
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


def _let_in(
    session: Session,
    snapshot: Snapshot,
    kept: Sequence[KeptRecord],
    because: Because,
) -> int:
    first = kept[0]
    by = LetIn(because.actor, because.reason)
    keeping = Keeping(guarded_of=guarding(session, snapshot))
    total = sum(take(session, one, keeping, by=by) for one in by_delivery(kept))
    change = ManualChange(
        actor=because.actor,
        action="entry_lock.overridden",
        subject=f"entry {first.source_id}",
        reason=because.reason,
        after={
            "entry_locks": sorted({one.entry_lock or "" for one in kept}),
            "days": sorted({one.worked_on.isoformat() for one in kept}),
            "records": len(kept),
        },
    )
    record_change(session, change)
    return total


def resume_kept(database: Database, tenant: int) -> int:
    """Let in what nothing keeps apart any more; return how many records that were.

    Everything is tried once for each state of master data, and what waits for the
    approval of a credit once there is nothing to credit. What cannot be taken in now,
    as a correction that no credit note can follow, waits for the next one.
    """
    with database.tenant(tenant) as session:
        snapshot = snapshot_of(session)
        kept = _to_try(session, snapshot)
    total = 0
    locked = [one for one in kept if one.entry_lock is not None]
    waiting = [one for one in kept if one.entry_lock is None]
    for records in (*by_delivery(locked), *by_delivery(waiting)):
        with suppress(CannotReplace):
            total += in_one_transaction(database, tenant, _Resuming(records))
    if kept:
        with database.tenant(tenant) as session:
            note_tried(session, kept, snapshot.change_no)
    return total


def _to_try(session: Session, snapshot: Snapshot) -> list[KeptRecord]:
    kept = kept_records(session, older_than=snapshot.change_no)
    known = {(one.delivery_no, one.position) for one in kept}
    waiting = [one for one in kept_records(session) if one.entry_lock is None]
    guarded_of = guarding(session, snapshot)
    guarded = guarded_of([one.entry_no for one in waiting]) if guarded_of else ()
    return kept + [
        one
        for one in waiting
        if one.entry_no not in guarded and (one.delivery_no, one.position) not in known
    ]


class _Resuming:
    """Try the kept records of one delivery by what keeps records apart now.

    All of them wait at a lock, or none: what is past the locks is asked only whether
    its credit needs approval.
    """

    def __init__(self, records: Sequence[KeptRecord]) -> None:
        self._records = records

    def __call__(self, session: Session) -> int:
        first, snapshot = self._records[0], snapshot_of(session)
        if first.entry_lock is None:
            keeping: Keeping | None = Keeping(guarded_of=guarding(session, snapshot))
        else:
            # It goes on as if it came now: a lock that moved on lets nothing in.
            keeping = keeping_at(
                session, snapshot, first.connection_no, received_at=now()
            )
        return take(session, self._records, keeping, by=LetIn())


def by_delivery(kept: Sequence[KeptRecord]) -> list[list[KeptRecord]]:
    """Return kept records by the delivery they came with, in the order of arrival."""
    groups = groupby(kept, key=lambda one: one.delivery_no)
    return [list(records) for _, records in groups]


def take(
    session: Session,
    records: Sequence[KeptRecord],
    keeping: Keeping | None,
    *,
    by: LetIn,
    may_credit: bool = False,
) -> int:
    """Let the kept records of one delivery in; return how many are kept no longer.

    `may_credit` as in `go_on`.
    """
    at = now()
    received = let_in(session, records, keeping=keeping, by=by, at=at)
    go_on(session, records[0].delivery, received, may_credit=may_credit)
    resolution = "let in" if by.actor is None else f"let in by {by.actor}"
    still: dict[int, list[ProblemCode]] = {}
    for one in kept_records(session, entry_nos=[one.entry_no for one in records]):
        locked = one.entry_lock is not None
        code = ProblemCode.ENTRY_LOCKED if locked else ProblemCode.CREDIT_NOT_APPROVED
        still.setdefault(one.entry_no, []).append(code)
    done = [one for one in records if one.entry_no not in still]
    subjects = [kept_subject(one.connection_no, one.source_id) for one in done]
    exceptions.resolve_subjects(session, subjects, resolution=resolution, at=at)
    for one in records:
        if one.entry_no in still:
            exceptions.resolve_subject(
                session,
                kept_subject(one.connection_no, one.source_id),
                resolution=resolution,
                at=at,
                keep_codes=still[one.entry_no],
            )
    return sum(outcome is not Outcome.KEPT for outcome in received.outcomes)
