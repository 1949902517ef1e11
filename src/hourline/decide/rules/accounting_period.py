"""Rule: work for a closed month is booked on the first day of the next open one.

Where one entity's people work for another, each of the two books by its own months;
and where an entity closes months of a subledger apart, each line by its own.
"""

from dataclasses import replace

import numpy as np

from hourline.decide.model import Batch, BookingDays, Case, Masters
from hourline.kernel.columns import NOTHING, Flags, Ints
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import NO_MONTH, Snapshot


def booking_days(batch: Batch, masters: Masters, snapshot: Snapshot) -> BookingDays:
    """Return the day of each entry, and its month, in every subledger it is booked."""
    periods, day = snapshot.columns.periods, batch.day
    own = periods.accounting_days(masters.entity, day, Subledger.WORK_IN_PROGRESS)
    cost = own
    if _differ(snapshot, Subledger.WORK_IN_PROGRESS, Subledger.COSTS):
        cost = periods.accounting_days(masters.entity, day, Subledger.COSTS)
    resourcing = cost
    if (masters.resourcing != masters.entity).any():
        resourcing = periods.accounting_days(masters.resourcing, day, Subledger.COSTS)
    lending = resourcing
    if _differ(snapshot, Subledger.COSTS, Subledger.INTERCOMPANY):
        lending = periods.accounting_days(
            masters.resourcing, day, Subledger.INTERCOMPANY
        )
    return BookingDays(*own, *cost, *resourcing, *lending)


def as_booked(own: Ints, lending: Ints) -> BookingDays:
    """Return the days entries were booked on before, whatever is closed since.

    `own` is the contracting entity's, `lending` the lender's, NOTHING where nobody was
    lent. A subledger that closes its own months is taken to have booked with the rest.
    """
    months = _months(own)
    theirs = np.where(lending == NOTHING, own, lending)
    there = theirs, _months(theirs)
    return BookingDays(own, months, own, months, *there, *there)


def as_recosted(booked: BookingDays, days: Ints) -> BookingDays:
    """Return the days with those on which corrected costs stand; NOTHING for none.

    These are the very `booked` days where no cost was corrected.
    """
    if (days == NOTHING).all():
        return booked
    stands = np.where(days == NOTHING, booked.resourcing_day, days)
    return replace(booked, resourcing_day=stands, resourcing_month=_months(stands))


def _months(days: Ints) -> Ints:
    months: Ints = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def _differ(snapshot: Snapshot, *ledgers: Subledger) -> bool:
    """Say whether one of some subledgers has a calendar of its own."""
    return any(snapshot.columns.periods.is_apart(ledger) for ledger in ledgers)


def booked_on(case: Case) -> Ints:
    """Return the last day on which the contracting entity books something of entries.

    It is behind the day of the work where the work is late.
    """
    days = case.found.days
    # Most firms close no subledger apart, and then it is one column.
    if days.cost_day is days.accounting_day:
        return days.accounting_day
    last: Ints = np.maximum(days.accounting_day, days.cost_day)
    return last


def own_closed(case: Case) -> Flags:
    """Say for whom the contracting entity has no month open within two years."""
    days = case.found.days
    broken: Flags = days.accounting_month == NO_MONTH
    if days.cost_month is not days.accounting_month:
        broken |= days.cost_month == NO_MONTH
    return broken


def period_closed(case: Case, _snapshot: Snapshot) -> Flags:
    """Say for whom no month is open within two years after the work date."""
    broken: Flags = case.masters.terms_known & own_closed(case)
    return broken | lender_closed(case)


def lender_closed(case: Case) -> Flags:
    """Say for whom the lending entity has no month open within two years."""
    broken = np.zeros(len(case.batch.day), dtype=np.bool_)
    lent, days = case.found.transfers.row, case.found.days
    broken[lent] = (days.resourcing_month[lent] == NO_MONTH) | (
        days.lending_month[lent] == NO_MONTH
    )
    return broken
