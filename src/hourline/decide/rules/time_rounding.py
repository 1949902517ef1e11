"""Rule: worked time becomes billable time by the first row of the table that matches.

Factor, then minimum, then increment; `nearest` takes a tie up. Where no increment makes
it whole, half a second goes up. A row for a person's day only has its factor here: what
the day's total is decides later (`person_day`). Only time on time and materials that
the approver said nothing of is rounded, and no time stays no time.
"""

from dataclasses import dataclass

import numpy as np

from hourline.decide.model import Batch, Masters
from hourline.kernel.columns import NOTHING, Flags, Ints, rows_where
from hourline.master.snapshot import Snapshot
from hourline.master.snapshot.time_rounding import Mode, Scope


@dataclass(frozen=True, slots=True)
class RoundingTerms:
    """Hold the figures of one row per quantity of time; see `TimeRoundings`."""

    numerator: Ints
    denominator: Ints
    minimum: Ints
    increment: Ints
    mode: Ints


def rounding_rows(
    batch: Batch, masters: Masters, rounded: Flags, snapshot: Snapshot
) -> Ints:
    """Return the row used for each entry that is `rounded`, NOTHING for the others."""
    rows = np.full(len(batch.day), NOTHING, dtype=np.int64)
    table = snapshot.columns.time_roundings
    asked = rows_where(rounded & (batch.worked > 0))
    if asked.size and table.levels:
        columns = {
            "contract": masters.contract[asked],
            "project": batch.project[asked],
            "customer": masters.customer[asked],
            "activity": batch.activity[asked],
        }
        rows[asked] = table.at(columns, batch.day[asked])
    return rows


def rounded_entries(worked: Ints, rows: Ints, snapshot: Snapshot) -> Ints:
    """Return the billable seconds of entries, each alone by its row."""
    seconds = worked.copy()
    ruled = rows_where(rows != NOTHING)
    if ruled.size:
        alone = snapshot.columns.time_roundings.scope[rows[ruled]] == Scope.ENTRY
        terms = terms_of(rows[ruled], snapshot)
        seconds[ruled] = rounded_time(
            worked[ruled],
            RoundingTerms(
                terms.numerator,
                terms.denominator,
                np.where(alone, terms.minimum, 0),
                np.where(alone, terms.increment, 0),
                terms.mode,
            ),
        )
    return seconds


def terms_of(rows: Ints, snapshot: Snapshot) -> RoundingTerms:
    """Return the figures of rows."""
    table = snapshot.columns.time_roundings
    return RoundingTerms(
        table.numerator[rows],
        table.denominator[rows],
        table.minimum[rows],
        table.increment[rows],
        table.mode[rows],
    )


def rounded_time(worked: Ints, terms: RoundingTerms) -> Ints:
    """Return what quantities of time, in seconds and above none, are when billed."""
    factored = worked * terms.numerator
    least = np.maximum(factored, terms.minimum * terms.denominator)
    exact = terms.increment == 0
    step = np.where(exact, 1, terms.increment)
    unit = step * terms.denominator
    steps = np.select(
        [~exact & (terms.mode == Mode.UP), ~exact & (terms.mode == Mode.DOWN)],
        [-(-least // unit), least // unit],
        (2 * least + unit) // (2 * unit),
    )
    rounded: Ints = steps * step
    return rounded
