"""Files are taken in by a command, every row with an outcome."""

import hashlib
import json
from pathlib import Path

import pytest

from hourline.cli.desk import CannotOpen
from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
HEADER = "id,revision,status,person,project,date,seconds,approved_at"
FIRST = "t1,1,approved,ann,P1,2025-03-05,3600,2025-03-06T08:00:00Z"
SECOND = "t2,1,approved,ann,P1,2025-03-06,1800,2025-03-06T08:00:00Z"
WRONG = "t3,1,approved,ann,P1,the fifth,3600,2025-03-06T08:00:00Z"
STRANGER = "t4,1,approved,bob,P1,2025-03-05,3600,2025-03-06T08:00:00Z"


@pytest.fixture
def march(tmp_path: Path) -> Path:
    """Give a file with two right rows."""
    return write(tmp_path, FIRST, SECOND)


def write(folder: Path, *rows: str) -> Path:
    file = folder / "march.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return file


def manifest(file: Path, **stated: object) -> str:
    path = file.with_suffix(".manifest.json")
    path.write_text(json.dumps({"file": file.name, **stated}), encoding="utf-8")
    return str(path)


def test_a_file_is_taken_in_and_its_entries_are_decided(
    firm: Firm, march: Path
) -> None:
    told = firm.run("import", str(march), "--connection", "psa")

    assert told.exit_code == 0, told.output
    assert "What became of the rows of march.csv" in told.stdout
    assert firm.house.state("t1") == "open_to_bill"
    assert firm.house.state("t2") == "open_to_bill"


def test_refused_rows_are_named_with_place_and_remedy_and_the_rest_is_in(
    firm: Firm, tmp_path: Path
) -> None:
    file = write(tmp_path, FIRST, WRONG, SECOND)

    told = firm.run("import", str(file), "--connection", "psa")

    [refused] = [line for line in told.stdout.splitlines() if "line 3" in line]
    assert told.exit_code == 1
    assert refused.startswith("  line 3, t3: ")
    assert "the fifth" in refused
    assert firm.house.state("t2") == "open_to_bill"


def test_the_acknowledgement_has_a_line_for_every_row(
    firm: Firm, tmp_path: Path
) -> None:
    file = write(tmp_path, FIRST, WRONG, FIRST)
    acknowledgement = tmp_path / "acknowledgement.csv"

    told = firm.run(
        *("import", str(file), "--connection", "psa"),
        *("--acknowledge", str(acknowledgement)),
    )

    header, first, wrong, again = acknowledgement.read_text().splitlines()
    assert told.exit_code == 1
    assert header == "line,id,outcome,code,what,do"
    assert first == "2,t1,accepted,,,"
    assert wrong.startswith("3,t3,refused,")
    assert again == "4,t1,duplicate,,,"


def test_a_dry_run_says_what_would_be_and_changes_nothing(
    firm: Firm, tmp_path: Path
) -> None:
    file = write(tmp_path, FIRST, SECOND, STRANGER, WRONG)
    arguments = ("import", str(file), "--connection", "psa", "--dry-run")

    told = firm.run(*arguments)
    asked = firm.ask(*arguments, status=1)
    books = firm.ask("reconcile")
    items = firm.house.items()
    done = firm.ask("import", str(file), "--connection", "psa", status=1)

    assert told.exit_code == 1
    assert "2 entries would go on to billing." in told.stdout.splitlines()
    assert "1 would stop or wait: person_not_known." in told.stdout.splitlines()
    assert told.stdout.splitlines()[-1].startswith("  line 5, t3: ")
    assert asked["outcomes"] == done["outcomes"] == {"accepted": 3, "refused": 1}
    assert (asked["would_go_on"], asked["would_stop"]) == (2, {"person_not_known": 1})
    assert books["statement"]["records"] == []
    assert items == []


def test_a_dry_run_of_a_correction_leaves_the_invoice_alone(
    firm: Firm, tmp_path: Path
) -> None:
    firm.house.approve()
    firm.house.bill()
    file = write(tmp_path, FIRST.replace("t1,1", "t1,2").replace("3600", "7200"))
    before = firm.house.balances()

    told = firm.run("import", str(file), "--connection", "psa", "--dry-run")

    assert told.exit_code == 0, told.output
    assert firm.house.balances() == before
    assert len(firm.ask("billing", "list")) == 1


def test_a_file_that_is_not_as_its_manifest_says_is_refused_whole(
    firm: Firm, march: Path, tmp_path: Path
) -> None:
    acknowledgement = tmp_path / "acknowledgement.csv"
    arguments = ("import", str(march), "--connection", "psa")

    told = firm.run(
        *arguments,
        *("--manifest", manifest(march, rows=3)),
        *("--acknowledge", str(acknowledgement)),
    )

    assert told.exit_code == 2
    assert told.stdout.splitlines() == [
        "march.csv was refused; nothing of it goes in.",
        (
            "  row_count_wrong: The number of rows is 2, the manifest says 3. Deliver"
            " the file again together with the manifest that belongs to it."
        ),
    ]
    assert (
        acknowledgement.read_text()
        .splitlines()[1]
        .startswith(",,file_refused,row_count_wrong,")
    )
    assert firm.ask("reconcile")["statement"]["entries"] == []


def test_all_or_nothing_refuses_the_file_for_one_wrong_row(
    firm: Firm, tmp_path: Path
) -> None:
    file = write(tmp_path, FIRST, WRONG)
    whole = manifest(file, all_or_nothing=True)

    told = firm.ask(
        *("import", str(file), "--connection", "psa", "--manifest", whole), status=2
    )

    assert told["refused"] is True
    assert told["outcomes"] == {"refused": 2}
    assert firm.ask("reconcile")["statement"]["entries"] == []


def test_a_manifest_that_fits_lets_the_file_in(firm: Firm, march: Path) -> None:
    sha256 = hashlib.sha256(march.read_bytes()).hexdigest()
    right = manifest(march, rows=2, sha256=sha256, control_total_hours=1.5)

    told = firm.ask("import", str(march), "--connection", "psa", "--manifest", right)

    assert told["outcomes"] == {"accepted": 2}


def test_a_conflicting_row_is_not_taken(firm: Firm, tmp_path: Path) -> None:
    firm.house.approve()
    file = write(tmp_path, FIRST.replace("3600", "7200"))

    told = firm.ask("import", str(file), "--connection", "psa", status=1)

    assert told["outcomes"] == {"conflict": 1}
    assert firm.house.codes() == ["conflicting_duplicate"]


def test_a_correction_no_month_can_take_says_so_and_a_dry_run_opens_no_item(
    firm: Firm, tmp_path: Path
) -> None:
    firm.house.approve()
    months = [f"{2025 + month // 12}-{month % 12 + 1:02d}" for month in range(2, 30)]
    firm.house.change(
        *(
            MasterChange(
                "posting_period",
                f"US1-{month}",
                fields={"entity": "US1", "period": month, "status": "closed"},
            )
            for month in months
        )
    )
    file = write(tmp_path, FIRST.replace("t1,1", "t1,2").replace("3600", "7200"))

    tried = firm.run("import", str(file), "--connection", "psa", "--dry-run")
    before = firm.house.codes()
    done = firm.run("import", str(file), "--connection", "psa")

    assert isinstance(tried.exception, CannotOpen)
    assert isinstance(done.exception, CannotOpen)
    assert "Repeating the import then completes it." in str(done.exception)
    assert before == []
    assert firm.house.codes() == ["period_closed"]


def test_an_unknown_connection_and_a_broken_manifest_are_refused(
    firm: Firm, march: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")

    nowhere = firm.run("import", str(march), "--connection", "nowhere")
    unread = firm.run(
        *("import", str(march), "--connection", "psa", "--manifest", str(broken))
    )

    assert str(nowhere.exception) == "The tenant has no connection 'nowhere'."
    assert str(unread.exception).startswith("The manifest cannot be read: ")


def test_an_acknowledgement_that_cannot_be_written_stops_before_anything_is_in(
    firm: Firm, march: Path, tmp_path: Path
) -> None:
    nowhere = tmp_path / "no" / "acknowledgement.csv"

    refused = firm.run(
        *("import", str(march), "--connection", "psa"),
        *("--acknowledge", str(nowhere)),
    )

    assert str(refused.exception) == f"There is no folder {nowhere.parent}."
    assert firm.ask("reconcile")["statement"]["entries"] == []


def test_many_wrong_rows_are_cut_short_on_the_terminal(
    firm: Firm, tmp_path: Path
) -> None:
    rows = [WRONG.replace("t3", f"w{number}") for number in range(60)]

    told = firm.run("import", str(write(tmp_path, *rows)), "--connection", "psa")

    assert told.stdout.splitlines()[-1] == (
        "  ... and 10 rows more; --acknowledge writes them all."
    )
