"""The command `e2e-real`: carry a folder of real timecards to invoices and an ERP."""

import os
import sys
from pathlib import Path

import click
from rich.console import Console

from hourline.cli.desk import CannotOpen, open_database


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Facts.")
def e2e_real(*, folder: Path, json_file: Path | None) -> None:
    """Import the timecards of FOLDER, bill them month by month, post and prove it."""
    from hourline.demo.timecard_master import FolderIncomplete
    from hourline.demo.timecard_run import run_timecards

    console = Console(width=None if os.isatty(1) else 120)
    try:
        with open_database(demo=True) as (settings, _url, database):
            proven = run_timecards(
                console,
                database,
                folder=folder,
                state_dir=settings.state_dir,
                json_file=json_file,
            )
    except FolderIncomplete as refusal:
        raise CannotOpen(str(refusal)) from refusal
    sys.exit(0 if proven else 1)
