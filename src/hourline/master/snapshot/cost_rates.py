"""Hold what the work of each person costs."""

from dataclasses import dataclass
from fractions import Fraction

from hourline.kernel.columns import Ints, ended, ints, rows_where
from hourline.kernel.effective import (
    Effective,
    day_number,
    effective,
    layered_ends,
)
from hourline.kernel.quantity import (
    ENTRY_SECONDS_MAX,
    HOUR_SECONDS,
    RATIO_MAX,
)
from hourline.master.model import CostRate, LegalEntity, Person
from hourline.master.snapshot.cross_charges import CHARGE_OF_COST_MAX
from hourline.master.snapshot.hour_types import HourTypes, distinct_factors
from hourline.master.snapshot.places import stated_currency
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

_COST_DECIMALS_MAX = 7


@dataclass(frozen=True, slots=True)
class CostRates:
    """Hold what a second of a person costs, in major units: numerator/denominator."""

    spans: Effective
    no: Ints
    numerator: Ints
    denominator: Ints


def cost_rates(
    rates: Timeline[CostRate],
    people: Timeline[Person],
    *,
    hour_types: HourTypes,
    decimals: set[int],
) -> CostRates:
    """Return cost rates by person; of two that hold the one that starts later wins.

    `decimals` are those of the currencies of books. Raises UnusableRecord for a rate
    that is negative, too fine or too large.
    """
    factors = distinct_factors(hour_types.cost_numerator, hour_types.cost_denominator)
    worst = [(factor, digits) for factor in factors for digits in decimals]
    exact = [_cost(rates, span, worst) for span in rates.spans]
    known = [
        (people.find(span.content.person), row) for row, span in enumerate(rates.spans)
    ]
    known = sorted(
        (pair for pair in known if pair[0] >= 0),
        key=lambda pair: rates.spans[pair[1]].change_no,
    )
    keys, rows = ints([key for key, _ in known]), ints([row for _, row in known])
    spans = [rates.spans[row] for _, row in known]
    starts = ints([day_number(span.effective_from) for span in spans])
    ends = ints([day_number(span.effective_until) for span in spans])
    ends = layered_ends(keys, starts, ends)
    held = rows_where(starts < ends)
    return CostRates(
        spans=effective(
            keys[held],
            (starts[held], ends[held]),
            rows[held],
            key_count=len(people.ids),
        ),
        no=ended([rates.nos[span.dense] for span in rates.spans]),
        numerator=ended([ratio.numerator for ratio in exact], 0),
        denominator=ended([ratio.denominator for ratio in exact], 1),
    )


def cost_worth_max(
    rates: Timeline[CostRate],
    people: Timeline[Person],
    *,
    entities: Timeline[LegalEntity],
    hour_types: HourTypes,
) -> dict[int, int]:
    """Return by currency the most that departments charge for those provided elsewhere.

    In minor units of the employing entity's currency, out of which the cost is
    translated where another entity bears it.
    """
    employers: dict[str, set[str]] = {}
    for span in people.spans:
        if span.content.resourcing != span.content.entity:
            employers.setdefault(people.id_of(span), set()).add(span.content.entity)
    dearest: dict[str, Fraction] = {}
    for rate in rates.spans if employers else ():
        for entity in employers.get(rate.content.person, ()):
            known = dearest.get(entity, Fraction(0))
            dearest[entity] = max(known, Fraction(rate.content.rate))
    factors = distinct_factors(hour_types.cost_numerator, hour_types.cost_denominator)
    hours = max(factors) * CHARGE_OF_COST_MAX * ENTRY_SECONDS_MAX / HOUR_SECONDS
    largest: dict[int, int] = {}
    for one in entities.spans if dearest else ():
        id_ = entities.id_of(one)
        currency = stated_currency("legal_entity", id_, one.content.currency)
        exact = dearest.get(id_, Fraction(0)) * 10**currency.decimals * hours
        largest[currency.number] = max(largest.get(currency.number, 0), int(exact) + 1)
    return largest


def _cost(
    rates: Timeline[CostRate], span: Span[CostRate], worst: list[tuple[Fraction, int]]
) -> Fraction:
    exact = Fraction(span.content.rate)
    fine = (exact * 10**_COST_DECIMALS_MAX).denominator != 1
    if exact < 0 or fine or any(_is_large_cost(exact, *case) for case in worst):
        raise UnusableRecord(
            "cost_rate",
            rates.id_of(span),
            starts=span.effective_from,
            why=f"a rate of {span.content.rate} is below zero, too fine or too large",
            remedy="Correct the figure, or state it with fewer decimals.",
        )
    return exact


def _is_large_cost(exact: Fraction, factor: Fraction, decimals: int) -> bool:
    # The kernel reduces a ratio to lowest terms only where a factor changes it.
    scale: int = 10**decimals
    worth = Fraction(exact * factor * scale, HOUR_SECONDS)
    return max(exact.numerator * scale, worth.numerator) > RATIO_MAX
