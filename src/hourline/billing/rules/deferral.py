"""Rule: what is invoiced of deferred revenue consumes the asset, then is owed.

The line of a document credits the contract's liability whole. What the contract had
earned before is then netted by one journal line of the document, so that asset and
liability are never both open. A credit takes back at the rate of its invoice; a
difference of rates that is left where nothing is open goes to fx_gain_loss.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hourline.billing.model import AssembledLine, CreditedLine, Movement
from hourline.billing.rules.movements import entity_net
from hourline.kernel.carried_position import (
    CarriedPosition,
    PositionChange,
    raise_position,
)
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredLine:
    """Hold what a document line does to its contract's position, in minor units."""

    line_no: int
    contract_line_no: int | None
    amount: int
    entity_amount: int
    entity_residue: int = 0


@dataclass(frozen=True, slots=True)
class Deferral:
    """Hold what a document does to its contract's position.

    `asset_moved` is what its own lines put on the asset already, in both currencies.
    """

    before: CarriedPosition
    lines: tuple[DeferredLine, ...]
    after: CarriedPosition
    asset_moved: tuple[int, int] = (0, 0)

    @property
    def carried(self) -> dict[int, int]:
        """Return what each line is worth in the entity's currency, by its number."""
        return {line.line_no: line.entity_amount for line in self.lines}

    @property
    def movements(self) -> list[Movement]:
        """Return the journal lines that keep asset and liability from both being open.

        They belong to the whole document and have part 0.
        """
        before, after = self.before.asset, self.after.asset
        moved = self.asset_moved
        built = after[0] - before[0] - moved[0], after[1] - before[1] - moved[1]
        residue = sum(line.entity_residue for line in self.lines)
        return [
            *_moved(Effect.RECOGNITION, Role.CONTRACT_ASSET, built),
            *_moved(Effect.FX, Role.FX_GAIN_LOSS, (0, residue)),
        ]


def defer_invoice(
    lines: Iterable[AssembledLine],
    position: CarriedPosition,
    translate: Callable[[int], int],
    rounding: Rounding,
) -> Deferral:
    """Return what the lines of an invoice do to a position, one after the other."""
    before, found = position, []
    for line in lines:
        move = raise_position(position, line.net, translate, rounding)
        position = move.after
        found.append(
            DeferredLine(
                line_no=line.line_no,
                contract_line_no=line.item.contract_line_no,
                amount=line.net,
                entity_amount=move.entity_amount,
            )
        )
    return Deferral(before, tuple(found), position)


def defer_credit(
    lines: Iterable[tuple[int, CreditedLine]],
    position: CarriedPosition,
    rounding: Rounding,
) -> Deferral:
    """Return what numbered lines of a credit note do to a position.

    Each takes back what its invoice line was worth in the entity's currency.
    """
    return defer_at_own_rate(
        [
            DeferredLine(
                line_no=line_no,
                contract_line_no=credit.line.contract_line_no,
                amount=-credit.net,
                entity_amount=-entity_net(credit, rounding),
            )
            for line_no, credit in lines
        ],
        position,
    )


def defer_at_own_rate(
    lines: Iterable[DeferredLine], position: CarriedPosition
) -> Deferral:
    """Return what lines that state their amount in both currencies do to a position."""
    before, found = position, []
    for line in lines:
        position = position.after(
            PositionChange(line.amount, line.entity_amount, own_rate=True)
        )
        found.append(line)
    residue = position.residue
    if residue:
        found[-1] = replace(found[-1], entity_residue=-residue)
        position = position.after(PositionChange(0, -residue, own_rate=True))
    return Deferral(before, tuple(found), position)


def _moved(effect: Effect, role: Role, amounts: tuple[int, int]) -> list[Movement]:
    """Return what is debited to a role and credited to the liability, or turned."""
    if amounts == (0, 0):
        return []
    turned = amounts < (0, 0)
    sign = -1 if turned else 1
    return [
        Movement(
            part=0,
            effect=effect,
            debit=Role.CONTRACT_LIABILITY if turned else role,
            credit=role if turned else Role.CONTRACT_LIABILITY,
            amount=sign * amounts[0],
            entity_amount=sign * amounts[1],
        )
    ]
