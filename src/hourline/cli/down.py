"""The command `down`: stop the database that Hourline started."""

import os

import click

from hourline.cli.desk import CannotOpen, print_json
from hourline.cli.up import CLAIM_FILE
from hourline.infra.postgres import embedded_postgres
from hourline.infra.settings import load_settings
from hourline.infra.supervisor import AlreadyRuns, only_one


@click.command()
@click.option("--demo", is_flag=True, help="Stop the demo's database.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def down(*, demo: bool, as_json: bool) -> None:
    """Stop the database of the state directory; no effect where none runs.

    A server named by DATABASE_URL is not Hourline's and is never stopped.
    """
    settings = load_settings(os.environ, demo=demo)
    stopped = False
    if settings.state_dir.is_dir():
        try:
            with only_one(settings.state_dir / CLAIM_FILE):
                server = embedded_postgres(settings)
                stopped = server.pid is not None
                server.stop()
        except AlreadyRuns as holder:
            msg = (
                f"`hourline up` uses the database in {settings.state_dir}; stop it "
                f"first, with Ctrl-C or by ending process {holder}."
            )
            raise CannotOpen(msg) from holder
    if as_json:
        print_json({"stopped": stopped, "state_dir": str(settings.state_dir)})
    else:
        done = "Stopped the database in" if stopped else "No database runs in"
        click.echo(f"{done} {settings.state_dir}.")
