"""Rule: a limit of a month or of a person's day holds for its work as it is worth.

A month is of work dates, and the limit is the one in force on the work date. Money
counts exactly, before any rounding, with what amounts set by hand differ; hours count
to the second. An expense counts for months by its amount, for hours and for a person's
day not at all. Prepaid hours count for nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from hourline.billing.model_allotted import InvoicedDay, Level, Over, Work
from hourline.master.snapshot import Span, SpanCap
from hourline.master.snapshot.limits import SpanKey

# A limit's level, and the contract line where it is of one.
Place = tuple[Level, int | None]

_LEVELS = {
    (Span.PERSON_DAY, True): Level.LINE_DAY,
    (Span.PERSON_DAY, False): Level.CONTRACT_DAY,
    (Span.MONTH, True): Level.LINE_MONTH,
    (Span.MONTH, False): Level.CONTRACT_MONTH,
}
# Those of them before the limit of all work of a line, and of a contract.
WITHIN_LINE = (Level.LINE_DAY, Level.CONTRACT_DAY, Level.LINE_MONTH)
WITHIN_CONTRACT = (Level.CONTRACT_MONTH,)
# Those that are of a contract line.
OF_LINES = frozenset({Level.LINE_DAY, Level.LINE_MONTH})


def caps_by_place(caps: Iterable[SpanCap]) -> dict[Place, list[SpanCap]]:
    """Return the limits by where in their order they stand, dated ones together."""
    places: dict[Place, list[SpanCap]] = {}
    for cap in caps:
        level = _LEVELS[cap.span, cap.contract_line_no is not None]
        places.setdefault((level, cap.contract_line_no), []).append(cap)
    return places


def in_force(caps: Iterable[SpanCap], dated: date) -> SpanCap | None:
    """Return which of the limits of a place holds for work of a day, if any."""
    return next((cap for cap in caps if cap.holds_on(dated)), None)


class SpanRoom:
    """Hold what is taken of limits of months and persons' days while work takes it."""

    def __init__(self, caps: Sequence[SpanCap], *, parts: int) -> None:
        """Begin with nothing; of a minor unit's `parts` every amount is whole."""
        self._caps = caps_by_place(caps)
        self._of_line: dict[int, list[tuple[Place, SpanCap]]] = {}
        self._parts = parts
        # Money in parts of a minor unit, and seconds.
        self._taken: dict[tuple[Place, SpanKey], tuple[int, int]] = {}

    def begin(self, days: Iterable[InvoicedDay]) -> None:
        """Take what stands on invoices."""
        for day in days:
            for place, cap in self._of(day.contract_line_no):
                money = day.counted(cap.span) * self._parts
                key = cap.key(day.person_no, day.dated)
                self._add((place, key), money.numerator, int(day.seconds))

    def under(
        self, levels: Sequence[Level], work: Work, quantity: int, *, counts: int
    ) -> tuple[int, Over]:
        """Return how much of a quantity fits under limits, and what is over which.

        One of the quantity counts so many parts of a minor unit.
        """
        over: Over = ()
        for level in levels:
            fits = self._fitting(work, quantity, level=level, counts=counts)
            if fits < quantity:
                over = (*over, (level, quantity - fits))
            quantity = fits
        return quantity, over

    def _fitting(self, work: Work, quantity: int, *, level: Level, counts: int) -> int:
        place = level, work.contract_line_no if level in OF_LINES else None
        cap = in_force(self._caps.get(place, ()), work.dated)
        if cap is None or not _counts(cap, work):
            return quantity
        key = cap.key(work.person_no, work.dated)
        money, seconds = self._taken.get((place, key), (0, 0))
        fits = quantity
        if cap.seconds is not None and not work.units:
            fits = min(fits, cap.seconds - seconds)
        if cap.amount is not None:
            left = cap.amount * self._parts - money
            if quantity * counts > left:
                fits = min(fits, left // counts if counts else 0)
        if fits >= quantity:
            return quantity
        return 0 if cap.whole else max(0, fits)

    def take(self, work: Work, quantity: int, *, counts: int) -> None:
        """Let a quantity of work take its room, each of it counting so much."""
        seconds = 0 if work.units else quantity
        for place, cap in self._of(work.contract_line_no):
            if _counts(cap, work):
                key = cap.key(work.person_no, work.dated)
                self._add((place, key), quantity * counts, seconds)

    def _of(self, line_no: int) -> list[tuple[Place, SpanCap]]:
        """Return the places that work of a line counts for, with how they count."""
        if line_no not in self._of_line:
            self._of_line[line_no] = [
                (place, caps[0])
                for place, caps in self._caps.items()
                if place[1] in {None, line_no}
            ]
        return self._of_line[line_no]

    def _add(self, at: tuple[Place, SpanKey], money: int, seconds: int) -> None:
        before = self._taken.get(at, (0, 0))
        self._taken[at] = before[0] + money, before[1] + seconds


def _counts(cap: SpanCap, work: Work) -> bool:
    return cap.span is Span.MONTH or not work.units
