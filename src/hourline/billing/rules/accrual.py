"""Reverse an accrual at exactly what was accrued, in step with what is billed."""

from fractions import Fraction

from hourline.billing.rules.shares import share_to_date
from hourline.kernel.money import Rounding


def reversed_between(
    accrued: int,
    whole: int,
    *,
    before: Fraction | int,
    after: Fraction | int,
    rounding: Rounding,
) -> int:
    """Return how much accrual is reversed when what is billed of a whole goes on.

    Both are seconds, of an expense units, of an amount money; a part that only some
    customers were billed counts by their shares. What is reversed to date
    depends only on what is billed to date. Billing a
    portion in any number of steps reverses its accrual whole, and a credit gives back
    (a negative result) what the invoice had taken. Serves the amount in the currency
    of the contract and, with the rate it was accrued at, the one in the entity's.
    """
    if accrued == 0:
        return 0
    return share_to_date(accrued, after, whole, rounding=rounding) - share_to_date(
        accrued, before, whole, rounding=rounding
    )
