"""Work out what time of the past costs by some master data, and nothing else of it.

What stands on an invoice cannot be decided anew, but its cost can be another. That the
project is closed meanwhile, or has no price any more, does not change what people cost.
"""

from dataclasses import dataclass

import numpy as np

from hourline.decide.again import Standing
from hourline.decide.encode import encode
from hourline.decide.kernel import case_of
from hourline.decide.model import BookingDays
from hourline.decide.rules.cost import costs
from hourline.decide.rules.hour_type import hour_type_not_known
from hourline.kernel.columns import NOTHING, Flags, Ints, rows_where
from hourline.kernel.entries import EntryColumns
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class CostsAgain:
    """Hold what entries cost by their position, in minor units of who bears it.

    `known` says of which it can be told; the others have NOTHING. `rate` is the number
    of the cost rate, NOTHING where the person has none, which costs 0.
    """

    known: Flags
    bearer: Ints
    cost: Ints
    rate: Ints

    def differ(self, standing: Standing) -> Flags:
        """Say which entries cost otherwise in the same books than stands of them."""
        stood = standing.outcome
        differing: Flags = (
            self.known & (self.bearer == stood.bearer) & (self.cost != stood.cost)
        )
        return differing


def costs_again(
    entries: EntryColumns, snapshot: Snapshot, *, booked: BookingDays
) -> CostsAgain:
    """Return what time costs with some master data; expenses cost what they cost.

    Where the rate is in another currency, it is translated at the rate of exchange of
    the day on which it is `booked`.
    """
    case = case_of(encode(entries, snapshot), snapshot, booked=booked)
    masters, tables = case.masters, snapshot.columns
    known = masters.person_known & masters.terms_known
    known &= ~hour_type_not_known(case, snapshot)
    known[entries.expenses.row] = False
    known[list(case.found.cost_exchange.lacks)] = False
    rows = rows_where(known)
    bearer, cost, rate = np.full((3, len(known)), NOTHING, dtype=np.int64)
    bearer[rows] = tables.entities.no[masters.resourcing[rows]]
    cost[rows] = costs(case, rows, snapshot)
    rate[rows] = tables.cost_rates.no[case.found.cost_rate[rows]]
    return CostsAgain(known, bearer, cost, rate)
