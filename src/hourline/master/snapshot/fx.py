"""Hold rates of exchange: the direct row, else the exact inverse of the opposite."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hourline.kernel.bounds import BOOKED_MAX, EXCHANGE_MAX
from hourline.kernel.columns import NOTHING, Ints, ended, ints, rows_where
from hourline.kernel.effective import Effective, day_number, effective, layered_ends
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.kernel.money import Currency, major_units
from hourline.master.model import FxRate
from hourline.master.snapshot.places import stated_currency
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

_INT64_MAX = 2**63 - 1
_CURRENCY_NUMBERS = 1_000


@dataclass(frozen=True, slots=True)
class FxRates:
    """Hold the rates between minor units as numerator / denominator, by row."""

    number_of: Ints
    pairs: KeyIndex
    spans: Effective
    no: Ints
    numerator: Ints
    denominator: Ints

    def at(
        self, from_numbers: Ints, to_numbers: Ints, days: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """Return the rate's row, NOTHING where there is none, and the ratio to use."""
        sides = [self.number_of[from_numbers], self.number_of[to_numbers]]
        direct = self.spans.at(self.pairs.of(sides), days)
        inverse = self.spans.at(self.pairs.of(sides[::-1]), days)
        forward = direct != NOTHING
        row = np.where(forward, direct, inverse)
        up, down = self.numerator[row], self.denominator[row]
        return row, np.where(forward, up, down), np.where(forward, down, up)

    def ratios(
        self, from_numbers: Ints, to_numbers: Ints, days: Ints
    ) -> tuple[Ints, Ints]:
        """Return what a minor unit is worth: 1 in its own currency, 0 without a rate.

        As numerators and denominators.
        """
        numerator, denominator = np.ones_like(days), np.ones_like(days)
        foreign = rows_where(from_numbers != to_numbers)
        if foreign.size:
            row, up, down = self.at(
                from_numbers[foreign], to_numbers[foreign], days[foreign]
            )
            known = row != NOTHING
            numerator[foreign] = np.where(known, up, 0)
            denominator[foreign] = np.where(known, down, 1)
        return numerator, denominator


def fx_rates(
    rates: Timeline[FxRate],
    *,
    worth_max: dict[int, int],
    translated_max: dict[int, int],
) -> FxRates:
    """Return the rates; of two rows that hold the one that starts later wins.

    `worth_max` is the most minor units of a currency that one entry can be worth,
    `translated_max` the most that any amount of it can be.
    Raises UnusableRecord for a rate that is not above zero or too large to be exact,
    and for one that could make an amount larger than books hold.
    """
    spans = sorted(rates.spans, key=lambda span: span.change_no)
    sides = [_sides(rates, span) for span in spans]
    ratios = [
        _ratio(rates, span, pair=pair, worth_max=worth_max)
        for span, pair in zip(spans, sides, strict=True)
    ]
    for span, pair, ratio in zip(spans, sides, ratios, strict=True):
        _refuse_overflow(rates, span, pair=pair, by=(ratio, translated_max))
    numbers = sorted({side.number for pair in sides for side in pair})
    number_of = np.full(_CURRENCY_NUMBERS, NOTHING, dtype=np.int64)
    number_of[numbers] = np.arange(len(numbers))
    pairs, keys = key_index(
        [number_of[[pair[side].number for pair in sides]] for side in (0, 1)],
        [len(numbers), len(numbers)],
    )
    starts = ints([day_number(span.effective_from) for span in spans])
    ends = layered_ends(
        keys, starts, ints([day_number(span.effective_until) for span in spans])
    )
    held = rows_where(starts < ends)
    return FxRates(
        number_of=number_of,
        pairs=pairs,
        spans=effective(
            keys[held], (starts[held], ends[held]), held, key_count=pairs.count
        ),
        no=ended([rates.nos[span.dense] for span in spans]),
        numerator=ended([ratio.numerator for ratio in ratios], 0),
        denominator=ended([ratio.denominator for ratio in ratios], 1),
    )


def _sides(rates: Timeline[FxRate], span: Span[FxRate]) -> tuple[Currency, Currency]:
    id_ = rates.id_of(span)
    return (
        stated_currency("fx_rate", id_, span.content.from_currency),
        stated_currency("fx_rate", id_, span.content.to_currency),
    )


def _ratio(
    rates: Timeline[FxRate],
    span: Span[FxRate],
    *,
    pair: tuple[Currency, Currency],
    worth_max: dict[int, int],
) -> Fraction:
    source, target = pair
    ratio = Fraction(span.content.rate) * Fraction(10) ** (
        target.decimals - source.decimals
    )
    worst = max(
        worth_max.get(source.number, 0) * ratio.numerator,
        worth_max.get(target.number, 0) * ratio.denominator,
        2 * ratio.numerator,
        2 * ratio.denominator,
    )
    if ratio <= 0:
        raise UnusableRecord(
            "fx_rate",
            rates.id_of(span),
            starts=span.effective_from,
            why=f"a rate of {span.content.rate} is not above zero",
            remedy="Say what one unit of from_currency is worth in to_currency.",
        )
    if worst > _INT64_MAX:
        raise UnusableRecord(
            "fx_rate",
            rates.id_of(span),
            starts=span.effective_from,
            why=f"a rate of {span.content.rate} is too large to be exact with the bill"
            " and cost rates in force",
            remedy="Correct the rate, or state it with fewer digits.",
        )
    return ratio


def _refuse_overflow(
    rates: Timeline[FxRate],
    span: Span[FxRate],
    *,
    pair: tuple[Currency, Currency],
    by: tuple[Fraction, dict[int, int]],
) -> None:
    """Raise UnusableRecord where an amount in either currency could leave 64 bits."""
    ratio, translated_max = by
    for (source, target), times in ((pair, ratio), (pair[::-1], 1 / ratio)):
        largest = translated_max.get(source.number, 0)
        why = None
        if times > EXCHANGE_MAX:
            why = (
                f"a rate of {span.content.rate} makes the smallest unit of"
                f" {source.code} more than {EXCHANGE_MAX} of {target.code}"
            )
        elif largest * times > BOOKED_MAX:
            why = (
                f"at a rate of {span.content.rate}, {major_units(largest, source):f}"
                f" {source.code}, as master data allows, is more than"
                f" {major_units(BOOKED_MAX, target):f} {target.code}, the most books"
                " hold"
            )
        if why is not None:
            raise UnusableRecord(
                "fx_rate",
                rates.id_of(span),
                starts=span.effective_from,
                why=why,
                remedy="Correct the rate, or the amounts and rates in its currencies.",
            )
