"""Give up work of a portion before it is billed: its value and what it accrued.

What is given up is worth its own value at the bill rate, rounded once; what of the
accrual stays is the value of what is still open, so that all of it is reversed in any
order, at exactly what was accrued.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from hourline.billing.model import OpenItem
from hourline.billing.rules.shares import value_of_part
from hourline.kernel.money import Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """Hold what is given up of one portion; amounts are minor units.

    `amount` is the value at the bill rate, `reversed` and `reversed_entity` what it
    accrued, in the currency of the contract and in the entity's.
    """

    item: OpenItem
    seconds: int
    amount: int
    reversed: int
    reversed_entity: int


def give_up(
    items: Iterable[OpenItem], seconds: int | None, rounding: Rounding
) -> list[GivenUp] | None:
    """Return what of unbilled items is given up, all by default; None if too much.

    Items give in their order; an expense has no seconds, so it gives all or nothing.
    """
    given = []
    left = seconds
    for item in items:
        taken = item.measure if left is None else min(left, item.seconds)
        if taken:
            given.append(_given(item, taken, rounding, settled=item.settled[0]))
        left = None if left is None else left - taken
    return None if left or not given else given


def leave_out(items: Iterable[OpenItem], rounding: Rounding) -> list[GivenUp]:
    """Return what an invoice leaves out of its items; what it bills comes before."""
    return [
        _given(
            item,
            item.seconds_left_out,
            rounding,
            settled=item.settled[1] - item.seconds_left_out,
        )
        for item in items
        if item.seconds_left_out
    ]


def _given(
    item: OpenItem, taken: int, rounding: Rounding, *, settled: Fraction | int
) -> GivenUp:
    reversed_, reversed_entity = item.accrual.reversed_between(
        settled, settled + taken, rounding
    )
    size = item.settled[1]
    return GivenUp(
        item=item,
        seconds=0 if item.units_total else taken,
        amount=value_of_part(item.value, item.worth, taken, size, rounding=rounding),
        reversed=reversed_,
        reversed_entity=reversed_entity,
    )
