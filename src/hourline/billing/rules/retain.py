"""Rule: of every invoice the customer withholds a percentage until it is released.

The percentage is of the gross, since tax is charged in full with the invoice, and is
never of what a retainer or a prepaid block bills in advance of work. No more can be
withheld than retainers leave to be paid. Over the invoices of a contract to a customer
it is rounded on the running total. A credit gives back the share of its line, so that
the percentage of what stands stays withheld; what was released is due already, and is
not given back again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hourline.billing.model import CreditedLine, InvoicedLine, Movement
from hourline.billing.rules.shares import share_to_date
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding, round_fraction

# A percentage has two decimals, so what it is of minor units is exact in 1/10000.
PARTS_OF_UNIT = 10_000


@dataclass(frozen=True, slots=True)
class Retainable:
    """Hold what of a line can be withheld: its gross, and how much in 1/10000."""

    line_no: int
    gross: int
    basis_points: int


@dataclass(frozen=True, slots=True)
class Retained:
    """Hold what is withheld in minor units, and exactly so in 1/10000 of them."""

    amount: int
    exact: int

    def less(self, amount: int) -> "Retained":
        """Return it with so much less withheld; what was rounded off stays."""
        return Retained(self.amount - amount, self.exact - amount * PARTS_OF_UNIT)


@dataclass(frozen=True, slots=True)
class Carried:
    """Hold an amount in the invoice's currency, and what it stands at in the books."""

    amount: int
    entity_amount: int


NOTHING_RETAINED = Retained(0, 0)


def retain(
    lines: Sequence[Retainable],
    *,
    before: Retained,
    room: int,
    rounding: Rounding,
) -> dict[int, Retained]:
    """Return what is withheld of each line of an invoice, by the line's number.

    `before` is what stands withheld of earlier invoices, `room` what is left to be
    paid of this one. Of an invoice that comes to nothing or less, nothing is withheld.
    What there is no room for is taken off the last lines.
    """
    steps: dict[int, Retained] = {}
    for line in lines:
        if line.basis_points:
            exact = line.gross * line.basis_points
            to_date = before.exact + exact
            rounded = round_fraction(Fraction(to_date, PARTS_OF_UNIT), rounding)
            steps[line.line_no] = Retained(rounded - before.amount, exact)
            before = Retained(rounded, to_date)
    withheld = sum(one.amount for one in steps.values())
    if withheld <= 0 or room <= 0:
        return {}
    return _lowered(steps, withheld - room)


def withhold_no_longer(
    credited: Sequence[CreditedLine], *, outstanding: int, rounding: Rounding
) -> list[CreditedLine]:
    """Return credited lines with what of each is no longer withheld.

    `outstanding` is what of their invoice is withheld and was not released; there is
    no more to give back.
    """
    # A small line may have withheld nothing yet, and still counts for the next ones.
    parts = {
        credit.line.line_no: _share(credit, rounding)
        for credit in credited
        if credit.line.retained or credit.line.retained_exact
    }
    parts = _lowered(parts, sum(one.amount for one in parts.values()) - outstanding)
    return [_giving(credit, parts.get(credit.line.line_no)) for credit in credited]


def share_of(carried: Carried, amount: int, rounding: Rounding) -> Carried:
    """Return a part of an amount with its share of what the whole stands at."""
    in_books = share_to_date(
        carried.entity_amount, amount, carried.amount, rounding=rounding
    )
    return Carried(amount, in_books)


def take_in_order(
    withheld: Sequence[Carried], amount: int, rounding: Rounding
) -> list[Carried]:
    """Return what of amounts, in their order, makes up an amount."""
    taken = []
    for one in withheld:
        part = min(amount, one.amount)
        taken.append(share_of(one, part, rounding))
        amount -= part
    return taken


def retainage_movement(carried: Carried, *, withheld: bool) -> Movement:
    """Return Dr retainage / Cr receivable, or what makes it due: the other way round.

    An amount below zero turns the movement round.
    """
    sides = (Role.RETAINAGE, Role.RECEIVABLE)
    positive = (carried.amount, carried.entity_amount) >= (0, 0)
    debit, credit = sides if withheld is positive else sides[::-1]
    return Movement(
        part=0,
        effect=Effect.RETAINAGE,
        debit=debit,
        credit=credit,
        amount=abs(carried.amount),
        entity_amount=abs(carried.entity_amount),
    )


def _lowered(parts: dict[int, Retained], excess: int) -> dict[int, Retained]:
    lowered = dict(parts)
    for line_no in reversed(parts):
        cut = min(excess, lowered[line_no].amount)
        if cut > 0:
            lowered[line_no] = lowered[line_no].less(cut)
            excess -= cut
    return lowered


def _share(credit: CreditedLine, rounding: Rounding) -> Retained:
    line = credit.line
    return Retained(
        _to_date(credit, line.retained, rounding) - line.credited_retained,
        _to_date(credit, line.retained_exact, rounding) - line.credited_retained_exact,
    )


def _to_date(credit: CreditedLine, whole: int, rounding: Rounding) -> int:
    line: InvoicedLine = credit.line
    to_date = line.credited_net + credit.net
    return share_to_date(whole, to_date, line.net, rounding=rounding)


def _giving(credit: CreditedLine, part: Retained | None) -> CreditedLine:
    if part is None:
        return credit
    return replace(credit, retained=part.amount, retained_exact=part.exact)
