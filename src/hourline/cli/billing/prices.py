"""The command that accepts a price set by hand."""

import click

from hourline.cli.closing.accepted import tell_accepted
from hourline.cli.desk import desk_options, open_desk
from hourline.cli.kinds import refusing


@click.command("accept-price")
@click.argument("entry")
@click.option("--source", help="The connection, where several have the id.")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who accepts it; one with the right.")
@desk_options
def accept_price(
    *,
    entry: str,
    source: str | None,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Book what waits of ENTRY at the price that was set by hand.

    Exit status 1 says that the actor has not the right, or that it lacks something
    else too.
    """
    from hourline import flow
    from hourline.billing.model import Because

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.accept_price(
            desk.database,
            desk.tenant,
            flow.EntryName(entry, source),
            Because(actor=actor, reason=reason),
        )
    tell_accepted(entry, outcome, how="at its price", as_json=as_json)
