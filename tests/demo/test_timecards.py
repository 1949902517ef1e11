"""Timecards are carried from their files to an ERP's books, and every figure agrees."""

import csv
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from hourline.connectors.sandbox.admin import start_sandbox, stop_sandbox
from hourline.demo.progress import Steps
from hourline.demo.timecard_master import FolderIncomplete, master_changes
from hourline.demo.timecard_run import run_timecards
from hourline.demo.timecards import Bench, FileRefused, carry_timecards
from hourline.infra.database import Database
from hourline.infra.json import decode_json

FOLDER = Path(__file__).parent / "folder"
CHECKOUT = Path(__file__).parents[2]
REAL_DATA = Path(
    os.environ.get("REAL_DATA", CHECKOUT.parent / "shared" / "real-data" / "tock")
)


@dataclass(frozen=True)
class Run:
    """Hold what a run said and wrote."""

    proven: bool
    said: str
    facts: dict[str, Any]

    def left(self, name: str) -> int:
        """Give the left side of an equation."""
        (found,) = [one for one in self.facts["equations"] if one["name"] == name]
        left: int = found["left"]
        return left


def run(database: Database, folder: Path, place: Path) -> Run:
    with (place / "said.txt").open("w", encoding="utf-8") as said:
        proven = run_timecards(
            Console(file=said, width=140),
            database,
            folder=folder,
            state_dir=place,
            json_file=place / "facts.json",
        )
    return Run(
        proven,
        (place / "said.txt").read_text(encoding="utf-8"),
        decode_json((place / "facts.json").read_bytes()),
    )


@pytest.fixture(scope="module")
def small(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run over the made-up folder."""
    return run(database, FOLDER, tmp_path_factory.mktemp("small"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the made-up folder to break."""
    return Path(shutil.copytree(FOLDER, tmp_path / "folder"))


@pytest.mark.integration
def test_a_small_folder_is_carried_to_the_erp_with_every_proof(small: Run) -> None:
    assert small.proven
    assert "Every proof holds: nothing is lost, nothing is doubled." in small.said
    assert f"hourline trace --demo --tenant {small.facts['tenant']} 101" in small.said
    assert small.facts["differences"] == []
    assert {one["holds"] for one in small.facts["equations"]} == {True}


@pytest.mark.integration
def test_the_hours_of_a_small_folder_are_all_accounted_for(small: Run) -> None:
    states = {
        one["state"]: (one["entries"], one["seconds"])
        for one in small.facts["statement"]["entries"]
    }
    fates = {
        one["fate"]: (one["seconds"], one["amount"])
        for one in small.facts["statement"]["fates"]
    }

    assert states == {
        "approved": (2, 28_800),  # 8 h not billable, and a line of no hours
        "posted": (3, 206_460),  # 40 h + 7.25 h + 10.10 h
        "exception": (1, 7_200),  # Cleo has no grade, so no price
        "waiting": (1, 10_800),  # person 9 is not in the folder
    }
    assert fates == {"billable": (206_460, 610_113), "non_billable": (28_800, 120_400)}
    assert [one["code"] for one in small.facts["exceptions"]] == ["price_not_found"]


@pytest.mark.integration
def test_a_small_folder_bills_each_agency_to_the_cent(small: Run) -> None:
    (money,) = small.facts["statement"]["money"]

    # 40 h at 100.00 and 7.25 h at 150.50 are 5,091.125; 10.10 h at 100.00 are 1,010.00.
    assert (money["invoiced_net"], money["credited_net"], money["open_to_bill"]) == (
        610_113,
        0,
        0,
    )
    assert "5,091.13 USD" in small.said
    assert "1,010.00 USD" in small.said
    assert "2 agencies" in small.said
    assert small.left("invoices less credit notes = receivables at the ERPs") == 610_113


@pytest.mark.integration
def test_the_same_file_changes_nothing_and_a_changed_line_is_a_correction(
    small: Run,
) -> None:
    imports = small.facts["imports"]

    assert imports["first"] == {"outcomes": {"accepted": 7}, "revisions": 7}
    assert imports["again"]["revisions"] == 7
    assert imports["corrected"] == {
        "outcomes": {"accepted": 1, "duplicate": 6},
        "revisions": 8,
    }
    assert imports["restored"] == {
        "outcomes": {"accepted": 1, "duplicate": 6},
        "revisions": 9,
    }


@pytest.mark.parametrize(
    "name",
    [
        "agencies.csv",
        "accounting_codes.csv",
        "projects.csv",
        "people.csv",
        "bill_rates.csv",
    ],
)
def test_a_file_that_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(FolderIncomplete, match=f"has no {name}; give the folder"):
        master_changes(folder)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("agencies.csv", "name"),
        ("accounting_codes.csv", "billable"),
        ("projects.csv", "accounting_code"),
        ("people.csv", "grade"),
        ("bill_rates.csv", "currency"),
    ],
)
def test_a_column_that_is_missing_is_named(
    folder: Path, name: str, column: str
) -> None:
    drop_column(folder / name, column)

    with pytest.raises(FolderIncomplete, match=f"lacks the column {column}"):
        master_changes(folder)


def drop_column(path: Path, column: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [name for name in rows[0] if name != column]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, kept, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.integration
def test_timecards_that_cannot_be_read_are_named_before_anything_is_imported(
    database: Database, tenant: int, folder: Path, tmp_path: Path
) -> None:
    lines = folder / "timecard_lines.csv"
    whole = lines.read_text(encoding="utf-8")
    sandbox = start_sandbox(tmp_path / "state", tmp_path / "ports.json")
    bench = Bench(database, tenant, sandbox, folder)
    with (tmp_path / "said.txt").open("w", encoding="utf-8") as said:
        steps = Steps(Console(file=said))
        try:
            lines.unlink()
            with pytest.raises(FolderIncomplete, match=r"has no timecard_lines\.csv"):
                carry_timecards(bench, steps)

            lines.write_text(whole.partition("\n")[0] + "\n", encoding="utf-8")
            with pytest.raises(FolderIncomplete, match="has no line"):
                carry_timecards(bench, steps)

            lines.write_text(whole, encoding="utf-8")
            drop_column(lines, "hours")
            with pytest.raises(FolderIncomplete, match="lacks the column hours"):
                carry_timecards(bench, steps)

            lines.write_bytes(whole.encode("utf-16"))
            with pytest.raises(FolderIncomplete, match="is no UTF-8"):
                carry_timecards(bench, steps)

            lines.write_text(whole.replace("modified\n", "modified,hours\n"), "utf-8")
            with pytest.raises(FileRefused, match="hours"):
                carry_timecards(bench, steps)
        finally:
            stop_sandbox(sandbox)


@pytest.mark.integration
def test_a_line_whose_date_cannot_be_read_waits_and_stops_no_other(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    lines = folder / "timecard_lines.csv"
    text = lines.read_text(encoding="utf-8")
    lines.write_text(text.replace("2015-02-06,2,10.10", "soon,2,10.10"), "utf-8")

    made = run(database, folder, tmp_path)

    assert [one["code"] for one in made.facts["exceptions"]] == [
        "field_invalid",
        "price_not_found",
    ]
    assert "1 agencies" in made.said
    assert made.left("rows taken = revisions") == 6
    assert made.proven


@pytest.fixture(scope="module")
def real(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run over the real timecards, where they are."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real timecards are not here; name their folder in REAL_DATA")
    return run(database, REAL_DATA, tmp_path_factory.mktemp("real"))


@pytest.mark.integration
@pytest.mark.slow
def test_real_timecards_keep_their_control_totals(real: Run) -> None:
    entries = real.facts["statement"]["entries"]
    fates = {one["fate"]: one["seconds"] for one in real.facts["statement"]["fates"]}

    assert sum(one["entries"] for one in entries) == 11_047
    assert sum(one["seconds"] for one in entries) == 617_848_992  # 171,624.72 h
    assert fates["non_billable"] == 283_114_620  # 78,642.95 h
    assert fates["billable"] + pending(real) == 334_734_372  # 92,981.77 h


def pending(made: Run) -> int:
    """Give the seconds that wait or are in exception; all of them are billable."""
    return sum(
        int(one["seconds"])
        for one in made.facts["statement"]["entries"]
        if one["state"] in {"waiting", "exception"}
    )


@pytest.mark.integration
@pytest.mark.slow
def test_real_timecards_are_billed_to_nineteen_agencies(real: Run) -> None:
    assert "19 agencies" in real.said
    assert real.facts["exceptions"] == []


@pytest.mark.integration
@pytest.mark.slow
def test_real_timecards_imported_again_change_nothing_but_the_changed_line(
    real: Run,
) -> None:
    imports = real.facts["imports"]

    assert imports["first"]["revisions"] == 11_047
    assert imports["again"]["revisions"] == 11_047
    assert imports["corrected"] == {
        "outcomes": {"accepted": 1, "duplicate": 11_046},
        "revisions": 11_048,
    }
    assert imports["restored"]["revisions"] == 11_049


@pytest.mark.integration
@pytest.mark.slow
def test_real_timecards_are_proven_against_the_books_of_the_erp(real: Run) -> None:
    assert real.proven
    assert {one["holds"] for one in real.facts["equations"]} == {True}
    assert real.facts["differences"] == []
    assert real.left("intents = documents at atlas") == real.left(
        "intents = receipts from atlas"
    )
    assert real.left("intents = documents at atlas") > 19
