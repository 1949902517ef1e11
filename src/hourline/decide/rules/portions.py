"""Rule: an entry's time is on portions that sum to it, each worth its bill rate.

A portion's amount is rounded once, by the contracting entity's policy. There is never
a portion of no time beside another; an entry of no time has one. An expense has one of
no time with the amount it is worth.
"""

from dataclasses import dataclass

import numpy as np

from hourline.decide.model import Case
from hourline.decide.rules.bill_rate import prices
from hourline.decide.rules.cost_plus import at_cost_plus
from hourline.decide.rules.hand_price import by_hand
from hourline.decide.rules.line_terms import at_line_terms
from hourline.kernel.codes import Fate
from hourline.kernel.columns import Ints, rows_where
from hourline.kernel.money import round_ratios
from hourline.master.snapshot import Snapshot

_BILLABLE = int(Fate.BILLABLE)


@dataclass(frozen=True, slots=True)
class Portions:
    """Hold portions by the position of their entry in the batch, in that order."""

    entry: Ints
    part: Ints
    fate: Ints
    seconds: Ints
    rate_amount: Ints
    rate_seconds: Ints
    amount: Ints
    accrued: Ints


def portions_of(case: Case, accepted: Ints, snapshot: Snapshot) -> Portions:
    """Return the portions of the accepted entries, in their order."""
    time, masters = case.time, case.masters
    billable = time.billable[accepted]
    sold = rows_where(billable > 0)
    left = rows_where((billable == 0) | (time.rest[accepted] > 0))
    order = np.concatenate([sold, left]).argsort(kind="stable")
    entry = accepted[np.concatenate([sold, left])[order]]
    is_rest = order >= len(sold)
    seconds = np.where(is_rest, time.rest[entry], time.billable[entry])
    rated = at_line_terms(
        masters.line_row[entry],
        prices(case.found.bill_rate[entry], masters.hour_type_row[entry], snapshot),
        snapshot,
    )
    rated = at_cost_plus(case.found.cost_plus, entry, rated)
    rate_amount, rate_seconds, worth = by_hand(case, entry, rated)
    amount = round_ratios(
        seconds * worth[0],
        worth[1],
        snapshot.columns.entities.rounding[masters.entity_row[entry]],
    )
    fate = np.where(is_rest, time.rest_fate[entry], _BILLABLE)
    expenses = case.found.expenses
    if len(expenses.row):
        amounts = np.zeros(len(time.billable), dtype=np.int64)
        amounts[expenses.row] = expenses.amount
        amount += amounts[entry]
    accrues = snapshot.columns.lines.accrues[masters.line_row[entry]]
    return Portions(
        entry=entry,
        part=(is_rest & (time.billable[entry] > 0)).astype(np.int64),
        fate=fate,
        seconds=seconds,
        rate_amount=rate_amount,
        rate_seconds=rate_seconds,
        amount=amount,
        accrued=np.where(accrues & (fate == _BILLABLE), amount, 0),
    )
