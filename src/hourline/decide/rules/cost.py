"""Rule: worked time costs the person's cost rate, in the employing entity's currency.

The hour type's cost factor applies; who has no cost rate costs 0; rounded once.
"""

import numpy as np

from hourline.decide.model import Batch
from hourline.kernel.columns import NOTHING, Ints, rows_where
from hourline.kernel.money import round_ratios
from hourline.kernel.quantity import HOUR_SECONDS, reduced_columns
from hourline.master.snapshot import Snapshot

_TENS = np.array([1, 10, 100, 1_000, 10_000], dtype=np.int64)


def cost_rate_rows(batch: Batch, snapshot: Snapshot) -> Ints:
    """Return the row of the cost rate per entry, NOTHING where there is none.

    An expense costs what it costs.
    """
    rows = snapshot.columns.cost_rates.spans.at(batch.person, batch.day)
    rows[batch.entries.expenses.row] = NOTHING
    return rows


def costs(
    rows: Ints,
    *,
    worked: Ints,
    employer_rows: Ints,
    hour_type_rows: Ints,
    snapshot: Snapshot,
) -> Ints:
    """Return the cost of each entry in minor units of the employing entity."""
    tables = snapshot.columns
    factors = tables.hour_types
    up = (
        tables.cost_rates.numerator[rows]
        * _TENS[tables.entities.decimals[employer_rows]]
    )
    down = tables.cost_rates.denominator[rows] * HOUR_SECONDS
    factor_up = factors.cost_numerator[hour_type_rows]
    factor_down = factors.cost_denominator[hour_type_rows]
    changed = rows_where(factor_up != factor_down)
    if changed.size:
        up[changed], down[changed] = reduced_columns(
            up[changed] * factor_up[changed], down[changed] * factor_down[changed]
        )
    return round_ratios(worked * up, down, tables.entities.rounding[employer_rows])
