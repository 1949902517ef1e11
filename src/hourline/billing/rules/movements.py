"""Plan the journal lines of an invoice and of a credit note, one rule for both ways."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hourline.billing.model import (
    AssembledLine,
    CreditedLine,
    InvoicedLine,
    Movement,
    OpenItem,
)
from hourline.billing.rules.drawdown import Covered, Taken
from hourline.billing.rules.shares import share_to_date
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding

NOTHING_COVERED = Covered(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTax:
    """Hold the tax of one rate on an invoice, in its currency and in the entity's.

    A retainer has a group of its own, by the number of its line; what later invoices
    drew of it is no longer there to credit.
    """

    tax_rate_ppm: int
    tax: int
    entity_tax: int
    credited_tax: int
    credited_entity_tax: int
    own_line: int = 0
    drawn_tax: int = 0
    drawn_entity_tax: int = 0


@dataclass(frozen=True, slots=True)
class _Pair:
    effect: Effect
    debit: Role
    credit: Role


_SALE = _Pair(Effect.SALE, Role.RECEIVABLE, Role.REVENUE)
_TAX = _Pair(Effect.TAX, Role.RECEIVABLE, Role.TAX_PAYABLE)
_REVERSAL = _Pair(Effect.ACCRUAL_REVERSAL, Role.ACCRUED_REVENUE, Role.WIP)
# What is billed before it is earned; what was earned before is netted in deferral.py.
_DEFERRED = _Pair(Effect.SALE, Role.RECEIVABLE, Role.CONTRACT_LIABILITY)
_DEFERRED_BACK = _Pair(Effect.SALE, Role.CONTRACT_LIABILITY, Role.RECEIVABLE)
_SALE_BACK = _Pair(Effect.SALE, Role.REVENUE, Role.RECEIVABLE)
_TAX_BACK = _Pair(Effect.TAX, Role.TAX_PAYABLE, Role.RECEIVABLE)
_DRAW = _Pair(Effect.DRAWDOWN, Role.CONTRACT_LIABILITY, Role.RECEIVABLE)
_DRAW_TAX = _Pair(Effect.DRAWDOWN, Role.TAX_PAYABLE, Role.RECEIVABLE)
_ACCRUAL = _Pair(Effect.ACCRUAL, Role.WIP, Role.ACCRUED_REVENUE)


def invoice_movements(
    lines: Sequence[AssembledLine],
    translate: Callable[[int], int],
    *,
    carried: Mapping[int, int] | None = None,
    covered: Covered = NOTHING_COVERED,
    drawing: Container[int] = (),
) -> list[Movement]:
    """Return sale and accrual reversal of every line, and the tax of every rate.

    Each amount is a credit line of its own and is translated on its own; what the
    customer owes is their sum. The reversal keeps the rate of its accrual. What of the
    lines `drawing` a retainer covers is translated as the retainer was. A line in
    `carried` (by number) is worth what is stated there in the entity's currency.
    """
    moved: list[Movement | None] = []
    taxes: dict[tuple[int, int, bool], tuple[int, int]] = {}
    draws = [line.line_no in drawing for line in lines]
    for line, drawn in zip(lines, draws, strict=True):
        own = line.line_no if line.item.is_retainer else 0
        group = (line.tax_rate_ppm, own, drawn)
        part, tax = taxes.get(group, (line.line_no, 0))
        taxes[group] = (part, tax + line.tax)
    nets = [line.net for line, drawn in zip(lines, draws, strict=True) if drawn]
    drawn_taxes = [tax for (_, _, drawn), (_, tax) in taxes.items() if drawn]
    shares = iter(covered.shares(nets, drawn_taxes))

    def translated(amount: int, *, drawn: bool) -> int:
        part, in_books = next(shares) if drawn else (0, 0)
        return in_books + translate(amount - part)

    for line, drawn in zip(lines, draws, strict=True):
        source = line.item
        pair = _DEFERRED if source.deferred else _SALE
        known = (carried or {}).get(line.line_no)
        in_books = translated(line.net, drawn=drawn) if known is None else known
        sale = (line.net, in_books)
        reversal = (line.accrual_reversed, line.accrual_reversed_entity)
        moved.append(_move(pair, line.line_no, sale, source))
        moved.append(_move(_REVERSAL, line.line_no, reversal, source))
    moved += [
        _move(_TAX, part, (tax, translated(tax, drawn=drawn)))
        for (_, _, drawn), (part, tax) in taxes.items()
    ]
    return [movement for movement in moved if movement is not None]


def drawdown_movements(taken: Taken, *, back: bool = False) -> list[Movement]:
    """Return how a retainer pays a receivable; with `back` how it gets that again."""
    sign = -1 if back else 1
    moved = [
        _move(_DRAW, 1, (sign * taken.net, sign * taken.entity_net)),
        _move(_DRAW_TAX, 2, (sign * taken.tax, sign * taken.entity_tax)),
    ]
    return [movement for movement in moved if movement is not None]


def credit_movements(
    lines: Iterable[CreditedLine],
    *,
    group_taxes: Mapping[tuple[int, int], GroupTax],
    rounding: Rounding,
) -> list[Movement]:
    """Return the mirror of what the lines' invoice booked, at the rate it booked it.

    The amounts in the entity's currency are shares to date of the invoice's, so that
    an invoice credited in full leaves nothing. Lines are numbered in their order.
    """
    moved: list[Movement | None] = []
    taxes: dict[tuple[int, int], tuple[int, int]] = {}
    for part, line in enumerate(lines, start=1):
        of = line.line
        pair = _DEFERRED_BACK if of.deferred else _SALE_BACK
        sale = (line.net, entity_net(line, rounding))
        accrual = (line.accrued_again, line.accrued_again_entity)
        moved.append(_move(pair, part, sale, of))
        moved.append(_move(_ACCRUAL, part, accrual, of))
        group = (of.tax_rate_ppm, of.line_no if of.is_retainer else 0)
        first, tax = taxes.get(group, (part, 0))
        taxes[group] = (first, tax + line.tax)
    for group, (part, tax) in taxes.items():
        amounts = (tax, _entity_tax(tax, group_taxes.get(group), rounding))
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


def entity_net(credited: CreditedLine, rounding: Rounding) -> int:
    """Return what a credit is worth in the entity's currency: its share to date."""
    line = credited.line
    if line.is_retainer and credited.net == line.net_left:
        return line.entity_net - line.entity_net_drawn - line.credited_entity_net
    to_date = line.credited_net + credited.net
    share = share_to_date(line.entity_net, to_date, line.net, rounding=rounding)
    return share - line.credited_entity_net


def _entity_tax(tax: int, group: GroupTax | None, rounding: Rounding) -> int:
    if group is None or group.tax == 0:
        return 0
    to_date = group.credited_tax + tax
    if to_date + group.drawn_tax == group.tax:
        return group.entity_tax - group.drawn_entity_tax - group.credited_entity_tax
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
