"""The command `scenario`: check scenario files against the real pipeline."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hourline.scenarios.run import Failure, Verdict

_FILES = click.Path(dir_okay=False, path_type=Path)


@click.group()
def scenario() -> None:
    """Check what the books must look like, stated in files."""


@scenario.command()
@click.argument("files", nargs=-1, required=True, type=_FILES, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--demo", is_flag=True, help="Use the demo's database.")
def run(files: tuple[Path, ...], *, as_json: bool, demo: bool) -> None:
    """Run each scenario in an empty tenant; exit 0 only if all of them passed.

    For a failure it prints the step, what was expected and what was found.
    """
    from hourline.cli.desk import open_database
    from hourline.scenarios.run import run_files

    verdicts = []
    with open_database(demo=demo) as (_settings, _url, database):
        for verdict in run_files(database, files):
            verdicts.append(verdict)
            if not as_json:
                _print(verdict)
    failed = sum(not verdict.passed for verdict in verdicts)
    if as_json:
        click.echo(json.dumps(_report(verdicts), indent=2))
    else:
        click.echo(f"{len(verdicts) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def _print(verdict: "Verdict") -> None:
    if verdict.passed:
        click.echo(f"ok      {verdict.scenario}")
        return
    click.echo(f"FAILED  {verdict.scenario} ({verdict.file})")
    for failure in verdict.failures:
        click.echo(f"        {_sentence(failure)}")


def _sentence(failure: "Failure") -> str:
    step = "" if failure.step is None else f"step {failure.step}, "
    where = f"{step}{failure.action}"
    if failure.place:
        found = f"expected {failure.expected}, found {failure.found}"
        return f"{where}: {failure.place}: {found}"
    return f"{where}: {failure.found}" if where else failure.found


def _report(verdicts: "list[Verdict]") -> dict[str, object]:
    failed = sum(not verdict.passed for verdict in verdicts)
    return {
        "passed": len(verdicts) - failed,
        "failed": failed,
        "scenarios": [
            {**asdict(verdict), "passed": verdict.passed} for verdict in verdicts
        ],
    }
