"""The benchmark measures real work and says plainly when a target is missed."""

import json

import pytest
from click.testing import CliRunner

from hourline.cli.bench import bench
from hourline.cli.bench.allotting import allot_all, works_to_allot
from hourline.cli.bench.figure import Measured
from hourline.cli.bench.measure import entry_columns
from hourline.cli.bench.workload import WireEntry, workload
from hourline.decide.kernel import decide_columns
from hourline.master.snapshot import build_snapshot


def _measured(ours: int, theirs: int) -> Measured:
    return Measured("decide", "one against the other", ours, theirs, target_percent=300)


def test_a_ratio_is_rounded_up_before_it_is_held_against_its_target() -> None:
    assert (_measured(300, 100).percent, _measured(300, 100).holds) == (300, True)
    assert (_measured(3001, 1000).percent, _measured(3001, 1000).holds) == (301, False)
    assert _measured(5, 0).percent == 500


def test_a_seed_gives_the_same_workload_every_time() -> None:
    first, again, other = (workload(50, seed=seed) for seed in (3, 3, 4))

    assert first.lines == again.lines
    assert first.versions == again.versions
    assert first.lines != other.lines


def test_most_of_the_workload_is_accepted_and_some_is_refused() -> None:
    work = workload(3_000, seed=7)
    snapshot = build_snapshot(work.versions, work.references, change_no=work.change_no)

    decided = decide_columns(entry_columns(work.records()), snapshot)

    assert work.rate_rows == 24_070
    assert 2_850 < len(decided.decisions.entry_no) < 2_990
    assert {problem.code for r in decided.refusals for problem in r.problems} == {
        "person_not_known",
        "project_closed",
        "price_not_found",
        "transfer_price_not_found",
    }
    assert isinstance(work.records()[0], WireEntry)


def test_the_workload_lends_rounds_limits_and_prepays() -> None:
    work = workload(3_000, seed=7)
    snapshot = build_snapshot(work.versions, work.references, change_no=work.change_no)
    records = work.records()

    decided = decide_columns(entry_columns(records), snapshot)
    works = works_to_allot(decided, records, snapshot)
    allotted = [
        found for of_contract in allot_all(works, snapshot) for _, found in of_contract
    ]

    assert len(snapshot.columns.transfer_prices.terms) == 56
    assert len(set(decided.transfers.model.tolist())) == 6
    assert 380 < len(decided.transfers.entry_no) < 480
    assert 300 < (decided.decisions.time_rounding_no >= 0).sum() < 600
    assert 550 < len(allotted) < 750
    assert 80 < sum(found.over > 0 for found in allotted) < 500
    assert 80 < sum(found.prepaid_seconds > 0 for found in allotted) < 300


@pytest.mark.integration
def test_the_command_prints_figures_and_fails_where_one_is_missed(
    database_url: str,
) -> None:
    # What a dry run costs is measured apart: its rulebook takes seconds to read.
    parts = [
        word for one in ("kernel", "durable", "single") for word in ("--only", one)
    ]
    arguments = ["--entries", "1000", "--repeats", "1", *parts]
    environment = {"DATABASE_URL": database_url}

    asked = CliRunner().invoke(bench, [*arguments, "--json"], env=environment)

    report = json.loads(asked.output)
    names = [figure["name"] for figure in report["figures"]]
    assert names == ["decide", "allot", "together", "durable", "limited", "single"]
    assert report["accepted"] + report["refused"] == 1_000
    held = all(figure["holds"] for figure in report["figures"])
    assert asked.exit_code == (0 if held else 1)
