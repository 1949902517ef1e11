"""Rule: the dimensions that the contracting entity's books require must be there.

The cost centre is the project's, else the person's; the service line the project's.
"""

from hourline.decide.model import Case
from hourline.kernel.columns import NOTHING, Flags
from hourline.master.snapshot import Snapshot


def dimension_missing(case: Case, snapshot: Snapshot) -> Flags:
    """Say whose cost centre or service line is required and missing."""
    return cost_centre_missing(case, snapshot) | service_line_missing(case, snapshot)


def cost_centre_missing(case: Case, snapshot: Snapshot) -> Flags:
    """Say where neither project nor person give a cost centre that is required."""
    tables, masters = snapshot.columns, case.masters
    broken: Flags = (
        tables.entities.requires_cost_centre[masters.entity_row]
        & masters.terms_known
        & masters.person_known
        & (tables.projects.cost_centre[masters.project_row] == NOTHING)
        & (tables.people.cost_centre[masters.person_row] == NOTHING)
    )
    return broken


def service_line_missing(case: Case, snapshot: Snapshot) -> Flags:
    """Say where the project gives no service line that is required."""
    tables, masters = snapshot.columns, case.masters
    broken: Flags = (
        tables.entities.requires_service_line[masters.entity_row]
        & masters.terms_known
        & (tables.projects.service_line[masters.project_row] == NOTHING)
    )
    return broken
