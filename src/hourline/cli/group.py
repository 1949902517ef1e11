"""The command `group`: add up the books of a group's entities in its currency."""

import sys
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, refusing

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.table import Table

    from hourline.proof.group_balances import GroupReport
    from hourline.proof.rules.translate_group import TranslatedLine

_EXIT_WAITS = 1


@click.group()
def group() -> None:
    """Add up the books of a group's legal entities in the group's currency."""


@group.command("balances")
@click.option(
    "--through", type=DAY, required=True, help="The day whose closing rates count."
)
@click.option("--group", "named", help="Which group, where there are several.")
@desk_options
def balances_command(
    *, through: date, named: str | None, demo: bool, slug: str | None, as_json: bool
) -> None:
    """Report every entity's balances translated, what is eliminated, and the total.

    With --json each amount has its rate, the day of it and its type. Nothing is booked.
    Exit status 1 says that a rate is missing, and which.
    """
    from hourline import flow
    from hourline.kernel.problems import Problem
    from hourline.proof.group_balances import report_group

    with (
        open_desk(demo=demo, slug=slug) as desk,
        refusing(),
        desk.database.tenant(desk.tenant) as session,
    ):
        report = report_group(
            session, flow.snapshot_of(session), named, through=through
        )
    if isinstance(report, Problem):
        if as_json:
            print_json({"group": named, "problem": report})
        else:
            click.echo(f"{report.sentence} {report.remedy}")
        sys.exit(_EXIT_WAITS)
    if as_json:
        print_json(_values(report))
    else:
        _show(report)


def exact_rate(rate: Fraction) -> str:
    """Write a rate with all its digits; one that no decimal can say as a fraction."""
    below, digits = rate.denominator, 0
    while below != 1 and (10**digits) % below:
        digits += 1
        if digits > below.bit_length():
            return f"{rate.numerator}/{rate.denominator}"
    shown = f"{rate.numerator * 10**digits // below:0{digits + 1}d}"
    return f"{shown[:-digits]}.{shown[-digits:]}" if digits else shown


def _values(report: "GroupReport") -> dict[str, Any]:
    found, currency = report.balances, report.group.currency.number
    return {
        "group": report.group.id,
        "currency": report.group.currency.code,
        "through": report.through,
        "lines": [_line_values(line, report) for line in found.lines],
        "translation_differences": {
            entity: _major(minor, currency)
            for entity, minor in found.translation_differences.items()
        },
        "eliminations": [
            {
                "entity": one.entity,
                "against": one.against,
                "role": one.role.name.lower(),
                **_stated(one.document_amount, one.document_currency),
                "group_amount": _major(one.group_amount, currency),
            }
            for one in found.eliminations
        ],
        "elimination_differences": [
            {
                "lender": one.lender,
                "borrower": one.borrower,
                "role": one.role.name.lower(),
                **_stated(one.unmatched, one.document_currency, "unmatched"),
                "group_amount": _major(one.group_amount, currency),
            }
            for one in found.elimination_differences
        ],
        "total": {
            **{
                role.name.lower(): _major(minor, currency)
                for role, minor in found.totals().items()
            },
            "translation_difference": _major(found.translation_difference, currency),
            "elimination_difference": _major(found.elimination_difference, currency),
        },
    }


def _line_values(line: "TranslatedLine", report: "GroupReport") -> dict[str, object]:
    return {
        "entity": line.entity,
        "role": line.role.name.lower(),
        "against": line.against,
        **_stated(line.amount, line.currency),
        "rate": exact_rate(_of_major(line.rate, line.currency, report)),
        "rate_date": line.rate_date,
        "rate_type": line.rate_type,
        "group_amount": _major(line.group_amount, report.group.currency.number),
    }


def _stated(minor: int, currency: int, name: str = "amount") -> dict[str, object]:
    from hourline.kernel.money import currency_numbered

    code = currency_numbered(currency).code
    return {"currency": code, name: _major(minor, currency)}


def _major(minor: int, currency: int) -> "Decimal":
    from hourline.kernel.money import currency_numbered, major_units

    return major_units(minor, currency_numbered(currency))


def _of_major(rate: Fraction, currency: int, report: "GroupReport") -> Fraction:
    from hourline.kernel.money import currency_numbered

    decimals = currency_numbered(currency).decimals - report.group.currency.decimals
    return rate * Fraction(10) ** decimals


def _show(report: "GroupReport") -> None:
    from rich.console import Console

    from hourline.cli.render import money, table, words

    found, code = report.balances, report.group.currency.code
    columns = ["entity", "balance", "amount"]
    title = f"Group {report.group.id} through {report.through}"
    shown = table(title, columns, numbers=["amount"])
    for entity, roles in found.balances().items():
        for role, minor in roles.items():
            shown.add_row(entity, words(role.name), money(minor, code))
        difference = found.translation_differences[entity]
        shown.add_row(entity, "translation difference", money(difference, code))
    for one in found.eliminations:
        what = f"{words(one.role.name)} against {one.against}, eliminated"
        shown.add_row(one.entity, what, money(one.group_amount, code))
    for left in found.elimination_differences:
        what = f"left of {words(left.role.name)} from {left.borrower}"
        shown.add_row(left.lender, what, money(left.group_amount, code))
    console = Console()
    console.print(shown)
    console.print(_totals(report))


def _totals(report: "GroupReport") -> "Table":
    from hourline.cli.render import money, table, words

    found, code = report.balances, report.group.currency.code
    shown = table("All of it", ["balance", "amount"], numbers=["amount"])
    for role, minor in found.totals().items():
        if minor:
            shown.add_row(words(role.name), money(minor, code))
    shown.add_row("translation difference", money(found.translation_difference, code))
    shown.add_row("elimination difference", money(found.elimination_difference, code))
    return shown
