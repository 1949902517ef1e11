"""Rule: work for another legal entity needs a transfer price; an expense does not."""

from hourline.decide.model import Case
from hourline.kernel.columns import Flags
from hourline.master.snapshot import Snapshot


def transfer_price_not_found(case: Case, _snapshot: Snapshot) -> Flags:
    """Say whose employer is not the contracting entity; there are no prices yet."""
    masters = case.masters
    broken: Flags = (
        masters.person_known
        & masters.terms_known
        & (masters.employer != masters.entity)
    )
    broken[case.batch.entries.expenses.row] = False
    return broken
