"""Change master data, queue what is refused, and let waiting entries go on."""

from collections.abc import Sequence

from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.allotting import allot_by_new_terms, terms_so_far
from hourline.flow.entries import resume_pending
from hourline.flow.kept_records import resume_kept
from hourline.flow.loosening import apply_guarded
from hourline.flow.milestone_totals import lines_priced, refuse_more_milestones
from hourline.flow.moved_lines import refuse_moved_lines
from hourline.flow.other_books import (
    BookedElsewhere,
    books_so_far,
    refuse_other_books,
)
from hourline.flow.postings import follow_modes, routes_of
from hourline.flow.tax_ids import queue_tax_ids
from hourline.flow.transactions import in_one_transaction, now, snapshot_of
from hourline.flow.vendor_bills import match_vendor_bills
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master import service as master
from hourline.master.model import TargetRoute
from hourline.master.rules.sound import readable
from hourline.master.service import Applied, Refusal
from hourline.master.snapshot import UnusableRecord
from hourline.posting.shadow import change_modes


def change_master(
    database: Database,
    tenant: int,
    changes: Sequence[MasterChange],
    *,
    connection_no: int | None = None,
    as_page: bool = False,
    milestones_may_exceed: bool = False,
) -> Applied:
    """Apply changes of master data; then what waited for them goes on by itself.

    What would open a month, unlock days or give somebody a right is refused, since that
    takes two persons. A set that leaves master data no decision could be made with (two
    rates that match equally, a rate that could overflow, a limit below what is
    invoiced, other books for what is booked) is refused whole: every change of it is
    among the refusals, none is applied, and one item names the records. Of a page of
    records, which only came side by side, those that name other books are refused
    alone. Milestones that exceed the price of their line by more than they did are
    refused, too, unless they `milestones_may_exceed` it: then each is refused when it
    is reached.
    """

    def apply(session: Session) -> Applied:
        master.hold_changes(session)
        before = terms_so_far(session)
        books = books_so_far(session, changes)
        prices = None if milestones_may_exceed else lines_priced(session, changes)
        applied = apply_guarded(session, connection_no, changes)
        refuse_other_books(session, books, snapshot_of(session))
        refuse_moved_lines(session, books, snapshot_of(session))
        if prices is not None:
            refuse_more_milestones(prices, snapshot_of(session))
        allot_by_new_terms(session, before, snapshot_of(session))
        _queue(session, connection_no, changes, applied)
        queue_tax_ids(session, snapshot_of(session), changes)
        if any(change.kind == TargetRoute.kind for change in changes):
            follow_routes(session)
        return applied

    try:
        applied = in_one_transaction(database, tenant, apply)
    except UnusableRecord as unusable:
        if not changes:
            raise
        if as_page and isinstance(unusable, BookedElsewhere):
            return _refuse_apart(database, tenant, unusable, (connection_no, changes))
        return _refuse_whole(database, tenant, unusable, (connection_no, changes))
    if applied.changed:
        resume_kept(database, tenant)
        resume_pending(database, tenant)
        match_vendor_bills(database, tenant)
    return applied


def follow_routes(session: Session) -> None:
    """Let what waits at targets follow changed routes, before anything is sent."""
    # No worker may send another document along a route that now compares.
    change_modes(session)
    follow_modes(session, routes_of(session, snapshot_of(session))[0])


def _refuse_whole(
    database: Database,
    tenant: int,
    unusable: UnusableRecord,
    given: tuple[int | None, Sequence[MasterChange]],
) -> Applied:
    connection_no, changes = given
    others = f"; with it {len(changes) - 1} other changes" if changes[1:] else ""
    problem = Problem(
        ProblemCode.MASTER_RECORD_INVALID,
        f"{unusable.kind} {unusable.record_id} was not taken over{others}:"
        f" {unusable.why}.",
        f"{unusable.remedy} Then send the changes again.",
        {"kind": unusable.kind, "id": unusable.record_id},
    )
    subject = _subject(connection_no, _culprit(unusable, changes))
    with database.tenant(tenant) as session:
        exceptions.open_items(session, [(subject, problem)], at=now())
    return Applied(0, 0, [Refusal(change, problem) for change in changes])


def _refuse_apart(
    database: Database,
    tenant: int,
    stopped: BookedElsewhere,
    given: tuple[int | None, Sequence[MasterChange]],
) -> Applied:
    """Refuse each record that names other books, and apply the rest of the page."""
    connection_no, changes = given
    refusals, rest = list[Refusal](), list(changes)
    for one in (stopped, *stopped.further):
        apart = [change for change in rest if _is_about(change, one)]
        rest = [change for change in rest if not _is_about(change, one)]
        if apart:
            refused = _refuse_whole(database, tenant, one, (connection_no, apart))
            refusals += refused.refusals
    if not refusals:
        return _refuse_whole(database, tenant, stopped, given)
    applied = change_master(
        database, tenant, rest, connection_no=connection_no, as_page=True
    )
    return Applied(applied.changed, applied.unchanged, [*refusals, *applied.refusals])


def _is_about(change: MasterChange, one: BookedElsewhere) -> bool:
    return change.kind == one.kind and (
        change.source_id in one.names or change.canonical_id in one.names
    )


def _culprit(unusable: UnusableRecord, changes: Sequence[MasterChange]) -> MasterChange:
    """Return the change of the record named, else the first of its kind or of all."""
    named = [
        change
        for change in changes
        if change.kind == unusable.kind
        and (change.canonical_id or change.source_id) == unusable.record_id
    ]
    of_kind = [change for change in changes if change.kind == unusable.kind]
    return (named or of_kind or changes)[0]


def _queue(
    session: Session,
    connection_no: int | None,
    changes: Sequence[MasterChange],
    applied: Applied,
) -> None:
    at = now()
    refused = {id(refusal.change) for refusal in applied.refusals}
    accepted = [change for change in changes if id(change) not in refused]
    exceptions.resolve_subjects(
        session,
        [_subject(connection_no, change) for change in accepted],
        resolution="accepted later",
        at=at,
    )
    exceptions.open_items(
        session,
        [
            (_subject(connection_no, refusal.change), refusal.problem)
            for refusal in applied.refusals
        ],
        at=at,
    )


def _subject(connection_no: int | None, change: MasterChange) -> Subject:
    id_ = readable(change.source_id)
    key = f"{connection_no or 0}/{readable(change.kind)}/{id_}"
    return Subject("master_record", key)
