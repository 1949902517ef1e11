"""Rule: where an entity says so, a price set by hand waits for somebody with the right.

The source says a price, not who may set it. Whoever may accepts it, with a reason; what
is decided again afterwards keeps it.
"""

import numpy as np

from hourline.decide.model import Case
from hourline.decide.rules.hand_price import is_by_hand
from hourline.kernel.columns import Flags
from hourline.master.snapshot import Snapshot


def price_not_accepted(case: Case, snapshot: Snapshot) -> Flags:
    """Say which entries have a price set by hand that nobody has accepted yet."""
    asked = snapshot.columns.entities.price_right
    if not asked.any():
        return np.zeros(len(case.batch.day), dtype=np.bool_)
    broken: Flags = (
        case.masters.terms_known
        & asked[case.masters.entity_row]
        & is_by_hand(case.batch.entries.price)
    )
    broken[case.batch.entries.expenses.row] = False
    return broken
