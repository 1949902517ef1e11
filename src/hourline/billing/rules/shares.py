"""Split whole amounts so that the parts always sum to the whole."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from hourline.kernel.money import Rounding, round_fraction


def split(total: int, exact: Sequence[Fraction]) -> list[int]:
    """Return whole parts of a total near their exact values, by largest remainder.

    The exact values sum to the total or to something that rounds to it; of equal
    remainders the earlier part takes the unit.
    """
    parts = [floor(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


def share_to_date(
    whole: int, part: Fraction | int, of: int, *, rounding: Rounding
) -> int:
    """Return the rounded share of a whole that `part` of `of` stands for.

    Nothing of nothing is the whole: a share that is complete leaves no remainder.
    """
    if part == of:
        return whole
    return round_fraction(Fraction(whole * part, of), rounding)


def value_of_part(
    whole: int,
    exact: Fraction | None,
    part: Fraction | int,
    of: int,
    *,
    rounding: Rounding,
) -> int:
    """Return what a part is worth by itself, rounded once, in minor units.

    `whole` is what all `of` it is worth, and `exact` the same before it was rounded.
    Where that is not known, or the whole is another amount than its exact worth gives,
    the part is its share of the amount. The parts of a whole need not sum to it.
    """
    if part == of:
        return whole
    if exact is None or round_fraction(exact, rounding) != whole:
        exact = Fraction(whole)
    return round_fraction(Fraction(exact * part, of), rounding)
