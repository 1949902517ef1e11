"""The command `connector`: list what there is for vendors, try connections out."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click
from rich.console import Console

from hourline.cli.desk import CannotOpen, desk_options, open_desk, print_json

_EXIT_SILENT = 1


@dataclass(frozen=True, slots=True)
class Declared:
    """Hold what a connector declares, as the matrix shows it."""

    name: str
    title: str
    reads: tuple[str, ...]
    owns: tuple[str, ...]
    books: tuple[str, ...]
    shows: tuple[str, ...]


@click.group()
def connector() -> None:
    """List the connectors, and check connections."""


@connector.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, as_json: bool) -> None:
    """List every connector: what it reads, owns and books, and what books it shows.

    A letter says what a lost reply means at that system: A to D, as explained on the
    page about posting.
    """
    from hourline.cli.render import table

    rows = list(declared())
    if as_json:
        print_json(rows)
        return
    shown = table("Connectors", ["connector", "reads", "owns", "books", "shows"])
    for row in rows:
        cells = (row.reads, row.owns, row.books, row.shows)
        shown.add_row(row.name, *(_spoken(cell) for cell in cells))
    Console().print(shown)


@connector.command()
@click.argument("connection", nargs=-1)
@desk_options
def check(
    *, connection: tuple[str, ...], demo: bool, slug: str | None, as_json: bool
) -> None:
    """Ask each CONNECTION (default: all) for a page of everything it is read for.

    Nothing is changed here or there. Exit status 1 where something does not answer.
    """
    from hourline.flow.checks import check_connections
    from hourline.flow.connections import Connections
    from hourline.flow.transactions import NotKnown
    from hourline.infra.secrets import open_keyring

    with open_desk(demo=demo, slug=slug) as desk:
        live = Connections(desk.database, open_keyring(desk.settings))
        try:
            checked = check_connections(
                desk.database, desk.tenant, live, names=connection
            )
        except NotKnown as unknown:
            raise CannotOpen(str(unknown)) from unknown
    if as_json:
        print_json(checked)
    for one in () if as_json else checked:
        mark = "ok" if one.answers else "WRONG"
        click.echo(f"{mark:<6}{one.connection}: {one.what}: {one.found}")
    sys.exit(0 if all(one.answers for one in checked) else _EXIT_SILENT)


def declared() -> Iterator[Declared]:
    """Yield what each connector declares, by name."""
    from hourline.connectors.sdk.registry import connectors
    from hourline.posting.rules.capability import class_of

    for name, found in sorted(connectors().items()):
        kinds = [kind for stream in found.masters.values() for kind in stream.kinds]
        yield Declared(
            name=name,
            title=found.title,
            reads=tuple(dict.fromkeys((*kinds, *found.sources))),
            owns=found.owns,
            books=tuple(
                f"{kind.name.lower()} ({class_of(target.capability)})"
                + (f" in mode {mode}" if mode else "")
                for mode in ("", *found.modes)
                for kind, target in found.targets_in(mode).items()
            ),
            shows=tuple(kind.name.lower() for kind in found.booked),
        )


def _spoken(names: tuple[str, ...]) -> str:
    return ", ".join(names).replace("_", " ") or "-"
