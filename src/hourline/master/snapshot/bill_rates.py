"""Hold what work is sold for: the rate card by scope, in order of precedence."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from hourline.kernel.columns import NOTHING, Flags, Ints, ended, flags, ints
from hourline.kernel.effective import (
    Effective,
    SpansOverlap,
    day_number,
    effective,
)
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.kernel.quantity import (
    ENTRY_SECONDS_MAX,
    HOUR_SECONDS,
    PRICE_SCALE,
    RATIO_MAX,
    Price,
    RateTooFine,
    price_per_hours,
    reduced_columns,
    times,
    times_columns,
)
from hourline.master.model import BillRate
from hourline.master.snapshot.hour_types import HourTypes, distinct_factors
from hourline.master.snapshot.places import stated_currency
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# The narrower scope wins, in this order; a row without scope is the standard card.
SCOPES = ("contract_line", "contract", "project", "customer", "entity")
DIMENSIONS = ("person", "role", "activity")
# What is stored with a portion; far inside 64 bits.
STORED_PRICE_MAX = 10**17
_CURRENCY_NUMBERS = 1_000


@dataclass(frozen=True, slots=True)
class RateLevel:
    """Hold the rows of one scope that name the same dimensions."""

    scope: str | None
    dimensions: tuple[str, ...]
    index: KeyIndex
    spans: Effective

    def at(self, columns: list[Ints], days: Ints) -> Ints:
        """Return the row per entry; columns: scope, currency and the dimensions."""
        return self.spans.at(self.index.of(columns), days)


@dataclass(frozen=True, slots=True)
class BillRates:
    """Hold the rate card: levels in order of precedence, exact prices by row.

    A row costs amount / seconds in 1/10000 minor units of its currency per second;
    numerator / denominator is the same in minor units and lowest terms.
    A price that is `blended` knows no factor. `currency_index` numbers the currencies
    of the card by ISO number, `worth_max` is the most an entry can be worth in one.
    """

    levels: tuple[RateLevel, ...]
    no: Ints
    amount: Ints
    seconds: Ints
    numerator: Ints
    denominator: Ints
    blended: Flags
    currency_index: Ints
    worth_max: dict[int, int]


def bill_rates(
    rates: Timeline[BillRate],
    *,
    scopes: Mapping[str, Mapping[str, int]],
    dimensions: Mapping[str, Mapping[str, int]],
    hour_types: HourTypes,
) -> BillRates:
    """Return the rate card; scopes and dimensions give the number of each id.

    Raises UnusableRecord for a rate that is negative, too fine, too large, that has
    two scopes, is blended for other than a contract line or a contract, or that another
    row ties with.
    """
    numbers = [_currency_number(rates, span) for span in rates.spans]
    currencies = {number: dense for dense, number in enumerate(sorted(set(numbers)))}
    prices = [_bill_price(rates, span) for span in rates.spans]
    worths = {price: _worth(price) for price in set(prices)}
    factors = distinct_factors(hour_types.bill_numerator, hour_types.bill_denominator)
    _refuse_large(rates, prices, factors)
    numbering = _Numbering(scopes, dimensions, currencies, numbers)
    grouped: dict[tuple[int, int, tuple[int, ...]], list[int]] = {}
    for row, span in enumerate(rates.spans):
        grouped.setdefault(_rank(rates, span), []).append(row)
    index = np.full(_CURRENCY_NUMBERS, NOTHING, dtype=np.int64)
    index[list(currencies)] = list(currencies.values())
    return BillRates(
        levels=tuple(
            _level(rates, grouped[rank], numbering) for rank in sorted(grouped)
        ),
        no=ended([rates.nos[span.dense] for span in rates.spans]),
        amount=ended([price.amount for price in prices], 0),
        seconds=ended([price.seconds for price in prices], HOUR_SECONDS),
        numerator=ended([worths[price].numerator for price in prices], 0),
        denominator=ended([worths[price].denominator for price in prices], 1),
        blended=flags([span.content.blended for span in rates.spans]),
        currency_index=index,
        worth_max=_worth_max(numbers, [worths[price] for price in prices], factors),
    )


class PriceBounds(NamedTuple):
    """Hold the largest figures of exact prices on a card, whatever the hour type.

    A price is amount / seconds in 1/10000 minor units, and numerator / denominator in
    minor units and lowest terms.
    """

    amount: int
    seconds: int
    numerator: int
    denominator: int


def price_bounds(card: BillRates, hour_types: HourTypes) -> PriceBounds:
    """Return how large the figures of prices become with the factors of hour types."""
    bounds = [
        (
            *times_columns(
                card.amount,
                card.seconds,
                (ints([factor.numerator]), ints([factor.denominator])),
            ),
            *reduced_columns(
                card.numerator * factor.numerator, card.denominator * factor.denominator
            ),
        )
        for factor in distinct_factors(
            hour_types.bill_numerator, hour_types.bill_denominator
        )
    ]
    return PriceBounds(
        *(
            max(int(column.max()) for column in columns)
            for columns in zip(*bounds, strict=True)
        )
    )


def _currency_number(rates: Timeline[BillRate], span: Span[BillRate]) -> int:
    return stated_currency("bill_rate", rates.id_of(span), span.content.currency).number


def _worth(price: Price) -> Fraction:
    return Fraction(price.amount, price.seconds * PRICE_SCALE)


def _worth_max(
    numbers: list[int], worths: list[Fraction], factors: set[Fraction]
) -> dict[int, int]:
    largest: dict[int, int] = {}
    for number, worth in zip(numbers, worths, strict=True):
        worst = int(worth * max(factors) * ENTRY_SECONDS_MAX) + 1
        largest[number] = max(worst, largest.get(number, 0))
    return largest


def _bill_price(rates: Timeline[BillRate], span: Span[BillRate]) -> Price:
    rate, id_ = span.content, rates.id_of(span)
    currency = stated_currency("bill_rate", id_, rate.currency)
    hours = Decimal(1) if rate.per == "hour" else rate.hours_per_day
    if hours is None or hours <= 0:
        raise UnusableRecord(
            "bill_rate",
            id_,
            starts=span.effective_from,
            why="a rate per day does not say how many hours a day has",
            remedy="Give hours_per_day, for example 8.",
        )
    if rate.rate < 0:
        raise UnusableRecord(
            "bill_rate",
            id_,
            starts=span.effective_from,
            why="the rate is below zero",
            remedy="Correct the rate.",
        )
    try:
        return price_per_hours(rate.rate, hours, currency)
    except RateTooFine as error:
        raise UnusableRecord(
            "bill_rate",
            id_,
            starts=span.effective_from,
            why=str(error),
            remedy="Round the rate on the card.",
        ) from None


def _refuse_large(
    rates: Timeline[BillRate], prices: list[Price], factors: set[Fraction]
) -> None:
    large = {
        price
        for price in set(prices)
        if any(_is_large(times(price, factor)) for factor in factors)
    }
    for span, price in zip(rates.spans, prices, strict=True):
        if price in large:
            raise UnusableRecord(
                "bill_rate",
                rates.id_of(span),
                starts=span.effective_from,
                why=f"a rate of {span.content.rate} is too large to be exact",
                remedy="Correct the figure, or state it with fewer decimals.",
            )


def _is_large(price: Price) -> bool:
    worth = _worth(price)
    stored = max(price.amount, price.seconds)
    return (
        max(worth.numerator, worth.denominator) > RATIO_MAX or stored > STORED_PRICE_MAX
    )


def _rank(
    rates: Timeline[BillRate], span: Span[BillRate]
) -> tuple[int, int, tuple[int, ...]]:
    """Return what sorts a row before others: blended ones, then the narrower scope."""
    scopes = [
        position
        for position, scope in enumerate(SCOPES)
        if getattr(span.content, scope) is not None
    ]
    if len(scopes) > 1:
        raise UnusableRecord(
            "bill_rate",
            rates.id_of(span),
            starts=span.effective_from,
            why="it names " + " and ".join(SCOPES[position] for position in scopes),
            remedy="Keep one of them; a row has at most one scope.",
        )
    named = tuple(
        0 if getattr(span.content, dimension) is not None else 1
        for dimension in DIMENSIONS
    )
    _refuse_half_blended(rates, span)
    return (int(not span.content.blended), scopes[0] if scopes else len(SCOPES), named)


def _refuse_half_blended(rates: Timeline[BillRate], span: Span[BillRate]) -> None:
    mistaken = mistaken_as_blended(span.content)
    if mistaken is not None:
        why, remedy = mistaken
        raise UnusableRecord("bill_rate", rates.id_of(span), why=why, remedy=remedy)


def mistaken_as_blended(rate: BillRate) -> tuple[str, str] | None:
    """Return why a row cannot be blended, and what to do; None where it can, or is not.

    It is the rate of everybody on a contract line or a contract, and of no one else.
    """
    if not rate.blended:
        return None
    if rate.contract_line is None and rate.contract is None:
        why = "it is blended, but names no contract line and no contract"
        return why, "Name the one whose work it is for, or do not mark it as blended."
    named = [name for name in DIMENSIONS if getattr(rate, name) is not None]
    if named:
        why = f"it is blended for everybody, but names {' and '.join(named)}"
        return why, "Leave those empty, or do not mark it as blended."
    return None


@dataclass(frozen=True, slots=True)
class _Numbering:
    scopes: Mapping[str, Mapping[str, int]]
    dimensions: Mapping[str, Mapping[str, int]]
    currencies: Mapping[int, int]
    currency_numbers: list[int]


def _level(
    rates: Timeline[BillRate], rows: list[int], numbering: _Numbering
) -> RateLevel:
    sample = rates.spans[rows[0]].content
    scope = next((name for name in SCOPES if getattr(sample, name) is not None), None)
    named = tuple(name for name in DIMENSIONS if getattr(sample, name) is not None)
    fields: list[tuple[str, Mapping[str, int]]] = [
        *([(scope, numbering.scopes[scope])] if scope else []),
        *((name, numbering.dimensions[name]) for name in named),
    ]
    keys = [
        (
            *(
                numbers.get(getattr(rates.spans[row].content, name), NOTHING)
                for name, numbers in fields
            ),
            numbering.currencies[numbering.currency_numbers[row]],
        )
        for row in rows
    ]
    # A row for a record that is not known yet cannot match anything.
    known = [place for place, key in enumerate(keys) if NOTHING not in key]
    sizes = [*(len(numbers) for _, numbers in fields), len(numbering.currencies)]
    index, positions = key_index(
        [ints([keys[place][part] for place in known]) for part in range(len(sizes))],
        sizes,
    )
    spans = _spans(
        rates, [rows[place] for place in known], positions, key_count=index.count
    )
    return RateLevel(scope, named, index, spans)


def _spans(
    rates: Timeline[BillRate], rows: list[int], positions: Ints, *, key_count: int
) -> Effective:
    spans = [rates.spans[row] for row in rows]
    try:
        return effective(
            positions,
            (
                ints([day_number(span.effective_from) for span in spans]),
                ints([day_number(span.effective_until) for span in spans]),
            ),
            ints(rows),
            key_count=key_count,
        )
    except SpansOverlap as clash:
        first, second = spans[clash.first], spans[clash.second]
        raise UnusableRecord(
            "bill_rate",
            rates.id_of(second),
            starts=second.effective_from,
            why=f"it matches the same work on the same days as {rates.id_of(first)}",
            remedy="End one of them before the other begins, or make one narrower.",
        ) from None
