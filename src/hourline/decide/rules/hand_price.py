"""Rule: a price set by hand prices an entry, above every rate row and without factor.

It is that of an hour, in the contract's currency.
"""

import numpy as np

from hourline.decide.model import Case
from hourline.kernel.columns import Flags, Ints, rows_where
from hourline.kernel.entries import NOT_STATED
from hourline.kernel.money import minor_per_major
from hourline.kernel.quantity import HOUR_SECONDS, PRICE_SCALE, reduced_columns

Prices = tuple[Ints, Ints, tuple[Ints, Ints]]


def is_by_hand(price: Ints) -> Flags:
    """Say which entries have a price set by hand."""
    stated: Flags = price != NOT_STATED
    return stated


def by_hand(case: Case, entry: Ints, prices: Prices) -> Prices:
    """Return the prices of entries, those set by hand in place of the others.

    Entries are positions in the batch; a price is as `bill_rate.prices` gives it.
    """
    stated = case.batch.entries.price[entry]
    set_ = rows_where(is_by_hand(stated))
    if not set_.size:
        return prices
    amount, seconds, (numerator, denominator) = prices
    # A ten-thousandth of the currency is so many ten-thousandths of its minor unit.
    amount[set_] = stated[set_] * minor_per_major(case.masters.currency[entry[set_]])
    seconds[set_] = HOUR_SECONDS
    numerator[set_], denominator[set_] = reduced_columns(
        amount[set_], np.full_like(set_, HOUR_SECONDS * PRICE_SCALE)
    )
    return amount, seconds, (numerator, denominator)
