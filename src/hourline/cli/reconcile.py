"""The command `reconcile`: prove that time, billing and ledger agree."""

import sys
from dataclasses import asdict

import click
from rich.console import Console

from hourline.cli.desk import desk_options, open_desk, print_json

_EXIT_UNPROVEN = 1


@click.command()
@desk_options
def reconcile(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """State the books of this moment and prove them by equations and differences.

    Exit status 1 says that an equation does not hold or a difference was found.
    """
    from hourline.proof.differences import differences
    from hourline.proof.statement import state_books

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant, one_view=True) as session,
    ):
        statement = state_books(session)
        found = differences(session)
    proven = statement.holds and not found
    if as_json:
        equations = [asdict(one) | {"holds": one.holds} for one in statement.equations]
        told = asdict(statement) | {"equations": equations}
        print_json({"proven": proven, "statement": told, "differences": found})
    else:
        from hourline.demo import show

        console = Console()
        for part in (
            show.show_entries,
            show.show_arrivals,
            show.show_fates,
            show.show_money,
            show.show_openings,
        ):
            part(console, statement)
        show.show_proof(console, statement.equations, found)
        click.echo(
            "Everything is proven."
            if proven
            else "Something does not hold; hourline trace tells the story of a subject."
        )
    if not proven:
        sys.exit(_EXIT_UNPROVEN)
