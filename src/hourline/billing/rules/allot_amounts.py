"""Value the parts of a portion: what is billable at its rate, the rest what is left.

The billable part is worth its seconds at the bill rate, rounded once; so is what is
prepaid, where there is something over a limit besides; the parts sum to the portion.
"""

from fractions import Fraction

from hourline.billing.model_allotted import Allotted, PartAmounts, Work
from hourline.kernel.money import Rounding, round_fraction


def part_amounts(
    work: Work, allotted: Allotted, *, billed: int, value: int, rounding: Rounding
) -> PartAmounts:
    """Return the value of what is prepaid and over a limit, in minor units.

    `value` is that of all the portion still has, `billed` how much of it stands on
    invoices, in the measure of the work.
    """
    if work.units:
        return PartAmounts(0, allotted.over)
    kept = work.seconds + billed - allotted.measure
    rest = value
    if allotted.measure and kept:
        rest -= _within(value, work.worth(kept), rounding)
    if not allotted.over:
        return PartAmounts(rest if allotted.prepaid else 0, 0)
    prepaid = _within(rest, work.worth(allotted.prepaid_seconds), rounding)
    return PartAmounts(prepaid, rest - prepaid)


def _within(whole: int, exact: Fraction, rounding: Rounding) -> int:
    return max(0, min(whole, round_fraction(exact, rounding)))
