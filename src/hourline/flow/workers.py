"""Name the background work of each stage: what a worker does for one tenant."""

from collections.abc import Callable, Mapping
from functools import partial

from hourline.connectors.sdk.patience import Patience
from hourline.flow.connections import Connections
from hourline.flow.entries import drain_inbox, resume_pending
from hourline.flow.kept_records import resume_kept
from hourline.flow.postings import post_due
from hourline.infra.database import Database
from hourline.posting.service import Timing

# The stages with background work of their own; each can run on its own machine.
STAGES = ("decide", "posting")
# Nobody waits for minutes before a demonstration; the order of things is the same.
DEMO_TIMING = Timing(
    lease_seconds=10,
    margin_seconds=1,
    lifetime_seconds=2,
    first_check_seconds=1,
    check_seconds=(1, 2, 4, 8, 8, 8),
    retry_seconds=(1, 1, 2, 2, 4),
)
DEMO_PATIENCE = Patience(tries_max=8, pause_seconds_max=2)

StageWork = Mapping[str, Callable[[int], None]]


def stage_work(
    database: Database, connections: Connections, *, timing: Timing | None = None
) -> StageWork:
    """Return what each stage does when it is asked to look at a tenant.

    Doing it twice is harmless: each finds what is due in the tables.
    """
    return {
        "decide": partial(_decide, database),
        "posting": partial(_post, database, connections, timing),
    }


def _decide(database: Database, tenant: int) -> None:
    drain_inbox(database, tenant)
    resume_kept(database, tenant)
    resume_pending(database, tenant)


def _post(
    database: Database, connections: Connections, timing: Timing | None, tenant: int
) -> None:
    post_due(
        database,
        tenant,
        lambda connection_no: connections.reach(tenant, connection_no).targets(),
        timing=timing,
    )
