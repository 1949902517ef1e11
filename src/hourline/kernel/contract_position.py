"""Keep what a contract was invoiced and what it earned as one net position.

The position is invoiced less earned, in minor units of one currency: above zero a
contract liability, below zero a contract asset; so the two are never both open.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PositionParts:
    """Hold how an amount moves a position: of the asset and of the liability."""

    asset: int
    liability: int


def raised(position: int, amount: int) -> PositionParts:
    """Return what an amount of 0 or more credits: the asset first, then the liability.

    An invoice consumes the asset; falling revenue reduces it before it builds the
    liability.
    """
    asset = min(amount, max(0, -position))
    return PositionParts(asset, amount - asset)


def lowered(position: int, amount: int) -> PositionParts:
    """Return what an amount of 0 or more debits: the liability first, then the asset.

    Recognised revenue consumes the liability before it builds the asset; so does what
    is credited of an invoice.
    """
    liability = min(amount, max(0, position))
    return PositionParts(amount - liability, liability)
