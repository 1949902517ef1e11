"""Rule: how much input tax of an expense is recovered, where its source is silent.

What is recovered follows what the expense is for: the first row of the tax table that
matches the sale on the day of the expense may say it, in percent, whether or not the
expense is billed. Where no row does, all of it is recovered.
"""

from dataclasses import replace

import numpy as np

from hourline.decide.model import Batch, Masters
from hourline.kernel.columns import NOTHING, Ints
from hourline.kernel.quantity import WHOLE_PPM
from hourline.master.snapshot import Snapshot


def recovered_by_rule(
    batch: Batch, masters: Masters, snapshot: Snapshot
) -> tuple[Batch, Ints]:
    """Return the batch with the tax that is recovered, rounded half up, and by whom.

    That is a row of the tax table for each expense, NOTHING where none says it.
    """
    expenses, table = batch.entries.expenses, snapshot.columns.tax
    if table.recovered_ppm is None or not len(expenses):
        return batch, np.full(len(expenses), NOTHING, dtype=np.int64)
    row = expenses.row
    rule = table.at(
        (masters.entity_row[row], masters.customer_row[row], masters.line_row[row]),
        (masters.line[row], masters.customer[row]),
        batch.day[row],
    )
    ppm = table.recovered_ppm[rule]
    by_rule = (expenses.by_rule == 1) & (expenses.tax > 0) & (ppm != NOTHING)
    recovered = (2 * expenses.tax * ppm + WHOLE_PPM) // (2 * WHOLE_PPM)
    tax = np.where(by_rule, recovered, expenses.tax)
    entries = replace(batch.entries, expenses=replace(expenses, tax=tax))
    return replace(batch, entries=entries), np.where(by_rule, rule, NOTHING)
