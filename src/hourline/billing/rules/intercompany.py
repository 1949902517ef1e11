"""Work out an intercompany invoice and what both its sides book.

The lender reverses what it accrued, at exactly that amount, and books receivable and
revenue; the borrower books cost and payable of the same document. Input tax is set
against the borrower's output tax, so its cost is net. What takes back a transfer is the
exact mirror of the line that invoiced it, at the rates of then.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hourline.billing.intercompany_model import (
    OpenTransfer,
    TaxOfLine,
    TransferLine,
    TwoSidedMovement,
)
from hourline.billing.rules.shares import split
from hourline.billing.rules.tax import TaxRounding, line_taxes
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class BothBooks:
    """Hold how the document is taxed, and translated into each of the two books."""

    tax_rounding: TaxRounding
    rounding: Rounding
    to_lender: Callable[[int], int]
    to_borrower: Callable[[int], int]


def intercompany_lines(
    transfers: Sequence[OpenTransfer], taxes: Sequence[TaxOfLine], books: BothBooks
) -> list[TransferLine]:
    """Return a line per transfer, in their order; `taxes` has one for each.

    Tax is worked out for what is new on the invoice; a mirror takes back its own.
    """
    new = [place for place, one in enumerate(transfers) if not one.mirrored]
    rates = [taxes[place].rate_ppm for place in new]
    nets = [transfers[place].amount for place in new]
    tax = line_taxes(
        nets, rates, policy=books.tax_rounding, rounding=books.rounding
    )
    taxed = zip(
        new,
        tax,
        _translated(tax, rates, books.to_lender),
        _translated(tax, rates, books.to_borrower),
        strict=True,
    )
    found = {place: amounts for place, *amounts in taxed}
    return [
        _line(place, one, taxes[place], found[place], books)
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


def _line(
    place: int,
    one: OpenTransfer,
    tax_of: TaxOfLine,
    taxes: Sequence[int],
    books: BothBooks,
) -> TransferLine:
    tax, lender_tax, borrower_tax = taxes
    return TransferLine(
        line_no=place + 1,
        of=one,
        tax_of=tax_of,
        net=one.amount,
        tax=tax,
        accrual_reversed=one.amount if one.accrues else 0,
        lender_accrual_reversed=one.lender_accrued,
        lender_net=books.to_lender(one.amount),
        lender_tax=lender_tax,
        borrower_net=books.to_borrower(one.amount),
        borrower_tax=borrower_tax,
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
    )


def intercompany_movements(lines: Sequence[TransferLine]) -> list[TwoSidedMovement]:
    """Return the journal lines of both sides; nothing is booked for an amount of 0."""
    return [
        movement
        for line in lines
        for booked in _booked(line)
        if (movement := _movement(line, *booked)) is not None
    ]


def _booked(
    line: TransferLine,
) -> Iterator[tuple[bool, Effect, tuple[Role, Role], tuple[int, int]]]:
    yield (
        False,
        Effect.IC_ACCRUAL_REVERSAL,
        (Role.IC_ACCRUED_REVENUE, Role.IC_WIP),
        (line.accrual_reversed, line.lender_accrual_reversed),
    )
    yield (
        False,
        Effect.IC_SALE,
        (Role.IC_RECEIVABLE, Role.IC_REVENUE),
        (line.net, line.lender_net),
    )
    yield (
        False,
        Effect.IC_TAX,
        (Role.IC_RECEIVABLE, Role.TAX_PAYABLE),
        (line.tax, line.lender_tax),
    )
    yield (
        True,
        Effect.IC_COST,
        (Role.IC_COST, Role.IC_PAYABLE),
        (line.net, line.borrower_net),
    )
    yield (
        True,
        Effect.IC_TAX,
        (Role.TAX_PAYABLE, Role.IC_PAYABLE),
        (line.tax, line.borrower_tax),
    )


def _movement(
    line: TransferLine,
    at_borrower: bool,  # noqa: FBT001 - a column of the rows above
    effect: Effect,
    roles: tuple[Role, Role],
    amounts: tuple[int, int],
) -> TwoSidedMovement | None:
    """Return the movement, turned round where it takes back; None for nothing."""
    if amounts == (0, 0):
        return None
    sign = -1 if amounts < (0, 0) else 1
    debit, credit = roles[::sign]
    return TwoSidedMovement(
        at_borrower=at_borrower,
        line=line,
        effect=effect,
        debit=debit,
        credit=credit,
        amount=sign * amounts[0],
        entity_amount=sign * amounts[1],
    )
