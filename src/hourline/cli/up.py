"""The command `up`: run the database, the API and the workers together."""

import os
import sys
from pathlib import Path

import click

from hourline.cli.desk import CannotOpen, open_database, print_json, tell
from hourline.cli.worker import refuse_demo_among_others
from hourline.infra.settings import load_settings
from hourline.infra.supervisor import AlreadyRuns, Child, Supervisor, only_one

PORT = 8420
CLAIM_FILE = "up.pid"
# Paths are not searched from the current directory (-P): what lies there is not ours.
_PYTHON = (sys.executable, "-P")
_HOURLINE = (*_PYTHON, "-c", "from hourline.cli.main import run; run()")


@click.command()
@click.option("--demo", is_flag=True, help="Use the demo's database.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=PORT,
    show_default=True,
    help="The loopback port of the API.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many workers, each doing every stage.",
)
@click.option("--sandbox", is_flag=True, help="Also run the simulated firm's systems.")
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as JSON.")
def up(*, demo: bool, port: int, workers: int, sandbox: bool, as_json: bool) -> None:
    """Run everything until Ctrl-C; what ends is started again.

    The database goes on running afterwards; `hourline down` stops it.
    """
    refuse_demo_among_others(demo=demo)
    state_dir = load_settings(os.environ, demo=demo).state_dir
    with open_database(demo=demo):
        tell("The database runs and is up to date.")
    # Made after the database, whose server must be able to pass through it.
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o711)
    try:
        with only_one(state_dir / CLAIM_FILE):
            _print_addresses(state_dir, port, sandbox=sandbox, as_json=as_json)
            programs = _programs(
                state_dir, port=port, workers=workers, demo=demo, sandbox=sandbox
            )
            Supervisor(programs, log_dir=state_dir / "log", say=tell).run()
    except AlreadyRuns as holder:
        msg = f"`hourline up` runs already for {state_dir} (process {holder})."
        raise CannotOpen(msg) from holder


def _programs(
    state_dir: Path, *, port: int, workers: int, demo: bool, sandbox: bool
) -> list[Child]:
    """List the programs in the order of their start."""
    flags = ("--demo",) if demo else ()
    programs = [Child("api", (*_HOURLINE, "api", "--port", str(port), *flags))]
    programs += [
        Child(f"worker-{number}", (*_HOURLINE, "worker", "--stage", "all", *flags))
        for number in range(1, workers + 1)
    ]
    if sandbox:
        folder = state_dir / "sandbox"
        argv = (*_PYTHON, "-m", "hourline.connectors.sandbox")
        where = ("--state-dir", str(folder), "--ports-file", str(_ports(state_dir)))
        programs.insert(0, Child("sandbox", (*argv, *where)))
    return programs


def _ports(state_dir: Path) -> Path:
    return state_dir / "sandbox.json"


def _print_addresses(
    state_dir: Path, port: int, *, sandbox: bool, as_json: bool
) -> None:
    addresses = {"api": f"http://127.0.0.1:{port}", "log": str(state_dir / "log")}
    if sandbox:
        addresses["sandbox"] = str(_ports(state_dir))
    if as_json:
        print_json(addresses)
        return
    click.echo(f"API       {addresses['api']}")
    if sandbox:
        click.echo(f"Sandbox   addresses and keys in {addresses['sandbox']}")
    click.echo(f"Logs      {addresses['log']}")
    click.echo("Stop with Ctrl-C.")
