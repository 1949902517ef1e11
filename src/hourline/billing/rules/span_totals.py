"""Rule: what is invoiced of a month or a person's day is compared with its limit.

In whole minor units: the part of one that a running total has not rounded yet is no
matter. Where the limit changed within a month, the highest that held for invoiced work
counts; with work of a day without a limit there is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from hourline.billing.model_allotted import InvoicedDay
from hourline.billing.rules.allot_spans import Place, caps_by_place, in_force
from hourline.master.snapshot import Span, SpanCap
from hourline.master.snapshot.limits import SpanKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanTotal:
    """Hold what stands on invoices of the work that a limit holds for together.

    `worth` is in minor units; so is `amount_limit`, None where none holds.
    """

    span: Span
    contract_line_no: int | None
    key: SpanKey
    worth: Fraction
    seconds: Fraction
    amount_limit: int | None
    seconds_limit: int | None

    @property
    def amount(self) -> int:
        """Return what is invoiced, in whole minor units."""
        return self.worth.numerator // self.worth.denominator

    @property
    def is_above_amount(self) -> bool:
        """Tell whether more is invoiced than the limit in money says."""
        return self.amount_limit is not None and self.amount > self.amount_limit

    @property
    def is_above_hours(self) -> bool:
        """Tell whether more is invoiced than the limit in hours says."""
        return self.seconds_limit is not None and self.seconds > self.seconds_limit


SpanTotals = dict[tuple[Place, SpanKey], SpanTotal]


def span_totals(caps: Iterable[SpanCap], days: Iterable[InvoicedDay]) -> SpanTotals:
    """Return the totals of every month and person's day that a limit is for."""
    found: dict[tuple[Place, SpanKey], list[tuple[InvoicedDay, SpanCap | None]]] = {}
    places = caps_by_place(caps)
    for day in days:
        for place, own in places.items():
            if place[1] in {None, day.contract_line_no}:
                key = own[0].key(day.person_no, day.dated)
                held = in_force(own, day.dated)
                found.setdefault((place, key), []).append((day, held))
    return {
        (place, key): _total(places[place][0], key, together)
        for (place, key), together in found.items()
    }


def _total(
    cap: SpanCap, key: SpanKey, together: list[tuple[InvoicedDay, SpanCap | None]]
) -> SpanTotal:
    return SpanTotal(
        span=cap.span,
        contract_line_no=cap.contract_line_no,
        key=key,
        worth=sum((day.counted(cap.span) for day, _ in together), Fraction(0)),
        seconds=sum((day.seconds for day, _ in together), Fraction(0)),
        amount_limit=_highest([held.amount if held else None for _, held in together]),
        seconds_limit=_highest(
            [held.seconds if held else None for _, held in together]
        ),
    )


def _highest(limits: list[int | None]) -> int | None:
    known = [limit for limit in limits if limit is not None]
    return max(known) if len(known) == len(limits) else None
