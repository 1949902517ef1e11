"""Give commands the options by which a person books into a soft-closed month."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

if TYPE_CHECKING:
    from hourline.flow import IntoSoftClosed

F = TypeVar("F", bound=Callable[..., Any])


class Into(TypedDict):
    """Hold the two options."""

    into_soft_closed: str | None
    actor: str | None


def into_options(command: F) -> F:
    """Give a command --into-soft-closed with the reason, and --actor."""
    decorators = (
        click.option(
            "--into-soft-closed",
            metavar="REASON",
            help="Book into soft-closed months too, and why; kept in the audit chain.",
        ),
        click.option("--actor", help="Who books into them; one with the right."),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


def into_of(said: Into) -> "IntoSoftClosed | None":
    """Return the act that is asked for; refuse half of one."""
    from hourline.flow import IntoSoftClosed

    reason, actor = said["into_soft_closed"], said["actor"]
    if reason is None and actor is None:
        return None
    if not reason or not actor:
        raise click.UsageError("--into-soft-closed and --actor go together.")
    return IntoSoftClosed(actor=actor, reason=reason)


def into_flag(command: F) -> F:
    """Give a command that has an actor and a reason the flag --into-soft-closed."""
    flag = click.option(
        "--into-soft-closed",
        is_flag=True,
        help="Book into soft-closed months too; for an actor with the right.",
    )
    return flag(command)


def into_by(actor: str, reason: str, *, asked: bool) -> "IntoSoftClosed | None":
    """Return the act of somebody who says who and why anyway, None if not asked."""
    from hourline.flow import IntoSoftClosed

    return IntoSoftClosed(actor=actor, reason=reason) if asked else None
