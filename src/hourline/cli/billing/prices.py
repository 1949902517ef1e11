"""The command that accepts a price set by hand."""

from typing import Unpack

import click

from hourline.cli.closing.accepted import Accepting, accept_entry
from hourline.cli.desk import desk_options


@click.command("accept-price")
@click.argument("entry")
@click.option("--source", help="The connection, where several have the id.")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who accepts it; one with the right.")
@desk_options
def accept_price(**said: Unpack[Accepting]) -> None:
    """Book what waits of ENTRY at the price that was set by hand.

    Exit status 1 says that the actor has not the right, or that it lacks something
    else too.
    """
    from hourline import flow

    accept_entry(flow.accept_price, said, how="at its price")
