"""Rule: work that would be booked too many days after it was done waits for a person.

How many are too many, the contracting entity says; what counts are its own books.
"""

from hourline.decide.model import Case
from hourline.kernel.columns import Flags
from hourline.master.snapshot import NO_MONTH, Snapshot


def late_work(case: Case, snapshot: Snapshot) -> Flags:
    """Say which work is later than its entity books by itself."""
    found, masters = case.found, case.masters
    days_late = found.accounting_day - case.batch.day
    most = snapshot.columns.entities.late_days_max[masters.entity_row]
    booked = masters.terms_known & (found.accounting_month != NO_MONTH)
    too_late: Flags = booked & (days_late > 0) & (days_late > most)
    return too_late
