"""Rule: work is billable while it fits under its line's limit, then its contract's.

A split is after the last whole second that still fits, of an expense after the last
minor unit; where an entry is to be blocked, it fits whole or not at all, and a later
one that fits is billable. What fits is such that neither the exact total nor the
rounded ones that invoices bring each contract line to ever exceed a limit.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hourline.billing.model_allotted import Invoiced, Work
from hourline.kernel.money import Rounding, round_fraction
from hourline.master.snapshot import Cap, ContractTerms

_NOTHING = Invoiced()


@dataclass(frozen=True, slots=True)
class _Total:
    """Hold what counts against a limit: exactly, and as invoices round it."""

    counted: Fraction
    rounded: int

    def fits(self, cap: Cap) -> bool:
        return self.counted <= cap.amount and self.rounded <= cap.amount


class Room:
    """Hold what is left under the limits of a contract while work takes it up."""

    def __init__(
        self,
        terms: ContractTerms,
        invoiced: Mapping[int, Invoiced],
        rounding: Rounding,
    ) -> None:
        """Begin with what stands on invoices, by contract line."""
        self._terms = terms
        self._rounding = rounding
        self._lines = dict(invoiced)
        totals = [self._total(line) for line in invoiced.values()]
        self._whole = _Total(
            sum((total.counted for total in totals), Fraction(0)),
            sum(total.rounded for total in totals),
        )

    def taken_by(self, work: Work, quantity: int) -> tuple[int, int]:
        """Return what of a quantity of work is over its line's limit, its contract's.

        The rest takes its room.
        """
        line_cap = self._terms.line_caps.get(work.contract_line_no)
        under_line = _fitting(
            quantity,
            line_cap,
            lambda taken: self._total(self._line_with(work, taken)),
        )
        under_both = _fitting(
            under_line, self._terms.cap, lambda taken: self._whole_with(work, taken)
        )
        self._whole = self._whole_with(work, under_both)
        self._lines[work.contract_line_no] = self._line_with(work, under_both)
        return quantity - under_line, under_line - under_both

    def _line_with(self, work: Work, taken: int) -> Invoiced:
        line = self._lines.get(work.contract_line_no, _NOTHING)
        return Invoiced(
            line.exact + work.worth(taken),
            line.counted + work.counted(taken),
            line.by_hand,
            line.net,
        )

    def _whole_with(self, work: Work, taken: int) -> _Total:
        before = self._total(self._lines.get(work.contract_line_no, _NOTHING))
        after = self._total(self._line_with(work, taken))
        return _Total(
            self._whole.counted + after.counted - before.counted,
            self._whole.rounded + after.rounded - before.rounded,
        )

    def _total(self, line: Invoiced) -> _Total:
        # Until the line is billed again, a cent that a credit left on it stays there.
        rounded = round_fraction(line.exact, self._rounding) + line.by_hand
        return _Total(line.counted + line.by_hand, max(rounded, line.net))


def _fitting(quantity: int, cap: Cap | None, total: Callable[[int], _Total]) -> int:
    """Return how much of a quantity fits under a limit, if it is there at all."""
    if cap is None or quantity == 0 or total(quantity).fits(cap):
        return quantity
    if cap.whole:
        return 0
    # More never fits better, so the first that does not fit is found by halving.
    return bisect_left(
        range(1, quantity), 1, key=lambda taken: int(not total(taken).fits(cap))
    )
