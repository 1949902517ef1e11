"""Rule: work that would be booked too late, or for too much late, waits for a person.

How many days after its day, and how much at all, the contracting entity says; what
counts are its own books.
"""

import numpy as np

from hourline.decide.model import Case
from hourline.decide.rules.accounting_period import booked_on, own_closed
from hourline.decide.rules.late_value import late_values
from hourline.kernel.columns import Flags, Ints, rows_where
from hourline.master.snapshot import Snapshot


def late_work(case: Case, snapshot: Snapshot) -> Flags:
    """Say which work is later, or more of it late, than its entity books by itself."""
    broken = too_old(case, snapshot)
    rows, _ = too_much(case, snapshot)
    broken[rows] = True
    return broken


def too_old(case: Case, snapshot: Snapshot) -> Flags:
    """Say which work is more days late than its entity books by itself."""
    most = snapshot.columns.entities.late_days_max[case.masters.entity_row]
    old: Flags = _is_late(case) & (_days_late(case) > most)
    return old


def too_much(case: Case, snapshot: Snapshot) -> tuple[Ints, Ints]:
    """Return the positions of late work of too much, and what each counts with."""
    entities, masters = snapshot.columns.entities, case.masters
    none = np.zeros(0, dtype=np.int64)
    if not (entities.late_amount_max >= 0).any():
        return none, none
    most = entities.late_amount_max[masters.entity_row]
    asked = _is_late(case) & (most >= 0) & masters.person_known & masters.project_known
    rows = rows_where(asked)
    if not rows.size:
        return none, none
    values = late_values(case, rows, snapshot)
    over = rows_where(values > most[rows])
    return rows[over], values[over]


def _days_late(case: Case) -> Ints:
    return booked_on(case) - case.batch.day


def _is_late(case: Case) -> Flags:
    booked = case.masters.terms_known & ~own_closed(case)
    late: Flags = booked & (_days_late(case) > 0)
    return late
