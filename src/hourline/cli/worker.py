"""The command `worker`: do the background work of one stage or of all."""

import os
import sys
from functools import partial

import click
from psycopg import OperationalError

from hourline.cli.desk import open_database, tell

STAGES = ("decide", "billing", "posting")
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
    from hourline import flow
    from hourline.infra.jobs_worker import DatabaseLost, run_worker

    names = STAGES if stage == "all" else (stage,)
    try:
        with open_database(demo=demo) as (_, url, database):
            work = {name: partial(flow.STAGE_WORK[name], database) for name in names}
            run_worker(url, work)
    except (DatabaseLost, OperationalError) as reason:
        tell(f"The database is lost: {str(reason).strip()}")
        sys.stdout.flush()
        sys.stderr.flush()
        # Not by way of sys.exit, which would wait for work that waits for the database.
        os._exit(_EXIT_DATABASE_LOST)
