"""Show the corrections and recalls whose credits wait for approval; accept them.

A source brings them; what they would do is done, read and undone. Who accepts says
what was seen: they are let in exactly so, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.billing import service as billing
from hourline.flow.allotting import working_snapshot
from hourline.flow.entries import kept_subject
from hourline.flow.kept_records import by_delivery, take
from hourline.flow.rebilling.guard import (
    QUERIES,
    OnInvoice,
    asking_entities,
    may_not_approve,
    standing_on_invoices,
)
from hourline.flow.rebilling.rebill import Rebill, Subject, rebill, record_approved
from hourline.flow.rebilling.told import told_rebill
from hourline.flow.transactions import (
    CannotReplace,
    NotKnown,
    in_one_transaction,
    number_of,
    queued,
    tried,
)
from hourline.infra.approvals import why_unseen
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.intake.kept import KeptRecord, kept_records
from hourline.intake.letting_in import LetIn
from hourline.intake.model import TimeRecord
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


class NotToAccept(ValueError):
    """Say why somebody cannot accept a credit as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Hold what waits for approval of a contract, and what it would come to.

    A correction that cannot be booked now has a problem instead of that.
    """

    contract: str
    records: tuple[KeptRecord, ...]
    outcome: Rebill | Problem


def list_waiting(
    database: Database, tenant: int, *, dated: date, contract: str | None = None
) -> list[Waiting]:
    """Return what waits, by contract, with drafts dated `dated`; change nothing.

    Raises NotKnown for a contract there is not.
    """
    with database.tenant(tenant) as session:
        snapshot = working_snapshot(session)
        wanted = None if contract is None else number_of(snapshot, "contract", contract)
        found = [
            (number, snapshot.contract(number).id, group.records)
            for number, group in _waiting(session, snapshot).items()
            if wanted in {None, number}
        ]
    return [
        Waiting(
            contract=name,
            records=tuple(records),
            outcome=_tried(database, tenant, number, dated=dated),
        )
        for number, name, records in found
    ]


def accept_waiting(
    database: Database,
    tenant: int,
    *,
    contract: str,
    approver: str,
    shown: str,
    dated: date,
) -> Rebill | Problem:
    """Let in what waits of a contract as it was shown, by its fingerprint's beginning.

    Its credit notes are issued and the draft that bills the work anew is opened, and
    who approved it goes into the audit chain, all at once. Returns the problem
    `right_missing`, which waits in its queue, where the person may not. Raises
    NotToAccept where it is not what was shown, NotKnown where nothing waits, and
    CannotReplace where it cannot be booked.
    """

    def work(session: Session) -> Rebill | Problem:
        snapshot = working_snapshot(session)
        contract_no = number_of(snapshot, "contract", contract)
        entity_no = snapshot.contract(contract_no).entity_no
        outcome: Rebill | Problem | None
        outcome = may_not_approve(snapshot, entity_no, approver)
        if outcome is None:
            by = LetIn(approver, f"as shown: {shown}")
            outcome = _let_in(session, snapshot, contract_no, by=by, dated=dated)
            _refuse_other(outcome, shown)
            _record(session, outcome, by)
        return queued(session, outcome, kind="credit", key=contract)

    return in_one_transaction(database, tenant, work)


def _tried(
    database: Database, tenant: int, contract_no: int, *, dated: date
) -> Rebill | Problem:
    by = LetIn("preview", "preview")

    def work(session: Session) -> Rebill | Problem:
        snapshot = working_snapshot(session)
        try:
            return _let_in(session, snapshot, contract_no, by=by, dated=dated)
        except CannotReplace as refusal:
            return refusal.problem

    return tried(database, tenant, work)


@dataclass(frozen=True, slots=True)
class _Group:
    """Hold the records that would credit invoices of a contract, and what they end."""

    records: list[KeptRecord]
    ended: list[OnInvoice]

    @property
    def revisions(self) -> list[tuple[int, int]]:
        return [(one.entry_no, one.revision) for one in self.ended]


def _waiting(session: Session, snapshot: Snapshot) -> dict[int, _Group]:
    """Return what would credit invoices, by contract in the order of their numbers."""
    kept = [one for one in kept_records(session) if one.entry_lock is None]
    entry_nos = list(dict.fromkeys(one.entry_no for one in kept))
    found = standing_on_invoices(session, entry_nos, asking_entities(snapshot))
    # An entry with parts on several contracts is of the first of them.
    contract_of: dict[int, int] = {}
    for one in found:
        known = contract_of.get(one.of_entry_no, one.contract_no)
        contract_of[one.of_entry_no] = min(known, one.contract_no)
    return {
        contract_no: _Group(
            [one for one in kept if contract_of.get(one.entry_no) == contract_no],
            [one for one in found if contract_of[one.of_entry_no] == contract_no],
        )
        for contract_no in sorted(set(contract_of.values()))
    }


def _let_in(
    session: Session, snapshot: Snapshot, contract_no: int, *, by: LetIn, dated: date
) -> Rebill:
    group = _waiting(session, snapshot).get(contract_no)
    if group is None:
        name = snapshot.contract(contract_no).id
        raise NotKnown(f"No correction of what {name} invoiced waits for approval.")

    subject = Subject(
        contract_no=contract_no,
        entry_nos=[one.entry_no for one in group.records],
        days=_days(group.records),
    )
    return rebill(
        session,
        snapshot,
        subject,
        lambda: _credit_and_take(session, snapshot, group, by),
        dated=dated,
    )


def _credit_and_take(
    session: Session, snapshot: Snapshot, group: _Group, by: LetIn
) -> None:
    """Credit each invoice once, whatever deliveries the records came by."""
    credited = billing.credit_replaced(
        session, snapshot, group.revisions, reason="corrected or recalled at the source"
    )
    first = group.records[0]
    if isinstance(credited, Problem):
        subject = kept_subject(first.connection_no, first.source_id)
        raise CannotReplace(subject, credited)
    for records in by_delivery(group.records):
        take(session, records, None, by=by, may_credit=True)
    left = session.tuples(
        QUERIES["left_standing"],
        entry_nos=[entry_no for entry_no, _ in group.revisions],
        revisions=[revision for _, revision in group.revisions],
    )
    if left:
        # What was credited as replaced must be replaced; nothing of it stays.
        raise CannotReplace(
            kept_subject(first.connection_no, first.source_id), _replaces_nothing(first)
        )


def _replaces_nothing(record: KeptRecord) -> Problem:
    return Problem(
        ProblemCode.CONFLICTING_DUPLICATE,
        f"What the source said of entry {record.source_id} replaces nothing any more.",
        "Ask the source which content holds, and have it deliver a higher revision.",
        {"source_id": record.source_id},
    )


def _days(kept: Sequence[KeptRecord]) -> list[date]:
    """Return the days that kept records bring work to."""
    said = [one.said for one in kept]
    return [one.date for one in said if isinstance(one, TimeRecord)]


def _refuse_other(done: Rebill, shown: str) -> None:
    unseen = why_unseen(
        done.fingerprint,
        shown,
        what=f"What waits of {done.contract}",
        look_again=f"hourline corrections waiting {done.contract}",
    )
    if unseen is not None:
        raise NotToAccept(unseen)


def _record(session: Session, done: Rebill, by: LetIn) -> None:
    approver = by.actor or ""
    record_approved(session, done, approver=approver, fingerprint=done.fingerprint)
    change = ManualChange(
        actor=approver,
        action="credit.approved",
        subject=f"contract {done.contract}",
        reason=by.reason or "",
        after=told_rebill(done),
    )
    record_change(session, change)
