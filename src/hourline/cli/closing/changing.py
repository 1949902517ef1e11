"""Make a change of months, locks or rights, or say that it waits, and tell it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

import click

from hourline.cli.approvals import tell_waits
from hourline.cli.desk import open_desk, print_json
from hourline.cli.kinds import refusing

if TYPE_CHECKING:
    from hourline.flow.closing import ClosingChange

F = TypeVar("F", bound=Callable[..., Any])


def said_options(command: F) -> F:
    """Give a command the options --reason and --actor."""
    decorators = (
        click.option(
            "--reason", required=True, help="Why; it goes into the audit chain."
        ),
        click.option("--actor", required=True, help="Who wants it."),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


def change(one: "ClosingChange", asked: Mapping[str, Any]) -> None:
    """Make a change, or propose it where it takes two, and say which."""
    from hourline.flow.closing import Said, change_closing

    with open_desk(demo=asked["demo"], slug=asked["slug"]) as desk, refusing():
        said = Said(asked["actor"], asked["reason"])
        proposal = change_closing(desk.database, desk.tenant, one, said)
    if asked["as_json"]:
        print_json({"done": proposal is None, "proposal": proposal})
        return
    click.echo(f"{spoken_change(one)}.")
    if proposal is not None:
        tell_waits(proposal, group="closing")


def spoken_change(one: "ClosingChange") -> str:
    """Return a change in words, as what is so once it is made."""
    from hourline.flow.closing import SetLock, SetPeriod, SetRight

    match one:
        case SetPeriod():
            state = one.state.replace("_", "-")
            of = "" if one.ledger is None else f" of {one.ledger.replace('_', ' ')}"
            return f"Month {one.period}{of} of {one.entity} is {state}"
        case SetLock():
            whose = [
                f"{name} {value}"
                for name in ("role", "connection", "entity")
                if (value := getattr(one, name)) is not None
            ]
            return (
                f"Entry lock {one.id} is through {one.through}, with"
                f" {one.grace_days} days of grace in {one.time_zone}, for"
                f" {', '.join(whose) or 'everybody'}"
            )
        case SetRight():
            has = "has" if one.until is None else f"has until {one.until}, not on it,"
            return f"{one.user} {has} the right {one.right} for {one.entity or 'all'}"
        case _:
            assert_never(one)
