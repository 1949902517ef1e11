"""Rule: where a project takes assigned people only, the assignment holds that day."""

from hourline.decide.model import Case
from hourline.kernel.columns import NOTHING, Flags, rows_where
from hourline.master.snapshot import Snapshot


def not_assigned(case: Case, snapshot: Snapshot) -> Flags:
    """Say who is not assigned to a project that demands it."""
    batch, masters = case.batch, case.masters
    demanded = snapshot.columns.projects.assigned_only[masters.project_row]
    broken = demanded & masters.person_known
    rows = rows_where(broken)
    if rows.size:
        found = snapshot.columns.assignments.at(
            batch.person[rows], batch.project[rows], batch.day[rows]
        )
        broken[rows] = found == NOTHING
    return broken
