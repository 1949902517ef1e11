"""Carry a contract's net position in two currencies: its own and its entity's.

What is built up is translated on its day. What is consumed leaves at the rate it is
carried at: its share to date of what was there when something was last built up, so
that a position consumed whole leaves nothing in either currency.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hourline.kernel.contract_position import lowered, raised
from hourline.kernel.money import Rounding, round_ratio


@dataclass(frozen=True, slots=True)
class PositionChange:
    """Hold a change as it was recorded; above zero it was invoiced, below earned.

    `own_rate` says that it came at the rate of what it took back, as credits do.
    """

    amount: int
    entity_amount: int
    own_rate: bool


@dataclass(frozen=True, slots=True)
class CarriedPosition:
    """Hold a position in minor units of the contract's and the entity's currency.

    Above zero it is a contract liability, below a contract asset. `base` is what it
    was when something was last built up.
    """

    amount: int = 0
    entity_amount: int = 0
    base: tuple[int, int] = field(default=(0, 0), repr=False)

    @property
    def asset(self) -> tuple[int, int]:
        """Return the contract asset in both currencies; nothing where there is none."""
        if self.amount >= 0:
            return 0, 0
        return -self.amount, -self.entity_amount

    @property
    def residue(self) -> int:
        """Return what of the entity's currency has nothing left to stand for."""
        if self.amount * self.entity_amount > 0:
            return 0
        return self.entity_amount

    def carried(self, part: int, rounding: Rounding) -> int:
        """Return what a part of it, at most all, is carried at; never below zero."""
        base, base_entity = (abs(figure) for figure in self.base)
        to_date = base - abs(self.amount) + part
        share = round_ratio(base_entity * to_date, base, rounding) if base else 0
        return share - (base_entity - abs(self.entity_amount))

    def after(self, change: PositionChange) -> "CarriedPosition":
        """Return the position after a change."""
        now = self.amount + change.amount, self.entity_amount + change.entity_amount
        stays = self.amount * now[0] > 0 and abs(now[0]) < abs(self.amount)
        consumed = stays and not change.own_rate
        return CarriedPosition(*now, base=self.base if consumed else now)


@dataclass(frozen=True, slots=True)
class PositionMove:
    """Hold how an amount moved a position: asset and liability in both currencies."""

    asset: int
    asset_entity: int
    liability: int
    liability_entity: int
    after: CarriedPosition

    @property
    def entity_amount(self) -> int:
        """Return the whole amount in the entity's currency."""
        return self.asset_entity + self.liability_entity


def position_of(changes: Iterable[PositionChange]) -> CarriedPosition:
    """Return the position that changes add up to, in the order they happened."""
    position = CarriedPosition()
    for change in changes:
        position = position.after(change)
    return position


def raise_position(
    position: CarriedPosition,
    amount: int,
    translate: Callable[[int], int],
    rounding: Rounding,
) -> PositionMove:
    """Return what an amount of 0 or more credits: the asset first, as it is carried.

    The liability that is left to build is translated.
    """
    parts = raised(position.amount, amount)
    asset_entity = position.carried(parts.asset, rounding) if parts.asset else 0
    liability_entity = translate(parts.liability) if parts.liability else 0
    change = PositionChange(amount, asset_entity + liability_entity, own_rate=False)
    return PositionMove(
        parts.asset,
        asset_entity,
        parts.liability,
        liability_entity,
        position.after(change),
    )


def lower_position(
    position: CarriedPosition,
    amount: int,
    translate: Callable[[int], int],
    rounding: Rounding,
) -> PositionMove:
    """Return what an amount of 0 or more debits: the liability first, as carried.

    The asset that is left to build is translated.
    """
    parts = lowered(position.amount, amount)
    asset_entity = translate(parts.asset) if parts.asset else 0
    liability_entity = (
        position.carried(parts.liability, rounding) if parts.liability else 0
    )
    change = PositionChange(-amount, -(asset_entity + liability_entity), own_rate=False)
    return PositionMove(
        parts.asset,
        asset_entity,
        parts.liability,
        liability_entity,
        position.after(change),
    )
