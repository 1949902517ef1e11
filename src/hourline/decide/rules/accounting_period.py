"""Rule: work for a closed month is booked on the first day of the next open one."""

from hourline.decide.model import Batch, Case, Masters
from hourline.kernel.columns import Flags, Ints
from hourline.master.snapshot import NO_MONTH, Snapshot


def accounting_days(
    batch: Batch, masters: Masters, snapshot: Snapshot
) -> tuple[Ints, Ints]:
    """Return the accounting day of each entry and its month."""
    return snapshot.columns.periods.accounting_days(masters.entity, batch.day)


def period_closed(case: Case, _snapshot: Snapshot) -> Flags:
    """Say for whom no month is open within two years after the work date."""
    broken: Flags = case.masters.terms_known & (case.found.accounting_month == NO_MONTH)
    return broken
