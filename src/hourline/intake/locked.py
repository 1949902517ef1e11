"""Keep records of locked days apart, as they were read, and let them in later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
import numpy as np

from hourline.infra.bulk import Column
from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.intake.columns import ReadDelivery
from hourline.intake.model import (
    Delivery,
    ExpenseRecord,
    SourceReading,
    TimeRecord,
    Withdrawal,
)
from hourline.intake.reading import QUERIES
from hourline.intake.rules.changes import Changes
from hourline.intake.rules.entry_lock import (
    DayOfWork,
    LockCheck,
    Locked,
    LockOf,
    changes_something,
)
from hourline.intake.rules.versions import EntryState, step
from hourline.kernel.codes import Method, Outcome
from hourline.kernel.problems import Problem, ProblemCode

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """Hold a record that a lock keeps apart, with the delivery it came by."""

    delivery_no: int
    position: int
    entry_no: int
    revision: int | None
    content_hash: bytes
    statement: str
    entry_lock: str
    person_ref: str
    worked_on: date
    connection_no: int
    method: int
    delivery_id: str
    received_at: datetime
    source_id: str

    @property
    def said(self) -> TimeRecord | Withdrawal:
        """Give what the record says."""
        found = msgspec.json.decode(self.statement)
        if "person" not in found:
            return msgspec.convert(found, Withdrawal)
        kind = ExpenseRecord if found["kind"] == "expense" else TimeRecord
        return msgspec.convert(found, kind)

    @property
    def delivery(self) -> Delivery:
        """Give the delivery it came by, without its records."""
        return Delivery(
            connection_no=self.connection_no,
            method=Method(self.method),
            delivery_id=self.delivery_id,
            received_at=self.received_at,
            records=(),
            whole=b"",
        )


def kept_records(
    session: Session,
    *,
    entry_nos: Sequence[int] | None = None,
    older_than: int | None = None,
    limit: int = _ALL,
) -> list[KeptRecord]:
    """Return what locks keep apart, in the order of arrival.

    With `older_than` only what was last tried with master data before that change.
    """
    return session.all(
        QUERIES["kept_records"],
        KeptRecord,
        entry_nos=None if entry_nos is None else list(entry_nos),
        older_than=older_than,
        limit=limit,
    )


def lock_check(
    session: Session, lock_of: LockOf | None, known: Mapping[str, EntryState]
) -> LockCheck | None:
    """Return what finds locked records, None where there are no locks."""
    if lock_of is None:
        return None
    entry_nos = [state.entry_no for state in known.values()]
    rows = session.tuples(QUERIES["standing_days"], entry_nos=entry_nos)
    return LockCheck(
        lock_of, {entry_no: DayOfWork(who, day) for entry_no, who, day in rows}
    )


def keep_locked(
    session: Session, delivery_no: int, read: ReadDelivery, changes: Changes
) -> None:
    """Keep the locked records of a delivery; a repetition of a kept one is not kept."""
    if not changes.locked:
        return
    entry_nos = [entry_of(changes, position) for position in changes.locked]
    known = {
        (one.entry_no, one.revision, one.content_hash)
        for one in kept_records(session, entry_nos=entry_nos)
    }
    new = []
    for position, locked in changes.locked.items():
        digest = read.hashes[position]
        key = (entry_of(changes, position), changes.revisions[position], digest)
        if key not in known:
            known.add(key)
            new.append((position, key, locked))
    session.load("locked_record", _rows(delivery_no, read, new))


def _rows(
    delivery_no: int,
    read: ReadDelivery,
    new: Sequence[tuple[int, tuple[int, int | None, bytes], Locked]],
) -> dict[str, Column]:
    said = [encode_json(read.statements[position]).decode() for position, _, _ in new]
    return {
        "delivery_no": np.full(len(new), delivery_no, np.int64),
        "position": np.array([position for position, _, _ in new], np.int32),
        "entry_no": np.array([key[0] for _, key, _ in new], np.int64),
        "revision": [key[1] for _, key, _ in new],
        "content_hash": [key[2] for _, key, _ in new],
        "statement": said,
        "entry_lock": [locked.lock.id for _, _, locked in new],
        "person_ref": [locked.work.person_ref for _, _, locked in new],
        "worked_on": [locked.work.worked_on for _, _, locked in new],
    }


def entry_of(changes: Changes, position: int) -> int:
    """Return the entry of a record that has one."""
    entry_no = changes.entry_nos[position]
    assert entry_no is not None  # noqa: S101 - only a record of an entry is locked
    return entry_no


def settle_outdated(
    session: Session, changes: Changes, reading: SourceReading, *, at: datetime
) -> list[str]:
    """Settle what is kept of the entries spoken of and would change nothing any more.

    Returns their source ids.
    """
    by_entry = {state.entry_no: state for state in changes.states.values()}
    outdated = []
    for one in kept_records(session, entry_nos=list(by_entry)):
        _, effect = step(
            by_entry[one.entry_no],
            one.said,
            one.content_hash,
            states_revisions=reading.states_revisions,
        )
        if not changes_something(effect):
            outdated.append((one, effect.outcome))
    settle_kept(session, outdated, at=at)
    return [one.source_id for one, _ in outdated]


def settle_kept(
    session: Session,
    done: Sequence[tuple[KeptRecord, Outcome]],
    *,
    at: datetime,
    actor: str | None = None,
    reason: str | None = None,
) -> None:
    """Note what became of kept records; `actor` is who let them in, with the reason."""
    if done:
        session.run(
            QUERIES["settle_kept"],
            delivery_nos=[one.delivery_no for one, _ in done],
            positions=[one.position for one, _ in done],
            outcomes=[int(outcome) for _, outcome in done],
            at=at,
            actor=actor,
            reason=reason,
        )


def locked_problem(source_id: str, position: int, locked: Locked) -> Problem:
    """Return the problem of a record that a lock keeps apart."""
    lock, work = locked.lock, locked.work
    known = {} if lock.employer is None else {"entity": lock.employer}
    return Problem(
        ProblemCode.ENTRY_LOCKED,
        f"What the source says of entry {source_id} changes work of {work.person_ref}"
        f" on {work.worked_on}, which entry lock {lock.id} keeps as it is through"
        f" {lock.through}; it is kept, and changes nothing.",
        "Let somebody with the right override_entry_lock let it in, with hourline"
        " closing override; or move the lock, then it goes on by itself.",
        {
            "source_id": source_id,
            "position": str(position),
            "person": work.person_ref,
            "date": work.worked_on.isoformat(),
            "entry_lock": lock.id,
        }
        | known,
    )
