"""Rule: worked time costs the person's cost rate, in the books of who provides them.

The hour type's cost factor applies; who has no cost rate costs 0. The rate is in the
currency of the employing entity, translated where the resourcing entity's is another;
rounded once, by the policy of the resourcing entity.
"""

import numpy as np

from hourline.decide.model import Batch, Case
from hourline.kernel.columns import NOTHING, Ints, rows_where
from hourline.kernel.money import minor_per_major, round_ratios
from hourline.kernel.quantity import HOUR_SECONDS, reduced_columns
from hourline.kernel.ratios import Ratios, ratios
from hourline.master.snapshot import Snapshot

_TENS = np.array([1, 10, 100, 1_000, 10_000], dtype=np.int64)


def cost_rate_rows(batch: Batch, snapshot: Snapshot) -> Ints:
    """Return the row of the cost rate per entry, NOTHING where there is none.

    An expense costs what it costs.
    """
    rows = snapshot.columns.cost_rates.spans.at(batch.person, batch.day)
    rows[batch.entries.expenses.row] = NOTHING
    return rows


def costs(case: Case, entry: Ints, snapshot: Snapshot) -> Ints:
    """Return the cost of entries in minor units of their resourcing entities.

    `entry` are positions in the batch.
    """
    tables, masters = snapshot.columns, case.masters
    rows, kind = case.found.cost_rate[entry], masters.hour_type_row[entry]
    factors = tables.hour_types
    up = (
        tables.cost_rates.numerator[rows]
        * _TENS[tables.entities.decimals[masters.employer_row[entry]]]
    )
    down = tables.cost_rates.denominator[rows] * HOUR_SECONDS
    factor_up = factors.cost_numerator[kind]
    factor_down = factors.cost_denominator[kind]
    changed = rows_where(factor_up != factor_down)
    if changed.size:
        up[changed], down[changed] = reduced_columns(
            up[changed] * factor_up[changed], down[changed] * factor_down[changed]
        )
    roundings = tables.entities.rounding[masters.resourcing_row[entry]]
    amounts = round_ratios(case.batch.worked[entry] * up, down, roundings)
    exchanged, _ = case.found.cost_exchange.among(entry)
    if exchanged.size:
        amounts[exchanged] = _translated(
            case, entry[exchanged], roundings[exchanged], snapshot
        )
    return amounts


def second_costs(
    case: Case, entry: Ints, snapshot: Snapshot, *, bounded: bool
) -> Ratios:
    """Return what a second of entries costs, in minor units as `costs`, but exact.

    In 64 bits, as far as they fit, if `bounded`.
    """
    tables, rate = snapshot.columns, case.found.cost_rate[entry]
    kind = case.masters.hour_type_row[entry]
    currency = tables.entities.currency[case.masters.employer_row[entry]]

    def column(numerator: Ints, denominator: Ints | int = 1) -> Ratios:
        return ratios(numerator, denominator, bounded=bounded)

    own = (
        column(tables.cost_rates.numerator[rate], tables.cost_rates.denominator[rate])
        .times(
            column(
                tables.hour_types.cost_numerator[kind],
                tables.hour_types.cost_denominator[kind],
            )
        )
        .times(column(minor_per_major(currency), HOUR_SECONDS))
    )
    exchange = case.found.cost_exchange
    exchanged, places = exchange.among(entry)
    if not exchanged.size:
        return own
    up, down = np.ones_like(entry), np.ones_like(entry)
    up[exchanged] = exchange.numerator[places]
    down[exchanged] = exchange.denominator[places]
    return own.times(column(up, down))


def _translated(case: Case, entry: Ints, roundings: Ints, snapshot: Snapshot) -> Ints:
    """Return costs in another currency; what leaves 64 bits is reckoned without."""
    worked = case.batch.worked[entry]
    exact = second_costs(case, entry, snapshot, bounded=True).times(
        ratios(worked, bounded=True)
    )
    amounts = exact.rounded(roundings)
    beyond = rows_where(~exact.exact)
    if beyond.size:
        again = second_costs(case, entry[beyond], snapshot, bounded=False).times(
            ratios(worked[beyond], bounded=False)
        )
        amounts[beyond] = again.rounded(roundings[beyond]).astype(np.int64)
    return amounts
