"""Close and reopen months, lock days of time, and say who may go past either.

What makes books or time less open is done by one person, what makes them more open by
two; both are in the audit chain.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

import msgspec

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.entries import resume_pending
from hourline.flow.locked_records import resume_locked
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
from hourline.master import service as master
from hourline.master.model import EntryLock, PostingPeriod, UserRight
from hourline.master.snapshot import Snapshot, UnusableRecord, build_snapshot
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.store import connections, load_state

ACTION = "closing.change"
PeriodState: TypeAlias = Literal["open", "soft_closed", "closed"]
_HOW_OPEN: dict[PeriodState, int] = {"closed": 0, "soft_closed": 1, "open": 2}


class SetPeriod(msgspec.Struct, frozen=True, kw_only=True, tag="period"):
    """A month of an entity's books is in a state."""

    entity: str
    period: str
    state: PeriodState

    def loosens(self, snapshot: Snapshot) -> bool:
        """Say whether the month is more open then."""
        before = period_state(snapshot, self.entity, self.period)
        return _HOW_OPEN[self.state] > _HOW_OPEN[before]

    def changes(self, snapshot: Snapshot) -> list[MasterChange]:
        """Return the change of every record of the month, a new one where none is."""
        number_of(snapshot, "legal_entity", self.entity)
        rows, spans = _months(snapshot, self.entity, self.period)
        ids = {rows.id_of(span) for span in spans}
        fields: dict[str, object] = {
            "entity": self.entity,
            "period": self.period,
            "status": "closed" if self.state == "closed" else "open",
            "soft_closed": self.state == "soft_closed",
        }
        named = sorted(ids) or [f"{self.entity}:{self.period}"]
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

    def loosens(self, snapshot: Snapshot) -> bool:
        """Say whether less is locked then, for somebody."""
        rows: Timeline[EntryLock] = snapshot.catalogue.of_kind(EntryLock.kind)
        before = [span.content for span in rows.of(rows.find(self.id))]
        if not before:
            # A narrower row can exempt a group from a wider one.
            return any(span.content.through > self.through for span in rows.spans)
        last = before[-1]
        scope = (last.role, last.connection, last.entity, last.time_zone)
        return (
            self.through < last.through
            or self.grace_days > last.grace_days
            or scope != (self.role, self.connection, self.entity, self.time_zone)
        )

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
    right: Literal["post_into_soft_closed", "override_entry_lock", "accept_late_work"]
    entity: str | None = None
    until: date | None = None

    def loosens(self, _snapshot: Snapshot) -> bool:
        """Say whether somebody may do more then."""
        return self.until is None

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


def period_state(snapshot: Snapshot, entity: str, period: str) -> PeriodState:
    """Return the state of a month; one that is not recorded is open."""
    _, spans = _months(snapshot, entity, period)
    newest = {span.dense: span for span in spans}
    if spans and spans[-1].content.status == "closed":
        return "closed"
    soft = any(span.content.soft_closed for span in newest.values())
    return "soft_closed" if soft else "open"


def period_states(snapshot: Snapshot) -> list[SetPeriod]:
    """Return every month that was ever recorded, by entity and month."""
    rows: Timeline[PostingPeriod] = snapshot.catalogue.periods
    months = {(span.content.entity, span.content.period) for span in rows.spans}
    return [
        SetPeriod(
            entity=entity, period=period, state=period_state(snapshot, entity, period)
        )
        for entity, period in sorted(months)
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
        if not change.loosens(snapshot):
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
    resume_locked(database, tenant)
    resume_pending(database, tenant)


def _months(
    snapshot: Snapshot, entity: str, period: str
) -> tuple[Timeline[PostingPeriod], list[Span[PostingPeriod]]]:
    """Return the records of a month, the one that was recorded last at the end."""
    rows: Timeline[PostingPeriod] = snapshot.catalogue.periods
    spans = [
        span
        for span in rows.spans
        if (span.content.entity, span.content.period) == (entity, period)
    ]
    return rows, sorted(spans, key=lambda span: span.change_no)


def _change(
    kind: str,
    id_: str,
    fields: Mapping[str, object],
    *,
    ends: date = date.max,
) -> MasterChange:
    return MasterChange(kind, id_, id_, fields=fields, effective_until=ends)
