"""The command `revaluation`: value receivables at a period end, and list the runs."""

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Unpack

import click

from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, refusing
from hourline.cli.soft_closed import Into, into_of, into_options
from hourline.kernel.codes import Role

if TYPE_CHECKING:
    from hourline.billing.revaluing import ListedRevaluation, Revalued
    from hourline.billing.rules.revalue import Valued

_EXIT_WAITS = 1
_FIGURES = ["due", "carried", "value", "difference", "booked now"]
_LISTED = ["due", "carried", "value", "booked"]


@click.group()
def revaluation() -> None:
    """Value what is due in foreign currencies at a period end, and list the runs."""


@revaluation.command("run")
@click.argument("entity")
@click.option("--through", type=DAY, required=True, help="The day whose rates count.")
@into_options
@desk_options
def run_command(
    *,
    entity: str,
    through: date,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **said: Unpack[Into],
) -> None:
    """Book the unrealised exchange differences of ENTITY's invoices through a day.

    Each is reversed on the first day of the next month. Run again, it books only what
    is new. Exit status 1 says that a rate is missing or no month is open.
    """
    from hourline import flow
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.revalue_receivables(
            desk.database,
            desk.tenant,
            entity=entity,
            through=through,
            into=into_of(said),
        )
    if isinstance(outcome, Problem):
        if as_json:
            print_json({"entity": entity, "problem": outcome})
        else:
            click.echo(f"{outcome.sentence} {outcome.remedy}")
        sys.exit(_EXIT_WAITS)
    if as_json:
        print_json(_run_values(entity, outcome))
    else:
        _show_run(entity, outcome)


@revaluation.command("list")
@click.option("--entity", help="Only this legal entity.")
@desk_options
def list_command(
    *, entity: str | None, demo: bool, slug: str | None, as_json: bool
) -> None:
    """List what every run booked, invoice by invoice."""
    from hourline.billing.service import list_revaluations

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        listed = list_revaluations(session, entity)
    if as_json:
        print_json([_listed_values(one) for one in listed])
    elif listed:
        _show_listed(listed)
    else:
        click.echo("No revaluation booked anything yet.")


def _show_run(entity: str, run: "Revalued") -> None:
    from rich.console import Console

    from hourline.cli.render import money, table

    if not run.items:
        click.echo(f"{entity} has nothing due in a foreign currency on {run.through}.")
        return
    title = f"Receivables of {entity} valued through {run.through}"
    shown = table(title, ["invoice", *_FIGURES], numbers=_FIGURES)
    for one in run.items:
        of = one.receivable
        in_books = (of.carried, one.value, one.unrealised, one.to_book)
        shown.add_row(
            _of_what(of.number, of.role),
            money(of.due, of.currency),
            *(money(amount, of.entity_currency) for amount in in_books),
        )
    Console().print(shown)
    if run.run_no is None:
        click.echo("All of it is booked already; nothing was booked now.")
    else:
        click.echo(f"Booked on {run.booked_on}, reversed on {run.reversed_on}.")


def _of_what(number: str, role: int) -> str:
    return number if role == Role.RECEIVABLE else f"{number}, withheld"


def _run_values(entity: str, run: "Revalued") -> dict[str, object]:
    return {
        "entity": entity,
        "through": run.through,
        "booked_on": run.booked_on,
        "reversed_on": run.reversed_on,
        "run": run.run_no,
        "invoices": [_valued_values(one) for one in run.items],
    }


def _valued_values(one: "Valued") -> dict[str, object]:
    of = one.receivable
    in_books = {
        "carried": of.carried,
        "value": one.value,
        "difference": one.unrealised,
        "booked_now": one.to_book,
    }
    figures = _amounts(of.number, (of.due, of.currency), in_books, of.entity_currency)
    return {"balance": Role(of.role).name.lower(), **figures}


def _listed_values(one: "ListedRevaluation") -> dict[str, object]:
    in_books = {"carried": one.carried, "value": one.valued, "booked": one.amount}
    return {
        "run": one.run_no,
        "entity": one.entity,
        "through": one.through,
        "booked_on": one.booked_on,
        "reversed_on": one.reversed_on,
        "balance": Role(one.role).name.lower(),
        **_amounts(one.number, (one.due, one.currency), in_books, one.entity_currency),
    }


def _amounts(
    number: str, due: tuple[int, int], in_books: dict[str, int], entity_currency: int
) -> dict[str, object]:
    """Return the figures of one invoice for JSON, in major units."""
    from hourline.kernel.money import currency_numbered, major_units

    currency, books = currency_numbered(due[1]), currency_numbered(entity_currency)
    return {
        "invoice": number,
        "currency": currency.code,
        "due": major_units(due[0], currency),
        "entity_currency": books.code,
        **{name: major_units(amount, books) for name, amount in in_books.items()},
    }


def _show_listed(listed: "Sequence[ListedRevaluation]") -> None:
    from rich.console import Console

    from hourline.cli.render import money, table

    columns = ["run", "entity", "through", "on", "reversed", "invoice", *_LISTED]
    shown = table("Revaluations", columns, numbers=["run", *_LISTED])
    for one in listed:
        in_books = (one.carried, one.valued, one.amount)
        shown.add_row(
            str(one.run_no),
            one.entity,
            f"{one.through}",
            f"{one.booked_on}",
            f"{one.reversed_on}",
            _of_what(one.number, one.role),
            money(one.due, one.currency),
            *(money(amount, one.entity_currency) for amount in in_books),
        )
    Console().print(shown)
