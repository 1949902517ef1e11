"""Hold what a contract line does to prices: discount and fee, or a price by cost."""

from collections.abc import Sequence
from fractions import Fraction

from hourline.kernel.columns import NOTHING
from hourline.kernel.quantity import PPM_PER_PERCENT
from hourline.master.model import ContractLine
from hourline.master.snapshot.bill_rates import PriceBounds
from hourline.master.snapshot.percentages import WHOLE_PERCENT, is_share
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

_COST_PLUS_PPM_MAX = 11_000_000
_INT64_MAX = 2**63 - 1


def price_factors(lines: Timeline[ContractLine]) -> list[Fraction]:
    """Return by what each line multiplies a price: (1 - discount) x (1 + fee).

    Raises UnusableRecord for percentages out of range or too fine, and for either of
    them on a line that is not billed by time.
    """
    return [_factor(lines, span) for span in lines.spans]


def _factor(lines: Timeline[ContractLine], span: Span[ContractLine]) -> Fraction:
    terms = span.content
    discount, fee = Fraction(terms.discount_percent), Fraction(terms.fee_percent)
    if (discount or fee) and terms.method != "time_and_materials":
        raise _unusable(
            lines,
            span,
            "a discount or fee is on a line that is not billed by time",
            "Take it off, or bill the line by time and materials.",
        )
    for percent in (terms.discount_percent, terms.fee_percent):
        if not is_share(percent):
            raise _unusable(
                lines,
                span,
                f"{percent} percent is not from 0 to 100 with at most 2 decimals",
                "Correct the discount or the fee of the line.",
            )
    return (1 - discount / WHOLE_PERCENT) * (1 + fee / WHOLE_PERCENT)


def cost_plus_ppm(lines: Timeline[ContractLine]) -> list[int]:
    """Return what a price is of the cost in millionths, NOTHING where it is by rate.

    Raises UnusableRecord for a percentage out of range or too fine, or on a line that
    is not billed by time.
    """
    return [_cost_plus(lines, span) for span in lines.spans]


def _cost_plus(lines: Timeline[ContractLine], span: Span[ContractLine]) -> int:
    percent = span.content.cost_plus_percent
    if percent is None:
        return NOTHING
    if span.content.method != "time_and_materials":
        raise _unusable(
            lines,
            span,
            "a price by cost is on a line that is not billed by time",
            "Take it off, or bill the line by time and materials.",
        )
    exact = (WHOLE_PERCENT + Fraction(percent)) * PPM_PER_PERCENT
    if not 0 <= exact <= _COST_PLUS_PPM_MAX or exact.denominator != 1:
        raise _unusable(
            lines,
            span,
            f"cost plus {percent} percent is not from -100 to 1000 with at most 4"
            " decimals",
            "Correct the percentage; 0 sells at cost.",
        )
    return exact.numerator


def refuse_large_terms(
    lines: Timeline[ContractLine],
    factors: Sequence[Fraction],
    *,
    bounds: PriceBounds,
    seconds_max: int,
) -> None:
    """Raise UnusableRecord for a line that makes a price too large to be exact.

    `bounds` are those of the rate card; an entry has `seconds_max` billable seconds at
    most.
    """
    for span, factor in zip(lines.spans, factors, strict=True):
        worst = max(
            bounds.amount * factor.numerator,
            bounds.seconds * factor.denominator,
            bounds.numerator * factor.numerator * seconds_max,
            2 * bounds.denominator * factor.denominator,
        )
        if factor != 1 and worst > _INT64_MAX:
            raise _unusable(
                lines,
                span,
                "its discount and fee make a price too large to be exact with the bill"
                " rates in force",
                "State them, or the bill rates, with fewer decimals.",
            )


def _unusable(
    lines: Timeline[ContractLine], span: Span[ContractLine], why: str, remedy: str
) -> UnusableRecord:
    return UnusableRecord("contract_line", lines.id_of(span), why=why, remedy=remedy)
