"""Work out the tax of an invoice: rounded once per rate, or on every line."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

from hourline.billing.rules.shares import split
from hourline.kernel.money import Rounding, round_fraction

TaxRounding: TypeAlias = Literal["per_invoice", "per_line"]

_MILLION = 1_000_000


def exact_tax(net: int, rate_ppm: int) -> Fraction:
    """Return the exact tax on a net amount, in minor units; 19 % is 190,000 ppm."""
    return Fraction(net * rate_ppm, _MILLION)


def line_taxes(
    nets: Sequence[int],
    rates_ppm: Sequence[int],
    *,
    policy: TaxRounding,
    rounding: Rounding,
) -> list[int]:
    """Return the tax of every line.

    Under `per_invoice` the tax of all lines of one rate is rounded once and then split
    among them by largest remainder, so that the lines sum to it exactly.
    """
    exact = [exact_tax(*line) for line in zip(nets, rates_ppm, strict=True)]
    if policy == "per_line":
        return [round_fraction(tax, rounding) for tax in exact]
    taxes = [0] * len(exact)
    for rate_ppm in sorted(set(rates_ppm)):
        members = [i for i, rate in enumerate(rates_ppm) if rate == rate_ppm]
        group = round_fraction(sum((exact[i] for i in members), Fraction(0)), rounding)
        parts = split(group, [exact[i] for i in members])
        for index, tax in zip(members, parts, strict=True):
            taxes[index] = tax
    return taxes
