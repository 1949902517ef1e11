"""Rule: nobody records time on a closed project."""

from hourline.decide.model import Case
from hourline.kernel.columns import Flags
from hourline.master.snapshot import Snapshot


def project_closed(case: Case, snapshot: Snapshot) -> Flags:
    """Say whose project is closed on the work date."""
    return snapshot.columns.projects.closed[case.masters.project_row]
