"""Tell what became of a file: to a person, to a program, to its sender."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import click
from rich.console import Console

if TYPE_CHECKING:
    from hourline.flow.files import Gone, Tried
    from hourline.intake.exports import Revised
    from hourline.intake.file import Acknowledged, SourceFile
    from hourline.kernel.problems import Problem

_ROWS_TOLD_MAX = 50
_EXIT_ROWS, _EXIT_FILE = 1, 2


@dataclass(frozen=True, slots=True)
class Taken:
    """Hold what became of a file, or would: rows or refusals, and what is gone."""

    outcome: "Sequence[Acknowledged] | Sequence[Problem]"
    tried: "Tried | None" = None
    gone: "Gone | None" = None


class Report:
    """Tell what became of a file: to a person, to a program, to its sender."""

    def __init__(
        self,
        source: "SourceFile",
        taken: Taken,
        *,
        dry_run: bool,
    ) -> None:
        from hourline.intake.file import Acknowledged
        from hourline.kernel.codes import Outcome
        from hourline.kernel.problems import Problem

        self._name = source.name
        outcome, self._tried, self._gone = taken.outcome, taken.tried, taken.gone
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
            "would_revise": self._tried.revised if self._tried else None,
            "gone": _gone_values(self._gone),
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
        named = [row for row in self._rows if row.problems]
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
        _show_gone(self._gone, dry_run=self._dry_run)
        if self._tried is None:
            return
        _show_revised(self._tried.revised)
        click.echo(f"{self._tried.decided:,} entries would go on to billing.")
        for code, entries in sorted(self._tried.stopped.items()):
            click.echo(f"{entries:,} would stop or wait: {code}.")
        click.echo("Nothing was changed.")


def _show_revised(revised: "Sequence[Revised]") -> None:
    from hourline.intake.rules.hours import hours_text

    for one in revised[:_ROWS_TOLD_MAX]:
        after = "recalled" if one.to_seconds is None else hours_text(one.to_seconds)
        before = hours_text(one.from_seconds)
        click.echo(f"  would change: {one.source_id}: {before} -> {after}")
    if len(revised) > _ROWS_TOLD_MAX:
        click.echo(f"  ... and {len(revised) - _ROWS_TOLD_MAX:,} changes more.")


def _show_gone(gone: "Gone | None", *, dry_run: bool) -> None:
    from hourline.intake.rules.hours import hours_text

    if gone is None or not gone.entries:
        return
    recalled = "would be recalled" if dry_run else "was recalled"
    fate = recalled if gone.recalled else "stays in force"
    for one in gone.entries[:_ROWS_TOLD_MAX]:
        click.echo(f"  gone, {fate}: {one.source_id}: {hours_text(one.seconds)}")
    if len(gone.entries) > _ROWS_TOLD_MAX:
        click.echo(f"  ... and {len(gone.entries) - _ROWS_TOLD_MAX:,} gone more.")
    if gone.kept_because is not None:
        click.echo(f"  Not recalled: {gone.kept_because}")


def _gone_values(gone: "Gone | None") -> dict[str, object] | None:
    if gone is None:
        return None
    return {
        "recalled": gone.recalled,
        "kept_because": gone.kept_because,
        "entries": [
            {"id": one.source_id, "date": one.worked_on, "seconds": one.seconds}
            for one in gone.entries
        ],
    }
