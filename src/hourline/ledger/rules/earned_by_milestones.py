"""Rules: a milestone is earned when reached, or all with the last one."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction

from hourline.ledger.rules.earned import Earned


def earned_by_milestones(
    price: int, reached: Mapping[str, int], *, listed: Collection[str]
) -> Earned:
    """Return the amounts, in minor units, of the milestones that are reached."""
    settled = sum(reached.values())
    return Earned(
        method="milestone",
        price=price,
        settled=settled,
        done=len(reached),
        whole=Decimal(len(listed)),
        exact=Fraction(settled),
    )


def earned_when_completed(
    price: int, reached: Mapping[str, int], *, listed: Collection[str]
) -> Earned:
    """Return the whole price once every milestone listed is reached, else nothing."""
    done = sum(milestone in reached for milestone in listed)
    return Earned(
        method="completed",
        price=price,
        settled=0,
        done=done,
        whole=Decimal(len(listed)),
        exact=Fraction(price if done == len(listed) else 0),
    )
