"""Rule: what of an entry's time is billable.

On time and materials the approver's statement is taken as given; without one all time
is billable where project and activity are, as the table of time rounding makes it. What
is not billed is non-billable, what is billed above the worked time is uplift. On a
fixed price, a retainer or a recurring fee all time is covered by it. On a non-billable
line or project nothing is billable, whatever is stated. An expense has one of these
fates as a whole.
"""

import numpy as np

from hourline.decide.model import Batch, BillableTime, Case, Masters
from hourline.decide.rules.activity import activities_of
from hourline.decide.rules.time_rounding import rounded_entries, rounding_rows
from hourline.kernel.codes import BillingMethod, Fate
from hourline.kernel.columns import Flags, Ints
from hourline.kernel.entries import NOT_STATED
from hourline.master.snapshot import Snapshot

# The price of the line pays for all work on it.
COVERING = (
    BillingMethod.FIXED_PRICE,
    BillingMethod.RETAINER,
    BillingMethod.RECURRING,
)
# By method, the last one standing for a line that is not known.
_COVERS = np.zeros(max(BillingMethod) + 2, dtype=np.bool_)
_COVERS[list(COVERING)] = True
# Plain numbers: a member of an enumeration costs more than the column it goes into.
_METHOD = int(BillingMethod.TIME_AND_MATERIALS)
_COVERED, _NON_BILLABLE, _BILLABLE = map(
    int, (Fate.COVERED, Fate.NON_BILLABLE, Fate.BILLABLE)
)
# A markup that takes away the whole cost.
NOTHING_LEFT_PPM = -1_000_000


def billable_time(batch: Batch, masters: Masters, snapshot: Snapshot) -> BillableTime:
    """Return how the seconds of each entry divide."""
    tables = snapshot.columns
    method = tables.lines.method[masters.line_row]
    project_billable = tables.projects.billable[masters.project_row]
    allowed, activity_billable = activities_of(batch, masters, snapshot)
    open_to_bill = (method == _METHOD) & project_billable
    unsaid = batch.stated == NOT_STATED
    rounding = rounding_rows(
        batch, masters, open_to_bill & activity_billable & unsaid, snapshot
    )
    rounded = rounded_entries(batch.worked, rounding, snapshot)
    by_nature = np.where(activity_billable, rounded, 0)
    said = np.where(unsaid, by_nature, batch.stated)
    billable = np.where(open_to_bill, said, 0)
    covered = _COVERS[method] & project_billable
    rest_fate = np.where(covered, _COVERED, _NON_BILLABLE)
    # Nothing is left to say what an entry of no time is: its place says it.
    empty = (batch.worked == 0) & (billable == 0) & open_to_bill & activity_billable
    fate = np.where(empty, _BILLABLE, rest_fate)
    return BillableTime(
        billable=billable,
        rest=np.maximum(batch.worked - billable, 0),
        uplift=np.maximum(billable - batch.worked, 0),
        rest_fate=fate,
        to_bill=_to_bill(batch, billable, fate),
        rounding=rounding,
        activity_allowed=allowed | ~masters.project_known,
    )


def _to_bill(batch: Batch, billable: Ints, fate: Ints) -> Flags:
    to_bill: Flags = billable > 0
    stated = batch.entries.expenses
    if len(stated):
        worth = (stated.net > 0) & (stated.markup_ppm > NOTHING_LEFT_PPM)
        to_bill[stated.row] = worth & (fate[stated.row] == _BILLABLE)
    return to_bill


def is_sold(case: Case) -> Flags:
    """Say which entries have time to bill, so that they need a price."""
    return case.time.billable > 0
