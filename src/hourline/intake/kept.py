"""Keep records apart that have no effect yet, as they were read."""

from collections.abc import Collection, Mapping, Sequence
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
from hourline.intake.rules.keeping import (
    DayOfWork,
    KeepCheck,
    Keeping,
    Kept,
    changes_something,
)
from hourline.intake.rules.versions import EntryState, step
from hourline.kernel.codes import Method, Outcome
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Lock

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """Hold a record that is kept apart, with the delivery it came by.

    Without an `entry_lock` it waits for somebody to approve the credit it takes.
    """

    delivery_no: int
    position: int
    entry_no: int
    revision: int | None
    content_hash: bytes
    statement: str
    entry_lock: str | None
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
    """Return what is kept apart, in the order of arrival.

    With `older_than` only what was last tried with master data before that change.
    """
    return session.all(
        QUERIES["kept_records"],
        KeptRecord,
        entry_nos=None if entry_nos is None else list(entry_nos),
        older_than=older_than,
        limit=limit,
    )


def keep_check(
    session: Session, keeping: Keeping | None, known: Mapping[str, EntryState]
) -> KeepCheck | None:
    """Return what finds records to keep apart, None where there is nothing to find."""
    if keeping is None:
        return None
    entry_nos = [state.entry_no for state in known.values()]
    guarded: Collection[int] = ()
    if keeping.guarded_of is not None:
        guarded = keeping.guarded_of(entry_nos)
    if keeping.lock_of is None and not guarded:
        return None
    rows = session.tuples(QUERIES["standing_days"], entry_nos=entry_nos)
    standing = {entry_no: DayOfWork(who, day) for entry_no, who, day in rows}
    return KeepCheck(keeping.lock_of, standing, guarded)


def keep_records(
    session: Session, delivery_no: int, read: ReadDelivery, changes: Changes
) -> None:
    """Keep records of a delivery apart; a repetition of a kept one is not kept."""
    if not changes.kept:
        return
    entry_nos = [entry_of(changes, position) for position in changes.kept]
    known = {
        (one.entry_no, one.revision, one.content_hash)
        for one in kept_records(session, entry_nos=entry_nos)
    }
    new = []
    for position, found in changes.kept.items():
        digest = read.hashes[position]
        key = (entry_of(changes, position), changes.revisions[position], digest)
        if key not in known:
            known.add(key)
            new.append((position, key, found))
    session.load("kept_record", _rows(delivery_no, read, new))


def _rows(
    delivery_no: int,
    read: ReadDelivery,
    new: Sequence[tuple[int, tuple[int, int | None, bytes], Kept]],
) -> dict[str, Column]:
    said = [encode_json(read.statements[position]).decode() for position, _, _ in new]
    return {
        "delivery_no": np.full(len(new), delivery_no, np.int64),
        "position": np.array([position for position, _, _ in new], np.int32),
        "entry_no": np.array([key[0] for _, key, _ in new], np.int64),
        "revision": [key[1] for _, key, _ in new],
        "content_hash": [key[2] for _, key, _ in new],
        "statement": said,
        "entry_lock": [found.lock_id for _, _, found in new],
        "person_ref": [found.work.person_ref for _, _, found in new],
        "worked_on": [found.work.worked_on for _, _, found in new],
    }


def entry_of(changes: Changes, position: int) -> int:
    """Return the entry of a record that has one."""
    entry_no = changes.entry_nos[position]
    assert entry_no is not None  # noqa: S101 - only a record of an entry is kept
    return entry_no


def settle_outdated(
    session: Session,
    changes: Changes,
    reading: SourceReading,
    *,
    delivery_no: int,
    at: datetime,
) -> list[str]:
    """Settle what is kept of the entries spoken of and would change nothing any more.

    Where a source states no revisions, what it said last holds: what is in force, said
    again, overtakes what is kept and was not changed later. Returns source ids.
    """
    by_entry = {state.entry_no: state for state in changes.states.values()}
    restated = {} if reading.states_revisions else _restated(changes)
    outdated = []
    for one in kept_records(session, entry_nos=list(by_entry)):
        said = one.said
        _, effect = step(
            by_entry[one.entry_no],
            said,
            one.content_hash,
            states_revisions=reading.states_revisions,
        )
        if not changes_something(effect):
            outdated.append((one, effect.outcome))
            continue
        last = restated.get(one.entry_no, -1)
        came_later = one.delivery_no == delivery_no and one.position > last
        newest = by_entry[one.entry_no].changes.get(0)
        if last >= 0 and not came_later and not _is_after(said.changed_at, newest):
            outdated.append((one, Outcome.STALE))
    settle_kept(session, outdated, at=at)
    return [one.source_id for one, _ in outdated]


def _is_after(changed_at: datetime | None, newest: datetime | None) -> bool:
    return changed_at is not None and newest is not None and changed_at > newest


def _restated(changes: Changes) -> dict[int, int]:
    """Return where a delivery last said again what is in force, by entry."""
    return {
        entry_no: position
        for position, entry_no in enumerate(changes.entry_nos)
        if entry_no is not None and changes.outcomes[position] is Outcome.DUPLICATE
    }


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


def note_kept(session: Session, delivery_no: int, kept: Mapping[int, Kept]) -> None:
    """Note by what records of a delivery are kept apart still, by their positions."""
    if kept:
        session.run(
            QUERIES["kept_by"],
            delivery_no=delivery_no,
            positions=list(kept),
            entry_locks=[found.lock_id for found in kept.values()],
        )


def kept_problem(source_id: str, position: int, found: Kept) -> Problem:
    """Return the problem of a record that is kept apart."""
    work = found.work
    detail = {
        "source_id": source_id,
        "position": str(position),
        "person": work.person_ref,
        "date": work.worked_on.isoformat(),
    }
    if found.lock is None:
        return _credit_not_approved(source_id, work, detail)
    return _locked(source_id, work, found.lock, detail)


def _credit_not_approved(
    source_id: str, work: DayOfWork, detail: dict[str, str]
) -> Problem:
    return Problem(
        ProblemCode.CREDIT_NOT_APPROVED,
        f"What the source says of entry {source_id} changes work of {work.person_ref}"
        f" on {work.worked_on} that stands on an invoice, and its credit waits for"
        " approval; it is kept, and changes nothing.",
        "See what would be credited and billed instead, with hourline corrections"
        " waiting, and let somebody with the right approve_credits accept it.",
        detail,
    )


def _locked(
    source_id: str, work: DayOfWork, lock: Lock, detail: dict[str, str]
) -> Problem:
    known = {} if lock.employer is None else {"entity": lock.employer}
    return Problem(
        ProblemCode.ENTRY_LOCKED,
        f"What the source says of entry {source_id} changes work of {work.person_ref}"
        f" on {work.worked_on}, which entry lock {lock.id} keeps as it is through"
        f" {lock.through}; it is kept, and changes nothing.",
        "Let somebody with the right override_entry_lock let it in, with hourline"
        " closing override; or move the lock, then it goes on by itself.",
        detail | {"entry_lock": lock.id} | known,
    )
