"""Rule: the cost of a person whom another entity provides is translated into its books.

A cost rate is in the currency of the employing entity. The resourcing entity bears the
cost: where its currency is another one, at the rate of exchange of the day on which it
books the cost. The direct rate, else the exact inverse; never through a third currency.
"""

import numpy as np

from hourline.decide.lacking_rates import pair_lacking
from hourline.decide.model import Batch, BookingDays, Masters
from hourline.decide.model_costs import NO_COST_EXCHANGE, CostExchange
from hourline.kernel.columns import NOTHING, Ints, rows_where
from hourline.master.snapshot import NO_MONTH, Snapshot


def cost_exchange_found(
    batch: Batch,
    masters: Masters,
    *,
    cost_rates: Ints,
    days: BookingDays,
    snapshot: Snapshot,
) -> CostExchange:
    """Return the rates of exchange; `cost_rates` are the rows found for entries."""
    # Most firms have nobody who is employed by one entity and provided by another.
    if masters.resourcing is masters.employer:
        return NO_COST_EXCHANGE
    currency = snapshot.columns.entities.currency
    source, target = currency[masters.employer_row], currency[masters.resourcing_row]
    foreign = masters.person_known & masters.terms_known & (source != target)
    foreign &= (batch.worked != 0) & (cost_rates != NOTHING)
    foreign &= days.resourcing_month != NO_MONTH
    # Nothing needs no rate of exchange.
    foreign &= snapshot.columns.cost_rates.numerator[cost_rates] != 0
    kind = snapshot.columns.hour_types.cost_numerator
    foreign &= kind[masters.hour_type_row] != 0
    row = rows_where(foreign)
    if not row.size:
        return NO_COST_EXCHANGE
    day = days.resourcing_day[row]
    up, down = snapshot.columns.fx.ratios(source[row], target[row], day)
    missing = rows_where(up == 0)
    lacks = {
        int(row[at]): pair_lacking(source[row[at]], target[row[at]], day[at])
        for at in missing.tolist()
    }
    return CostExchange(row, np.where(up == 0, 1, up), down, lacks)
