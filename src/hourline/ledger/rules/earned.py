"""Hold what a contract line has earned to date, with the figures it follows from."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """Hold what is earned in minor units, exactly, and all it was worked out from.

    `price` is what is earned by a share: the line's, after a restart what is left of
    it, of a fee that of the month which is running. `settled` needs no share:
    milestones reached, months that are over, what was earned at a restart. `done` is a
    part of `whole`: seconds, cost in minor units of the entity's currency, days,
    milestones; `done_before` was done at the restart that it counts from.
    """

    method: str
    price: int
    settled: int
    done: int
    whole: Decimal
    exact: Fraction
    done_before: int = 0
