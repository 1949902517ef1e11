"""Find, show, ask and reject what waits for a second person, of every kind."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hourline.cli.desk import CannotOpen, print_json

if TYPE_CHECKING:
    from hourline.infra.approvals import Proposal

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


def tell_waits(proposal: int, *, group: str) -> None:
    """Say how a second person approves a proposal of a group of commands."""
    click.echo(
        f"Proposal {proposal} waits 72 hours for a second person:"
        f" hourline {group} approve {proposal} --approver NAME"
    )


def find_proposal(
    waiting: "Sequence[Proposal]", proposal: int, *, about: str, group: str
) -> "Proposal":
    """Return one of those that wait; raise CannotOpen."""
    for one in waiting:
        if one.proposal_no == proposal:
            return one
    raise CannotOpen(
        f"No proposal {proposal} about {about} waits; see: hourline {group} proposals"
    )


def tell_rejected(proposal: int, *, as_json: bool) -> None:
    """Say that a proposal is rejected."""
    if as_json:
        print_json({"proposal": proposal, "approved": False})
    else:
        click.echo(f"Proposal {proposal} is rejected.")
