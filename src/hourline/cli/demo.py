"""The command `demo`: a simulated firm's month, from its systems to the proof."""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import structlog
from rich.console import Console

from hourline.cli.desk import CannotOpen, open_database, tell
from hourline.cli.up import CLAIM_FILE
from hourline.cli.worker import refuse_demo_among_others
from hourline.infra.supervisor import AlreadyRuns, only_one

_CLAIM_FILE = "demo.pid"
# A killed run's programs end by themselves; one that does not stop is killed by then.
_LEFT_SECONDS_MAX = 30
_PAUSE_SECONDS = 0.2
_LOG_COLUMNS = 130


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

    refuse_demo_among_others(demo=True)
    console = Console(width=None if os.isatty(1) else _LOG_COLUMNS)
    with (
        open_database(demo=True) as (settings, _url, database),
        _alone(settings.state_dir),
        _log_to(settings.state_dir / "log"),
    ):
        firms = [t for t in list_tenants(database) if t.slug.startswith("demo-")]
        run = open_run(settings.state_dir, number=len(firms) + 1)
        if run.slug in {firm.slug for firm in firms}:
            console.print(f"The last run did not end; this one finishes {run.slug}.")
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


@contextmanager
def _log_to(folder: Path) -> Iterator[None]:
    """Keep what programs say of their losses out of what a person reads."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "demo.log"
    logging.basicConfig(filename=path, format="%(asctime)s %(name)s %(message)s")
    with path.open("a", encoding="utf-8") as log:
        structlog.configure(logger_factory=lambda *_: structlog.WriteLogger(log))
        yield


@contextmanager
def _alone(state_dir: Path) -> Iterator[None]:
    """Keep other runs away, once what a killed run left behind has ended."""
    try:
        with only_one(state_dir / _CLAIM_FILE):
            _wait_for_up(state_dir)
            yield
    except AlreadyRuns as holder:
        msg = f"`hourline demo` runs already for {state_dir} (process {holder})."
        raise CannotOpen(msg) from holder


def _wait_for_up(state_dir: Path) -> None:
    deadline = time.monotonic() + _LEFT_SECONDS_MAX
    told = False
    while True:
        try:
            with only_one(state_dir / CLAIM_FILE):
                return
        except AlreadyRuns as holder:
            if time.monotonic() > deadline:
                msg = (
                    f"`hourline up` runs for {state_dir} (process {holder}); the"
                    " demonstration starts its own. Stop it first, with Ctrl-C."
                )
                raise CannotOpen(msg) from holder
            if not told:
                tell(f"waiting for the programs of process {holder} to end")
                told = True
        time.sleep(_PAUSE_SECONDS)
