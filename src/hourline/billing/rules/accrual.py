"""Reverse an accrual at exactly what was accrued, in step with what is billed."""

from hourline.billing.rules.shares import share_to_date
from hourline.kernel.money import Rounding


def reversed_between(
    accrued: int,
    measure: int,
    *,
    before: int,
    after: int,
    rounding: Rounding,
) -> int:
    """Return how much accrual is reversed when what is billed goes to `after`.

    Time is measured in seconds, an expense in its units. What is reversed to date
    depends only on what is billed to date. Billing a
    portion in any number of steps reverses its accrual whole, and a credit gives back
    (a negative result) what the invoice had taken. Serves the amount in the currency
    of the contract and, with the rate it was accrued at, the one in the entity's.
    """
    return share_to_date(accrued, after, measure, rounding=rounding) - share_to_date(
        accrued, before, measure, rounding=rounding
    )
