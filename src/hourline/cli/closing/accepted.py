"""Accept work that waits for somebody with a right, and tell what became of it."""

import sys
from typing import TYPE_CHECKING, TypedDict

import click

from hourline.cli.desk import open_desk, print_json
from hourline.cli.kinds import refusing

if TYPE_CHECKING:
    from collections.abc import Callable

    from hourline.billing.model import Because
    from hourline.flow import EntryName
    from hourline.infra.database import Database
    from hourline.kernel.problems import Problem

    Accept = Callable[[Database, int, EntryName, Because], bool | Problem]


class Accepting(TypedDict):
    """Hold whose work is accepted, by whom and why."""

    entry: str
    source: str | None
    reason: str
    actor: str
    demo: bool
    slug: str | None
    as_json: bool


_EXIT_REFUSED = 1


def accept_entry(accept: "Accept", said: Accepting, *, how: str) -> None:
    """Accept, and print whether the entry is booked; exit with 1 where it is not."""
    from hourline.billing.model import Because
    from hourline.flow import EntryName

    entry = said["entry"]
    with open_desk(demo=said["demo"], slug=said["slug"]) as desk, refusing():
        outcome = accept(
            desk.database,
            desk.tenant,
            EntryName(entry, said["source"]),
            Because(actor=said["actor"], reason=said["reason"]),
        )
    problem = None if isinstance(outcome, bool) else outcome
    if said["as_json"]:
        print_json({"entry": entry, "booked": outcome is True, "problem": problem})
    elif problem is not None:
        click.echo(f"{problem.sentence} {problem.remedy}")
    elif outcome:
        click.echo(f"Entry {entry} is booked, {how}.")
    else:
        click.echo(f"Entry {entry} lacks something else: hourline exceptions list")
    if outcome is not True:
        sys.exit(_EXIT_REFUSED)
