"""Read what a draft bills of single entries: so many hours, or an amount."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import click

if TYPE_CHECKING:
    from hourline.flow import Adjusting, Billed

F = TypeVar("F", bound=Callable[..., Any])
Adjusted: TypeAlias = str | tuple[tuple[str, Decimal], ...] | None


class OfEntry(click.ParamType[tuple[str, Decimal]]):
    """Read a figure of an entry, such as TE-17=3.5."""

    name = "entry=figure"

    def convert(
        self,
        value: str | tuple[str, Decimal],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, Decimal]:
        """Return the entry and its figure; refuse what is none, and less than 0."""
        if isinstance(value, tuple):
            return value
        entry, _, figure = value.rpartition("=")
        try:
            number = Decimal(figure)
        except InvalidOperation:
            number = Decimal(-1)
        if not entry or not number.is_finite() or number < 0:
            self.fail(f"{value!r} is no entry with a figure, as TE-17=3.5", param, ctx)
        return entry, number


def adjusting_options(command: F) -> F:
    """Give a command the options that adjust single entries, and say why."""
    figure = OfEntry()
    decorators = (
        click.option(
            "--hours",
            type=figure,
            multiple=True,
            help="Bill only so many hours of an entry, ENTRY=HOURS; the rest of it"
            " becomes non-billable. Repeat it for more.",
        ),
        click.option(
            "--amount",
            type=figure,
            multiple=True,
            help="Bill an entry for this net amount, ENTRY=AMOUNT, in the contract's"
            " currency; its hours stay. Repeat it for more.",
        ),
        click.option("--actor", help="Who adjusts it; with --hours or --amount."),
        click.option("--reason", help="Why; it goes into the audit chain."),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


def adjusting_of(adjusted: dict[str, Adjusted]) -> "Adjusting | None":
    """Return what is adjusted, and by whom; None where nothing is.

    Raises click.UsageError without actor and reason, or for hours that are not whole
    seconds.
    """
    from hourline.billing.model import Because
    from hourline.flow import Adjusting

    entries = tuple(_billed(adjusted))
    actor, reason = adjusted["actor"], adjusted["reason"]
    if not entries:
        if actor or reason:
            raise click.UsageError("--actor and --reason are of --hours or --amount.")
        return None
    if not isinstance(actor, str) or not isinstance(reason, str):
        raise click.UsageError("Say with --actor and --reason who adjusts it, and why.")
    return Adjusting(entries, Because(actor=actor, reason=reason))


def _billed(adjusted: dict[str, Adjusted]) -> "list[Billed]":
    from hourline.flow import Billed, EntryName

    return [
        *(
            Billed(EntryName(entry), seconds=seconds_of(hours))
            for entry, hours in _figures(adjusted["hours"])
        ),
        *(
            Billed(EntryName(entry), amount=amount)
            for entry, amount in _figures(adjusted["amount"])
        ),
    ]


def _figures(option: Adjusted) -> tuple[tuple[str, Decimal], ...]:
    return option if isinstance(option, tuple) else ()


def seconds_of(hours: Decimal) -> int:
    """Return hours in whole seconds; raise click.UsageError where they are none."""
    from hourline.intake.rules.quantities import whole_seconds

    seconds = whole_seconds(hours, "hours")
    if seconds is None:
        raise click.UsageError(f"{hours} hours are not whole seconds.")
    return seconds
