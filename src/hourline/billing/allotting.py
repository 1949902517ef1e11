"""Allot the work of a contract anew, and post only what differs from before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hourline.billing.earning import earn_used
from hourline.billing.model_allotted import (
    NOT_ALLOTTED,
    NOTHING_BILLED,
    Allotted,
    PortionKey,
)
from hourline.billing.parties import booking_day
from hourline.billing.rules.allot import allot
from hourline.billing.rules.allot_amounts import part_amounts
from hourline.billing.store import QUERIES
from hourline.billing.store_allotments import (
    Allottable,
    Change,
    new_numbers,
    read_allottable,
    read_allotted,
    read_invoiced_work,
    record_changes,
)
from hourline.billing.store_customers import read_billed_to_customers
from hourline.billing.store_limits import read_days_taken
from hourline.infra.database import Session
from hourline.kernel.money import Rounding
from hourline.kernel.problems import Problem
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot


def lock_terms_to_use(session: Session) -> None:
    """Let limits and prepaid hours stay as they are until this transaction ends.

    Call it before the master data is read.
    """
    session.run(QUERIES["lock_terms_to_use"])


def lock_terms_to_change(session: Session) -> None:
    """Wait until no transaction allots by limits and prepaid hours as they were."""
    session.run(QUERIES["lock_terms_to_change"])


def allot_contract(
    session: Session, snapshot: Snapshot, contract_no: int
) -> Problem | None:
    """Allot the work of a contract anew; what is as before writes nothing.

    The caller holds the contract's lock. What accrued of work that is prepaid or over
    a limit now is taken back, on the entry's accounting date while its month is open;
    what became billable accrues again, both at exactly what was accrued. Returns the
    problem `period_closed` where no month is open to book a difference in.
    """
    found = read_allottable(session, contract_no)
    targets = {}
    terms = snapshot.allotting.get(contract_no)
    works = [one.work for one in found if not one.ended]
    if terms is not None and works:
        invoiced = read_invoiced_work(session, contract_no)
        rounding = snapshot.rounding(terms.entity_no)
        dated = [work.dated for work in works] if terms.span_caps else []
        days = read_days_taken(session, contract_no, dated)
        customers = (
            read_billed_to_customers(session, contract_no, _in_part(found))
            if terms.customer_caps
            else NOTHING_BILLED
        )
        allotted_now = allot(
            works, terms, invoiced, rounding, days=days, customers=customers
        )
        targets = {
            (work.entry_no, work.revision, work.part): allotted
            for work, allotted in allotted_now
        }
    return _post(session, snapshot, contract_no, (found, targets))


def _in_part(found: Sequence[Allottable]) -> list[PortionKey]:
    """Return the portions that are billed in part."""
    return [one.key for one in found if one.billed and not one.ended]


def free_entry(
    session: Session, snapshot: Snapshot, contract_no: int, entry_no: int
) -> Problem | None:
    """Let nothing of an entry be allotted, before a person decides of all of it.

    The caller allots the contract anew afterwards. Otherwise as `allot_contract`.
    """
    if contract_no not in snapshot.allotting:
        return None
    found = read_allottable(session, contract_no)
    own = [one for one in found if one.entry_no == entry_no]
    return _post(session, snapshot, contract_no, (own, {}))


def _post(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    wanted: tuple[Sequence[Allottable], Mapping[PortionKey, Allotted]],
) -> Problem | None:
    found, targets = wanted
    before = read_allotted(session, contract_no)
    shares = snapshot.shares(contract_no)
    changes = []
    for one in found:
        change = _change(
            replace(one, shared=bool(shares.on(one.dated))),
            before.get(one.key, NOT_ALLOTTED),
            targets.get(one.key, NOT_ALLOTTED),
            snapshot.rounding(one.entity_no),
        )
        if change is None:
            continue
        booked_on = booking_day(
            snapshot, one.entity_no, one.accounting_date, Subledger.WORK_IN_PROGRESS
        )
        if isinstance(booked_on, Problem):
            return booked_on
        changes.append(replace(change, accounting_date=booked_on))
    changes = _numbered(session, changes)
    if changes:
        record_changes(
            session,
            contract_no,
            changes,
            change_no=snapshot.change_no,
            entity_currencies={
                no: snapshot.entity(no).currency
                for no in {change.of.entity_no for change in changes}
            },
        )
    return earn_used(session, snapshot, contract_no, changes)


def _numbered(session: Session, changes: Sequence[Change]) -> list[Change]:
    """Return changes with numbers: hours are given back before they are used again."""
    ordered = sorted(
        changes,
        key=lambda one: (
            one.after.prepaid_seconds - one.before.prepaid_seconds,
            one.of.dated,
            one.of.key,
        ),
    )
    numbers = new_numbers(session, len(ordered))
    return [
        replace(change, allotment_no=number)
        for change, number in zip(ordered, numbers, strict=True)
    ]


def _change(
    one: Allottable, before: Allotted, after: Allotted, rounding: Rounding
) -> Change | None:
    amounts = part_amounts(one.work, after, rounding)
    as_before = (amounts.prepaid, amounts.over) == (one.amount_prepaid, one.amount_over)
    if before == after and as_before:
        return None
    settled = one.settled
    # A replaced revision has nothing accrued any more.
    accrual, accrual_entity = (
        (0, 0)
        if one.ended
        else one.accrual.reversed_between(
            settled + before.measure, settled + after.measure, rounding
        )
    )
    return Change(
        allotment_no=0,
        of=one,
        before=before,
        after=after,
        amounts=amounts,
        accrual=accrual,
        accrual_entity=accrual_entity,
        accounting_date=one.accounting_date,
    )
