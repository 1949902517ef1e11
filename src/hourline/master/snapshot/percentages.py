"""Tell percentages that are a share of a whole, as tables may state them."""

from decimal import Decimal
from fractions import Fraction

WHOLE_PERCENT = 100
_DECIMALS_MAX = 2


def is_share(percent: Decimal) -> bool:
    """Tell whether a percentage is from 0 to 100 with at most 2 decimals."""
    exact = Fraction(percent)
    return 0 <= exact <= WHOLE_PERCENT and (exact * 10**_DECIMALS_MAX).denominator == 1
