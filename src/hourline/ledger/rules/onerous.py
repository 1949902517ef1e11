"""Rule: a contract expected to cost more than it brings is provided for (IAS 37.66).

Its result to date is then the whole expected loss: what of it cost and revenue have
not realised yet stands in the provision, which is cumulative.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hourline.kernel.carried_position import CarriedPosition
from hourline.kernel.money import Rounding, round_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedLine:
    """Hold what a line is expected to cost and bring, and what it did so far.

    `estimate` of the whole cost, `cost` to date and `revenue`, which is what was
    booked here, are minor units of the entity's currency; `price` and what of it is
    `earned` to date, wherever that was booked, of the contract's.
    """

    contract_line_no: int
    method: str
    estimate: Decimal
    cost: int
    price: int
    earned: int
    revenue: int

    @property
    def cost_left(self) -> Decimal:
        """Return what is still to be spent; nothing where the estimate is exceeded."""
        return max(self.estimate - self.cost, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """Hold what was provided for a contract before, and the loss realised by then."""

    provision: int = 0
    realised: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProvision:
    """Hold what a contract is provided for, in minor units of the entity's currency.

    `price_left` is of the contract's currency, `revenue_left` its value. `amount` is
    what is new of `provision`, below zero where it falls; `used` is what of the earlier
    provision was realised since.
    """

    lines: tuple[EstimatedLine, ...]
    cost_left: Decimal
    price_left: int
    revenue_left: int
    realised: int
    provision: int
    used: int
    amount: int

    @property
    def added(self) -> int:
        """Return what a new estimate added; below zero: what it released."""
        return self.amount + self.used


def provide(
    lines: Sequence[EstimatedLine],
    position: CarriedPosition,
    translate: Callable[[int], int],
    rounding: Rounding,
    *,
    before: Provided,
) -> NewProvision:
    """Return what the estimated lines of one contract are provided for.

    The price that is left is worth what the contract's liability is carried at, as far
    as that covers it; `translate` gives the value of the rest on the accounting date,
    and is asked only where there is a rest.
    """
    price_left = sum(line.price - line.earned for line in lines)
    covered = max(min(position.amount, price_left), 0)
    rest = price_left - covered
    revenue_left = position.carried(covered, rounding) if covered else 0
    revenue_left += translate(rest) if rest else 0
    cost_left = sum((line.cost_left for line in lines), Decimal(0))
    realised = sum(line.cost - line.revenue for line in lines)
    to_come = Fraction(cost_left) - revenue_left
    is_onerous = realised + to_come > 0
    provision = round_fraction(to_come, rounding) if is_onerous and to_come > 0 else 0
    return NewProvision(
        lines=tuple(lines),
        cost_left=cost_left,
        price_left=price_left,
        revenue_left=revenue_left,
        realised=realised,
        provision=provision,
        used=min(before.provision, max(realised - before.realised, 0)),
        amount=provision - before.provision,
    )
