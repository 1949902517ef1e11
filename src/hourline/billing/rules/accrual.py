"""Reverse an accrual in step with the work: what stays is the value of what is open."""

from dataclasses import dataclass
from fractions import Fraction

from hourline.billing.rules.shares import share_to_date, value_of_part
from hourline.kernel.money import Rounding, round_fraction
from hourline.kernel.quantity import value_of


def worth_of_time(
    seconds: int, *, rate_amount: int, rate_seconds: int
) -> Fraction | None:
    """Return the exact worth of the time of a portion; None of what has no time."""
    if seconds == 0:
        return None
    return value_of(seconds, rate_amount=rate_amount, rate_seconds=rate_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """Hold what the whole of a portion or an opening amount accrued, in minor units.

    `amount` is in the currency of the contract, `entity` in the entity's at the rate
    of the accrual. `whole` is seconds, of an expense units, of an amount money; it is
    worth `exact`, which is None where nothing but the amount says what it is worth.
    What is `shared` among customers is split by amount, of which each has a part.
    """

    amount: int
    entity: int
    whole: int
    exact: Fraction | None = None
    shared: bool = False

    def left(self, settled: Fraction | int, rounding: Rounding) -> tuple[int, int]:
        """Return what is accrued where so much is billed, given up or allotted.

        It is what is open, rounded once, as the next invoice would have it; in the
        currency of the contract, and in the entity's.
        """
        if settled == 0:
            return self.amount, self.entity
        if self.amount == 0 or settled == self.whole:
            return 0, 0
        if self.shared:
            gone, gone_entity = (
                share_to_date(accrued, settled, self.whole, rounding=rounding)
                for accrued in (self.amount, self.entity)
            )
            return self.amount - gone, self.entity - gone_entity
        left = value_of_part(
            self.amount, self.exact, self.whole - settled, self.whole, rounding=rounding
        )
        return left, round_fraction(Fraction(left * self.entity, self.amount), rounding)

    def reversed_between(
        self, before: Fraction | int, after: Fraction | int, rounding: Rounding
    ) -> tuple[int, int]:
        """Return how much is reversed when what is settled of the whole goes on.

        In both currencies, below zero what is accrued again. What is left depends only
        on what is settled, so any number of steps in any order reverses an accrual
        whole, at exactly what was accrued, and a credit gives back what the invoice
        had taken.
        """
        stood, stands = self.left(before, rounding), self.left(after, rounding)
        return stood[0] - stands[0], stood[1] - stands[1]
