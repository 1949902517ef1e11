"""The command `export`: hand the books out for other programs to check."""

from datetime import date, datetime
from pathlib import Path

import click

from hourline.cli.desk import desk_options, open_desk, print_json


@click.group()
def export() -> None:
    """Hand the books out for other programs to check."""


@export.command()
@click.option(
    "--format",
    "layout",
    type=click.Choice(["beancount", "hledger"]),
    default="beancount",
    show_default=True,
    help="The language of plain text accounting.",
)
@click.option("--entity", help="The books of one legal entity; default: of all.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write to a file instead of the screen.",
)
@desk_options
def books(
    *,
    layout: str,
    entity: str | None,
    since: datetime | None,
    until: datetime | None,
    out: Path | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Write every journal line as a beancount or hledger journal.

    Each line is a transaction in the currency of the entity's books, with what caused
    it. Check it with: bean-check FILE, or hledger check -f FILE.
    """
    from hourline.proof.books import export_books
    from hourline.proof.rules.plain_text_books import Layout

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant, one_view=True) as session,
    ):
        text = export_books(
            session,
            Layout(layout),
            entity=entity,
            since=since.date() if since else date.min,
            until=until.date() if until else date.max,
        )
    if out is not None:
        out.write_text(text, encoding="utf-8")
    if as_json:
        print_json({"format": layout, "file": out, "text": None if out else text})
    elif out is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"The books are in {out}.")
