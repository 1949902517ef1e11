"""Work out an intercompany invoice and what both its sides book.

The lender reverses what it accrued, at exactly that amount, and books receivable and
revenue; the borrower books cost and payable of the same document. Input tax that it
recovers is set against its output tax; what it does not recover is cost, rounded once
for the document and shared among its lines. What takes back a transfer is the exact
mirror of the line that invoiced it, at the rates of then.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from hourline.billing.intercompany_model import (
    OpenTransfer,
    Side,
    TaxOfLine,
    TransferLine,
    TwoSidedMovement,
)
from hourline.billing.rules.shares import split
from hourline.billing.rules.tax import TaxRounding, line_taxes
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding, round_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class BothBooks:
    """Hold how the document is taxed, and translated into each of the two books."""

    tax_rounding: TaxRounding
    rounding: Rounding
    to_lender: Callable[[int], int]
    to_borrower: Callable[[int], int]
    borrower_rounding: Rounding = Rounding.HALF_UP


def intercompany_lines(
    transfers: Sequence[OpenTransfer], taxes: Sequence[TaxOfLine], books: BothBooks
) -> list[TransferLine]:
    """Return a line per transfer, in their order; `taxes` has one for each.

    Tax is worked out for what is new on the invoice, unless a tax engine decided it; a
    mirror takes back its own.
    """
    new = [place for place, one in enumerate(transfers) if not one.mirrored]
    rates = [taxes[place].rate_ppm for place in new]
    nets = [transfers[place].amount for place in new]
    decided = [taxes[place].decided for place in new]
    tax = [one for one in decided if one is not None]
    if len(tax) != len(new):
        tax = line_taxes(
            nets, rates, policy=books.tax_rounding, rounding=books.rounding
        )
    lender_tax = _translated(tax, rates, books.to_lender)
    borrower_tax = _translated(tax, rates, books.to_borrower)
    shares = [taxes[place].cost_share for place in new]
    cost_tax = _not_recovered(tax, shares, books.borrower_rounding)
    borrower_cost_tax = _not_recovered(borrower_tax, shares, books.borrower_rounding)
    found = {
        place: _Taxed(
            of=taxes[place],
            tax=tax[at],
            lender_tax=lender_tax[at],
            borrower_tax=borrower_tax[at],
            cost_tax=cost_tax[at],
            borrower_cost_tax=borrower_cost_tax[at],
        )
        for at, place in enumerate(new)
    }
    return [
        _line(place, one, found[place], books)
        if place in found
        else _mirror(place, one)
        for place, one in enumerate(transfers)
    ]


def _translated(
    taxes: Sequence[int], rates: Sequence[int], translate: Callable[[int], int]
) -> list[int]:
    """Translate the tax of each rate as one amount, and share it among its lines."""
    translated = [0] * len(taxes)
    for rate in sorted(set(rates)):
        members = [place for place, one in enumerate(rates) if one == rate]
        whole = sum(taxes[place] for place in members)
        if whole:
            total = translate(whole)
            exact = [Fraction(taxes[place] * total, whole) for place in members]
            for place, share in zip(members, split(total, exact), strict=True):
                translated[place] = share
    return translated


def _not_recovered(
    taxes: Sequence[int], shares: Sequence[Fraction], rounding: Rounding
) -> list[int]:
    """Return what of each tax is cost; their sum is rounded once."""
    exact = [tax * share for tax, share in zip(taxes, shares, strict=True)]
    return split(round_fraction(sum(exact, Fraction(0)), rounding), exact)


class _Taxed(NamedTuple):
    """Hold the tax of a line, in the document's currency and in both books."""

    of: TaxOfLine
    tax: int
    lender_tax: int
    borrower_tax: int
    cost_tax: int
    borrower_cost_tax: int


def _line(
    place: int, one: OpenTransfer, taxed: _Taxed, books: BothBooks
) -> TransferLine:
    return TransferLine(
        line_no=place + 1,
        of=one,
        tax_of=taxed.of,
        net=one.amount,
        tax=taxed.tax,
        accrual_reversed=one.amount if one.accrues else 0,
        lender_accrual_reversed=one.lender_accrued,
        lender_net=books.to_lender(one.amount),
        lender_tax=taxed.lender_tax,
        borrower_net=books.to_borrower(one.amount),
        borrower_tax=taxed.borrower_tax,
        cost_tax=taxed.cost_tax,
        borrower_cost_tax=taxed.borrower_cost_tax,
    )


def _mirror(place: int, one: OpenTransfer) -> TransferLine:
    return TransferLine(
        line_no=place + 1,
        of=one,
        tax_of=TaxOfLine(one.tax_rule_no, one.tax_rate_ppm),
        net=-one.amount,
        tax=-one.tax,
        accrual_reversed=-one.amount if one.accrues else 0,
        lender_accrual_reversed=-one.lender_accrued,
        lender_net=-one.lender_net,
        lender_tax=-one.lender_tax,
        borrower_net=-one.borrower_net,
        borrower_tax=-one.borrower_tax,
        cost_tax=-one.cost_tax,
        borrower_cost_tax=-one.borrower_cost_tax,
    )


def intercompany_movements(lines: Sequence[TransferLine]) -> list[TwoSidedMovement]:
    """Return the journal lines of both sides; nothing is booked for an amount of 0."""
    return [
        movement
        for line in lines
        for booked in _booked(line)
        if (movement := _movement(line, booked)) is not None
    ]


class _Booked(NamedTuple):
    """Say what one side books of a line: amounts in the document's and its currency."""

    side: Side
    effect: Effect
    debit: Role
    credit: Role
    amounts: tuple[int, int]


def _booked(line: TransferLine) -> Iterator[_Booked]:
    net, tax = (line.net, line.lender_net), (line.tax, line.lender_tax)
    accrued = (line.accrual_reversed, line.lender_accrual_reversed)
    yield _Booked(
        Side.LENDER,
        Effect.IC_ACCRUAL_REVERSAL,
        Role.IC_ACCRUED_REVENUE,
        Role.IC_WIP,
        accrued,
    )
    yield _Booked(Side.LENDER, Effect.IC_SALE, Role.IC_RECEIVABLE, Role.IC_REVENUE, net)
    yield _Booked(Side.LENDER, Effect.IC_TAX, Role.IC_RECEIVABLE, Role.TAX_PAYABLE, tax)
    cost = line.net + line.cost_tax, line.borrower_net + line.borrower_cost_tax
    tax = line.tax - line.cost_tax, line.borrower_tax - line.borrower_cost_tax
    yield _Booked(Side.BORROWER, Effect.IC_COST, Role.IC_COST, Role.IC_PAYABLE, cost)
    yield _Booked(Side.BORROWER, Effect.IC_TAX, Role.TAX_PAYABLE, Role.IC_PAYABLE, tax)


def _movement(line: TransferLine, booked: _Booked) -> TwoSidedMovement | None:
    """Return the movement, turned round where it takes back; None for nothing."""
    if booked.amounts == (0, 0):
        return None
    sign = -1 if booked.amounts < (0, 0) else 1
    debit, credit = (booked.debit, booked.credit)[::sign]
    amount, entity_amount = booked.amounts
    return TwoSidedMovement(
        side=booked.side,
        line=line,
        effect=booked.effect,
        debit=debit,
        credit=credit,
        amount=sign * amount,
        entity_amount=sign * entity_amount,
    )
