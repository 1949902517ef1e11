"""The command `explain`: read out every figure on the way of an hour, and prove it."""

import sys
from typing import TYPE_CHECKING

import click

from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import refusing

if TYPE_CHECKING:
    from hourline.flow.explain import AmountExplanation, Explanation


@click.command()
@click.argument("name")
@click.option("--connection", help="The source, where several have an entry so called.")
@click.option("--revision", type=int, help="This revision; else the last decided one.")
@click.option("--part", type=int, help="Only this portion.")
@desk_options
def explain(
    *,
    name: str,
    connection: str | None,
    revision: int | None,
    part: int | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Explain NAME: time, price, tax, cost, accounts, and where it is billed.

    NAME is a time entry or an expense; or a milestone, month of a recurring fee,
    retainer or prepaid block, by its id or LINE/ID (a month is LINE/2025-03); or what a
    line of an invoice or credit note bills, by NUMBER/LINE.

    Also what a row of rounding, discount and fee, a transfer price, prepaid hours, a
    limit, a retainer, the price that covers it or a customer's share did to it, and
    each amount in the currency of the transaction, contract, books and group, with
    rate, date, type and row.

    Everything is computed anew with the rules and master data it was decided with, and
    compared with what is stored. Exit status 1 says that a figure differs, or that the
    entry is not decided yet.
    """
    from hourline.flow.explain import NotDecided, explain_named

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        try:
            with desk.database.tenant(desk.tenant, one_view=True) as session:
                found = explain_named(
                    session, name, connection=connection, revision=revision, part=part
                )
        except NotDecided as why:
            if as_json:
                print_json({"entry": name, "decided": False, "why": str(why)})
            else:
                click.echo(str(why))
            sys.exit(1)
    if as_json:
        print_json(_values(found))
    else:
        _tell(found)
    sys.exit(1 if found.broken else 0)


def _values(found: "Explanation | AmountExplanation") -> dict[str, object]:
    return {
        **_head(found),
        "steps": [
            {
                "about": step.about,
                "sentences": step.sentences,
                "figures": {name: _value(one) for name, one in step.figures.items()},
                "checks": [
                    {
                        "figure": one.figure,
                        "recomputed": one.recomputed,
                        "stored": one.stored,
                        "holds": one.holds,
                    }
                    for one in step.checks
                ],
            }
            for step in found.steps
        ],
        "as_stored": not found.broken,
    }


def _head(found: "Explanation | AmountExplanation") -> dict[str, object]:
    from hourline.flow.explain import AmountExplanation

    if isinstance(found, AmountExplanation):
        return {"amount": found.name, "kind": found.kind}
    return {
        "entry": found.source_id,
        "revision": found.revision,
        "decided": True,
        "change_no": found.change_no,
        "rulebook_version": found.rulebook,
        "superseded": found.superseded,
    }


def _value(value: object) -> object:
    is_plain = isinstance(value, str | int | list | dict | None)
    return value if is_plain else str(value)


def _tell(found: "Explanation | AmountExplanation") -> None:
    click.echo(_title(found))
    for step in found.steps:
        click.echo(f"{step.about}: {' '.join(step.sentences)}")
    for one in found.broken:
        click.echo(
            f"NOT AS STORED: {one.figure} is {one.stored}, computed {one.recomputed}."
        )


def _title(found: "Explanation | AmountExplanation") -> str:
    from hourline.flow.explain import AmountExplanation

    if isinstance(found, AmountExplanation):
        return f"{found.name}, a {found.kind}:"
    after = ", which does not count any more" if found.superseded else ""
    rules = f" and version {found.rulebook} of the rulebook" if found.rulebook else ""
    return (
        f"{found.source_id} revision {found.revision}{after}: decided with master data"
        f" as of change {found.change_no}{rules}."
    )
