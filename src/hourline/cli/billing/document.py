"""The command `billing document`: write an invoice or credit note for its customer."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hourline.cli.desk import CannotOpen, desk_options, open_desk, print_json

if TYPE_CHECKING:
    from hourline.billing.store_listing import ListedDocument
    from hourline.infra.database import Session

_EXIT_LACKS = 1
# The words of Format, Layout and Gathered, so that --help loads none of them.
_FORMATS = ("pdf", "ubl", "factur-x", "csv")
_LAYOUTS = ("person", "day", "task")
_GATHERED = ("entry", "person", "task", "project")


@click.command()
@click.argument("number")
@click.option(
    "--format",
    "as_format",
    type=click.Choice(_FORMATS),
    default="pdf",
    show_default=True,
    help="A PDF, an e-invoice of EN 16931, or the backup alone.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; by default one named by the number.",
)
@click.option(
    "--backup",
    type=click.Choice(_LAYOUTS),
    help="Add pages that show every hour by person, day or task.",
)
@click.option(
    "--lines",
    type=click.Choice(_GATHERED),
    default="entry",
    show_default=True,
    help="What time of one price is gathered by.",
)
@click.option("--notes", is_flag=True, help="Show what people noted on their time.")
@desk_options
def document(
    *,
    number: str,
    as_format: str,
    out: Path | None,
    backup: str | None,
    lines: str,
    notes: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Write the invoice or credit note NUMBER as the file its customer gets.

    Exit status 1 says that the format needs what the master data does not have; it
    names everything that is missing, and no file is written.
    """
    from hourline.billing.documents.service import Format, Wanted, document_file
    from hourline.billing.rules.documents.backup import Layout
    from hourline.billing.rules.documents.consolidate import Gathered
    from hourline.kernel.problems import Problem

    wanted = Wanted(
        format=Format(as_format),
        backup=None if backup is None else Layout(backup),
        lines=Gathered(lines),
        notes=notes,
    )
    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        found = document_numbered(session, number)
        made = document_file(session, found.document_no, wanted)
    if isinstance(made, Problem):
        _tell(made, as_json=as_json)
        sys.exit(_EXIT_LACKS)
    path = _written(out or Path(made.name), made.content)
    if as_json:
        told = {"number": number, "format": as_format, "file": str(path)}
        print_json(told | {"bytes": len(made.content)})
    else:
        click.echo(f"{number} is written to {path} ({len(made.content):,} bytes).")


def document_numbered(session: "Session", number: str) -> "ListedDocument":
    """Return the one document of a number; raise CannotOpen for none or several."""
    from hourline.billing.store_listing import find_documents

    found = find_documents(session, number)
    if len(found) != 1:
        msg = f"{len(found) or 'No'} documents have the number {number}."
        raise CannotOpen(msg)
    return found[0]


def _written(path: Path, content: bytes) -> Path:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CannotOpen(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _tell(problem: "Problem", *, as_json: bool) -> None:
    if as_json:
        print_json({"problem": problem})
    else:
        click.echo(f"{problem.sentence} {problem.remedy}")


if TYPE_CHECKING:
    from hourline.kernel.problems import Problem
