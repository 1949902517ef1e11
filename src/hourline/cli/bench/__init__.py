"""The command `bench`: print the performance figures as ratios of one run."""

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from hourline.cli.bench.figure import Measured

if TYPE_CHECKING:
    from hourline.decide.model import Decided

__all__ = ["bench"]

PARTS = ("kernel", "durable", "dry-run", "single")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--entries",
    default=100_000,
    show_default=True,
    type=click.IntRange(1_000, 1_000_000),
    help="How many entries to decide at once.",
)
@click.option("--seed", default=7, show_default=True, help="Seed of the workload.")
@click.option(
    "--repeats",
    default=7,
    show_default=True,
    type=click.IntRange(1, 100),
    help="The best of so many runs counts.",
)
@click.option(
    "--only",
    type=click.Choice(PARTS),
    multiple=True,
    help="Measure this part alone; all where none is named. May be repeated.",
)
def bench(
    *, as_json: bool, entries: int, seed: int, repeats: int, only: tuple[str, ...]
) -> None:
    """Measure deciding on this machine; exit 1 where a target is missed.

    The parts are the kernel in memory, the durable pipeline, the dry run of a changed
    rulebook, and a single entry.
    """
    report, measured = _run(entries, seed, repeats, parts=only or PARTS)
    if as_json:
        click.echo(json.dumps({**report, "figures": [_figure(m) for m in measured]}))
    else:
        for name, value in report.items():
            click.echo(f"{name:>16}  {value}")
        for figure in measured:
            click.echo(_line(figure))
    sys.exit(0 if all(figure.holds for figure in measured) else 1)


def _run(
    entries: int, seed: int, repeats: int, *, parts: Sequence[str]
) -> tuple[dict[str, str | int], list[Measured]]:
    from hourline.cli.bench.durable import pipelines_against_copy
    from hourline.cli.bench.firm import CONTRACTS, PEOPLE, PROJECTS
    from hourline.cli.bench.measure import (
        deciding_against_decoding,
        machine,
        one_entry_against_a_commit,
    )
    from hourline.cli.bench.trying import dry_run_against_deciding
    from hourline.cli.bench.workload import workload
    from hourline.infra.migrate import migrate
    from hourline.infra.postgres import database_address
    from hourline.infra.settings import load_settings
    from hourline.master.snapshot import build_snapshot

    work = workload(entries, seed=seed)
    snapshot = build_snapshot(work.versions, work.references, change_no=work.change_no)
    report = {
        **machine(),
        "seed": seed,
        "entries": entries,
        "bytes_per_entry": sum(map(len, work.lines)) // entries,
        "people": PEOPLE,
        "projects": PROJECTS,
        "contracts": CONTRACTS,
        "rate_rows": work.rate_rows,
    }
    figures: list[Measured] = []
    if "kernel" in parts:
        in_memory, decided = deciding_against_decoding(work, snapshot, repeats=repeats)
        figures += in_memory
        report |= _counted(decided)
    address = database_address(
        load_settings(os.environ), on_wait=lambda text: click.echo(text, err=True)
    )
    migrate(address)
    if "durable" in parts:
        figures += pipelines_against_copy(work, database_url=address)
    if "dry-run" in parts:
        figures.append(dry_run_against_deciding(work, database_url=address))
    if "single" in parts:
        figures.append(one_entry_against_a_commit(work, snapshot, database_url=address))
    return report, figures


def _counted(decided: "Decided") -> dict[str, int]:
    return {
        "accepted": len(decided.decisions.entry_no),
        "refused": len(decided.refusals),
        "lent": len(decided.transfers.entry_no),
        "portions": len(decided.portions.entry_no),
        "journal_lines": len(decided.journal.cause_no),
    }


def _figure(measured: Measured) -> dict[str, str | int | bool]:
    return {
        "name": measured.name,
        "what": measured.what,
        "ours_microseconds": measured.ours_microseconds,
        "theirs_microseconds": measured.theirs_microseconds,
        "ratio_percent": measured.percent,
        "target_percent": measured.target_percent,
        "holds": measured.holds,
    }


def _line(measured: Measured) -> str:
    verdict = "holds" if measured.holds else "MISSED"
    ours, theirs = measured.ours_microseconds, measured.theirs_microseconds
    return (
        f"{measured.name:>16}  {_ratio(measured.percent)} (target"
        f" {_ratio(measured.target_percent)}, {verdict}): {measured.what};"
        f" {ours:,} us against {theirs:,} us"
    )


def _ratio(percent: int) -> str:
    return f"{percent // 100}.{percent % 100:02}"
