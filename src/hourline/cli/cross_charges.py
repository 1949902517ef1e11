"""The command `cross-charges`: report what departments charge each other."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import DAY

if TYPE_CHECKING:
    from hourline.proof.model import CrossChargedPair
    from hourline.proof.rules.net_departments import DepartmentNet


@click.command(name="cross-charges")
@click.option("--entity", help="Only this legal entity.")
@click.option("--from", "since", type=DAY, help="From this accounting date on.")
@click.option("--until", type=DAY, help="Up to this accounting date, included.")
@desk_options
def cross_charges(
    *,
    entity: str | None,
    since: date | None,
    until: date | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Report what departments of an entity charged each other, as it is booked.

    By pair of departments, and of each what it was charged less what it charged: in an
    entity all of that is nothing.
    """
    from hourline.proof.cross_charges import cross_charged
    from hourline.proof.rules.net_departments import net_departments

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        pairs = cross_charged(
            session,
            entity=entity,
            since=since or date.min,
            until=until or date.max,
        )
    nets = net_departments(pairs)
    if as_json:
        print_json(
            {
                "pairs": [_pair_values(pair) for pair in pairs],
                "departments": [_net_values(one) for one in nets],
            }
        )
    elif pairs:
        _show(pairs, nets)
    else:
        click.echo("No department charged another.")


def _pair_values(pair: "CrossChargedPair") -> dict[str, Any]:
    from hourline.kernel.money import currency_numbered, told_amount

    return {
        **asdict(pair),
        "currency": currency_numbered(pair.currency).code,
        "amount": told_amount(pair.amount, pair.currency),
    }


def _net_values(one: "DepartmentNet") -> dict[str, Any]:
    from hourline.kernel.money import currency_numbered, told_amount

    return {
        "entity": one.entity,
        "department": one.department,
        "currency": currency_numbered(one.currency).code,
        "charged": told_amount(one.charged, one.currency),
        "recovered": told_amount(one.recovered, one.currency),
        "net": told_amount(one.net, one.currency),
    }


def _show(pairs: "list[CrossChargedPair]", nets: "list[DepartmentNet]") -> None:
    from hourline.cli.render import money, table
    from hourline.kernel.quantity import spoken_hours

    columns = ["entity", "work of", "for", "time", "charged"]
    shown = table("Cross-charges", columns, numbers=["time", "charged"])
    for pair in pairs:
        shown.add_row(
            pair.entity,
            pair.person_department,
            pair.project_department,
            spoken_hours(pair.seconds),
            money(pair.amount, pair.currency),
        )
    numbers = ["charged", "recovered", "net"]
    by_department = table(
        "By department", ["entity", "department", *numbers], numbers=numbers
    )
    for one in nets:
        by_department.add_row(
            one.entity,
            one.department,
            *(money(it, one.currency) for it in (one.charged, one.recovered, one.net)),
        )
    console = Console()
    console.print(shown)
    console.print(by_department)
