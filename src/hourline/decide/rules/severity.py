"""Rule: what a firm lets pass with a warning is accepted, and a person sees it.

Rows of table validation_severity say it by contracting entity, on the work date. An
entry that breaks another rule too is refused for all of them.
"""

import numpy as np

from hourline.decide.model import REPORTED, Case
from hourline.kernel.columns import Ints
from hourline.master.snapshot import Snapshot


def weighed(broken: Ints, case: Case, snapshot: Snapshot) -> tuple[Ints, Ints]:
    """Return what each entry is refused for and what it is warned of, as masks.

    Bits stand for the codes of REPORTED; an entry has one or the other.
    """
    severities = snapshot.columns.severities
    if not severities.by_code or not broken.any():
        return broken, np.zeros_like(broken)
    passing = np.zeros_like(broken)
    for bit, code in enumerate(REPORTED):
        warns = severities.warns(code, case.masters.entity, case.batch.day)
        passing |= warns.astype(np.int64) << bit
    accepted = broken & ~passing == 0
    return np.where(accepted, 0, broken), np.where(accepted, broken, 0)
