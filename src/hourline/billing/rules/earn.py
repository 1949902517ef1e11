"""Earn the price of a block of prepaid hours: by the hour, all of it at expiry.

What is earned to date is the share of the invoiced price that the used seconds are of
the block's, so that a block used up is earned whole, whatever the steps; what was never
invoiced is not earned yet.
"""

from hourline.billing.rules.shares import share_to_date
from hourline.kernel.money import Rounding


def earned_to_date(
    billed: int, used: int, seconds: int, *, expired: bool, rounding: Rounding
) -> int:
    """Return what is earned of a price so far, in its minor units."""
    if expired:
        return billed
    return share_to_date(billed, min(used, seconds), seconds, rounding=rounding)
