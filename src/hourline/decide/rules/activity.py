"""Rule: a project that lists activities allows no other, without a list all.

An expense has an activity only where its source states one; none is asked of it.
"""

from hourline.decide.model import Batch, Case, Masters
from hourline.kernel.columns import NOTHING, Flags, rows_where
from hourline.master.snapshot import Snapshot


def activities_of(
    batch: Batch, masters: Masters, snapshot: Snapshot
) -> tuple[Flags, Flags]:
    """Return whose activity is allowed, and whose is billable."""
    projects = snapshot.columns.projects
    lists = projects.lists_activities[masters.project_row]
    allowed, billable = ~lists, ~lists
    rows = rows_where(lists)
    if rows.size:
        listed = projects.allowed.of([masters.project_row[rows], batch.activity[rows]])
        allowed[rows] = listed != NOTHING
        billable[rows] = projects.allowed_billable[listed]
        expenses = batch.entries.expenses.row
        unstated = expenses[batch.activity[expenses] == NOTHING]
        allowed[unstated] = billable[unstated] = True
    return allowed, billable


def activity_not_allowed(case: Case, _snapshot: Snapshot) -> Flags:
    """Say whose project lists activities, but not the stated one (or none is)."""
    return ~case.time.activity_allowed
