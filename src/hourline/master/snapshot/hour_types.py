"""Hold the kinds of hours with their factors on bill and cost rates."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hourline.kernel.columns import Ints, ended
from hourline.kernel.effective import Effective
from hourline.master.model import HourType
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# More digits than any firm uses; it keeps products inside 64 bits.
_FACTOR_DECIMALS_MAX = 4
_FACTOR_MAX = 100


@dataclass(frozen=True, slots=True)
class HourTypes:
    """Hold the factors of each kind of hour, as exact ratios, by version."""

    no: Ints
    rows: Effective
    bill_numerator: Ints
    bill_denominator: Ints
    cost_numerator: Ints
    cost_denominator: Ints


def hour_type_columns(hour_types: Timeline[HourType]) -> HourTypes:
    """Return hour types as columns; the row for "none stated" has factor 1."""
    spans = hour_types.spans
    bill, cost = (
        [_factor(hour_types, span, name) for span in spans]
        for name in ("bill_factor", "cost_factor")
    )
    return HourTypes(
        no=hour_types.no_column(),
        rows=hour_types.rows(),
        bill_numerator=ended([factor.numerator for factor in bill], 1),
        bill_denominator=ended([factor.denominator for factor in bill], 1),
        cost_numerator=ended([factor.numerator for factor in cost], 1),
        cost_denominator=ended([factor.denominator for factor in cost], 1),
    )


def _factor(
    hour_types: Timeline[HourType], span: Span[HourType], name: str
) -> Fraction:
    factor: Decimal = getattr(span.content, name)
    exact = Fraction(factor)
    if (
        exact < 0
        or exact > _FACTOR_MAX
        or (exact * 10**_FACTOR_DECIMALS_MAX).denominator != 1
    ):
        raise UnusableRecord(
            "hour_type",
            hour_types.id_of(span),
            why=f"{name} {factor} is not between 0 and 100 with at most 4 decimals",
            remedy="Correct the factor of the hour type.",
        )
    return exact


def distinct_factors(numerators: Ints, denominators: Ints) -> set[Fraction]:
    """Return the factors of a pair of columns, each once."""
    return {
        Fraction(numerator, denominator)
        for numerator, denominator in zip(
            numerators.tolist(), denominators.tolist(), strict=True
        )
    }
