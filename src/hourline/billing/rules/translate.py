"""Translate amounts into the entity's currency: credits rounded, debits their sum."""

from fractions import Fraction

from hourline.kernel.money import Currency, Rounding, round_fraction


def translate(
    amount: int,
    fx_rate: Fraction,
    *,
    currency: Currency,
    entity_currency: Currency,
    rounding: Rounding,
) -> int:
    """Return minor units of one currency as whole minor units of another.

    `fx_rate` is what one major unit of `currency` is worth in `entity_currency`.
    """
    scale = Fraction(10**entity_currency.decimals, 10**currency.decimals)
    return round_fraction(amount * fx_rate * scale, rounding)
