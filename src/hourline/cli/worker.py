"""The command `worker`: do the background work of one stage or of all."""

import os
import sys

import click
from psycopg import OperationalError

from hourline.cli.desk import CannotOpen, open_database, tell
from hourline.infra.settings import load_settings

STAGES = ("decide", "posting")
_EXIT_DATABASE_LOST = 3


@click.command()
@click.option(
    "--stage",
    type=click.Choice([*STAGES, "all"]),
    default="all",
    show_default=True,
    help="The stage whose jobs are done.",
)
@click.option("--demo", is_flag=True, help="Use the demo's database.")
def worker(*, stage: str, demo: bool) -> None:
    """Do background work for every firm until told to stop.

    Any number of workers may run, on any number of machines. SIGTERM finishes what
    was begun. Exit status 3 says that the database was lost: start it again, as
    `hourline up` does.
    """
    from hourline.flow.connections import Connections
    from hourline.flow.workers import DEMO_TIMING, stage_work
    from hourline.infra.jobs_worker import DatabaseLost, run_worker
    from hourline.infra.secrets import open_keyring

    refuse_demo_among_others(demo=demo)
    names = STAGES if stage == "all" else (stage,)
    try:
        with open_database(demo=demo) as (settings, url, database):
            work = stage_work(
                database,
                Connections(database, open_keyring(settings)),
                timing=DEMO_TIMING if demo else None,
            )
            run_worker(url, {name: work[name] for name in names})
    except (DatabaseLost, OperationalError) as reason:
        tell(f"The database is lost: {str(reason).strip()}")
        sys.stdout.flush()
        sys.stderr.flush()
        # Not by way of sys.exit, which would wait for work that waits for the database.
        os._exit(_EXIT_DATABASE_LOST)


def refuse_demo_among_others(*, demo: bool) -> None:
    """Raise CannotOpen where --demo would do the work of firms beside the demo's."""
    if demo and load_settings(os.environ, demo=True).database_url is not None:
        msg = (
            "Workers serve every firm of a database, and DATABASE_URL may name one with"
            " others than the demo's. Leave --demo out to serve them all, or unset"
            " DATABASE_URL to serve the demo's own database."
        )
        raise CannotOpen(msg)
