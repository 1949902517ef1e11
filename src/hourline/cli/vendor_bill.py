"""The command `vendor-bill`: take subcontractors' bills in, match and list them."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hourline.cli.desk import Desk, desk_options, open_desk, print_json
from hourline.cli.kinds import refusing

if TYPE_CHECKING:
    from hourline.kernel.problems import Problem
    from hourline.ledger.vendor_model import ListedLine

_EXIT_WAITS = 1
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WHERE_IT_WAITS = "What waits for whom: hourline exceptions list"


@click.group("vendor-bill")
def vendor_bill() -> None:
    """Match what subcontractors bill with the time that was approved for them."""


@vendor_bill.command("import")
@click.argument("file", type=_FILE)
@desk_options
def import_command(*, file: Path, demo: bool, slug: str | None, as_json: bool) -> None:
    """Take the bills of FILE in, a CSV with a row for each line, and match them.

    A bill that is known with the same content changes nothing. Exit status 1 says that
    a bill is known with other content, or that a line does not fit.
    """
    from hourline import flow
    from hourline.flow.vendor_bill_file import read_vendor_bills
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        bills = read_vendor_bills(file.read_bytes())
        outcomes = flow.receive_vendor_bills(desk.database, desk.tenant, bills)
        named = {(one.vendor, one.reference) for one in bills}
        listed = [one for one in _listed(desk) if (one.vendor, one.reference) in named]
    problems = [one for one in outcomes if isinstance(one, Problem)]
    new = sum(one is True for one in outcomes)
    if as_json:
        print_json(
            {
                "bills": len(bills),
                "new": new,
                "lines": [_values(one) for one in listed],
                "problems": problems,
            }
        )
    else:
        click.echo(f"{len(bills)} bills, {new} of them new.")
        _show(listed)
        _tell(problems)
    _exit(listed, problems)


@vendor_bill.command("list")
@click.option("--vendor", help="Only the bills of this vendor.")
@desk_options
def list_command(
    *, vendor: str | None, demo: bool, slug: str | None, as_json: bool
) -> None:
    """List every line of every bill, with the time it is matched with."""
    with open_desk(demo=demo, slug=slug) as desk:
        listed = _listed(desk, vendor)
    if as_json:
        print_json([_values(one) for one in listed])
    elif listed:
        _show(listed)
    else:
        click.echo("No vendor has billed anything yet.")


@vendor_bill.command("match")
@desk_options
def match_command(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """Try every line that is not matched again; it happens by itself, too.

    Exit status 1 says that a line still does not fit.
    """
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        tried = flow.match_vendor_bills(desk.database, desk.tenant)
    problems = [one.problem for one in tried if one.problem]
    if as_json:
        matched = [one.line.key for one in tried if one.problem is None]
        print_json({"matched": matched, "problems": problems})
    else:
        click.echo(f"{len(tried) - len(problems)} lines are matched now.")
        _tell(problems)
    _exit((), problems)


def _listed(desk: Desk, vendor: str | None = None) -> "list[ListedLine]":
    from hourline.ledger.vendor_bills import list_vendor_lines

    with desk.database.tenant(desk.tenant) as session:
        return list_vendor_lines(session, vendor)


def _tell(problems: "Sequence[Problem]") -> None:
    for problem in problems:
        click.echo(f"{problem.sentence} {problem.remedy}")
    if problems:
        click.echo(_WHERE_IT_WAITS)


def _exit(listed: "Sequence[ListedLine]", problems: "Sequence[Problem]") -> None:
    if problems or any(one.match_no is None for one in listed):
        sys.exit(_EXIT_WAITS)


def _show(listed: "Sequence[ListedLine]") -> None:
    from rich.console import Console

    from hourline.cli.render import money, table
    from hourline.kernel.quantity import spoken_hours

    figures = ["hours", "billed"]
    columns = ["vendor", "bill", "line", "person", "project", "from", "until"]
    shown = table("Vendor bills", [*columns, *figures, "matched with"], numbers=figures)
    for one in listed:
        shown.add_row(
            one.vendor,
            one.reference,
            str(one.line_no),
            one.person,
            one.project,
            f"{one.worked_from}",
            f"{one.worked_until}",
            spoken_hours(one.seconds),
            money(one.amount, one.currency),
            ", ".join(one.entries) if one.match_no else "nothing yet",
        )
    Console().print(shown)


def _values(one: "ListedLine") -> dict[str, object]:
    from hourline.kernel.money import currency_numbered, major_units

    currency = currency_numbered(one.currency)
    return {
        "vendor": one.vendor,
        "bill": one.reference,
        "entity": one.entity,
        "date": one.billed_on,
        "line": one.line_no,
        "person": one.person,
        "project": one.project,
        "from": one.worked_from,
        "until": one.worked_until,
        "seconds": one.seconds,
        "amount": major_units(one.amount, currency),
        "currency": currency.code,
        "matched": one.match_no is not None,
        "entries": one.entries if one.match_no else [],
        "seconds_approved": one.seconds_approved,
    }
