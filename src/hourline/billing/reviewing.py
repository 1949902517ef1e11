"""Review work before it is billed: hold, postpone, release, write off, adjust it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.billing.allotting import free_entry
from hourline.billing.customers import marked_shared
from hourline.billing.leaving_over import leave_out_over
from hourline.billing.model import Assembled, AssembledLine, Because, OpenItem
from hourline.billing.parties import booking_day
from hourline.billing.refusals import exceeds_open
from hourline.billing.rules.give_up import give_up, leave_out
from hourline.billing.store import lock_contracts
from hourline.billing.store_documents import DocumentHead
from hourline.billing.store_reviews import (
    NamedEntry,
    Place,
    Standing,
    find_named,
    how_held,
    read_reviewable,
    read_standing,
    record_amount_by_hand,
    record_given_up,
    record_hold,
    record_release,
)
from hourline.infra.database import Session
from hourline.kernel.codes import ReviewAct
from hourline.kernel.problems import Problem
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot

__all__ = [
    "NamedEntry",
    "Reviewed",
    "find_named",
    "hold",
    "postpone",
    "record_by_hand",
    "record_left_out",
    "release",
    "write_off",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """Hold what a review did to an entry: seconds, and minor units of its currency.

    Held, postponed, released or written off; `changed` is false where the entry was so
    already. Currency and contract of None belong to an entry that is not decided.
    """

    entry_no: int
    changed: bool
    seconds: int
    amount: int
    currency: int | None
    contract_no: int | None = None
    accrual_reversed: int = 0


def hold(
    session: Session, snapshot: Snapshot, entry_no: int, because: Because
) -> Reviewed:
    """Take an entry out of billing until it is released; held again it stays held.

    What of it is not billed is held, in every revision it may get; it stays accrued.
    """
    standing = _locked(session, entry_no)
    changed = how_held(session, entry_no) is not ReviewAct.HOLD
    if changed:
        record_hold(session, entry_no, because, ReviewAct.HOLD)
    return _reviewed(session, snapshot, standing, entry_no, changed=changed)


def postpone(
    session: Session, snapshot: Snapshot, entry_no: int, because: Because
) -> Reviewed:
    """Leave an entry out of the next invoice of its contract, which ends it by itself.

    Until then it is held like any held entry. One that is postponed or held already
    stays so.
    """
    standing = _locked(session, entry_no)
    changed = how_held(session, entry_no) is None
    if changed:
        record_hold(session, entry_no, because, ReviewAct.POSTPONE)
    return _reviewed(session, snapshot, standing, entry_no, changed=changed)


def release(
    session: Session, snapshot: Snapshot, entry_no: int, because: Because
) -> Reviewed:
    """Put an entry that is held or postponed back into billing; any other stays."""
    standing = _locked(session, entry_no)
    changed = how_held(session, entry_no) is not None
    if changed:
        record_release(session, entry_no, because)
    return _reviewed(session, snapshot, standing, entry_no, changed=changed)


def write_off(
    session: Session,
    snapshot: Snapshot,
    entry_no: int,
    because: Because,
    *,
    seconds: int | None = None,
) -> Reviewed | Problem:
    """Give work up before it is billed, all that is not billed by default.

    Its accrual is reversed at exactly what was accrued, its cost stays. Held work can
    be written off as well. Returns the problem `review_exceeds_open` where so much is
    not there, `period_closed` where no month is open to book the reversal in.
    """
    standing = _locked(session, entry_no)
    if standing is None:
        return exceeds_open(session, entry_no, seconds)
    # What is prepaid or over a limit can be given up too; the rest is allotted anew.
    given = give_up(
        marked_shared(
            snapshot,
            standing.contract_no,
            read_reviewable(session, standing, freed=True),
        ),
        seconds,
        snapshot.rounding(standing.entity_no),
    )
    if given is None:
        return exceeds_open(session, entry_no, seconds)
    # A reversal is booked where its accrual is, while that month is open.
    booked_on = booking_day(
        snapshot,
        standing.entity_no,
        standing.accounting_date,
        Subledger.WORK_IN_PROGRESS,
    )
    if isinstance(booked_on, Problem):
        return booked_on
    freed = free_entry(session, snapshot, standing.contract_no, entry_no)
    if isinstance(freed, Problem):
        return freed
    place = _place(snapshot, standing, booked_on)
    record_given_up(session, given, place, because)
    return Reviewed(
        entry_no=entry_no,
        changed=True,
        seconds=sum(one.seconds for one in given),
        amount=sum(one.amount for one in given),
        currency=standing.currency,
        contract_no=standing.contract_no,
        accrual_reversed=sum(one.reversed for one in given),
    )


def record_left_out(
    session: Session, snapshot: Snapshot, assembled: Assembled, head: DocumentHead
) -> None:
    """Record what a bill leaves out: it becomes non-billable and accrues no longer.

    So does what of an entry adjusted by hours is over a limit. `head` is of the
    invoice, the first of those to several customers.
    """
    because = _reasons(assembled)
    place = Place(
        entity_no=head.entity_no,
        entity_currency=head.entity_currency,
        contract_no=head.contract_no,
        currency=head.currency,
        accounting_date=head.accrual_date,
        document_date=head.invoice_date,
    )
    left_out = marked_shared(snapshot, head.contract_no, assembled.left_out)
    for one in leave_out(left_out, snapshot.rounding(head.entity_no)):
        record_given_up(
            session,
            [one],
            place,
            because[_entry_no(one.item)],
            document_no=head.document_no,
        )
    leave_out_over(session, snapshot, assembled, head=head, place=place)


def record_by_hand(
    session: Session,
    assembled: Assembled,
    lines: Sequence[AssembledLine],
    *,
    document_no: int,
) -> None:
    """Record the amounts of an invoice's lines that were set by hand."""
    because = _reasons(assembled)
    for line in lines:
        if line.net_at_rate is not None:
            record_amount_by_hand(
                session,
                line.item,
                line.net - line.net_at_rate,
                because[_entry_no(line.item)],
                document_no=document_no,
            )


def _reasons(assembled: Assembled) -> dict[int, Because]:
    return {one.entry_no: one.because for one in assembled.terms.adjustments}


def _entry_no(item: OpenItem) -> int:
    if item.entry_no is None:
        raise ValueError(f"milestone {item.milestone} cannot be adjusted")
    return item.entry_no


def _locked(session: Session, entry_no: int) -> Standing | None:
    """Return where an entry stands, with its contract locked.

    A correction may move it to another contract meanwhile, so it is read again.
    """
    standing = read_standing(session, entry_no)
    while standing is not None:
        lock_contracts(session, [standing.contract_no])
        again = read_standing(session, entry_no)
        if again is None or again.contract_no == standing.contract_no:
            return again
        standing = again
    return None


def _reviewed(
    session: Session,
    snapshot: Snapshot,
    standing: Standing | None,
    entry_no: int,
    *,
    changed: bool,
) -> Reviewed:
    if standing is None:
        return Reviewed(
            entry_no=entry_no, changed=changed, seconds=0, amount=0, currency=None
        )
    given = give_up(
        read_reviewable(session, standing), None, snapshot.rounding(standing.entity_no)
    )
    return Reviewed(
        entry_no=entry_no,
        changed=changed,
        seconds=sum(one.seconds for one in given or ()),
        amount=sum(one.amount for one in given or ()),
        currency=standing.currency,
        contract_no=standing.contract_no,
    )


def _place(snapshot: Snapshot, standing: Standing, booked_on: date) -> Place:
    return Place(
        entity_no=standing.entity_no,
        entity_currency=snapshot.entity(standing.entity_no).currency,
        contract_no=standing.contract_no,
        currency=standing.currency,
        accounting_date=booked_on,
        document_date=standing.work_date,
    )
