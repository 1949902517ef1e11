"""Rule: an hour type that is stated must be known on the work date.

An expense has none.
"""

from hourline.decide.model import Case
from hourline.kernel.columns import NOTHING, Flags
from hourline.master.snapshot import Snapshot


def hour_type_not_known(case: Case, _snapshot: Snapshot) -> Flags:
    """Say whose hour type is not known; none stated means regular hours."""
    stated = case.batch.hour_type
    broken: Flags = (stated < NOTHING) | (
        (stated > NOTHING) & (case.masters.hour_type_row == NOTHING)
    )
    broken[case.batch.entries.expenses.row] = False
    return broken
