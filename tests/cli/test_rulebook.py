"""Rules are changed from the command line by two people, and figures explained."""

import csv
import json
from pathlib import Path

import pytest

from hourline.cli.desk import CannotOpen
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration


def table(folder: Path, name: str, *rows: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_a_rate_goes_from_export_to_invoice(firm: Firm, tmp_path: Path) -> None:
    folder = tmp_path / "rules"

    exported = firm.run("rulebook", "export", str(folder))
    text = (folder / "bill_rates.csv").read_text(encoding="utf-8")
    (folder / "bill_rates.csv").write_text(text.replace(",200,", ",212.50,"))
    tried = firm.run("rulebook", "dry-run", str(folder))
    proposed = firm.ask(
        "rulebook", "propose", str(folder), "--reason", "2026", "--actor", "ines"
    )
    approved = firm.run(
        "rulebook",
        "approve",
        str(proposed["proposal"]),
        "--approver",
        "otto",
        told="y\n",
    )
    firm.house.approve()

    assert "bill_rates: 1 rows" in exported.output
    assert tried.output.startswith("0 entries were decided again")
    assert proposed["changes"] == {"bill_rates": {"changed": 1}}
    assert "bill_rates standard: changed (rate), on all days" in approved.output
    assert "Published: version 1 of the rulebook." in approved.output
    assert firm.house.bill().net == 21_250
    assert firm.ask("rulebook", "list")[0]["approver"] == "otto"
    assert (
        firm.ask("rulebook", "show", "1")["tables"]["bill_rates"][0]["rate"] == "212.5"
    )


def test_what_is_wrong_is_told_with_file_row_column_and_remedy(
    firm: Firm, tmp_path: Path
) -> None:
    folder = table(
        tmp_path / "rules", "bill_rates.csv", "currency,rate", 'USD,"1.250,00"', "XXY,5"
    )

    result = firm.run("rulebook", "check", str(folder))
    told = firm.ask("rulebook", "check", str(folder), status=2)

    assert result.exit_code == 2
    assert (
        "error: bill_rates.csv, row 2, column rate: Rate is '1.250,00', with a comma."
        " Write the decimals after a point" in result.output
    )
    assert [(one["row"], one["column"]) for one in told["findings"]] == [
        ("row 2", "rate"),
        ("row 3", "currency"),
    ]


def test_a_wrong_rulebook_is_not_proposed(firm: Firm, tmp_path: Path) -> None:
    folder = table(tmp_path / "rules", "rates.csv", "currency,rate", "USD,1")

    result = firm.run(
        "rulebook", "propose", str(folder), "--reason", "r", "--actor", "ines"
    )

    assert result.exit_code == 2
    assert "There is no table 'rates'." in result.output
    assert firm.ask("rulebook", "proposals") == []


def test_a_proposal_can_be_rejected(firm: Firm, tmp_path: Path) -> None:
    folder = table(
        tmp_path / "r", "bill_rates.csv", "id,currency,rate", "standard,USD,1"
    )
    proposed = firm.ask(
        "rulebook", "propose", str(folder), "--reason", "r", "--actor", "ines"
    )["proposal"]

    waiting = firm.run("rulebook", "proposals")
    rejected = firm.run("rulebook", "reject", str(proposed), "--approver", "otto")

    assert f"Proposal {proposed}: bill_rates: 1 changed." in waiting.output
    assert f"Proposal {proposed} is rejected." in rejected.output
    assert firm.run("rulebook", "list").output.startswith("No rulebook is published")


def test_the_difference_of_files_and_of_versions_is_told(
    firm: Firm, tmp_path: Path
) -> None:
    folder = table(
        tmp_path / "r", "bill_rates.csv", "id,currency,rate", "standard,USD,9"
    )

    of_files = firm.run("rulebook", "diff", str(folder))
    for rate in ("9", "10"):
        table(
            tmp_path / "r", "bill_rates.csv", "id,currency,rate", f"standard,USD,{rate}"
        )
        number = firm.ask(
            "rulebook", "propose", str(folder), "--reason", "r", "--actor", "ines"
        )["proposal"]
        firm.run("rulebook", "approve", str(number), "--approver", "otto", "--yes")
    of_versions = firm.run("rulebook", "diff", "1", "2")
    last = firm.run("rulebook", "diff", "2")

    assert of_files.output.splitlines() == [
        "bill_rates standard: changed (rate), on all days",
        "  - currency=USD rate=200 per=hour blended=false",
        "  + currency=USD rate=9 per=hour blended=false",
    ]
    assert "+ currency=USD rate=10 per=hour blended=false" in of_versions.output
    assert last.output == of_versions.output


def test_a_dry_run_tells_what_is_invoiced(firm: Firm, tmp_path: Path) -> None:
    firm.house.approve()
    firm.house.bill()
    folder = table(
        tmp_path / "r", "bill_rates.csv", "id,currency,rate", "standard,USD,210"
    )

    told = firm.run(
        "rulebook", "dry-run", str(folder), "--entries", str(tmp_path / "changes.csv")
    )
    values = firm.ask("rulebook", "dry-run", str(folder))

    assert told.output.splitlines()[:2] == [
        "1 entries were decided again; 1 would be others: 0 open, 1 on invoices.",
        (
            "What is on an invoice keeps its figures; only a credit note that a person"
            " proposes, and a new bill, would change it."
        ),
    ]
    rows = [
        " ".join(line.replace("│", " ").split()) for line in told.output.splitlines()
    ]
    for row in (
        "US1 all 1 1 1.00 h 200.00 210.00 +10.00 0.00 +10.00 USD",
        "C1.1 rate standard: rate 200 -> 210 1 1 1.00 h 200.00 210.00 +10.00 0.00 USD",
        "t1 2025-03-05 ann C1.1 1 h 200.00 210.00 +10.00 USD invoiced",
        "Books of US1, wip at approval: +10.00 USD of invoiced work.",
    ):
        assert row in rows
    assert "Not compared:" in rows
    assert values["groups"][0]["difference"] == 1_000
    assert values["differences"][0]["columns"] == ["rate"]
    with (tmp_path / "changes.csv").open(encoding="utf-8", newline="") as opened:
        (entry,) = csv.DictReader(opened)
    assert (entry["entry"], entry["state"]) == ("t1", "invoiced")
    assert (entry["amount_before"], entry["amount_after"]) == ("200.00", "210.00")
    assert (entry["bill_rate_before"], entry["bill_rate_after"]) == (
        "standard",
        "standard",
    )


def test_a_file_of_entries_that_cannot_be_written_is_told(
    firm: Firm, tmp_path: Path
) -> None:
    folder = table(tmp_path / "r", "bill_rates.csv", "id,currency,rate", "a,USD,210")
    nowhere = tmp_path / "missing" / "changes.csv"

    told = firm.run("rulebook", "dry-run", str(folder), "--entries", str(nowhere))

    assert isinstance(told.exception, CannotOpen)
    assert str(told.exception) == (
        f"{nowhere} cannot be written: No such file or directory."
    )


def test_an_hour_is_explained_and_proven(firm: Firm) -> None:
    firm.house.approve()

    told = firm.run("explain", "t1")
    values = firm.ask("explain", "t1")

    assert told.exit_code == 0
    assert (
        "bill rate: The row standard holds: it is of the standard card." in told.output
    )
    assert told.output.rstrip().endswith("all are stored just so.")
    assert values["as_stored"] is True
    json.dumps(values)


def test_what_is_not_decided_is_told_with_status_1(firm: Firm) -> None:
    firm.house.approve(person="nobody")

    told = firm.run("explain", "t1")

    assert (told.exit_code, "is not decided" in told.output) == (1, True)
    assert isinstance(firm.run("explain", "t9").exception, CannotOpen)
