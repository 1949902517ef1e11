"""Rule: the most specific bill rate that holds on the work date prices an entry.

Rows are in the contract's currency. The narrower scope wins: contract line, contract,
project, customer, contracting entity, standard card; within a scope a row that names
the person, then the role, then the activity. A blended row of the contract line, then
of the contract, comes before them all, and its price knows no hour type's factor.
Only time to bill needs a rate, and time whose transfer price starts from it; none whose
price is set by hand or by cost, no expense.
"""

from collections.abc import Mapping

import numpy as np

from hourline.decide.model import Batch, Case, Masters
from hourline.decide.rules.billable_time import is_sold
from hourline.decide.rules.cost_plus import is_cost_plus
from hourline.decide.rules.hand_price import is_by_hand
from hourline.kernel.columns import NOTHING, Flags, Ints, rows_where
from hourline.kernel.quantity import reduced_columns, times_columns
from hourline.master.snapshot import Snapshot


def bill_rate_rows(batch: Batch, masters: Masters, snapshot: Snapshot) -> Ints:
    """Return the row of the rate card per entry, NOTHING where none matches."""
    card = snapshot.columns.bill_rates
    columns = _matched_columns(batch, masters, snapshot)
    rows = np.full(len(batch.day), NOTHING, dtype=np.int64)
    priced = (
        masters.person_known & masters.terms_known & ~is_by_hand(batch.entries.price)
    )
    priced[batch.entries.expenses.row] = False
    priced &= ~is_cost_plus(masters, snapshot)
    still_open = rows_where(priced)
    for level in card.levels:
        names = (*((level.scope,) if level.scope else ()), *level.dimensions)
        found = level.at(
            [
                *(columns[name][still_open] for name in names),
                columns["currency"][still_open],
            ],
            batch.day[still_open],
        )
        rows[still_open] = found
        still_open = still_open[found == NOTHING]
        if not still_open.size:
            break
    return rows


def roles_of(batch: Batch, masters: Masters, snapshot: Snapshot) -> Ints:
    """Return the role of each entry: the stated one, else the person's that day."""
    own = snapshot.columns.people.role[masters.person_row]
    return np.where(batch.role == NOTHING, own, batch.role)


def _matched_columns(
    batch: Batch, masters: Masters, snapshot: Snapshot
) -> Mapping[str, Ints]:
    return {
        "contract_line": masters.line,
        "contract": masters.contract,
        "project": batch.project,
        "customer": masters.customer,
        "entity": masters.entity,
        "person": batch.person,
        "role": roles_of(batch, masters, snapshot),
        "activity": batch.activity,
        "currency": snapshot.columns.bill_rates.currency_index[masters.currency],
    }


def price_not_found(case: Case, _snapshot: Snapshot) -> Flags:
    """Say who has time to bill and no rate; a missing price is never taken as 0.

    Also time that is not billed where the transfer price starts from the bill rate.
    """
    priced = case.found.bill_rate != NOTHING
    by_cost = case.found.cost_plus
    # What only lacks a rate of exchange says so itself.
    priced[by_cost.row] = (by_cost.price != NOTHING) | (by_cost.source != NOTHING)
    broken: Flags = (
        is_sold(case)
        & case.masters.person_known
        & case.masters.terms_known
        & ~priced
        & ~is_by_hand(case.batch.entries.price)
    )
    transfers = case.found.transfers
    broken[transfers.row] |= transfers.lacks_bill_rate
    return broken


def prices(
    rows: Ints, hour_type_rows: Ints, snapshot: Snapshot
) -> tuple[Ints, Ints, tuple[Ints, Ints]]:
    """Return amount, seconds and exact worth per second, times the bill factor.

    A blended price stands in place of one with its factor.
    """
    card, factors = snapshot.columns.bill_rates, snapshot.columns.hour_types
    amount, seconds = card.amount[rows], card.seconds[rows]
    numerator, denominator = card.numerator[rows], card.denominator[rows]
    up = factors.bill_numerator[hour_type_rows]
    down = factors.bill_denominator[hour_type_rows]
    changed = rows_where(up != down)
    changed = changed[~card.blended[rows[changed]]]
    if changed.size:
        factor = up[changed], down[changed]
        amount[changed], seconds[changed] = times_columns(
            amount[changed], seconds[changed], factor
        )
        numerator[changed], denominator[changed] = reduced_columns(
            numerator[changed] * factor[0], denominator[changed] * factor[1]
        )
    return amount, seconds, (numerator, denominator)
