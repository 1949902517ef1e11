"""Give up time of a portion before it is billed: its value and what it accrued.

Each part of a portion is worth its share to date, so that the parts always sum to the
whole; an accrual reverses by the seconds that are billed or given up, so that it is
reversed whole in any order, at exactly what was accrued.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hourline.billing.model import OpenItem
from hourline.billing.rules.accrual import reversed_between
from hourline.billing.rules.shares import share_to_date
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

    Items give in their order.
    """
    given = []
    left = seconds
    for item in items:
        taken = item.seconds if left is None else min(left, item.seconds)
        if taken:
            given.append(_given(item, taken, rounding, settled=item.seconds_settled))
        left = None if left is None else left - taken
    return None if left or not given else given


def leave_out(items: Iterable[OpenItem], rounding: Rounding) -> list[GivenUp]:
    """Return what an invoice leaves out of its items; what it bills comes before."""
    return [
        _given(
            item,
            item.seconds_left_out,
            rounding,
            settled=item.seconds_settled + item.seconds,
        )
        for item in items
        if item.seconds_left_out
    ]


def _given(
    item: OpenItem, seconds: int, rounding: Rounding, *, settled: int
) -> GivenUp:
    whole, before = item.value, item.seconds_given_up
    reversed_, reversed_entity = (
        reversed_between(
            accrued,
            item.seconds_total,
            before=settled,
            after=settled + seconds,
            rounding=rounding,
        )
        for accrued in (item.accrued, item.accrued_entity)
    )
    return GivenUp(
        item=item,
        seconds=seconds,
        amount=share_to_date(
            whole, before + seconds, item.seconds_total, rounding=rounding
        )
        - share_to_date(whole, before, item.seconds_total, rounding=rounding),
        reversed=reversed_,
        reversed_entity=reversed_entity,
    )
