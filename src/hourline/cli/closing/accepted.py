"""Tell what became of work that somebody accepted."""

import sys
from typing import TYPE_CHECKING

import click

from hourline.cli.desk import print_json

if TYPE_CHECKING:
    from hourline.kernel.problems import Problem

_EXIT_REFUSED = 1


def tell_accepted(
    entry: str, outcome: "bool | Problem", *, how: str, as_json: bool
) -> None:
    """Print whether an entry is booked; exit with 1 where it is not."""
    problem = None if isinstance(outcome, bool) else outcome
    if as_json:
        print_json({"entry": entry, "booked": outcome is True, "problem": problem})
    elif problem is not None:
        click.echo(f"{problem.sentence} {problem.remedy}")
    elif outcome:
        click.echo(f"Entry {entry} is booked, {how}.")
    else:
        click.echo(f"Entry {entry} lacks something else: hourline exceptions list")
    if outcome is not True:
        sys.exit(_EXIT_REFUSED)
