"""Rule: work is billable while it fits under its line's limit, then its contract's.

A split is after the last whole second that still fits, of an expense after the last
minor unit; where an entry is to be blocked, it fits whole or not at all, and a later
one that fits is billable. What fits is such that neither the exact total nor the
rounded ones that invoices bring each contract line to ever exceed a limit.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from hourline.billing.model_allotted import Invoiced, Work
from hourline.kernel.money import Rounding, round_ratio
from hourline.master.snapshot import Cap, ContractTerms

_NOTHING = Invoiced()


def common_denominator(works: Iterable[Work], invoiced: Iterable[Invoiced]) -> int:
    """Return in which parts of a minor unit all of them are whole numbers."""
    exact = {
        *(work.second_worth for work in works if not work.units),
        *(work.unit_worth for work in works if work.units),
        *(worth for line in invoiced for worth in (line.exact, line.counted)),
    }
    return lcm(*(worth.denominator for worth in exact))


class _Line(NamedTuple):
    """Hold what counts against a limit, in parts of a minor unit.

    `rounded` is in whole ones, as the line's invoices come to.
    """

    exact: int
    counted: int
    by_hand: int
    net: int
    rounded: int


class Room:
    """Hold what is left under the limits of a contract while work takes it up."""

    def __init__(
        self,
        terms: ContractTerms,
        invoiced: Mapping[int, Invoiced],
        rounding: Rounding,
        *,
        parts: int,
    ) -> None:
        """Begin with what stands on invoices, by contract line.

        `parts` of a minor unit are what every amount is a whole number of.
        """
        self._terms = terms
        self._rounding = rounding
        self._parts = parts
        self._lines = {no: self._begun(line) for no, line in invoiced.items()}
        self._counted = sum(self._counts(line) for line in self._lines.values())
        self._rounded = sum(line.rounded for line in self._lines.values())

    def taken_by(self, work: Work, quantity: int) -> tuple[int, int]:
        """Return what of a quantity of work is over its line's limit, its contract's.

        The rest takes its room.
        """
        no = work.contract_line_no
        line = self._lines.get(no) or self._begun(_NOTHING)
        each, counts = self._each(work)
        counted, rounded = self._counted, self._rounded - line.rounded

        def with_more(taken: int) -> _Line:
            return self._line(
                line.exact + taken * each,
                line.counted + taken * counts,
                by_hand=line.by_hand,
                net=line.net,
            )

        under_line = self._fitting(
            quantity,
            self._terms.line_caps.get(no),
            (self._counts(line), counts),
            lambda taken: with_more(taken).rounded,
        )
        under_both = self._fitting(
            under_line,
            self._terms.cap,
            (counted, counts),
            lambda taken: rounded + with_more(taken).rounded,
        )
        if under_both:
            self._lines[no] = after = with_more(under_both)
            self._counted = counted + under_both * counts
            self._rounded = rounded + after.rounded
        return quantity - under_line, under_line - under_both

    def _fitting(
        self,
        quantity: int,
        cap: Cap | None,
        counted: tuple[int, int],
        rounded: Callable[[int], int],
    ) -> int:
        """Return how much of a quantity fits under a limit, if it is there at all.

        `counted` is what counts already, and what one of the quantity does; `rounded`
        gives what invoices come to with so much of it.
        """
        if cap is None or quantity == 0:
            return quantity
        before, each = counted
        left = cap.amount * self._parts - before
        if quantity * each <= left and rounded(quantity) <= cap.amount:
            return quantity
        if cap.whole or left <= 0:
            return 0
        most = min(quantity, left // each) if each else quantity
        # More never fits better, so the first that does not fit is found by halving.
        return bisect_left(
            range(1, most + 1),
            1,
            key=lambda taken: int(rounded(taken) > cap.amount),
        )

    def _each(self, work: Work) -> tuple[int, int]:
        """Return what one of a work's quantity is worth, and how much of it counts.

        Time counts exactly; of an expense each unit is one minor unit of its amount.
        """
        if work.units:
            return self._in_parts(work.unit_worth), self._parts
        worth = self._in_parts(work.second_worth)
        return worth, worth

    def _in_parts(self, exact: Fraction) -> int:
        return exact.numerator * (self._parts // exact.denominator)

    def _counts(self, line: _Line) -> int:
        return line.counted + line.by_hand * self._parts

    def _begun(self, line: Invoiced) -> _Line:
        return self._line(
            self._in_parts(line.exact),
            self._in_parts(line.counted),
            by_hand=line.by_hand,
            net=line.net,
        )

    def _line(self, exact: int, counted: int, *, by_hand: int, net: int) -> _Line:
        # Until the line is billed again, a cent that a credit left on it stays there.
        rounded = round_ratio(exact, self._parts, self._rounding) + by_hand
        return _Line(exact, counted, by_hand, net, max(rounded, net))
