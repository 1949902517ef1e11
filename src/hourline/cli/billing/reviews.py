"""The commands that review an entry before it is billed: hold, postpone and others."""

import sys
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

import click

from hourline.cli.billing.adjusting import seconds_of
from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import QUANTITY, refusing

if TYPE_CHECKING:
    from hourline.billing.model import Because
    from hourline.billing.reviewing import Reviewed
    from hourline.flow import EntryName
    from hourline.kernel.problems import Problem

F = TypeVar("F", bound=Callable[..., Any])
_EXIT_REFUSED = 1
_STILL = {
    "held": "was held already",
    "postponed": "was held or postponed already",
}


class Said(TypedDict):
    """Hold the options that all reviews share."""

    entry: str
    source: str | None
    reason: str
    actor: str
    dry_run: bool


def review_options(command: F) -> F:
    """Give a command the argument ENTRY and the options that all reviews share."""
    decorators = (
        click.argument("entry"),
        click.option("--source", help="The connection, where several have the id."),
        click.option("--reason", required=True, help="Why; kept in the audit chain."),
        click.option("--actor", required=True, help="Who decides it."),
        click.option("--dry-run", is_flag=True, help="Show it; change nothing."),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@click.command()
@review_options
@desk_options
def hold(*, demo: bool, slug: str | None, as_json: bool, **said: Unpack[Said]) -> None:
    """Take ENTRY out of billing until it is released; it stays accrued.

    A correction of it is held as well, and an open draft no longer has it.
    """
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.hold_entry(
            desk.database,
            desk.tenant,
            name_of(said),
            why_of(said),
            try_only=said["dry_run"],
        )
    _tell("held", said, outcome, as_json=as_json)


@click.command()
@review_options
@desk_options
def postpone(
    *, demo: bool, slug: str | None, as_json: bool, **said: Unpack[Said]
) -> None:
    """Leave ENTRY out of the next invoice of its contract; it stays accrued.

    The next invoice through its day ends that by itself, a release ends it earlier.
    """
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.postpone_entry(
            desk.database,
            desk.tenant,
            name_of(said),
            why_of(said),
            try_only=said["dry_run"],
        )
    _tell("postponed", said, outcome, as_json=as_json)


@click.command()
@review_options
@desk_options
def release(
    *, demo: bool, slug: str | None, as_json: bool, **said: Unpack[Said]
) -> None:
    """Put ENTRY, which is held or postponed, back into billing."""
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.release_entry(
            desk.database,
            desk.tenant,
            name_of(said),
            why_of(said),
            try_only=said["dry_run"],
        )
    _tell("released", said, outcome, as_json=as_json)


@click.command("write-off")
@review_options
@click.option("--hours", type=QUANTITY, help="Only so many hours of what is open.")
@desk_options
def write_off(
    *,
    hours: Decimal | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **said: Unpack[Said],
) -> None:
    """Give up what of ENTRY is not billed: never billed, its accrual reversed.

    Its cost stays. Exit status 1 says that so much is not open; nothing was changed.
    """
    from hourline import flow

    seconds = None if hours is None else seconds_of(hours)
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.write_off_entry(
            desk.database,
            desk.tenant,
            name_of(said),
            why_of(said),
            seconds=seconds,
            try_only=said["dry_run"],
        )
    _tell("written off", said, outcome, as_json=as_json)


@click.command()
@desk_options
def held(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List what is held or postponed, with who said so since when and why."""
    from hourline.billing.store_listing import list_held
    from hourline.cli.billing.shown import held_values, show_held

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        found = list_held(session)
    if as_json:
        print_json([held_values(one) for one in found])
    elif found:
        show_held(found)
    else:
        click.echo("Nothing is held.")


def name_of(said: Said) -> "EntryName":
    """Return the entry that a review names."""
    from hourline.flow import EntryName

    return EntryName(said["entry"], said["source"])


def why_of(said: Said) -> "Because":
    """Return who decides a review, and why."""
    from hourline.billing.model import Because

    return Because(actor=said["actor"], reason=said["reason"])


def _tell(
    what: str,
    said: Said,
    outcome: "Reviewed | Problem",
    *,
    as_json: bool,
) -> None:
    """Say what a review did or would do; exit with 1 where it was refused."""
    from hourline.kernel.problems import Problem

    refused = isinstance(outcome, Problem)
    if as_json:
        print_json(_values(what, said, outcome))
    elif isinstance(outcome, Problem):
        click.echo(f"{outcome.sentence} {outcome.remedy}")
    else:
        click.echo(_sentence(what, said, outcome))
    if refused:
        sys.exit(_EXIT_REFUSED)


def _sentence(what: str, said: Said, outcome: "Reviewed") -> str:
    from hourline.cli.render import money
    from hourline.kernel.quantity import spoken_hours

    entry = said["entry"]
    if not outcome.changed:
        still = _STILL.get(what, "is not held")
        return f"Time entry {entry} {still}; nothing was changed."
    worth = "nothing of it is decided yet"
    if outcome.currency is not None:
        amount = money(outcome.amount, outcome.currency)
        worth = f"{spoken_hours(outcome.seconds)}, {amount}"
    would = "would be" if said["dry_run"] else "is"
    return f"Time entry {entry} {would} {what}: {worth}."


def _values(what: str, said: Said, outcome: "Reviewed | Problem") -> dict[str, object]:
    from hourline.kernel.money import currency_numbered, major_units
    from hourline.kernel.problems import Problem

    told: dict[str, object] = {
        "entry": said["entry"],
        "review": what.replace(" ", "_"),
        "dry_run": said["dry_run"],
    }
    if isinstance(outcome, Problem):
        return told | {"changed": False, "problem": outcome}
    figures: dict[str, object] = {"seconds": outcome.seconds, "amount": None}
    if outcome.currency is not None:
        currency = currency_numbered(outcome.currency)
        figures |= {
            "amount": major_units(outcome.amount, currency),
            "accrual_reversed": major_units(outcome.accrual_reversed, currency),
            "currency": currency.code,
        }
    return told | {"changed": outcome.changed, "problem": None, **figures}
