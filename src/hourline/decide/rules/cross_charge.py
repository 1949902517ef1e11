"""Rule: a department charges another of its entity for the work of its people.

Departments are cost centres, as they are on the work date: the person's charges the
project's, where they differ and a row of the entity matches. A row that names both
comes before one that names the person's, then the project's, then neither. Worked time
is charged, on every kind of contract line, at the cost rate with its hour type's
factor, or at the row's price; rounded once, by the entity's policy. An expense has no
charge, and neither has work of another entity's people: that has a transfer price.
"""

import numpy as np

from hourline.decide.model import Case
from hourline.decide.model_charges import NO_CROSS_CHARGES, CrossCharged
from hourline.decide.rules.cost import second_costs
from hourline.kernel.columns import NOTHING, Ints, rows_where
from hourline.kernel.money import minor_per_major
from hourline.kernel.quantity import HOUR_SECONDS
from hourline.kernel.ratios import Ratios, ratios
from hourline.master.snapshot import Snapshot


def cross_charges_found(case: Case, snapshot: Snapshot) -> CrossCharged:
    """Return the charges of a batch, of entries that are accepted or not."""
    table, masters = snapshot.columns.cross_charges, case.masters
    if table.is_empty:
        return NO_CROSS_CHARGES
    own = snapshot.columns.people.cost_centre[masters.person_row]
    theirs = snapshot.columns.projects.cost_centre[masters.project_row]
    crossing = (
        masters.person_known
        & masters.terms_known
        & (masters.resourcing == masters.entity)
        & (own != theirs)
        & (own != NOTHING)
        & (theirs != NOTHING)
    )
    crossing[case.batch.entries.expenses.row] = False
    row = rows_where(crossing)
    columns = {
        "entity": masters.entity[row],
        "person_cost_centre": own[row],
        "project_cost_centre": theirs[row],
    }
    terms = table.at(columns, case.batch.day[row])
    row, terms = row[terms != NOTHING], terms[terms != NOTHING]
    return CrossCharged(
        row, terms, own[row], theirs[row], _amounts(case, row, terms, snapshot)
    )


def _amounts(case: Case, row: Ints, terms: Ints, snapshot: Snapshot) -> Ints:
    """Return what is charged; what leaves 64 bits on the way is reckoned without."""
    roundings = snapshot.columns.entities.rounding[case.masters.entity_row[row]]
    exact = _exact(case, row, terms, snapshot, bounded=True)
    amounts = exact.rounded(roundings)
    beyond = rows_where(~exact.exact)
    if beyond.size:
        again = _exact(case, row[beyond], terms[beyond], snapshot, bounded=False)
        amounts[beyond] = again.rounded(roundings[beyond]).astype(np.int64)
    return amounts


def _exact(
    case: Case, row: Ints, terms: Ints, snapshot: Snapshot, *, bounded: bool
) -> Ratios:
    tables = snapshot.columns
    books = tables.entities.currency[case.masters.entity_row[row]]

    def column(numerator: Ints, denominator: Ints | int = 1) -> Ratios:
        return ratios(numerator, denominator, bounded=bounded)

    table = tables.cross_charges
    weight = table.cost_weight[0][terms], table.cost_weight[1][terms]
    cost = second_costs(case, row, snapshot, bounded=bounded).times(column(*weight))
    per_second = (
        column(table.money[0][terms], table.money[1][terms])
        .times(column(minor_per_major(books), HOUR_SECONDS))
        .plus_at(np.arange(len(row)), cost)
    )
    return per_second.times(column(case.batch.worked[row]))
