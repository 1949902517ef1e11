"""Value the parts of a portion: each at its rate by itself, rounded once."""

from hourline.billing.model_allotted import Allotted, PartAmounts, Work
from hourline.kernel.money import Rounding, round_fraction


def part_amounts(work: Work, allotted: Allotted, rounding: Rounding) -> PartAmounts:
    """Return the value of what is prepaid and of what is over a limit, in minor units.

    An expense is over a limit by whole minor units of its amount.
    """
    if work.units:
        return PartAmounts(0, allotted.over)
    prepaid, over = (
        round_fraction(work.worth(seconds), rounding)
        for seconds in (allotted.prepaid_seconds, allotted.over)
    )
    return PartAmounts(prepaid, over)
