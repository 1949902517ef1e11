"""The commands of entry locks and of rights: set them, see and let in what is kept."""

import sys
from datetime import date
from typing import Any, TypedDict, Unpack

import click

from hourline.cli.closing.accepted import Accepting, accept_entry
from hourline.cli.closing.changing import change, said_options
from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, refusing

_EXIT_REFUSED = 1
_RIGHT = click.Choice(
    [
        "post_into_soft_closed",
        "override_entry_lock",
        "accept_late_work",
        "set_prices",
        "approve_credits",
    ]
)


class Locking(TypedDict):
    """Hold what a lock says, and who says so."""

    id: str
    through: date
    grace_days: int
    time_zone: str
    role: str | None
    connection: str | None
    entity: str | None
    reason: str
    actor: str
    demo: bool
    slug: str | None
    as_json: bool


@click.command()
@click.argument("id")
@click.option("--through", type=DAY, required=True, help="The last day locked.")
@click.option("--grace-days", type=int, default=0, help="For so many days after it.")
@click.option("--time-zone", default="UTC", help="In which those days end.")
@click.option("--role", help="Only for people of this role.")
@click.option("--connection", help="Only for what this system sends.")
@click.option("--entity", help="Only for people this legal entity employs.")
@said_options
@desk_options
def lock(**asked: Unpack[Locking]) -> None:
    """Let time up to a day no longer arrive or change; ID names the lock.

    A lock that exists is moved. Moving it back, giving more grace or another scope
    unlocks something, and waits for a second person.
    """
    from hourline.flow.closing import SetLock

    one = SetLock(
        id=asked["id"],
        through=asked["through"],
        grace_days=asked["grace_days"],
        time_zone=asked["time_zone"],
        role=asked["role"],
        connection=asked["connection"],
        entity=asked["entity"],
    )
    change(one, asked)


@click.command()
@desk_options
def locked(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List what entry locks keep apart, in the order it came."""
    from hourline.flow.kept_records import list_locked

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        kept = list_locked(session)
    if as_json:
        names = (
            "source_id",
            "revision",
            "entry_lock",
            "person_ref",
            "worked_on",
            "received_at",
        )
        print_json([{name: getattr(one, name) for name in names} for one in kept])
        return
    for one in kept:
        click.echo(
            f"{one.source_id} revision {one.revision}: {one.person_ref} on"
            f" {one.worked_on}, came {one.received_at:%Y-%m-%d %H:%M} UTC,"
            f" lock {one.entry_lock}"
        )
    if not kept:
        click.echo("No entry lock keeps anything apart.")


@click.command()
@click.argument("entry")
@click.option("--source", help="The connection, where several have the id.")
@said_options
@desk_options
def override(
    *,
    entry: str,
    source: str | None,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Let in all that entry locks keep apart of ENTRY, as if it came now.

    Exit status 1 says that the actor has not the right; nothing was changed.
    """
    from hourline import flow
    from hourline.billing.model import Because
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.override_entry_lock(
            desk.database,
            desk.tenant,
            flow.EntryName(entry, source),
            Because(actor=actor, reason=reason),
        )
    if isinstance(outcome, Problem):
        if as_json:
            print_json({"entry": entry, "problem": outcome})
        else:
            click.echo(f"{outcome.sentence} {outcome.remedy}")
        sys.exit(_EXIT_REFUSED)
    if as_json:
        print_json({"entry": entry, "records": outcome, "problem": None})
    else:
        click.echo(f"Let in of entry {entry}: {outcome}.")


@click.command()
@click.argument("entry")
@click.option("--source", help="The connection, where several have the id.")
@said_options
@desk_options
def accept(**said: Unpack[Accepting]) -> None:
    """Book what waits of ENTRY although it is later than its entity books by itself.

    Exit status 1 says that the actor has not the right, or that it lacks something
    else too.
    """
    from hourline import flow

    accept_entry(flow.accept_late_work, said, how="late")


@click.command()
@click.argument("user")
@click.argument("right", type=_RIGHT)
@click.option("--entity", help="Only for this legal entity; else for all.")
@said_options
@desk_options
def grant(*, user: str, right: Any, entity: str | None, **asked: Any) -> None:  # noqa: ANN401 - the choice is a Literal of flow.closing, which only a run imports
    """Propose that USER has a RIGHT; a second person approves it."""
    from hourline.flow.closing import SetRight

    change(SetRight(user=user, right=right, entity=entity), asked)


@click.command()
@click.argument("user")
@click.argument("right", type=_RIGHT)
@click.option("--entity", help="As it was granted.")
@click.option("--until", type=DAY, required=True, help="The first day without it.")
@said_options
@desk_options
def withdraw(
    *,
    user: str,
    right: Any,  # noqa: ANN401 - as in grant
    entity: str | None,
    until: date,
    **asked: Any,  # noqa: ANN401 - who and why, as said_options give it
) -> None:
    """Take a RIGHT from USER from a day on."""
    from hourline.flow.closing import SetRight

    change(SetRight(user=user, right=right, entity=entity, until=until), asked)
