"""Decide what a record changes: revisions, duplicates, stale records and recalls.

The machine is pure: `step(state, statement) -> (state, effect)`. Whatever the order and
the repetition of deliveries, the revision in force ends up the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from hourline.intake.model import TimeRecord, Withdrawal
from hourline.kernel.codes import Outcome

NEVER = -1


class EntryState(NamedTuple):
    """Hold what is known of an entry.

    `revision` is the highest approved one, 0 if none. `recalled_to` is the highest
    recalled one, NEVER if none. `changes` has the latest change time the source stated,
    by revision where it states revisions, else under 0. `is_opening` says that the
    entry was taken over as an opening position, which its source cannot change;
    `is_part` that it is a part of another entry, of which no source speaks.

    Revisions are the source's. `redecided` says how often the entry was decided anew
    without its source saying anything: by so much the revisions that are kept are
    ahead. `transfer` has the project the source names and the one a person transferred
    the entry to.
    """

    entry_no: int
    revision: int = 0
    content_hash: bytes = b""
    recalled_to: int = NEVER
    changes: Mapping[int, datetime] = {}
    is_opening: bool = False
    is_part: bool = False
    redecided: int = 0
    transfer: tuple[str, str] | None = None

    @property
    def in_force(self) -> int | None:
        """Give the revision that counts, if any does."""
        return self.revision if self.revision > max(self.recalled_to, 0) else None


@dataclass(frozen=True, slots=True)
class Effect:
    """Say what becomes of a record: `revision` is the one it speaks of.

    `supersedes` is the revision that stops counting. `recalls` says that the recall of
    `revision`, and of every lower one, is new and must be kept. `project` is the one a
    person transferred the entry to, where that still holds.
    """

    outcome: Outcome
    revision: int | None = None
    supersedes: int | None = None
    recalls: bool = False
    project: str | None = None


def step(
    state: EntryState,
    statement: TimeRecord | Withdrawal,
    content_hash: bytes,
    *,
    states_revisions: bool,
) -> tuple[EntryState, Effect]:
    """Apply one record to what is known of its entry."""
    if state.is_part:
        return state, Effect(Outcome.CONFLICT, state.revision)
    if state.is_opening:
        same = isinstance(statement, TimeRecord) and content_hash == state.content_hash
        outcome = Outcome.DUPLICATE if same else Outcome.CONFLICT
        return state, Effect(outcome, state.revision)
    if isinstance(statement, TimeRecord):
        approve = _approve_stated if states_revisions else _approve_next
        effect = approve(state, statement, content_hash)
    else:
        withdraw = _withdraw_stated if states_revisions else _withdraw_latest
        effect = withdraw(state, statement)
    key = (statement.revision or 1) if states_revisions else 0
    if effect.outcome is not Outcome.CONFLICT:
        state = learned(state, key, statement.changed_at)
    if effect.outcome is Outcome.ACCEPTED and effect.revision is not None:
        state = state._replace(revision=effect.revision, content_hash=content_hash)
        if state.transfer is not None and isinstance(statement, TimeRecord):
            return _transferred(state, state.transfer, statement, effect)
    elif effect.recalls and effect.revision is not None:
        state = state._replace(recalled_to=effect.revision)
    return state, effect


def _transferred(
    state: EntryState,
    transfer: tuple[str, str],
    record: TimeRecord,
    effect: Effect,
) -> tuple[EntryState, Effect]:
    """Let a transfer hold until the source names another project than it did."""
    named, moved_to = transfer
    if record.project == named:
        return state, replace(effect, project=moved_to)
    return state._replace(transfer=None), effect


def learned(state: EntryState, key: int, changed_at: datetime | None) -> EntryState:
    """Return the state with a change time taken note of, if it is the latest."""
    latest = state.changes.get(key)
    if changed_at is None or (latest is not None and changed_at <= latest):
        return state
    return state._replace(changes={**state.changes, key: changed_at})


def needs_history(
    state: EntryState,
    statement: TimeRecord | Withdrawal,
    content_hash: bytes,
    *,
    states_revisions: bool,
) -> bool:
    """Say whether earlier change times of a known entry can matter for this record."""
    if not isinstance(statement, TimeRecord):
        return True
    if states_revisions:
        return (statement.revision or 1) > state.revision
    return state.in_force is None or content_hash != state.content_hash


def _approve_stated(
    state: EntryState, record: TimeRecord, content_hash: bytes
) -> Effect:
    revision = record.revision or 1
    if revision <= state.recalled_to:
        return Effect(Outcome.RECALL, revision)
    if revision < state.revision:
        return Effect(Outcome.STALE, revision)
    if revision == state.revision:
        same = content_hash == state.content_hash
        return Effect(Outcome.DUPLICATE if same else Outcome.CONFLICT, revision)
    # The same revision was un-approved later than this approval of it.
    if _is_before(record.changed_at, state.changes.get(revision)):
        return Effect(Outcome.STALE, revision)
    return Effect(Outcome.ACCEPTED, revision, state.in_force)


def _approve_next(state: EntryState, record: TimeRecord, content_hash: bytes) -> Effect:
    latest = state.changes.get(0)
    if state.in_force is not None and content_hash == state.content_hash:
        return Effect(Outcome.DUPLICATE, state.revision)
    if state.in_force is None and state.recalled_to != NEVER:
        # Approved again only by a record newer than the recall; a repetition is not.
        if _is_before(record.changed_at, latest) or _is_same(record.changed_at, latest):
            return Effect(Outcome.RECALL, state.revision or None)
    elif _is_before(record.changed_at, latest):
        return Effect(Outcome.STALE, state.revision or None)
    return Effect(Outcome.ACCEPTED, state.revision + 1, state.in_force)


def _withdraw_stated(state: EntryState, withdrawal: Withdrawal) -> Effect:
    revision = withdrawal.revision or 1
    if withdrawal.status == "recalled":
        if revision <= state.recalled_to:
            return Effect(Outcome.DUPLICATE, revision)
        if revision < state.revision:
            return Effect(Outcome.STALE, revision)
        return Effect(Outcome.RECALL, revision, state.in_force, recalls=True)
    if revision != state.in_force:
        stale = revision < state.revision
        return Effect(Outcome.STALE if stale else Outcome.NOT_APPROVED, revision)
    latest = state.changes.get(revision)
    if _is_before(withdrawal.changed_at, latest) or _is_same(
        withdrawal.changed_at, latest
    ):
        return Effect(Outcome.STALE, revision)
    return Effect(Outcome.RECALL, revision, revision, recalls=True)


def _withdraw_latest(state: EntryState, withdrawal: Withdrawal) -> Effect:
    latest = state.changes.get(0)
    recalled = withdrawal.status == "recalled"
    if state.in_force is None:
        if not recalled:
            return Effect(Outcome.NOT_APPROVED, state.revision or None)
        if state.recalled_to != NEVER:
            return Effect(Outcome.DUPLICATE, state.recalled_to or None)
        return Effect(Outcome.RECALL, 0, recalls=True)
    tie = not recalled and _is_same(withdrawal.changed_at, latest)
    if tie or _is_before(withdrawal.changed_at, latest):
        return Effect(Outcome.STALE, state.revision)
    return Effect(Outcome.RECALL, state.revision, state.revision, recalls=True)


def _is_before(changed_at: datetime | None, latest: datetime | None) -> bool:
    return changed_at is not None and latest is not None and changed_at < latest


def _is_same(changed_at: datetime | None, latest: datetime | None) -> bool:
    return changed_at is not None and changed_at == latest
