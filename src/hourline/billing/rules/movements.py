"""Plan the journal lines of an invoice and of a credit note, one rule for both ways."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hourline.billing.model import (
    AssembledLine,
    CreditedLine,
    InvoicedLine,
    Movement,
    OpenItem,
)
from hourline.billing.rules.shares import share_to_date
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTax:
    """Hold the tax of one rate on an invoice, in its currency and in the entity's."""

    tax_rate_ppm: int
    tax: int
    entity_tax: int
    credited_tax: int
    credited_entity_tax: int


@dataclass(frozen=True, slots=True)
class _Pair:
    effect: Effect
    debit: Role
    credit: Role


_SALE = _Pair(Effect.SALE, Role.RECEIVABLE, Role.REVENUE)
_ADVANCE = _Pair(Effect.SALE, Role.RECEIVABLE, Role.CONTRACT_LIABILITY)
_TAX = _Pair(Effect.TAX, Role.RECEIVABLE, Role.TAX_PAYABLE)
_REVERSAL = _Pair(Effect.ACCRUAL_REVERSAL, Role.ACCRUED_REVENUE, Role.WIP)
_SALE_BACK = _Pair(Effect.SALE, Role.REVENUE, Role.RECEIVABLE)
_ADVANCE_BACK = _Pair(Effect.SALE, Role.CONTRACT_LIABILITY, Role.RECEIVABLE)
_TAX_BACK = _Pair(Effect.TAX, Role.TAX_PAYABLE, Role.RECEIVABLE)
_ACCRUAL = _Pair(Effect.ACCRUAL, Role.WIP, Role.ACCRUED_REVENUE)


def invoice_movements(
    lines: Sequence[AssembledLine], translate: Callable[[int], int]
) -> list[Movement]:
    """Return sale and accrual reversal of every line, and the tax of every rate.

    Each amount is a credit line of its own and is translated on its own; what the
    customer owes is their sum. What is invoiced before it is earned is a liability.
    The reversal keeps the rate of its accrual.
    """
    moved: list[Movement | None] = []
    taxes: dict[int, tuple[int, int]] = {}
    for line in lines:
        source = line.item
        sale = (line.net, translate(line.net))
        reversal = (line.accrual_reversed, line.accrual_reversed_entity)
        pair = _ADVANCE if source.deferred else _SALE
        moved.append(_move(pair, line.line_no, sale, source))
        moved.append(_move(_REVERSAL, line.line_no, reversal, source))
        part, tax = taxes.get(line.tax_rate_ppm, (line.line_no, 0))
        taxes[line.tax_rate_ppm] = (part, tax + line.tax)
    moved += [_move(_TAX, part, (tax, translate(tax))) for part, tax in taxes.values()]
    return [movement for movement in moved if movement is not None]


def credit_movements(
    lines: Iterable[CreditedLine],
    *,
    group_taxes: Mapping[int, GroupTax],
    rounding: Rounding,
) -> list[Movement]:
    """Return the mirror of what the lines' invoice booked, at the rate it booked it.

    The amounts in the entity's currency are shares to date of the invoice's, so that
    an invoice credited in full leaves nothing. Lines are numbered in their order.
    """
    moved: list[Movement | None] = []
    taxes: dict[int, tuple[int, int]] = {}
    for part, line in enumerate(lines, start=1):
        of = line.line
        sale = (line.net, _entity_net(line, rounding))
        accrual = (line.accrued_again, line.accrued_again_entity)
        pair = _ADVANCE_BACK if of.deferred else _SALE_BACK
        moved.append(_move(pair, part, sale, of))
        moved.append(_move(_ACCRUAL, part, accrual, of))
        first, tax = taxes.get(of.tax_rate_ppm, (part, 0))
        taxes[of.tax_rate_ppm] = (first, tax + line.tax)
    for rate_ppm, (part, tax) in taxes.items():
        amounts = (tax, _entity_tax(tax, group_taxes.get(rate_ppm), rounding))
        moved.append(_move(_TAX_BACK, part, amounts))
    return [movement for movement in moved if movement is not None]


def receivable_moved(movements: Iterable[Movement]) -> int:
    """Return by how much movements raise the receivable, in the entity's currency."""
    return sum(
        movement.entity_amount * _side(movement)
        for movement in movements
        if movement.effect in (Effect.SALE, Effect.TAX)
    )


def _side(movement: Movement) -> int:
    return 1 if movement.debit is Role.RECEIVABLE else -1


def _entity_net(credited: CreditedLine, rounding: Rounding) -> int:
    line = credited.line
    to_date = line.credited_net + credited.net
    share = share_to_date(line.entity_net, to_date, line.net, rounding=rounding)
    return share - line.credited_entity_net


def _entity_tax(tax: int, group: GroupTax | None, rounding: Rounding) -> int:
    if group is None or group.tax == 0:
        return 0
    to_date = group.credited_tax + tax
    share = share_to_date(group.entity_tax, to_date, group.tax, rounding=rounding)
    return share - group.credited_entity_tax


def _move(
    pair: _Pair,
    part: int,
    amounts: tuple[int, int],
    source: OpenItem | InvoicedLine | None = None,
) -> Movement | None:
    """Return the movement, turned round where the amount is negative; None for zero."""
    if amounts == (0, 0):
        return None
    amount, entity_amount = amounts
    turned = amounts < (0, 0)
    sign = -1 if turned else 1
    return Movement(
        part=part,
        effect=pair.effect,
        debit=pair.credit if turned else pair.debit,
        credit=pair.debit if turned else pair.credit,
        amount=sign * amount,
        entity_amount=sign * entity_amount,
        project_no=source.project_no if source else None,
        person_no=source.person_no if source else None,
    )
