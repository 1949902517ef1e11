"""Rule: time on a cost-plus line is sold at the person's cost rate and a percentage.

An hour's price is the cost rate of the work date, translated from the currency of the
employing entity into the contract's at the rate of exchange of that date, times one
plus the percentage, times the hour type's bill factor, then by the line's discount and
fee. It is rounded half up to a ten-thousandth of a minor unit, the finest price there
is, and never before. Bill rates are not asked. The cost factor is none of its business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hourline.decide.model import Batch, CostPlus, Masters
from hourline.decide.rules.hand_price import Prices, is_by_hand
from hourline.kernel.columns import NOTHING, Flags, Ints, ints, rows_where
from hourline.kernel.money import round_fraction
from hourline.kernel.quantity import HOUR_SECONDS, PRICE_SCALE, reduced_columns
from hourline.master.snapshot import Snapshot

_MILLION = 1_000_000
# What an hour can cost so that the longest billable time is exact in 64 bits.
_PRICE_MAX = 10**12


def is_cost_plus(masters: Masters, snapshot: Snapshot) -> Flags:
    """Say which entries are on a line that is priced by cost."""
    asked: Flags = snapshot.columns.lines.cost_plus_ppm[masters.line_row] != NOTHING
    return asked


def cost_plus_found(
    batch: Batch, masters: Masters, *, cost_rates: Ints, snapshot: Snapshot
) -> CostPlus:
    """Return the prices of an hour; `cost_rates` are the rows found for entries."""
    asked = is_cost_plus(masters, snapshot) & ~is_by_hand(batch.entries.price)
    asked &= masters.person_known & masters.terms_known
    asked[batch.entries.expenses.row] = False
    row = rows_where(asked)
    if not row.size:
        return CostPlus(row, row, row)
    source = snapshot.columns.entities.currency[masters.employer_row[row]]
    target = masters.currency[row]
    fx_row, up, down = snapshot.columns.fx.at(source, target, batch.day[row])
    same = source == target
    exchanged = same | (fx_row != NOTHING)
    as_it_is = same | ~exchanged
    ratios = np.where(as_it_is, 1, up), np.where(as_it_is, 1, down)
    prices = _prices(
        masters,
        row,
        cost_rates=cost_rates[row],
        ratios=ratios,
        snapshot=snapshot,
    )
    # An entry of no time needs no exchange, and has no price rather than a wrong one.
    return CostPlus(
        row=row,
        price=np.where(exchanged | (prices == NOTHING), prices, 0),
        source=np.where(exchanged, NOTHING, source),
    )


def _prices(
    masters: Masters,
    row: Ints,
    *,
    cost_rates: Ints,
    ratios: tuple[Ints, Ints],
    snapshot: Snapshot,
) -> Ints:
    terms = _Terms(snapshot)
    places = zip(
        cost_rates.tolist(),
        masters.employer_row[row].tolist(),
        masters.hour_type_row[row].tolist(),
        masters.line_row[row].tolist(),
        *(column.tolist() for column in ratios),
        strict=True,
    )
    known: dict[tuple[int, ...], int] = {}
    prices = []
    for place in places:
        if place not in known:
            known[place] = terms.price(place)
        prices.append(known[place])
    return ints(prices)


@dataclass(frozen=True, slots=True)
class _Terms:
    snapshot: Snapshot

    def price(self, place: Sequence[int]) -> int:
        """Return 1/10000 minor units an hour, NOTHING where there is no usable cost."""
        cost_rate, employer, hour_type, line, up, down = place
        tables = self.snapshot.columns
        if cost_rate == NOTHING:
            return NOTHING
        exact = Fraction(
            int(tables.cost_rates.numerator[cost_rate]),
            int(tables.cost_rates.denominator[cost_rate]),
        )
        exact *= 10 ** int(tables.entities.decimals[employer]) * PRICE_SCALE
        exact *= Fraction(up, down)
        exact *= Fraction(int(tables.lines.cost_plus_ppm[line]), _MILLION)
        for numerators, denominators, at in (
            (
                tables.hour_types.bill_numerator,
                tables.hour_types.bill_denominator,
                hour_type,
            ),
            (tables.lines.price_numerator, tables.lines.price_denominator, line),
        ):
            exact *= Fraction(int(numerators[at]), int(denominators[at]))
        price = round_fraction(exact)
        return price if price <= _PRICE_MAX else NOTHING


def at_cost_plus(found: CostPlus, entry: Ints, prices: Prices) -> Prices:
    """Return the prices of entries, those by cost in place of the others.

    Entries are positions in the batch; a price is as `bill_rate.prices` gives it.
    """
    if not found.row.size:
        return prices
    places = found.row.searchsorted(entry)
    places[places == len(found.row)] = 0
    own = rows_where((found.row[places] == entry) & (found.price[places] >= 0))
    amount, seconds, (numerator, denominator) = prices
    amount[own], seconds[own] = found.price[places[own]], HOUR_SECONDS
    numerator[own], denominator[own] = reduced_columns(
        amount[own], np.full_like(own, HOUR_SECONDS * PRICE_SCALE)
    )
    return prices
