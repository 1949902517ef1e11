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
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

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


@dataclass(slots=True)
class _Line:
    """Hold what a contract line comes to while work takes its room.

    `exact` and `counted` are in parts of a minor unit; `counted` has what was set by
    hand in it. `rounded` is what its invoices come to, in whole minor units, of the
    work up to when it was last reckoned. `most` is its limit in parts, None for none.
    `ahead` is how far in parts the rounded total can at most be above what counts.
    """

    exact: int
    counted: int
    by_hand: int
    net: int
    rounded: int
    most: int | None
    ahead: int


_NOTHING = Invoiced()


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
        self._most = self._in_parts_of(terms.cap)
        self._is_whole = terms.cap is not None and terms.cap.whole
        self._is_narrowed = bool(terms.span_caps or terms.customer_caps)
        self._lines: dict[int, _Line] = {}
        self._counted = self._rounded = self._ahead = 0
        # Lines whose rounded total is not up to date.
        self._behind: set[int] = set()
        for no, line in invoiced.items():
            self._begin(no, line)
        self.spans = SpanRoom(terms.span_caps, parts=parts)
        self.customers = CustomerRoom(terms.customer_caps, parts=parts)

    def taken_by(self, work: Work, quantity: int) -> Over:
        """Return what of a quantity of work is over which limit.

        The rest takes its room.
        """
        if not quantity:
            return ()
        line_no = work.contract_line_no
        line = self._lines.get(line_no) or self._begin(line_no, _NOTHING)
        each, counts = self._each(work)
        if not (self._is_narrowed or work.units):
            asked = quantity * counts
            if self._fits_for_certain(line, asked):
                line.exact += asked
                line.counted += asked
                self._counted += asked
                self._behind.add(line_no)
                return ()
            if line.most is None and self._is_full(quantity, counts):
                return ((Level.CONTRACT, quantity),)
        return self._cut(work, line, quantity, each=each, counts=counts)

    def _fits_for_certain(self, line: _Line, asked: int) -> bool:
        """Tell whether time fits even if every line's total is rounded up."""
        return (
            self._most is None or self._counted + asked + self._ahead <= self._most
        ) and (line.most is None or line.counted + asked + line.ahead <= line.most)

    def _cut(
        self, work: Work, line: _Line, quantity: int, *, each: int, counts: int
    ) -> Over:
        """Return what of a quantity is over which limit, by what invoices come to."""
        self._catch_up()
        others = self._rounded - line.rounded

        # Asked for the line's limit, for the contract's, and for what is kept after it.
        known: dict[int, int] = {}

        def comes_to(taken: int) -> int:
            if taken not in known:
                known[taken] = self._comes_to(line, line.exact + taken * each)
            return known[taken]

        inner, over_inner = self._within(Level.LINE, work, quantity, counts)
        under_line = self._fitting(
            inner,
            self._terms.line_caps.get(work.contract_line_no),
            counted=(line.counted, counts),
            comes_to=comes_to,
        )
        outer, over_outer = self._within(Level.CONTRACT, work, under_line, counts)
        taken = self._fitting(
            outer,
            self._terms.cap,
            counted=(self._counted, counts),
            comes_to=lambda taken: others + comes_to(taken),
        )
        if taken:
            line.exact += taken * each
            line.counted += taken * counts
            line.rounded = comes_to(taken)
            self._counted += taken * counts
            self._rounded = others + line.rounded
            self._look_ahead(line)
            if self._is_narrowed:
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

    def _is_full(self, quantity: int, counts: int) -> bool:
        """Tell whether nothing of a quantity fits under the contract's limit.

        Only by what counts: what invoices come to may leave no room either.
        """
        if self._most is None or counts <= 0:
            return False
        least = quantity * counts if self._is_whole else counts
        return self._counted + least > self._most

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

    def _in_parts_of(self, cap: Cap | None) -> int | None:
        return None if cap is None else cap.amount * self._parts

    def _begin(self, line_no: int, invoiced: Invoiced) -> _Line:
        by_hand = invoiced.by_hand
        line = _Line(
            exact=self._in_parts(invoiced.exact),
            counted=self._in_parts(invoiced.counted) + by_hand * self._parts,
            by_hand=by_hand,
            net=invoiced.net,
            rounded=0,
            most=self._in_parts_of(self._terms.line_caps.get(line_no)),
            ahead=0,
        )
        line.rounded = self._comes_to(line, line.exact)
        self._lines[line_no] = line
        self._counted += line.counted
        self._rounded += line.rounded
        self._look_ahead(line)
        return line

    def _look_ahead(self, line: _Line) -> None:
        # Time adds to both totals alike, so this holds until an expense is taken.
        exact = line.exact + line.by_hand * self._parts
        highest = max(exact + self._parts, line.net * self._parts)
        ahead = max(highest - line.counted, 0)
        self._ahead += ahead - line.ahead
        line.ahead = ahead

    def _catch_up(self) -> None:
        for line_no in self._behind:
            line = self._lines[line_no]
            rounded = self._comes_to(line, line.exact)
            self._rounded += rounded - line.rounded
            line.rounded = rounded
        self._behind.clear()

    def _comes_to(self, line: _Line, exact: int) -> int:
        # Until the line is billed again, a cent that a credit left on it stays there.
        rounded = round_ratio(exact, self._parts, self._rounding)
        return max(rounded + line.by_hand, line.net)
