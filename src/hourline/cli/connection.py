"""The command `connection`: configure and list the links to a firm's systems."""

import getpass
from collections.abc import Mapping
from datetime import date

import click

from hourline.cli.connection_reading import reading
from hourline.cli.desk import CannotOpen, desk_options, open_desk, print_json
from hourline.cli.kinds import DAY
from hourline.infra.database import Session


@click.group()
def connection() -> None:
    """Configure and list the connections to a firm's systems."""


connection.add_command(reading)


@connection.command(name="set")
@click.argument("name")
@click.option("--connector", required=True, help="The code that knows the vendor.")
@click.option("--address", help="Where the system is, if it is called: https://...")
@click.option("--client-id", help="Who Hourline is at that system.")
@click.option("--token-path", help="Where its tokens are, if not at /oauth/token.")
@click.option(
    "--network",
    "networks",
    multiple=True,
    help="A private network (CIDR) it may be in; repeat for several.",
)
@click.option("--plain-http", is_flag=True, help="Allow http in these networks.")
@click.option("--mode", help="A mode of the connector, where it has several.")
@click.option(
    "--entity",
    "entities",
    multiple=True,
    help="A legal entity it speaks for, where several systems do; repeat.",
)
@desk_options
def set_(
    *,
    name: str,
    connector: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **stated: str | bool | tuple[str, ...] | None,
) -> None:
    """Configure the connection NAME, and make it the owner of what it declares.

    Without an address it is never called: such a system only sends. What these options
    say is replaced as a whole; how records are read and the number stay. Its secret is
    set apart, from standard input, with `hourline secret set`.
    """
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk:
        with desk.database.tenant(desk.tenant) as session:
            number = _configure(session, name, connector, stated)
        flow.own_kinds(desk.database, desk.tenant)
    if as_json:
        print_json({"connection": name, "number": number})
    else:
        click.echo(f"Connection {name} has number {number}.")
        if stated["address"]:
            click.echo(f"Its secret next: hourline secret set {name} client_secret")


def _configure(
    session: Session, name: str, connector_name: str, stated: Mapping[str, object]
) -> int:
    from hourline.connectors.sdk.ports import check_settings
    from hourline.connectors.sdk.registry import connector
    from hourline.infra.audit import ManualChange, record_change
    from hourline.master.store import connections, set_connection

    before = {found.name: found for found in connections(session)}.get(name)
    kept = before.settings if before else {}
    try:
        told = {"reading": connector(connector_name).reading, **kept, **stated}
        settings = {option: value for option, value in told.items() if value}
        if stated["address"] or stated["client_id"]:
            check_settings(connector_name, settings)
    except (LookupError, ValueError) as refusal:
        raise CannotOpen(f"Connection {name} was not set: {refusal}.") from refusal
    number = set_connection(
        session,
        name=name,
        connector=connector_name,
        states_revisions=before.states_revisions if before else True,
        settings=settings,
    )
    change = ManualChange(
        actor=getpass.getuser(),
        action="connection.set",
        subject=f"connection {number}",
        reason="set on the command line",
        before=before.settings if before else None,
        after=settings,
    )
    record_change(session, change)
    return number


@connection.command()
@click.argument("name")
@click.argument("when", required=False)
@click.option(
    "--closed",
    multiple=True,
    type=DAY,
    help="A date on which it does not open, such as a holiday; repeat for several.",
)
@click.option("--always", is_flag=True, help="Take the window away: it is open always.")
@desk_options
def window(
    *,
    name: str,
    when: str | None,
    closed: tuple[date, ...],
    always: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Send documents to the connection NAME only WHEN its posting window is open.

    WHEN is days, local times and an IANA time zone, in quotes: "mon-fri 18:00-06:00
    Europe/Berlin". A window over midnight belongs to the day on which it opens. Outside
    it documents wait; the change holds at once and is in the audit chain.
    """
    from hourline import flow

    if always == (when is not None) or (always and closed):
        raise click.UsageError("Say WHEN, with --closed if need be, or --always alone.")
    with open_desk(demo=demo, slug=slug) as desk:
        try:
            flow.set_posting_window(
                desk.database,
                desk.tenant,
                name,
                when,
                closed=closed,
                actor=getpass.getuser(),
            )
        except (LookupError, ValueError) as refusal:
            why = str(refusal).rstrip(".")
            raise CannotOpen(f"The window of {name} was not set: {why}.") from refusal
    if as_json:
        print_json({"connection": name, "window": when, "closed": sorted(closed)})
    else:
        click.echo(
            f"Connection {name} is open always."
            if when is None
            else f"Connection {name} is sent documents {when}."
        )


@connection.command(name="list")
@desk_options
def list_(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List the connections with their connectors and addresses."""
    from hourline.master.store import connections

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        found = connections(session)
    if as_json:
        print_json(found)
        return
    for one in found:
        address = one.settings.get("address", "-")
        click.echo(
            f"{one.connection_no:>4}  {one.name:<20}  {one.connector}  {address}"
        )
