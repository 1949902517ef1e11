"""Allotting by shortcuts gives what trying every second by exact fractions gives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model_allotted import Invoiced, Level, Over, Work
from hourline.billing.rules.allot import allot, in_order_of_work
from hourline.kernel.money import Rounding, round_fraction
from hourline.master.snapshot import Cap, ContractTerms

LINES = (7, 8)
# Minor units for a second, as fractions whose sums are hardly ever whole.
WORTHS = [Fraction(25, 9), Fraction(1, 3), Fraction(7, 2), Fraction(0), Fraction(101)]

caps = st.none() | st.builds(Cap, st.integers(0, 400), whole=st.booleans())
times = st.builds(
    lambda worth, seconds: (worth, seconds, 0),
    st.sampled_from(WORTHS),
    st.integers(0, 60),
)
expenses = st.builds(
    lambda worth, units: (worth, 0, units),
    st.sampled_from([Fraction(1), Fraction(99, 100), Fraction(101, 100)]),
    st.integers(0, 60),
)
invoices = st.builds(
    lambda exact, by_hand, cent: Invoiced(
        exact=exact, counted=exact, by_hand=by_hand, net=round_fraction(exact) + cent
    ),
    st.fractions(0, 200, max_denominator=36),
    st.integers(-20, 20),
    st.integers(0, 30),
)


def work(entry: int, line: int, what: tuple[Fraction, int, int]) -> Work:
    """Give work of a contract line, in the order of the entries' numbers."""
    worth, seconds, units = what
    return Work(
        contract_line_no=line,
        entry_no=entry,
        revision=1,
        part=0,
        person_no=1,
        dated=date(2025, 3, 1),
        approved_at=datetime(2025, 3, 1, tzinfo=UTC),
        source_id=f"t{entry:03}",
        seconds=seconds,
        units=units,
        second_worth=worth,
        unit_worth=worth if units else Fraction(1),
    )


class Scalar:
    """Keep the totals of the lines of a contract, one fraction at a time."""

    def __init__(self, terms: ContractTerms, invoiced: dict[int, Invoiced]) -> None:
        self._terms = terms
        self._lines = {no: invoiced.get(no, Invoiced()) for no in LINES}

    def taken_by(self, work: Work) -> Over:
        """Return what is over which limit; the rest takes its room."""
        line_no = work.contract_line_no

        def with_taken(quantity: int) -> dict[int, Invoiced]:
            line = self._lines[line_no]
            counts = Fraction(quantity) if work.units else work.worth(quantity)
            return self._lines | {
                line_no: replace(
                    line,
                    exact=line.exact + work.worth(quantity),
                    counted=line.counted + counts,
                )
            }

        def line_fits(quantity: int) -> bool:
            lines = {line_no: with_taken(quantity)[line_no]}
            return _is_under(lines, self._terms.line_caps.get(line_no))

        def contract_fits(quantity: int) -> bool:
            return _is_under(with_taken(quantity), self._terms.cap)

        line_cap = self._terms.line_caps.get(line_no)
        under_line = _most(work.measure, line_cap, line_fits)
        taken = _most(under_line, self._terms.cap, contract_fits)
        if taken:
            self._lines = with_taken(taken)
        over = (
            (Level.LINE, work.measure - under_line),
            (Level.CONTRACT, under_line - taken),
        )
        return tuple(one for one in over if one[1])


def _is_under(lines: dict[int, Invoiced], cap: Cap | None) -> bool:
    if cap is None:
        return True
    exact = sum(line.counted + line.by_hand for line in lines.values())
    rounded = sum(
        max(round_fraction(line.exact) + line.by_hand, line.net)
        for line in lines.values()
    )
    return exact <= cap.amount and rounded <= cap.amount


def _most(quantity: int, cap: Cap | None, fits: Callable[[int], bool]) -> int:
    if fits(quantity):
        return quantity
    if cap is None or cap.whole:
        return 0
    return max((less for less in range(1, quantity) if fits(less)), default=0)


@given(
    asked=st.lists(st.tuples(st.sampled_from(LINES), times | expenses), max_size=12),
    cap=caps,
    line_cap=caps,
    invoiced=st.dictionaries(st.sampled_from(LINES), invoices),
)
def test_every_work_gets_what_the_scalar_gives_it(
    asked: list[tuple[int, tuple[Fraction, int, int]]],
    cap: Cap | None,
    line_cap: Cap | None,
    invoiced: dict[int, Invoiced],
) -> None:
    works = [work(no, line, what) for no, (line, what) in enumerate(asked, start=1)]
    terms = ContractTerms(
        entity_no=1,
        currency=840,
        cap=cap,
        line_caps={} if line_cap is None else {7: line_cap},
    )
    scalar = Scalar(terms, invoiced)

    found = allot(works, terms, invoiced, Rounding.HALF_UP)

    ordered = in_order_of_work(works)
    allotted = [one.over_limits for _, one in found]
    assert allotted == [scalar.taken_by(one) if one.measure else () for one in ordered]
