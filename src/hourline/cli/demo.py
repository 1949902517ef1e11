"""The command `demo`: a simulated firm's month, from its systems to the proof."""

import os
import sys
from pathlib import Path

import click
from rich.console import Console

from hourline.cli.desk import CannotOpen, open_database


@click.command()
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Facts.")
def demo(*, json_file: Path | None) -> None:
    """Run a simulated firm's month to invoices, journals and the proof.

    Exit status 0 only if every proof holds. A run that was killed is finished by the
    next one; after a finished one the next begins with a new firm.
    """
    from hourline.demo.month_run import run_month
    from hourline.demo.systems import DemoStuck, Systems, open_run
    from hourline.infra.secrets import open_keyring
    from hourline.infra.tenants import list_tenants

    console = Console(width=None if os.isatty(1) else 130)
    with open_database(demo=True) as (settings, _url, database):
        firms = [t for t in list_tenants(database) if t.slug.startswith("demo-")]
        run = open_run(settings.state_dir, number=len(firms) + 1)
        systems = Systems(settings, run)
        try:
            proven = run_month(
                console,
                database,
                systems=systems,
                run=run,
                keyring=open_keyring(settings),
                state_dir=settings.state_dir,
                json_file=json_file,
            )
        except DemoStuck as stuck:
            raise CannotOpen(str(stuck)) from stuck
        finally:
            systems.stop()
    sys.exit(0 if proven else 1)
