"""Reckon with exact ratios by columns: in 64 bits where they fit, else without bound.

A step that would leave 64 bits is noticed before it is relied on: `exact` is false for
that row from then on, and the caller reckons it again with `bounded=False`, by the same
steps on Python's integers.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np

from hourline.kernel.columns import Flags, Ints, rows_where
from hourline.kernel.money import Rounding, round_ratio, round_ratios

# Two figures within it can be added, and twice a remainder compared, in 64 bits.
_FIGURE_MAX = 2**62 - 1


@dataclass(frozen=True, slots=True)
class Ratios:
    """Hold a ratio for each row, not reduced; denominators are above 0."""

    numerator: Ints
    denominator: Ints
    exact: Flags

    def of(self, rows: Ints) -> "Ratios":
        """Return the ratios of some rows."""
        return Ratios(self.numerator[rows], self.denominator[rows], self.exact[rows])

    def times(self, other: "Ratios") -> "Ratios":
        """Return the product of each row."""
        product = _product(self, other)
        if product.exact.all():
            return product
        return _product(*_crossed(self.lowest(), other.lowest()))

    def plus_at(self, rows: Ints, other: "Ratios") -> "Ratios":
        """Return the ratios with others added at some rows."""
        own = self.of(rows)
        numerator, denominator = self.numerator.copy(), self.denominator.copy()
        exact = self.exact.copy()
        # Most have nothing yet that is added to.
        fresh = own.numerator == 0
        numerator[rows] = np.where(fresh, other.numerator, own.numerator)
        denominator[rows] = np.where(fresh, other.denominator, own.denominator)
        exact[rows] = own.exact & other.exact
        both = rows_where(~fresh & (other.numerator != 0))
        if both.size:
            total = _sum(own.of(both).lowest(), other.of(both).lowest())
            numerator[rows[both]] = total.numerator
            denominator[rows[both]] = total.denominator
            exact[rows[both]] = total.exact
        return Ratios(numerator, denominator, exact)

    def rounded(self, roundings: Ints) -> Ints:
        """Return each ratio as an integer by its `Rounding`; 0 where not exact."""
        if _is_bounded(self.numerator):
            return round_ratios(self.numerator, self.denominator, roundings)
        return _unbounded(
            [
                round_ratio(numerator, denominator, Rounding(rounding))
                for numerator, denominator, rounding in zip(
                    self.numerator.tolist(),
                    self.denominator.tolist(),
                    roundings.tolist(),
                    strict=True,
                )
            ]
        )

    def lowest(self) -> "Ratios":
        """Return the ratios in lowest terms."""
        shared = np.gcd(self.numerator, self.denominator)
        return Ratios(self.numerator // shared, self.denominator // shared, self.exact)


def ratios(numerator: Ints, denominator: Ints | int = 1, *, bounded: bool) -> Ratios:
    """Return a ratio for each row, to reckon with in 64 bits or without bound."""
    below = denominator
    if isinstance(below, int):
        below = np.full(len(numerator), below, dtype=np.int64)
    exact = np.ones(len(numerator), dtype=np.bool_)
    if bounded:
        return Ratios(numerator, below, exact)
    return Ratios(_unbounded(numerator.tolist()), _unbounded(below.tolist()), exact)


def _unbounded(figures: list[int]) -> Ints:
    # Every step is the same on Python's integers as on those of 64 bits.
    return cast("Ints", np.array(figures, dtype=np.object_))


def _is_bounded(column: Ints) -> bool:
    return column.dtype != np.object_


def _multiplied(one: Ints, two: Ints) -> tuple[Ints, Flags]:
    """Return the product of each row, and whether it is right."""
    if not _is_bounded(one):
        return one * two, np.ones(len(one), dtype=np.bool_)
    return one * two, np.abs(one) <= _FIGURE_MAX // np.maximum(np.abs(two), 1)


def _product(one: Ratios, two: Ratios) -> Ratios:
    above = _multiplied(one.numerator, two.numerator)
    below = _multiplied(one.denominator, two.denominator)
    return _known(above[0], below[0], one.exact & two.exact & above[1] & below[1])


def _sum(one: Ratios, two: Ratios) -> Ratios:
    shared = np.gcd(one.denominator, two.denominator)
    wider = two.denominator // shared
    first = _multiplied(one.numerator, wider)
    second = _multiplied(two.numerator, one.denominator // shared)
    below = _multiplied(one.denominator, wider)
    fits = first[1] & second[1] & below[1]
    return _known(first[0] + second[0], below[0], one.exact & two.exact & fits)


def _crossed(one: Ratios, two: Ratios) -> tuple[Ratios, Ratios]:
    """Return what has the same product, with smaller figures."""
    left = np.gcd(one.numerator, two.denominator)
    right = np.gcd(two.numerator, one.denominator)
    return (
        Ratios(one.numerator // left, one.denominator // right, one.exact),
        Ratios(two.numerator // right, two.denominator // left, two.exact),
    )


def _known(numerator: Ints, denominator: Ints, exact: Flags) -> Ratios:
    if exact.all():
        return Ratios(numerator, denominator, exact)
    return Ratios(np.where(exact, numerator, 0), np.where(exact, denominator, 1), exact)
