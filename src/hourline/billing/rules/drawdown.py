"""Draw on retainers, and give back what was drawn: gross first, its net share rounded.

A part's net is the rounded share of its gross, the tax is the rest; the last part takes
what is left. In the entity's currency all is at the rate the retainer was invoiced at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hourline.billing.rules.shares import split
from hourline.kernel.money import Rounding, round_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Hold a retainer as it was invoiced, and what is left of it, in both currencies.

    It is also what an invoice drew of a retainer, and what was not given back of that.
    """

    document_no: int
    line_no: int
    net: int
    tax: int
    entity_net: int
    entity_tax: int
    net_left: int
    tax_left: int
    entity_net_left: int
    entity_tax_left: int

    @property
    def gross_left(self) -> int:
        """Return what can be taken."""
        return self.net_left + self.tax_left


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Hold what is taken of an advance, in its currency and in the entity's."""

    document_no: int
    line_no: int
    net: int
    tax: int
    entity_net: int
    entity_tax: int

    @property
    def gross(self) -> int:
        """Return net and tax together."""
        return self.net + self.tax

    @property
    def entity_gross(self) -> int:
        """Return net and tax together in the entity's currency."""
        return self.entity_net + self.entity_tax


@dataclass(frozen=True, slots=True)
class Covered:
    """Hold how much of an invoice retainers cover, and what that is in the books.

    `net` and `entity_net` are what of it they drew of their own net.
    """

    gross: int
    entity_gross: int
    net: int = 0
    entity_net: int = 0

    def shares(
        self, nets: Sequence[int], taxes: Sequence[int]
    ) -> list[tuple[int, int]]:
        """Return how much of each net and then tax is covered, in both currencies.

        The shares sum to the whole; amounts that sum to nothing are not covered. Where
        as much net is covered as was drawn of net, it is in the books what was drawn.
        """
        amounts = [*nets, *taxes]
        if sum(amounts) <= 0:
            return [(0, 0)] * len(amounts)
        covered = _in_proportion(self.gross, amounts)
        ours, theirs = covered[: len(nets)], covered[len(nets) :]
        entity_tax = self.entity_gross - self.entity_net
        if sum(ours) == self.net and (any(theirs) or entity_tax == 0):
            in_books = [
                *_in_proportion(self.entity_net, ours),
                *_in_proportion(entity_tax, theirs),
            ]
        else:
            in_books = _in_proportion(self.entity_gross, amounts)
        return list(zip(covered, in_books, strict=True))


def _in_proportion(total: int, amounts: Sequence[int]) -> list[int]:
    whole = sum(amounts)
    if whole == 0:
        return [0] * len(amounts)
    return split(total, [Fraction(total * amount, whole) for amount in amounts])


def take(advances: Iterable[Advance], gross: int, rounding: Rounding) -> list[Taken]:
    """Return what of advances, in their order, makes up an amount, or all there is."""
    taken = []
    for advance in advances:
        part = min(gross, advance.gross_left)
        if part > 0:
            taken.append(_part(advance, part, rounding))
            gross -= part
    return taken


def _part(advance: Advance, gross: int, rounding: Rounding) -> Taken:
    if gross == advance.gross_left:
        return Taken(
            document_no=advance.document_no,
            line_no=advance.line_no,
            net=advance.net_left,
            tax=advance.tax_left,
            entity_net=advance.entity_net_left,
            entity_tax=advance.entity_tax_left,
        )
    whole = advance.net + advance.tax
    share = round_fraction(Fraction(gross * advance.net, whole), rounding)
    net = min(max(share, gross - advance.tax_left), advance.net_left)
    return Taken(
        document_no=advance.document_no,
        line_no=advance.line_no,
        net=net,
        tax=gross - net,
        entity_net=_carried(
            net,
            whole=(advance.net, advance.entity_net),
            left=advance.entity_net_left,
            rounding=rounding,
        ),
        entity_tax=_carried(
            gross - net,
            whole=(advance.tax, advance.entity_tax),
            left=advance.entity_tax_left,
            rounding=rounding,
        ),
    )


def _carried(
    amount: int, *, whole: tuple[int, int], left: int, rounding: Rounding
) -> int:
    if amount == 0:
        return 0
    return min(round_fraction(Fraction(amount * whole[1], whole[0]), rounding), left)
