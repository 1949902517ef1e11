"""Rule: late work counts with what it sells for or what it costs, whichever is more.

Both are in the contracting entity's currency. What sells is the billable part at its
price, rounded as the portion is and translated at the accounting date as an accrual is,
whether the line accrues or not. The cost is that of the entity's own people, of work
that another entity lends it the transfer price, of an expense what it costs without the
input tax that is recovered. What has no rate of exchange counts with the other figure.
"""

import numpy as np

from hourline.decide.model import Case
from hourline.decide.rules.cost import costs
from hourline.decide.rules.portions import portions_of
from hourline.kernel.codes import Fate
from hourline.kernel.columns import NOTHING, Ints, rows_where
from hourline.kernel.money import round_ratios
from hourline.master.snapshot import Snapshot


def late_values(case: Case, entry: Ints, snapshot: Snapshot) -> Ints:
    """Return what entries, by rising position, count with, in minor units."""
    values: Ints = np.maximum(
        _sales(case, entry, snapshot), _costs(case, entry, snapshot)
    )
    return values


def _sales(case: Case, entry: Ints, snapshot: Snapshot) -> Ints:
    portions = portions_of(case, entry, snapshot)
    sold = rows_where(portions.fate == Fate.BILLABLE)
    amount = np.zeros(len(case.batch.day), dtype=np.int64)
    amount[portions.entry[sold]] = portions.amount[sold]
    entity_row = case.masters.entity_row[entry]
    entities, currency = snapshot.columns.entities, case.masters.currency[entry]
    books = entities.currency[entity_row]
    row, up, down = snapshot.columns.fx.at(
        currency, books, case.found.days.accounting_day[entry]
    )
    same, known = currency == books, row != NOTHING
    return round_ratios(
        amount[entry] * np.where(same, 1, np.where(known, up, 0)),
        np.where(same | ~known, 1, down),
        entities.rounding[entity_row],
    )


def _costs(case: Case, entry: Ints, snapshot: Snapshot) -> Ints:
    found, masters = case.found, case.masters
    cost = np.zeros(len(case.batch.day), dtype=np.int64)
    own = entry[masters.resourcing[entry] == masters.entity[entry]]
    cost[own] = costs(case, own, snapshot)
    cost[found.transfers.row] = np.maximum(found.transfers.borrower_amount, 0)
    if found.cost_exchange.lacks:
        cost[list(found.cost_exchange.lacks)] = 0
    cost[found.expenses.row] = found.expenses.books_cost
    return cost[entry]
