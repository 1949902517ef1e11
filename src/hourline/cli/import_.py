"""The command `import`: take a file of approved time in and acknowledge every row."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from hourline.cli.desk import CannotOpen, Desk, desk_options, open_desk, print_json
from hourline.cli.import_report import Report, Taken
from hourline.cli.kinds import DAY

if TYPE_CHECKING:
    from hourline.intake.file import SourceFile
    from hourline.intake.model import StatedCoverage

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="import")
@click.argument("file", type=_FILE)
@click.option("--connection", required=True, help="The connection it comes from.")
@click.option("--manifest", type=_FILE, help="What the sender says about the file.")
@click.option(
    "--acknowledge",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write a CSV file with a line for every row: what became of it, and why.",
)
@click.option(
    "--first-day", type=DAY, help="The first day an export covers, with --last-day."
)
@click.option("--last-day", type=DAY, help="The last day an export covers.")
@click.option(
    "--covers",
    type=click.Choice(["everything", "people_and_projects"]),
    help="What this export leaves out at most: nothing, or whole people and projects.",
)
@click.option(
    "--gone",
    type=click.Choice(["report", "recall"]),
    help="What becomes of entries in force that this export does not hold any more.",
)
@click.option(
    "--exported-at",
    type=click.DateTime(),
    help="When it was exported (UTC), to tell it from an earlier one with its bytes.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what it would do, and change nothing."
)
@desk_options
def import_(
    *,
    file: Path,
    connection: str,
    manifest: Path | None,
    acknowledge: Path | None,
    dry_run: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **stated: "str | date | None",
) -> None:
    """Take the time in FILE in: .csv, .xlsx, .jsonl or .ndjson.

    The same file again changes nothing, and a call that broke off is completed by
    repeating it. Exit status 1 says that rows were not taken, 2 that the whole file was
    refused and none was.
    """
    if acknowledge is not None and not acknowledge.parent.is_dir():
        raise CannotOpen(f"There is no folder {acknowledge.parent}.")
    with open_desk(demo=demo, slug=slug) as desk:
        source = replace(
            _source(desk, file, connection, manifest), stated=_stated(stated)
        )
        taken = _take(desk, source, dry_run=dry_run)
    report = Report(source, taken, dry_run=dry_run)
    if acknowledge is not None:
        with acknowledge.open("w", encoding="utf-8", newline="") as lines:
            report.acknowledge(lines)
    if as_json:
        print_json(report.values())
    else:
        report.show(Console())
    if report.status:
        sys.exit(report.status)


def _source(
    desk: Desk, file: Path, connection: str, manifest: Path | None
) -> "SourceFile":
    from hourline.infra.secrets import find_connection
    from hourline.intake.file import SourceFile
    from hourline.intake.manifest import Manifest, read_manifest

    with desk.database.tenant(desk.tenant) as session:
        number = find_connection(session, connection)
    if number is None:
        raise CannotOpen(f"The tenant has no connection '{connection}'.")
    stated = None if manifest is None else read_manifest(manifest.read_bytes())
    if stated is not None and not isinstance(stated, Manifest):
        raise CannotOpen(f"{stated.sentence} {stated.remedy}")
    return SourceFile(number, file.name, file.read_bytes(), datetime.now(UTC), stated)


def _stated(options: "Mapping[str, str | date | None]") -> "StatedCoverage":
    import msgspec

    from hourline.intake.model import StatedCoverage

    at = options["exported_at"]
    zoned = at.replace(tzinfo=UTC) if isinstance(at, datetime) else None
    return msgspec.convert({**options, "exported_at": zoned}, StatedCoverage)


def _take(desk: Desk, source: "SourceFile", *, dry_run: bool) -> Taken:
    from hourline import flow

    rows = source.manifest.rows if source.manifest else None
    with _progress(source.name, rows) as on_part:
        try:
            if not dry_run:
                return _received(desk, source, on_part)
            tried = flow.try_file(desk.database, desk.tenant, source, on_part=on_part)
        except flow.CannotReplace as refusal:
            raise CannotOpen(
                f"{refusal.problem.sentence} {refusal.problem.remedy}"
                " Repeating the import then completes it."
            ) from refusal
    if isinstance(tried, list):
        return Taken(tried)
    return Taken(tried.acknowledged, tried, tried.gone)


def _received(
    desk: Desk, source: "SourceFile", on_part: Callable[[int], None]
) -> Taken:
    from hourline import flow
    from hourline.flow.files import Gone

    gone: list[Gone] = []
    outcome = flow.receive_file(
        desk.database, desk.tenant, source, on_part=on_part, on_gone=gone.append
    )
    return Taken(outcome, gone=gone[0] if gone else None)


@contextmanager
def _progress(name: str, rows: int | None) -> Iterator[Callable[[int], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=rows)
        yield lambda done: bar.advance(task, done)
