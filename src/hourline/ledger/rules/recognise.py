"""Rule: what is earned to date less what was recognised before is new revenue.

It consumes the contract's liability before it builds the asset; falling revenue
reduces the asset before it builds the liability. The lines of a contract do so one
after the other, over one position.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hourline.kernel.carried_position import (
    CarriedPosition,
    PositionMove,
    lower_position,
    raise_position,
)
from hourline.kernel.money import Rounding, round_fraction, round_ratio
from hourline.ledger.rules.earned import Earned


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEarned:
    """Hold what a line earned to date and what was recognised of it before.

    Amounts are minor units, `recognised_entity` of the entity's currency. What
    other books or plain invoices had made revenue of the line is `booked_elsewhere`.
    """

    contract_line_no: int
    earned: Earned
    recognised: int
    recognised_entity: int
    booked_elsewhere: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevenue:
    """Hold what is new of a line, below zero where revenue falls, and what it moves.

    `earned` is rounded, `amount` and `entity_amount` are what is new of it.
    """

    line: LineEarned
    earned: int
    amount: int
    move: PositionMove

    @property
    def entity_amount(self) -> int:
        """Return what is new in the entity's currency."""
        sign = 1 if self.amount >= 0 else -1
        return sign * self.move.entity_amount


def recognise(
    lines: Iterable[LineEarned],
    position: CarriedPosition,
    translate: Callable[[int], int],
    rounding: Rounding,
) -> list[NewRevenue]:
    """Return what is new of the lines of a contract, in their order.

    `translate` gives minor units of the entity's currency on the accounting date; a new
    asset asks for it. Falling revenue that builds the liability does so at the
    rate at which the line's revenue was recognised.
    """
    found = []
    for line in lines:
        earned = round_fraction(line.earned.exact, rounding)
        amount = earned - line.recognised - line.booked_elsewhere
        if amount >= 0:
            move = lower_position(position, amount, translate, rounding)
        else:
            # What was only booked elsewhere has no rate here but the day's.
            own = line.recognised > 0
            back = _as_recognised(line, rounding) if own else translate
            move = raise_position(position, -amount, back, rounding)
        position = move.after
        found.append(NewRevenue(line=line, earned=earned, amount=amount, move=move))
    return found


def _as_recognised(line: LineEarned, rounding: Rounding) -> Callable[[int], int]:
    def translate(amount: int) -> int:
        share = amount * line.recognised_entity
        return round_ratio(share, line.recognised, rounding)

    return translate
