"""The command `shadow`: compare what would be posted with what a system has."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import Console

from hourline.cli.desk import CannotOpen, desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, refusing

if TYPE_CHECKING:
    from hourline.proof.model import Asked, ShadowReport

F = TypeVar("F", bound=Callable[..., Any])
_EXIT_OPEN = 1


@click.group()
def shadow() -> None:
    """Compare what would be posted with what a system has in its books.

    A system is compared with, and sent nothing, while the mode of its target routes is
    compare.
    """


def _tolerance_options(command: F) -> F:
    """Give a command the options --days and --percent."""
    days = click.option(
        "--days",
        type=click.IntRange(0, 31),
        default=5,
        show_default=True,
        help="How many days apart the same document may be dated.",
    )
    percent = click.option(
        "--percent",
        type=click.IntRange(0, 100),
        default=10,
        show_default=True,
        help="How far apart the totals of the same document may be.",
    )
    return days(percent(command))


@shadow.command()
@click.option("--connection", "names", multiple=True, help="Only this one; repeatable.")
@click.option("--from", "since", type=DAY, help="The first accounting date.")
@click.option("--until", type=DAY, help="The first accounting date left out.")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every booking into this file as well.",
)
@_tolerance_options
@desk_options
def report(
    *,
    names: tuple[str, ...],
    since: date | None,
    until: date | None,
    csv_file: Path | None,
    days: int,
    percent: int,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Read the books of compared systems, and say what is there and what would be.

    Exit status 1 says that a difference has no explanation, or that books could not be
    read; they are then compared as they were read last.
    """
    from hourline import flow
    from hourline.cli.shadow.shown import show_report, write_csv
    from hourline.flow.connections import Connections
    from hourline.infra.secrets import open_keyring

    if since and until and since >= until:
        raise click.UsageError("--until is the first day left out, so after --from.")
    asked = _asked(since=since, until=until, days=days, percent=percent)
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        live = Connections(desk.database, open_keyring(desk.settings))
        reports = flow.shadow_reports(
            desk.database, desk.tenant, live, asked, names=names
        )
    _refuse_nothing(reports)
    if csv_file is not None:
        write_csv(csv_file, reports)
    _tell(reports, as_json=as_json, show=show_report)
    settled = all(one.complete and not one.standing.unexplained for one in reports)
    sys.exit(0 if settled else _EXIT_OPEN)


@shadow.command()
@click.option("--connection", "names", multiple=True, help="Only this one; repeatable.")
@click.option(
    "--ready-days",
    type=click.IntRange(1, 3650),
    default=30,
    show_default=True,
    help="How many days without an unexplained difference make it ready.",
)
@_tolerance_options
@desk_options
def status(
    *,
    names: tuple[str, ...],
    ready_days: int,
    days: int,
    percent: int,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Say how far each comparison is, by the books as a report read them last.

    Exit status 0 says that all are ready to cut over: books of every kind were read,
    and no difference dated in the last days is without an explanation.
    """
    from hourline import flow
    from hourline.cli.shadow.shown import show_status

    asked = _asked(days=days, percent=percent, ready_days=ready_days)
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        reports = flow.stored_reports(desk.database, desk.tenant, asked, names=names)
    _refuse_nothing(reports)
    _tell(reports, as_json=as_json, show=show_status)
    sys.exit(0 if all(one.ready for one in reports) else _EXIT_OPEN)


@shadow.command()
@click.argument("difference")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who says so.")
@_tolerance_options
@desk_options
def explain(
    *,
    difference: str,
    reason: str,
    actor: str,
    days: int,
    percent: int,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Say why DIFFERENCE is right as it is; it holds until either side changes."""
    from hourline import flow
    from hourline.cli.shadow.shown import listed_values

    asked = _asked(days=days, percent=percent)
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        if not reason.strip():
            raise ValueError("an explanation needs a reason.")
        found = flow.explain_difference(
            desk.database, desk.tenant, asked, difference, actor=actor, reason=reason
        )
    if as_json:
        print_json(listed_values(found))
    else:
        click.echo(f"Difference {difference} is explained; the audit chain says why.")


def _asked(
    *,
    days: int,
    percent: int,
    since: date | None = None,
    until: date | None = None,
    ready_days: int = 30,
) -> "Asked":
    from hourline.proof.model import Asked, Tolerance

    return Asked(
        at=datetime.now(UTC),
        since=since,
        until=until,
        tolerance=Tolerance(days=days, percent=percent),
        ready_days=ready_days,
    )


def _refuse_nothing(reports: "Sequence[ShadowReport]") -> None:
    if not reports:
        raise CannotOpen(
            "No target route compares; set its mode to compare to begin with it."
        )


def _tell(
    reports: "Sequence[ShadowReport]",
    *,
    as_json: bool,
    show: "Callable[[Console, ShadowReport], None]",
) -> None:
    from hourline.cli.shadow.shown import report_values

    if as_json:
        print_json([report_values(one) for one in reports])
        return
    console = Console()
    for one in reports:
        show(console, one)
