"""Round money on the running total of a contract line, so that cents are conserved."""

from dataclasses import dataclass
from fractions import Fraction

from hourline.kernel.money import Rounding, round_fraction


@dataclass(frozen=True, slots=True)
class RunningTotal:
    """Hold what a contract line was billed to date: exactly, and in whole minor units.

    Credits are taken off both.
    """

    exact: Fraction = Fraction(0)
    billed: int = 0

    def plus(self, amount: int) -> "RunningTotal":
        """Return the total after a whole amount is billed as it is."""
        return RunningTotal(self.exact + amount, self.billed + amount)

    def without(self, amount: int) -> "RunningTotal":
        """Return the total where so much of it was not billed after all."""
        return RunningTotal(self.exact, self.billed - amount)


def step(
    total: RunningTotal, exact: Fraction, rounding: Rounding
) -> tuple[int, RunningTotal]:
    """Return what an exact amount adds to the running total, and the total after it.

    The step is the rounded exact total to date less what was billed before; many
    small amounts therefore bill what one large amount would.
    """
    exact_to_date = total.exact + exact
    billed_to_date = round_fraction(exact_to_date, rounding)
    return billed_to_date - total.billed, RunningTotal(exact_to_date, billed_to_date)
