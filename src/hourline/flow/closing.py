"""Close and reopen months, lock days of time, and say who may go past either.

What makes books or time less open is done by one person, what makes them more open by
two; both are in the audit chain.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import msgspec

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.entries import resume_pending
from hourline.flow.kept_records import resume_kept
from hourline.flow.loosening import resolve_agreed, would_loosen
from hourline.flow.transactions import (
    NotKnown,
    in_one_transaction,
    number_of,
    snapshot_of,
)
from hourline.infra.approvals import (
    NotApprovable,
    Proposal,
    approve_change,
    propose_change,
)
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.infra.json import decode_json, encode_json
from hourline.kernel.subledgers import Subledger
from hourline.master import service as master
from hourline.master.model import EntryLock, PostingPeriod, Right, UserRight
from hourline.master.rules.loosening import PeriodState, in_order, period_states
from hourline.master.snapshot import Snapshot, UnusableRecord, build_snapshot
from hourline.master.snapshot.timelines import Timeline
from hourline.master.store import connections, load_state

ACTION = "closing.change"


class SetPeriod(msgspec.Struct, frozen=True, kw_only=True, tag="period"):
    """A month of an entity's books, or of one subledger of it, is in a state."""

    entity: str
    period: str
    state: PeriodState
    ledger: Subledger | None = None

    def changes(self, snapshot: Snapshot) -> list[MasterChange]:
        """Return the change of every record of the month, a new one where none is."""
        number_of(snapshot, "legal_entity", self.entity)
        rows: Timeline[PostingPeriod] = snapshot.catalogue.periods
        month = (self.entity, self.period, self.ledger)
        ids = {
            rows.id_of(span)
            for span in rows.spans
            if (span.content.entity, span.content.period, span.content.ledger) == month
        }
        fields: dict[str, object] = {
            "entity": self.entity,
            "period": self.period,
            "status": "closed" if self.state == "closed" else "open",
            "soft_closed": self.state == "soft_closed",
            "ledger": self.ledger,
        }
        id_ = ":".join(filter(None, (self.entity, self.period, self.ledger)))
        named = sorted(ids) or [id_]
        return [_change(PostingPeriod.kind, id_, fields) for id_ in named]


class SetLock(msgspec.Struct, frozen=True, kw_only=True, tag="lock"):
    """An entry lock holds as it says from now on; see EntryLock."""

    id: str
    through: date
    grace_days: int = 0
    time_zone: str = "UTC"
    role: str | None = None
    connection: str | None = None
    entity: str | None = None

    def changes(self, snapshot: Snapshot) -> list[MasterChange]:
        """Return the change of the lock."""
        if self.entity is not None:
            number_of(snapshot, "legal_entity", self.entity)
        fields = {
            name: getattr(self, name)
            for name in ("grace_days", "time_zone", "role", "connection", "entity")
        }
        said = {**fields, "through": self.through.isoformat()}
        return [_change(EntryLock.kind, self.id, said)]


class SetRight(msgspec.Struct, frozen=True, kw_only=True, tag="right"):
    """A user has a right, or had it only until a day, not on it."""

    user: str
    right: Right
    entity: str | None = None
    until: date | None = None

    def changes(self, snapshot: Snapshot) -> list[MasterChange]:
        """Return the changes of the right; raise ValueError for none to take away."""
        if self.entity is not None:
            number_of(snapshot, "legal_entity", self.entity)
        fields = {"user": self.user, "right": self.right, "entity": self.entity}
        if self.until is None:
            id_ = f"{self.right}:{self.user}:{self.entity or '*'}"
            return [_change(UserRight.kind, id_, fields)]
        standing = self._standing(snapshot)
        if not standing:
            raise ValueError(f"{self.user} has no such right to take away.")
        # A withdrawal never lets a right that ends stand for longer.
        return [
            _change(UserRight.kind, id_, fields, ends=min(ends, self.until))
            for id_, ends in standing.items()
        ]

    def _standing(self, snapshot: Snapshot) -> dict[str, date]:
        rows: Timeline[UserRight] = snapshot.catalogue.of_kind(UserRight.kind)
        wanted = (self.user.casefold(), self.right, self.entity)
        return {
            rows.id_of(span): span.effective_until
            for span in rows.spans
            if (span.content.user.casefold(), span.content.right, span.content.entity)
            == wanted
        }


ClosingChange: TypeAlias = SetPeriod | SetLock | SetRight


@dataclass(frozen=True, slots=True)
class Said:
    """Say who wants a change and why, and who approved it where two were needed."""

    actor: str
    reason: str
    approver: str | None = None


def months_recorded(snapshot: Snapshot) -> list[SetPeriod]:
    """Return every month that was ever recorded, by entity and month."""
    return [
        SetPeriod(entity=entity, period=period, state=state, ledger=ledger)
        for (entity, period, ledger), state in in_order(
            period_states(snapshot.catalogue)
        )
    ]


def change_closing(
    database: Database, tenant: int, change: ClosingChange, said: Said
) -> int | None:
    """Make a change, or propose it to a second person; return the proposal's number.

    Raises NotKnown for an entity that is not known, ValueError for what cannot be.
    """

    def work(session: Session) -> int | None:
        snapshot = snapshot_of(session)
        _refuse_nobody(session, snapshot, change)
        changes = change.changes(snapshot)
        if not _takes_two(session, change, changes):
            _apply(session, change, said, changes)
            return None
        _refuse_unusable(session, changes)
        return propose_change(
            session,
            action=ACTION,
            content=decode_json(encode_json(change)),
            reason=said.reason,
            proposer=said.actor,
        )

    try:
        proposal_no = in_one_transaction(database, tenant, work)
    except UnusableRecord as unusable:
        raise ValueError(f"{unusable.why}. {unusable.remedy}") from unusable
    if proposal_no is None:
        _resume(database, tenant)
    return proposal_no


def approve_closing(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> ClosingChange:
    """Approve a proposed change as it was shown, and make it in the same transaction.

    Raises NotApprovable as `approve_change`, and for a proposal about something else.
    """

    def work(session: Session) -> ClosingChange:
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        change = change_of(proposal)
        said = Said(proposal.proposer, proposal.reason, approver)
        _apply(session, change, said, change.changes(snapshot_of(session)))
        locks = [change.id] if isinstance(change, SetLock) else []
        resolve_agreed(session, locks, by=approver)
        return change

    change = in_one_transaction(database, tenant, work)
    _resume(database, tenant)
    return change


def change_of(proposal: Proposal) -> ClosingChange:
    """Return what a proposal wants changed; raise NotApprovable for another one."""
    if proposal.action != ACTION:
        msg = f"Proposal {proposal.proposal_no} is about no month, lock or right."
        raise NotApprovable(msg)
    change: ClosingChange = msgspec.convert(proposal.content, ClosingChange)
    return change


def _refuse_nobody(session: Session, snapshot: Snapshot, change: ClosingChange) -> None:
    """Raise NotKnown for a lock that a misspelt word would keep from locking."""
    if not isinstance(change, SetLock):
        return
    names = {None, *(one.name for one in connections(session))}
    if change.role not in snapshot.roles:
        raise NotKnown(f"Nobody has the role {change.role}.")
    if change.connection not in names:
        raise NotKnown(f"There is no connection {change.connection}.")


def _takes_two(
    session: Session, change: ClosingChange, changes: list[MasterChange]
) -> bool:
    is_granted = isinstance(change, SetRight) and change.until is None
    return is_granted or would_loosen(session, changes)


class _Tried(Exception):
    """Undo a change that was only tried."""


def _refuse_unusable(session: Session, changes: list[MasterChange]) -> None:
    """Raise what making the changes would raise; nothing of them stays."""
    with suppress(_Tried), session.savepoint():
        _publish(session, changes)
        # Not from the cache: what is undone must not be found there.
        state = load_state(session)
        build_snapshot(state.versions, state.references, change_no=state.change_no)
        raise _Tried


def _publish(session: Session, changes: list[MasterChange]) -> None:
    applied = master.apply_changes(session, None, changes)
    if applied.refusals:
        raise ValueError(applied.refusals[0].problem.sentence)


def _apply(
    session: Session,
    change: ClosingChange,
    said: Said,
    changes: list[MasterChange],
) -> None:
    _publish(session, changes)
    snapshot_of(session)
    after: dict[str, Any] = decode_json(encode_json(change))
    record_change(
        session,
        ManualChange(
            actor=said.actor,
            action=ACTION,
            subject=f"{changes[0].kind.replace('_', ' ')} {changes[0].source_id}",
            reason=said.reason,
            after=after,
            approver=said.approver,
        ),
    )


def _resume(database: Database, tenant: int) -> None:
    resume_kept(database, tenant)
    resume_pending(database, tenant)


def _change(
    kind: str,
    id_: str,
    fields: Mapping[str, object],
    *,
    ends: date = date.max,
) -> MasterChange:
    return MasterChange(kind, id_, id_, fields=fields, effective_until=ends)
