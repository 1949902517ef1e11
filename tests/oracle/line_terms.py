"""Price an hour by the terms of its contract line, one entry at a time."""

from fractions import Fraction
from math import floor

from tests.entries import Entry
from tests.oracle.findings import (
    Terms,
    Worker,
    cost_rate,
    exchange,
    factors_of,
    minor_of,
)
from tests.oracle.known import Known

_HOUR_MAX = 10**12


def line_factor(terms: Terms) -> Fraction:
    """Return what the line multiplies a price by: discount, then fee."""
    line = terms.line.record
    discount = Fraction(line.discount_percent) / 100
    return (1 - discount) * (1 + Fraction(line.fee_percent) / 100)


def hour_by_cost(
    known: Known, entry: Entry, terms: Terms, worker: Worker
) -> int | None:
    """Return an hour's price by its cost in 1/10000 minor units, half up."""
    percent = terms.line.record.cost_plus_percent
    costing = cost_rate(known, worker, entry.work_date)
    pair = (worker.employer.record.currency, terms.currency)
    fx = exchange(known, pair, entry.work_date)
    factors = factors_of(known, entry)
    if percent is None or costing is None or fx is None:
        return None
    hour = Fraction(costing.record.rate) * minor_of(pair[0]) * fx
    hour *= 1 + Fraction(percent) / 100
    hour *= (factors[0] if factors else 1) * line_factor(terms)
    price = floor(hour * 10_000 + Fraction(1, 2))
    return price if price <= _HOUR_MAX else None
