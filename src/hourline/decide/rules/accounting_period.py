"""Rule: work for a closed month is booked on the first day of the next open one.

Where one entity's people work for another, each of the two books by its own months.
"""

import numpy as np

from hourline.decide.model import Batch, Case
from hourline.kernel.columns import Flags, Ints
from hourline.master.snapshot import NO_MONTH, Snapshot


def accounting_days(
    batch: Batch, entities: Ints, snapshot: Snapshot
) -> tuple[Ints, Ints]:
    """Return the accounting day of each entry in an entity's books, and its month."""
    return snapshot.columns.periods.accounting_days(entities, batch.day)


def period_closed(case: Case, _snapshot: Snapshot) -> Flags:
    """Say for whom no month is open within two years after the work date."""
    broken: Flags = case.masters.terms_known & (case.found.accounting_month == NO_MONTH)
    return broken | lender_closed(case)


def lender_closed(case: Case) -> Flags:
    """Say for whom the lending entity has no month open within two years."""
    broken = np.zeros(len(case.batch.day), dtype=np.bool_)
    lent = case.found.transfers.row
    broken[lent] = case.found.employer_month[lent] == NO_MONTH
    return broken
