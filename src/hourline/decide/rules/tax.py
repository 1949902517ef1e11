"""Rule: what is to be billed needs a tax rule where the firm has a tax table.

Rows are tried in order; the first that holds on the work date and whose given fields
all match wins. The work date is the tax point of time and expense; the service is that
of the contract line.
"""

import numpy as np

from hourline.decide.model import Batch, BillableTime, Case, Masters
from hourline.kernel.columns import NOTHING, Flags, Ints
from hourline.master.snapshot import Snapshot


def tax_rule_rows(
    batch: Batch, masters: Masters, *, time: BillableTime, snapshot: Snapshot
) -> Ints:
    """Return the row of the tax rule of what is to be billed, NOTHING elsewhere."""
    table = snapshot.columns.tax
    if not table.any_rules:
        return np.full(len(batch.day), NOTHING, dtype=np.int64)
    rows = table.at(
        (masters.entity_row, masters.customer_row, masters.line_row),
        (masters.line, masters.customer),
        batch.day,
    )
    return np.where(time.to_bill, rows, NOTHING)


def tax_not_determined(case: Case, snapshot: Snapshot) -> Flags:
    """Say who has something to bill that no row of the tax table matches."""
    if not snapshot.columns.tax.any_rules:
        return np.zeros(len(case.batch.day), dtype=np.bool_)
    broken: Flags = (
        case.time.to_bill & case.masters.terms_known & (case.found.tax_rule == NOTHING)
    )
    return broken
