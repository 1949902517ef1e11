"""The command `sync`: read master data, and time on request, from every system."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console

from hourline.cli.desk import desk_options, open_desk, print_json

if TYPE_CHECKING:
    from hourline.flow.polling import Polled
    from hourline.master.sync import Synced

_EXIT_INCOMPLETE = 1


@click.command()
@click.option("--time", "time", is_flag=True, help="Then poll approved time as well.")
@desk_options
def sync(*, time: bool, demo: bool, slug: str | None, as_json: bool) -> None:
    """Read the master data of every connection, what others depend on first.

    Exit status 1 says that something could not be read or taken over; it waits in its
    exception queue, and everything else is in.
    """
    from hourline import flow
    from hourline.connectors.sdk.patience import PATIENCE
    from hourline.flow.connections import Connections
    from hourline.flow.workers import DEMO_PATIENCE
    from hourline.infra.secrets import open_keyring

    patience = DEMO_PATIENCE if demo else PATIENCE
    with open_desk(demo=demo, slug=slug) as desk:
        live = Connections(desk.database, open_keyring(desk.settings))
        synced = flow.sync_master(desk.database, desk.tenant, live, patience=patience)
        polled: list[Polled] = []
        if time:
            polled = flow.poll_all(desk.database, desk.tenant, live, patience=patience)
    if as_json:
        print_json({"streams": synced.streams, "polled": polled})
    else:
        _show(synced, polled)
    incomplete = synced.problems or synced.refused or any(p.problem for p in polled)
    sys.exit(_EXIT_INCOMPLETE if incomplete else 0)


def _show(synced: "Synced", polled: "Sequence[Polled]") -> None:
    from hourline.cli.render import table

    numbers = ["new", "known", "refused"]
    shown = table("Master data", ["connection", "stream", *numbers], numbers=numbers)
    for found in synced.streams:
        counts = (found.changed, found.unchanged, found.refused)
        shown.add_row(found.connection, found.stream, *(f"{one:,}" for one in counts))
    Console().print(shown)
    for poll in polled:
        click.echo(f"{poll.records:,} records of time from {poll.connection}.")
    problems = [*synced.problems, *(one.problem for one in polled if one.problem)]
    for problem in problems:
        click.echo(problem.sentence)
    if problems or synced.refused:
        click.echo("What waits for whom: hourline exceptions list")
