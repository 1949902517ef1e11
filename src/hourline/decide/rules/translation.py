"""Rule: an accrual is translated into the entity's currency at its accounting date.

The direct rate, else the exact inverse of the opposite one; never through a third.
Expenses find their rates by their own rule.
"""

import numpy as np

from hourline.decide.model import Batch, BillableTime, Case, Masters
from hourline.decide.rules.billable_time import is_sold
from hourline.kernel.columns import NOTHING, Flags, Ints, rows_where
from hourline.master.snapshot import NO_MONTH, Snapshot


def is_accrued(masters: Masters, time: BillableTime, snapshot: Snapshot) -> Flags:
    """Say which entries have time to bill on a line that accrues unbilled work."""
    return snapshot.columns.lines.accrues[masters.line_row] & (time.billable > 0)


def fx_needed(masters: Masters, time: BillableTime, snapshot: Snapshot) -> Flags:
    """Say whose accrual is in another currency than the contracting entity's."""
    books = snapshot.columns.entities.currency[masters.entity_row]
    foreign = masters.terms_known & (masters.currency != books)
    broken: Flags = foreign & is_accrued(masters, time, snapshot)
    return broken


def fx_found(
    batch: Batch,
    masters: Masters,
    *,
    time: BillableTime,
    accounting_days: Ints,
    snapshot: Snapshot,
) -> tuple[Ints, Ints, Ints]:
    """Return row and ratio of the rate of exchange; 1 where none is needed."""
    row = np.full(len(batch.day), NOTHING, dtype=np.int64)
    numerator, denominator = np.ones_like(row), np.ones_like(row)
    foreign = rows_where(fx_needed(masters, time, snapshot))
    if foreign.size:
        books = snapshot.columns.entities.currency[masters.entity_row[foreign]]
        found = snapshot.columns.fx.at(
            masters.currency[foreign], books, accounting_days[foreign]
        )
        row[foreign], numerator[foreign], denominator[foreign] = found
    return row, numerator, denominator


def accrual_lacks_rate(case: Case, snapshot: Snapshot) -> Flags:
    """Say whose accrual cannot be translated on an accounting date that is known."""
    broken: Flags = (
        fx_needed(case.masters, case.time, snapshot)
        & (case.found.fx_rate == NOTHING)
        & (case.found.days.accounting_month != NO_MONTH)
    )
    return broken


def fx_rate_not_found(case: Case, snapshot: Snapshot) -> Flags:
    """Say whose accrual cannot be translated, or something else that must be.

    An expense, and a cost that is a price, must be translated on its own date too, a
    cost and a transfer price on that of the resourcing entity.
    """
    broken = accrual_lacks_rate(case, snapshot)
    expenses = case.found.expenses
    if expenses.row.size:
        broken[expenses.row] = [bool(pairs) for pairs in expenses.lacks]
    costs = case.found.cost_exchange
    if costs.lacks:
        broken[list(costs.lacks)] = True
    transfers = case.found.transfers
    if transfers.row.size:
        broken[transfers.row] |= transfers.lacks_exchange
    by_cost = case.found.cost_plus
    if by_cost.row.size:
        sold = is_sold(case)[by_cost.row]
        broken[by_cost.row] |= (by_cost.source != NOTHING) & sold
    return broken
