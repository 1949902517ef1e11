"""Clear a receivable by a payment: it falls at the rate of its invoice."""

from fractions import Fraction

from hourline.kernel.money import Rounding, round_fraction


def receivable_cleared(
    amount: int,
    *,
    due: int,
    entity_due: int,
    invoice_rate: Fraction,
    rounding: Rounding,
) -> int:
    """Return by how much a payment lowers the receivable, in the entity's currency.

    `due` and `entity_due` are what was open before it, in the currency of the invoice
    and in the entity's; `invoice_rate` is entity minor units for one of the invoice's.
    A payment of all that is due takes the remainder, one beyond it makes a credit of
    the customer at the rate of the invoice.
    """
    if 0 < amount < due:
        return round_fraction(Fraction(entity_due * amount, due), rounding)
    open_entity = entity_due if due > 0 else 0
    beyond = amount - max(due, 0)
    return open_entity + round_fraction(beyond * invoice_rate, rounding)
