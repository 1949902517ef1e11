"""Rule: an expense above the amount its entity states needs a receipt.

What counts is all that was paid, with its tax, in the currency of the entity's books
at the rate of the day it was spent. An expense that cannot be translated yet is not
asked for a receipt either.
"""

import numpy as np

from hourline.decide.model import Case
from hourline.kernel.columns import Flags
from hourline.master.snapshot import Snapshot


def receipt_missing(case: Case, snapshot: Snapshot) -> Flags:
    """Say which expenses cost more than their entity takes without a receipt."""
    expenses, stated = case.found.expenses, case.batch.entries.expenses
    broken: Flags = np.zeros(len(case.batch.day), dtype=np.bool_)
    if len(stated):
        entity_row = case.masters.entity_row[stated.row]
        paid = expenses.books_cost + expenses.input_tax
        above = paid > snapshot.columns.entities.receipts_above[entity_row]
        known = case.masters.terms_known[stated.row]
        broken[stated.row] = above & known & (stated.receipted == 0)
    return broken
