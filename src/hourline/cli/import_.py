"""The command `import`: take a file of approved time in and acknowledge every row."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from hourline.cli.desk import CannotOpen, Desk, desk_options, open_desk, print_json

if TYPE_CHECKING:
    from hourline.flow.entries import Tried
    from hourline.intake.file import Acknowledged, SourceFile
    from hourline.kernel.problems import Problem

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ROWS_TOLD_MAX = 50
_EXIT_ROWS, _EXIT_FILE = 1, 2


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
) -> None:
    """Take the time in FILE in: .csv, .xlsx, .jsonl or .ndjson.

    The same file again changes nothing, and a call that broke off is completed by
    repeating it. Exit status 1 says that rows were not taken, 2 that the whole file was
    refused and none was.
    """
    if acknowledge is not None and not acknowledge.parent.is_dir():
        raise CannotOpen(f"There is no folder {acknowledge.parent}.")
    with open_desk(demo=demo, slug=slug) as desk:
        source = _source(desk, file, connection, manifest)
        outcome, tried = _take(desk, source, dry_run=dry_run)
    report = _Report(source, outcome, tried, dry_run=dry_run)
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


def _take(
    desk: Desk, source: "SourceFile", *, dry_run: bool
) -> "tuple[Sequence[Acknowledged] | Sequence[Problem], Tried | None]":
    from hourline import flow

    rows = source.manifest.rows if source.manifest else None
    with _progress(source.name, rows) as on_part:
        try:
            if not dry_run:
                return _received(desk, source, on_part), None
            tried = flow.try_file(desk.database, desk.tenant, source, on_part=on_part)
        except flow.CannotReplace as refusal:
            raise CannotOpen(
                f"{refusal.problem.sentence} {refusal.problem.remedy}"
                " Repeating the import then completes it."
            ) from refusal
    return (tried, None) if isinstance(tried, list) else (tried.acknowledged, tried)


def _received(
    desk: Desk, source: "SourceFile", on_part: Callable[[int], None]
) -> "Sequence[Acknowledged] | Sequence[Problem]":
    from hourline import flow

    return flow.receive_file(desk.database, desk.tenant, source, on_part=on_part)


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


class _Report:
    """Tell what became of a file: to a person, to a program, to its sender."""

    def __init__(
        self,
        source: "SourceFile",
        outcome: "Sequence[Acknowledged] | Sequence[Problem]",
        tried: "Tried | None",
        *,
        dry_run: bool,
    ) -> None:
        from hourline.intake.file import Acknowledged
        from hourline.kernel.codes import Outcome
        from hourline.kernel.problems import Problem

        self._name = source.name
        self._tried = tried
        self._dry_run = dry_run
        self._rows = [row for row in outcome if isinstance(row, Acknowledged)]
        self._problems = [one for one in outcome if isinstance(one, Problem)]
        self._counts = Counter(row.outcome.name.lower() for row in self._rows)
        untaken = (Outcome.REFUSED, Outcome.CONFLICT)
        self._untaken = [row for row in self._rows if row.outcome in untaken]
        whole = source.manifest is not None and source.manifest.all_or_nothing
        self._whole_refused = bool(self._problems or (whole and self._untaken))

    @property
    def status(self) -> int:
        """Return the exit status: 2 for a refused file, 1 for refused rows."""
        if self._whole_refused:
            return _EXIT_FILE
        return _EXIT_ROWS if self._untaken else 0

    def values(self) -> dict[str, object]:
        """Return everything as values for JSON."""
        return {
            "file": self._name,
            "dry_run": self._dry_run,
            "refused": self._whole_refused,
            "problems": self._problems,
            "outcomes": self._counts,
            "not_taken": [
                {
                    "line": row.line,
                    "id": row.source_id,
                    "outcome": row.outcome.name.lower(),
                }
                | {"problems": row.problems}
                for row in self._untaken
            ],
            "would_go_on": self._tried.decided if self._tried else None,
            "would_stop": self._tried.stopped if self._tried else None,
        }

    def acknowledge(self, to: IO[str]) -> None:
        """Write a line for every row, or for every reason against the whole file."""
        import csv

        lines = csv.writer(to, lineterminator="\n")
        lines.writerow(["line", "id", "outcome", "code", "what", "do"])
        for problem in self._problems:
            said = (problem.code, problem.sentence, problem.remedy)
            lines.writerow(["", "", "file_refused", *said])
        for row in self._rows:
            told = [
                " ".join(getattr(problem, name) for problem in row.problems)
                for name in ("code", "sentence", "remedy")
            ]
            lines.writerow(
                [row.line, row.source_id or "", row.outcome.name.lower(), *told]
            )

    def show(self, console: Console) -> None:
        """Print the outcomes, then what is wrong, where, and what to do."""
        verb = (
            "would be" if self._dry_run else "was" if self._whole_refused else "is in"
        )
        if self._whole_refused:
            click.echo(f"{self._name} {verb} refused; nothing of it goes in.")
        else:
            self._show_outcomes(console)
        for problem in self._problems:
            click.echo(f"  {problem.code}: {problem.sentence} {problem.remedy}")
        named = [row for row in self._untaken if row.problems]
        for row in named[:_ROWS_TOLD_MAX]:
            for problem in row.problems:
                place = f"line {row.line}" + (
                    f", {row.source_id}" if row.source_id else ""
                )
                click.echo(f"  {place}: {problem.sentence} {problem.remedy}")
        if len(named) > _ROWS_TOLD_MAX:
            rest = len(named) - _ROWS_TOLD_MAX
            click.echo(f"  ... and {rest:,} rows more; --acknowledge writes them all.")

    def _show_outcomes(self, console: Console) -> None:
        from hourline.cli.render import table, words

        would = "would become" if self._dry_run else "became"
        click.echo(f"What {would} of the rows of {self._name}:")
        shown = table("", ["outcome", "rows"], numbers=["rows"])
        for outcome, rows in sorted(self._counts.items()):
            shown.add_row(words(outcome), f"{rows:,}")
        console.print(shown)
        if self._tried is None:
            return
        click.echo(f"{self._tried.decided:,} entries would go on to billing.")
        for code, entries in sorted(self._tried.stopped.items()):
            click.echo(f"{entries:,} would stop or wait: {code}.")
        click.echo("Nothing was changed.")
