"""Read an opening file, its manifest and the terms it is taken over by."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from hourline.cli.desk import CannotOpen, Desk
from hourline.cli.kinds import DAY
from hourline.flow.openings import OpeningFile
from hourline.infra.secrets import find_connection
from hourline.intake.opening_manifest import OpeningManifest, read_opening_manifest
from hourline.kernel.problems import Problem

F = TypeVar("F", bound=Callable[..., Any])
Given = Mapping[str, Path | str | date | bool | None]
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def file_options(command: F) -> F:
    """Give a command the file and the terms by which it is checked."""
    decorators = (
        click.option(
            "--manifest", type=_FILE, help="Rows and control totals, as JSON."
        ),
        click.option(
            "--cut-over",
            type=DAY,
            required=True,
            help="The first day that is not in the old books.",
        ),
        click.option(
            "--connection",
            required=True,
            help="The unit's connection, whose ids the file uses.",
        ),
        click.argument("file", type=_FILE),
    )
    for decorator in decorators:
        command = decorator(command)
    return command


def opening_file(desk: Desk, given: Given) -> OpeningFile:
    """Return the file as it came, with its terms; raise CannotOpen."""
    connection, cut_over = str(given["connection"]), given["cut_over"]
    with desk.database.tenant(desk.tenant) as session:
        number = find_connection(session, connection)
    if number is None:
        raise CannotOpen(f"The tenant has no connection '{connection}'.")
    path = given["file"]
    assert isinstance(path, Path)  # noqa: S101 - click made it one
    assert isinstance(cut_over, date)  # noqa: S101 - click made it one
    return OpeningFile(
        connection_no=number,
        name=path.name,
        content=path.read_bytes(),
        source=str(given.get("source") or ""),
        cut_over=cut_over,
        to_book=bool(given.get("to_book")),
        manifest=_manifest(given["manifest"]),
    )


def _manifest(path: object) -> OpeningManifest | None:
    if not isinstance(path, Path):
        return None
    stated = read_opening_manifest(path.read_bytes())
    if isinstance(stated, Problem):
        raise CannotOpen(f"{stated.sentence} {stated.remedy}")
    return stated
