"""Rule: work is billable while it fits under every limit of its line and contract.

From the innermost to the outermost: of the person's day, the line's month, a customer
on the line, the line, the contract's month, a customer on the contract, the contract.
What is over one asks for no room under the others.

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

from hourline.billing.model_allotted import (
    Invoiced,
    InvoicedDay,
    Level,
    Over,
    Work,
)
from hourline.billing.rules.allot_customers import CustomerRoom
from hourline.billing.rules.allot_spans import (
    WITHIN_CONTRACT,
    WITHIN_LINE,
    SpanRoom,
)
from hourline.kernel.money import Rounding, round_ratio
from hourline.master.snapshot import Cap, ContractTerms


def common_denominator(
    works: Iterable[Work],
    invoiced: Iterable[Invoiced],
    days: Iterable[InvoicedDay] = (),
) -> int:
    """Return in which parts of a minor unit all of them are whole numbers."""
    return lcm(
        *{
            (work.unit_worth if work.units else work.second_worth).denominator
            for work in works
        },
        *(one.denominator for line in invoiced for one in (line.exact, line.counted)),
        *(one.denominator for day in days for one in (day.worth, day.expenses)),
    )


class _Line(NamedTuple):
    """Hold what a contract line comes to; `exact` and `counted` in parts of a unit.

    `counted` has what was set by hand in it. `rounded` is what its invoices come to, in
    whole minor units.
    """

    exact: int
    counted: int
    rounded: int
    by_hand: int
    net: int


_NOTHING = _Line(0, 0, 0, 0, 0)


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

        Of a minor unit's `parts` every amount is a whole number.
        """
        self._terms = terms
        self._rounding = rounding
        self._parts = parts
        self._lines = {no: self._begun(line) for no, line in invoiced.items()}
        self._counted = sum(line.counted for line in self._lines.values())
        self._rounded = sum(line.rounded for line in self._lines.values())
        self.spans = SpanRoom(terms.span_caps, parts=parts)
        self.customers = CustomerRoom(terms.customer_caps, parts=parts)

    def taken_by(self, work: Work, quantity: int) -> Over:
        """Return what of a quantity of work is over which limit.

        The rest takes its room.
        """
        if not quantity:
            return ()
        line_cap = self._terms.line_caps.get(work.contract_line_no)
        each, counts = self._each(work)
        is_narrowed = bool(self._terms.span_caps or self._terms.customer_caps)
        if line_cap is None and not is_narrowed and self._is_used_up(counts):
            return ((Level.CONTRACT, quantity),)
        line = self._lines.get(work.contract_line_no, _NOTHING)
        others = self._rounded - line.rounded

        # Asked for the line's limit, for the contract's, and for what is kept after it.
        known: dict[int, int] = {}

        def comes_to(taken: int) -> int:
            if taken not in known:
                exact = line.exact + taken * each
                known[taken] = self._comes_to(exact, line.by_hand, line.net)
            return known[taken]

        inner, over_inner = self._within(Level.LINE, work, quantity, counts)
        under_line = self._fitting(
            inner, line_cap, counted=(line.counted, counts), comes_to=comes_to
        )
        outer, over_outer = self._within(Level.CONTRACT, work, under_line, counts)
        taken = self._fitting(
            outer,
            self._terms.cap,
            counted=(self._counted, counts),
            comes_to=lambda taken: others + comes_to(taken),
        )
        if taken:
            after = _Line(
                line.exact + taken * each,
                line.counted + taken * counts,
                comes_to(taken),
                line.by_hand,
                line.net,
            )
            self._lines[work.contract_line_no] = after
            self._counted += taken * counts
            self._rounded = others + after.rounded
            if is_narrowed:
                self.spans.take(work, taken, counts=counts)
                self.customers.take(work, taken, counts=counts)
        if taken == quantity:
            return ()
        over_line = (Level.LINE, inner - under_line)
        over_contract = (Level.CONTRACT, outer - taken)
        over = (*over_inner, over_line, *over_outer, over_contract)
        return tuple(one for one in over if one[1])

    def _within(
        self, level: Level, work: Work, quantity: int, counts: int
    ) -> tuple[int, Over]:
        """Return what fits under the limits within one of a line or a contract."""
        over: Over = ()
        if self._terms.span_caps:
            levels = WITHIN_LINE if level is Level.LINE else WITHIN_CONTRACT
            quantity, over = self.spans.under(levels, work, quantity, counts=counts)
        if self._terms.customer_caps:
            fits, more = self.customers.under(level, work, quantity, counts=counts)
            return fits, (*over, *more)
        return quantity, over

    def _is_used_up(self, counts: int) -> bool:
        """Tell whether nothing that counts fits under the contract's limit any more."""
        cap = self._terms.cap
        return (
            cap is not None and counts > 0 and self._counted >= cap.amount * self._parts
        )

    def _fitting(
        self,
        quantity: int,
        cap: Cap | None,
        *,
        counted: tuple[int, int],
        comes_to: Callable[[int], int],
    ) -> int:
        """Return how much of a quantity fits under a limit, if it is there at all.

        `counted` is what counts already, and what one more does; `comes_to` gives what
        invoices come to with so much of it.
        """
        if cap is None:
            return quantity
        before, each = counted
        left = cap.amount * self._parts - before
        if quantity * each <= left and comes_to(quantity) <= cap.amount:
            return quantity
        if cap.whole or left <= 0:
            return 0
        most = min(quantity, left // each) if each else quantity
        # More never fits better, so the first that does not fit is found by halving.
        return bisect_left(
            range(1, most + 1), 1, key=lambda taken: int(comes_to(taken) > cap.amount)
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

    def _begun(self, line: Invoiced) -> _Line:
        exact = self._in_parts(line.exact)
        return _Line(
            exact,
            self._in_parts(line.counted) + line.by_hand * self._parts,
            self._comes_to(exact, line.by_hand, line.net),
            line.by_hand,
            line.net,
        )

    def _comes_to(self, exact: int, by_hand: int, net: int) -> int:
        # Until the line is billed again, a cent that a credit left on it stays there.
        return max(round_ratio(exact, self._parts, self._rounding) + by_hand, net)
