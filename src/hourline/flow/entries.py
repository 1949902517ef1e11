"""Take deliveries in and decide their entries, in one commit each."""

from collections.abc import Container, Sequence
from datetime import datetime

from hourline.billing import service as billing
from hourline.decide import service as decide
from hourline.decide.model import Deciding
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.allotting import working_snapshot
from hourline.flow.correcting.splitting import carry_parts
from hourline.flow.deciding import accepted_pairs, decide_in, go_through_contracts
from hourline.flow.keeping import keeping_for
from hourline.flow.milestones import resume_milestones
from hourline.flow.person_days import round_days
from hourline.flow.rebilling.guard import asks_for_credits
from hourline.flow.transactions import (
    CannotReplace,
    InvoicedMeanwhile,
    in_one_transaction,
    now,
    snapshot_of,
)
from hourline.flow.vendor_bills import match_in
from hourline.infra.database import Database, Session
from hourline.intake import service as intake
from hourline.intake.inbox import settle_event, take_events
from hourline.intake.model import (
    Delivery,
    Received,
    RecordProblem,
    SourceReading,
    Superseded,
)
from hourline.intake.poll import PolledPage, take_page
from hourline.intake.reading import reading_of
from hourline.intake.splitting import end_parts
from hourline.kernel.codes import PendingState
from hourline.kernel.entries import EntryColumns
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger.vendor_bills import end_matches
from hourline.master.snapshot import NoOpenPeriod, Snapshot

_RESUMED_AT_ONCE = 20_000
_RETRIED_AT_ONCE = 10_000_000
_EVENTS_AT_ONCE = 500
_KEPT = frozenset({ProblemCode.ENTRY_LOCKED, ProblemCode.CREDIT_NOT_APPROVED})


def receive(
    database: Database,
    tenant: int,
    delivery: Delivery,
    problems: Sequence[Problem] = (),
) -> Received:
    """Take a delivery in and decide its entries; with problems, refuse it whole."""
    return in_one_transaction(
        database, tenant, lambda session: receive_in(session, delivery, problems)
    )


def receive_in(
    session: Session, delivery: Delivery, problems: Sequence[Problem] = ()
) -> Received:
    """Do what `receive` does inside the caller's transaction, to be run again as one.

    The caller uses `in_one_transaction`.
    """
    if problems:
        received = intake.refuse(session, delivery, problems)
    else:
        received = receive_records(session, delivery)
    go_on(session, delivery, received)
    return received


def receive_records(session: Session, delivery: Delivery) -> Received:
    """Store a delivery; what is kept apart of it has no effect."""
    reading = reading_of(session, delivery.connection_no)
    keeping = keeping_for(session, snapshot_of(session), delivery)
    return intake.receive(session, delivery, reading, keeping=keeping)


def receive_page(
    database: Database, tenant: int, page: PolledPage, reading: SourceReading
) -> Received | None:
    """Take a polled page in, with the cursor moved in the same commit.

    Raises CursorMoved where another poll was faster.
    """

    def work(session: Session) -> Received | None:
        keeping = keeping_for(session, snapshot_of(session), page.delivery)
        received = take_page(session, page, reading, keeping)
        if received is not None:
            go_on(session, page.delivery, received)
        return received

    return in_one_transaction(database, tenant, work)


def drain_inbox(database: Database, tenant: int) -> int:
    """Take in every event that waits in the inbox; return how many there were."""
    total = 0
    while taken := in_one_transaction(database, tenant, _drain):
        total += taken
    return total


def _drain(session: Session) -> int:
    events = take_events(session, limit=_EVENTS_AT_ONCE)
    for delivery, problems in events:
        if problems:
            received = intake.refuse(session, delivery, problems)
        else:
            received = receive_records(session, delivery)
        settle_event(session, delivery, received)
        go_on(session, delivery, received)
    return len(events)


def resume_pending(database: Database, tenant: int) -> int:
    """Try again what was last tried with older master data; count entries accepted."""
    in_one_transaction(database, tenant, resume_milestones)
    accepted = 0
    while True:
        tried, gone_on = in_one_transaction(database, tenant, _resume)
        accepted += gone_on
        if tried < _RESUMED_AT_ONCE:
            return accepted


def retry_pending(database: Database, tenant: int) -> int:
    """Decide again everything pending, also with unchanged master data.

    Returns how many entries went on.
    """
    return in_one_transaction(database, tenant, _retry)


def _resume(session: Session) -> tuple[int, int]:
    snapshot = working_snapshot(session)
    entries = decide.pending_entries(
        session, older_than_change_no=snapshot.change_no, limit=_RESUMED_AT_ONCE
    )
    return len(entries), try_again(session, snapshot, entries)


def _retry(session: Session) -> int:
    # What stays pending would be found again and again in parts: so all at once.
    snapshot = working_snapshot(session)
    entries = decide.pending_entries(
        session, older_than_change_no=snapshot.change_no + 1, limit=_RETRIED_AT_ONCE
    )
    return try_again(session, snapshot, entries)


def try_again(
    session: Session,
    snapshot: Snapshot,
    entries: EntryColumns,
    *,
    accepted: Container[ProblemCode] = (),
) -> int:
    """Decide pending entries again, and return how many went on.

    Those too that wait for what is `accepted`; see `decide_in`.
    """
    if len(entries) == 0:
        return 0
    at = now()
    deciding = decide_in(session, snapshot, entries, at=at, accepted=accepted)
    rounded = round_days(session, snapshot, accepted_pairs(deciding), at=at)
    go_through_contracts(session, snapshot, {*rounded, *deciding.contracts})
    # An item that still holds stays open, so that its due time is not put off.
    told = [*deciding.refusals, *deciding.warnings]
    warned = {int(entries.entry_no[one.index]) for one in deciding.warnings}
    gone_on = [one for one in deciding.accepted.tolist() if one not in warned]
    holding: dict[tuple[ProblemCode, ...], list[int]] = {(): gone_on}
    for refusal in told:
        asked = refusal.state == PendingState.EXCEPTION
        codes = tuple(one.code for one in refusal.problems) if asked else ()
        entry_no = int(entries.entry_no[refusal.index])
        holding.setdefault(codes, []).append(entry_no)
    for codes, entry_nos in holding.items():
        exceptions.resolve_entries(
            session, entry_nos, resolution="tried again", at=at, keep_codes=codes
        )
    match_in(session, snapshot, deciding.accepted.tolist())
    return len(deciding.accepted)


def go_on(
    session: Session,
    delivery: Delivery,
    received: Received,
    *,
    may_credit: bool = False,
) -> Deciding | None:
    """Do what follows of a delivery; return what was decided, None if known before.

    With `may_credit` somebody approved the credits that it takes. Raises
    InvoicedMeanwhile where it takes one that nobody approved.
    """
    if received.known_before:
        return None
    at = now()
    snapshot = working_snapshot(session)
    ended = end_parts(session, received.superseded, recorded_at=at)
    superseded = [
        *received.superseded,
        *[Superseded(one.entry_no, one.revision, None) for one in ended],
    ]
    left = _supersede(session, snapshot, superseded, at=at, may_credit=may_credit)
    exceptions.open_items(
        session,
        [
            (
                _record_subject(delivery, received, found),
                found.problem,
            )
            for found in received.problems
        ],
        at=at,
    )
    _settle_outdated(session, delivery.connection_no, received.outdated, at=at)
    deciding = decide_in(session, snapshot, received.new, at=at)
    replaced = [(one.entry_no, one.revision) for one in superseded]
    changed = [*replaced, *accepted_pairs(deciding)]
    rounded = round_days(session, snapshot, changed, at=at)
    go_through_contracts(session, snapshot, {*left, *rounded, *deciding.contracts})
    touched = [entry_no for entry_no, _ in replaced]
    match_in(session, snapshot, [*touched, *received.new.entry_no.tolist()])
    carry_parts(session, ended)
    return deciding


def _settle_outdated(
    session: Session, connection_no: int, source_ids: Sequence[str], *, at: datetime
) -> None:
    if source_ids:
        exceptions.resolve_subjects(
            session,
            [kept_subject(connection_no, source_id) for source_id in source_ids],
            resolution="overtaken by what the source said later",
            at=at,
        )


def kept_subject(connection_no: int, source_id: str) -> Subject:
    """Return what an exception is about of which something is kept apart.

    It is not the entry: that the revision in force goes on does not answer it.
    """
    return Subject("kept_entry", f"{connection_no}/{source_id}")


def _record_subject(
    delivery: Delivery, received: Received, found: RecordProblem
) -> Subject:
    position, source_id = found.position, found.source_id
    if position is None:
        return Subject("delivery", str(received.delivery_no))
    if found.problem.code in _KEPT and source_id is not None:
        return kept_subject(delivery.connection_no, source_id)
    place = source_id or f"delivery {received.delivery_no}, record {position}"
    return Subject("record", f"{delivery.connection_no}/{place}")


def _supersede(
    session: Session,
    snapshot: Snapshot,
    superseded: Sequence[Superseded],
    *,
    at: datetime,
    may_credit: bool,
) -> set[int]:
    """Take back what revisions caused; return the contracts they were of."""
    if not superseded:
        return set()
    revisions = [(ended.entry_no, ended.revision) for ended in superseded]
    credited = billing.credit_replaced(
        session, snapshot, revisions, reason="corrected or recalled at the source"
    )
    first = superseded[0]
    subject = Subject("entry", str(first.entry_no), first.entry_no, first.revision)
    if isinstance(credited, Problem):
        raise CannotReplace(subject, credited)
    if not may_credit and any(
        asks_for_credits(snapshot, note.entity_no) for note in credited
    ):
        raise InvoicedMeanwhile
    try:
        entry_nos = [ended.entry_no for ended in superseded]
        end_matches(session, snapshot, entry_nos)
        decide.supersede_all(session, snapshot, superseded, recorded_at=at)
    except NoOpenPeriod as error:
        raise CannotReplace(subject, _no_open_period(error)) from None
    exceptions.resolve_entries(
        session,
        [ended.entry_no for ended in superseded],
        resolution="replaced or recalled at the source",
        at=at,
    )
    return set(billing.read_contracts_of(session, revisions))


def _no_open_period(error: NoOpenPeriod) -> Problem:
    return Problem(
        ProblemCode.PERIOD_CLOSED,
        f"A correction or recall cannot be booked: {error}.",
        "Open a posting period of the entity; the source then delivers it again.",
    )
