"""Show what a second person approves, and ask; the same for every kind of proposal."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def approval_options(command: F) -> F:
    """Give a command the argument PROPOSAL and the options --approver and --yes."""
    decorators = (
        click.option(
            "--yes", is_flag=True, help="Do not ask whether what is shown is right."
        ),
        click.option(
            "--approver", required=True, help="Who approves it; not its proposer."
        ),
        click.argument("proposal", type=int),
    )
    for decorator in decorators:
        command = decorator(command)
    return command


def ask_approval(shown: str, *, yes: bool, as_json: bool) -> None:
    """Show a proposal and ask for it, apart from JSON; raise click.Abort at a no."""
    click.echo(shown, err=as_json)
    if not yes:
        click.confirm("Approve this?", abort=True, err=as_json)
