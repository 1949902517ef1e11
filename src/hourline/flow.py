"""Fix the order of the stages: what runs in one transaction, and what each hands on."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from psycopg.errors import DeadlockDetected, UniqueViolation

from hourline.billing import service as billing
from hourline.billing.model import Assembled, CreditLine, Issued, NothingToBill
from hourline.connectors.sdk.changes import MasterChange
from hourline.decide import service as decide
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.infra.database import Database, Session
from hourline.intake import service as intake
from hourline.intake.model import Delivery, Received
from hourline.kernel.codes import PendingState
from hourline.kernel.entries import EntryColumns
from hourline.kernel.problems import Problem
from hourline.master import service as master
from hourline.master.cache import SnapshotCache
from hourline.master.service import Applied
from hourline.master.snapshot import Snapshot

T = TypeVar("T")
_SNAPSHOTS = SnapshotCache()
# Two deliveries of a new entry can meet; the one that came second sees the first then.
_TRIES_MAX = 5
_RESUMED_AT_ONCE = 20_000


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


# --- time entries ---------------------------------------------------------------------


def receive(database: Database, tenant: int, delivery: Delivery) -> Received:
    """Take a delivery in and decide its entries, in one commit."""
    return in_one_transaction(
        database, tenant, lambda session: receive_in(session, delivery)
    )


def receive_in(session: Session, delivery: Delivery) -> Received:
    """Take a delivery in and decide its entries, inside the caller's transaction."""
    at = now()
    received = intake.receive(session, delivery)
    snapshot = snapshot_of(session)
    _supersede(session, snapshot, received, at=at)
    exceptions.open_items(
        session,
        [
            (
                Subject("record", found.key, found.entry_no, found.revision),
                found.problem,
            )
            for found in received.problems
        ],
        at=at,
    )
    _decide(session, snapshot, received.new, at=at)
    return received


def _supersede(
    session: Session, snapshot: Snapshot, received: Received, *, at: datetime
) -> None:
    if not received.superseded:
        return
    for ended in received.superseded:
        billing.credit_replaced(
            session, snapshot, entry_no=ended.entry_no, revision=ended.revision
        )
    decide.supersede(session, snapshot, received.superseded, recorded_at=at)
    exceptions.resolve_entries(
        session,
        [ended.entry_no for ended in received.superseded],
        resolution="replaced or recalled at the source",
        at=at,
    )


def _decide(
    session: Session, snapshot: Snapshot, entries: EntryColumns, *, at: datetime
) -> list[int]:
    if len(entries) == 0:
        return []
    deciding = decide.decide_entries(session, snapshot, entries, recorded_at=at)
    found = []
    for refusal in deciding.refusals:
        if refusal.state == PendingState.EXCEPTION:
            entry_no = int(entries.entry_no[refusal.index])
            revision = int(entries.revision[refusal.index])
            subject = Subject("entry", str(entry_no), entry_no, revision)
            found += [(subject, problem) for problem in refusal.problems]
    exceptions.open_items(session, found, at=at)
    return [int(number) for number in deciding.accepted]


def resume_pending(database: Database, tenant: int) -> int:
    """Decide again what was last tried with older master data; count accepted."""
    accepted = 0
    while True:
        tried, gone_on = in_one_transaction(database, tenant, _resume_in)
        accepted += gone_on
        if tried < _RESUMED_AT_ONCE:
            return accepted


def _resume_in(session: Session) -> tuple[int, int]:
    snapshot = snapshot_of(session)
    entries = decide.pending_entries(
        session, older_than_change_no=snapshot.change_no, limit=_RESUMED_AT_ONCE
    )
    at = now()
    # Items are opened anew for what still holds, so one that no longer does is closed.
    exceptions.resolve_entries(
        session, entries.entry_no.tolist(), resolution="tried again", at=at
    )
    return len(entries), len(_decide(session, snapshot, entries, at=at))


# --- master data ----------------------------------------------------------------------


def change_master(
    database: Database,
    tenant: int,
    changes: Sequence[MasterChange],
    *,
    connection_no: int | None = None,
) -> Applied:
    """Apply changes of master data, queue refused ones, let waiting entries go on.

    Changes that contradict each other (two rates that match equally, a rate that could
    overflow) raise what `build_snapshot` raises, and none of them is applied.
    """

    def apply(session: Session) -> Applied:
        applied = master.apply_changes(session, connection_no, changes)
        snapshot_of(session)
        _queue_refusals(session, connection_no, changes, applied)
        return applied

    applied = in_one_transaction(database, tenant, apply)
    if applied.changed:
        resume_pending(database, tenant)
    return applied


def _queue_refusals(
    session: Session,
    connection_no: int | None,
    changes: Iterable[MasterChange],
    applied: Applied,
) -> None:
    at = now()
    refused = {id(refusal.change) for refusal in applied.refusals}
    exceptions.open_items(
        session,
        [
            (_master_subject(connection_no, refusal.change), refusal.problem)
            for refusal in applied.refusals
        ],
        at=at,
    )
    exceptions.resolve_subjects(
        session,
        [
            _master_subject(connection_no, change)
            for change in changes
            if id(change) not in refused
        ],
        resolution="accepted later",
        at=at,
    )


def _master_subject(connection_no: int | None, change: MasterChange) -> Subject:
    return Subject(
        "master_record", f"{connection_no or 0}/{change.kind}/{change.source_id}"
    )


# --- billing --------------------------------------------------------------------------


def reach_milestone(
    database: Database,
    tenant: int,
    *,
    contract_line: str,
    milestone: str,
    reached_on: date,
) -> Problem | None:
    """Say that a milestone is reached; a refusal also waits in its queue."""

    def work(session: Session) -> Problem | None:
        snapshot = snapshot_of(session)
        refused = billing.reach_milestone(
            session,
            snapshot,
            contract_line_no=snapshot.number("contract_line", contract_line),
            milestone=milestone,
            reached_on=reached_on,
        )
        return _queued(session, refused, "milestone", f"{contract_line}/{milestone}")

    return in_one_transaction(database, tenant, work)


def bill_contract(
    database: Database,
    tenant: int,
    *,
    contract: str,
    through: date,
    invoice_date: date,
) -> Issued | NothingToBill | Problem:
    """Bill all open work of a contract up to and including a day."""

    def work(session: Session) -> Issued | NothingToBill | Problem:
        snapshot = snapshot_of(session)
        issued = billing.bill(
            session,
            snapshot,
            contract_no=snapshot.number("contract", contract),
            through=through,
            invoice_date=invoice_date,
        )
        return _queued(session, issued, "contract", contract)

    return in_one_transaction(database, tenant, work)


def open_draft(
    database: Database,
    tenant: int,
    *,
    contract: str,
    through: date,
    invoice_date: date,
) -> Assembled | NothingToBill | Problem:
    """Open or replace the draft of a contract; the books do not change."""

    def work(session: Session) -> Assembled | NothingToBill | Problem:
        snapshot = snapshot_of(session)
        return billing.open_draft(
            session,
            snapshot,
            contract_no=snapshot.number("contract", contract),
            through=through,
            invoice_date=invoice_date,
        )

    return in_one_transaction(database, tenant, work)


def issue_draft(
    database: Database, tenant: int, *, contract: str
) -> Issued | NothingToBill | Problem:
    """Issue the open draft of a contract."""

    def work(session: Session) -> Issued | NothingToBill | Problem:
        snapshot = snapshot_of(session)
        number = snapshot.number("contract", contract)
        issued = billing.issue_draft(session, snapshot, contract_no=number)
        return _queued(session, issued, "contract", contract)

    return in_one_transaction(database, tenant, work)


def credit_invoice(
    database: Database,
    tenant: int,
    *,
    document_no: int,
    lines: Sequence[CreditLine] | None,
    credit_date: date,
) -> Issued | Problem:
    """Credit lines of an invoice, or all of it; a refusal changes nothing and waits."""

    def work(session: Session) -> Issued | Problem:
        credited = billing.credit(
            session,
            snapshot_of(session),
            document_no=document_no,
            lines=lines,
            credit_date=credit_date,
        )
        return _queued(session, credited, "invoice", str(document_no))

    return in_one_transaction(database, tenant, work)


def _queued(session: Session, outcome: T, kind: str, key: str) -> T:
    if isinstance(outcome, Problem):
        exceptions.open_items(session, [(Subject(kind, key), outcome)], at=now())
    return outcome
