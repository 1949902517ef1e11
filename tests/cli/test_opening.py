"""Take a unit over at a terminal, as two people, and merge its customer."""

import json
from pathlib import Path

import pytest

from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm
from tests.flow.unit import as_csv, deferred, open_amount, open_work

pytestmark = pytest.mark.integration

_TERMS = ("--connection", "psa", "--cut-over", "2025-03-01")
_WHY = ("--source", "Old PSA", "--reason", "unit acquired", "--actor", "olga")


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Give the file of a unit."""
    file = tmp_path / "unit.csv"
    file.write_bytes(as_csv([open_work(), open_amount(), deferred()]))
    return file


def _taken_over(firm: Firm, unit: Path) -> None:
    proposed = firm.ask("opening", "propose", str(unit), *_TERMS, *_WHY)
    number = str(proposed["proposal"])
    firm.ask("opening", "approve", number, "--approver", "peter", "--yes")


def test_a_unit_is_checked_proposed_approved_and_shown(firm: Firm, unit: Path) -> None:
    checked = firm.run("opening", "check", str(unit), *_TERMS)
    proposed = firm.run("opening", "propose", str(unit), *_TERMS, *_WHY)
    waiting = firm.ask("opening", "proposals")
    number = str(waiting[0]["proposal"])
    approved = firm.run("opening", "approve", number, "--approver", "peter", told="y\n")

    assert "would bring along, on 3 rows" in checked.output
    assert f"hourline opening approve {number} --approver NAME" in proposed.output
    assert "the ERP was opened with it" in approved.output
    assert "Approved: batch 1, 3 positions taken over." in approved.output
    [batch] = firm.ask("opening", "list")
    assert (batch["source"], batch["positions"], batch["reversed"]) == ("Old PSA", 3, 0)
    positions = firm.ask("opening", "show", "1")
    assert [one["amount"] for one in positions] == ["300.00", "1000.00", "400.00"]
    traced = firm.run("trace", "C1").output
    assert "Time entry t1" in traced
    assert "Opening position A-1" in traced
    assert "row 3 of unit.csv" in traced
    assert "Old PSA (psa)" in firm.run("opening", "list").output
    assert (
        "taken over already" in firm.run("opening", "check", str(unit), *_TERMS).output
    )
    again = firm.run("opening", "propose", str(unit), *_TERMS, *_WHY)
    assert "taken over already, in batch 1; nothing changed." in again.output
    assert firm.ask("reconcile")["statement"]["openings"] == [
        {
            "contract": "C1",
            "currency": "USD",
            "opening": 130_000,
            "billed": 0,
            "open_to_bill": 130_000,
            "reversed": 0,
            "accounted": 130_000,
        }
    ]
    assert "What was taken over" in firm.run("reconcile").output


def test_faults_are_told_with_row_column_and_remedy(firm: Firm, unit: Path) -> None:
    unit.write_bytes(as_csv([open_work(person="zoe"), open_amount(amount="x")]))

    told = firm.run("opening", "check", str(unit), *_TERMS)
    asked = firm.ask("opening", "propose", str(unit), *_TERMS, *_WHY, status=2)

    assert told.exit_code == 2
    assert "row 2, person: There is no person zoe. Bring the person in" in told.output
    assert "row 3, amount:" in told.output
    assert [one["line"] for one in asked["problems"]] == [2, 3]
    assert firm.run("opening", "proposals").output.startswith("No opening position")


def test_a_manifest_is_compared(firm: Firm, unit: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"rows": 4}', encoding="utf-8")
    wrong = firm.run(
        "opening", "check", str(unit), *_TERMS, "--manifest", str(manifest)
    )
    manifest.write_text('{"lines": 4}', encoding="utf-8")
    unread = firm.run(
        "opening", "check", str(unit), *_TERMS, "--manifest", str(manifest)
    )

    assert "file: The number of rows is 3, the manifest says 4." in wrong.output
    assert (wrong.exit_code, unread.exit_code) == (2, 1)


def test_a_batch_is_taken_back_once_its_invoices_are_credited(
    firm: Firm, unit: Path
) -> None:
    _taken_over(firm, unit)
    issued = firm.house.bill()
    back = ("--reason", "wrong list", "--actor", "olga")

    refused = firm.run("opening", "reverse", "1", *back)
    credited = firm.run("billing", "credit", issued.number, *back)
    proposed = firm.ask("opening", "reverse", "1", "--row", "2", "--row", "3", *back)
    approved = firm.run(
        "opening",
        "approve",
        str(proposed["proposal"]),
        "--approver",
        "peter",
        "--yes",
    )

    assert refused.exit_code == 2
    assert "row 2: Position t1 of batch 1 stands on an invoice." in refused.output
    assert credited.exit_code == 0
    assert "take back 2 rows of batch 1: t1, A-1" in approved.output
    assert "2 positions taken back." in approved.output
    assert "reversed" in firm.run("opening", "show", "1").output
    assert "reversed on" in firm.run("trace", "A-1").output
    assert (
        "hourline opening approve" in firm.run("opening", "reverse", "1", *back).output
    )
    assert firm.house.unproven() == []


def test_a_part_of_an_opening_amount_is_credited_by_its_name(
    firm: Firm, unit: Path
) -> None:
    _taken_over(firm, unit)
    issued = firm.house.bill()

    note = firm.ask(
        "billing",
        "credit",
        issued.number,
        "--milestone",
        "opening-1-3",
        "--amount",
        "250",
        "--reason",
        "disputed",
        "--actor",
        "olga",
    )

    assert json.dumps(note).count("-250.00") >= 1
    assert firm.house.unproven() == []


def test_what_waits_can_be_rejected_and_what_is_not_there_is_said(
    firm: Firm, unit: Path
) -> None:
    proposed = firm.ask("opening", "propose", str(unit), *_TERMS, *_WHY)
    number = str(proposed["proposal"])
    rejected = firm.run("opening", "reject", number, "--approver", "peter")

    assert "is rejected" in rejected.output
    for arguments in (
        ("opening", "approve", number, "--approver", "peter", "--yes"),
        ("opening", "show", "9"),
        ("opening", "reverse", "9", "--reason", "-", "--actor", "olga"),
        (
            "opening",
            "check",
            str(unit),
            "--connection",
            "x",
            "--cut-over",
            "2025-03-01",
        ),
    ):
        assert firm.run(*arguments).exit_code == 1
    assert firm.ask("opening", "list") == []
    assert "Nothing was taken over" in firm.run("opening", "list").output


def test_a_customer_is_merged_by_two_people_and_a_record_renamed(firm: Firm) -> None:
    firm.house.change(MasterChange("customer", "CONTOSO", fields={"country": "US"}))
    merge = ("master", "merge", "customer", "ADATUM", "CONTOSO")
    why = ("--reason", "one firm", "--actor", "olga")
    firm.house.approve()
    firm.house.bill()

    proposed = firm.run(*merge, *why)
    [waiting] = firm.ask("master", "proposals")
    number = str(waiting["proposal"])
    approved = firm.run("master", "approve", number, "--approver", "peter", told="y\n")
    renamed = firm.run("master", "rename", "customer", "CONTOSO", "CONTOSO-2", *why)

    assert "Contracts that move: C1." in proposed.output
    assert "Documents that keep their customer: 1." in approved.output
    assert "Approved: ADATUM is CONTOSO from now on." in approved.output
    assert "is CONTOSO-2 from now on" in renamed.output
    assert "ADATUM (now CONTOSO-2)" in firm.run("billing", "list").output
    assert firm.run(*merge, *why).exit_code == 1
    assert firm.run("master", "approve", number, "--approver", "p").exit_code == 1


def test_a_merge_that_is_refused_says_why(firm: Firm) -> None:
    firm.house.change(MasterChange("customer", "CONTOSO", fields={"country": "US"}))
    firm.house.change(
        *(
            MasterChange(
                "bill_rate",
                f"all-{customer}",
                fields={"currency": "USD", "rate": "1", "customer": customer},
            )
            for customer in ("ADATUM", "CONTOSO")
        )
    )
    merge = ("master", "merge", "customer", "ADATUM", "CONTOSO")
    why = ("--reason", "one firm", "--actor", "olga")

    told = firm.run(*merge, *why)
    asked = firm.ask(*merge, *why, status=2)

    assert told.exit_code == 2
    assert "customer ADATUM stays; nothing was changed." in told.output
    assert "would match the same work on the same days" in told.output
    assert [one["code"] for one in asked["problems"]] == ["merge_refused"]


def test_a_merge_can_be_rejected(firm: Firm) -> None:
    firm.house.change(MasterChange("customer", "CONTOSO", fields={"country": "US"}))
    asked = firm.ask(
        "master",
        "merge",
        "customer",
        "ADATUM",
        "CONTOSO",
        "--reason",
        "one firm",
        "--actor",
        "olga",
    )

    rejected = firm.run(
        "master", "reject", str(asked["proposal"]), "--approver", "peter"
    )

    assert "is rejected" in rejected.output
    assert "No merge waits" in firm.run("master", "proposals").output


def test_what_does_not_fit_any_more_is_not_decided(firm: Firm, unit: Path) -> None:
    proposed = firm.ask("opening", "propose", str(unit), *_TERMS, *_WHY)
    firm.house.approve(date="2025-02-20")
    number = str(proposed["proposal"])

    refused = firm.run("opening", "approve", number, "--approver", "peter", "--yes")
    waiting = firm.run("opening", "proposals")

    assert refused.exit_code == 2
    assert "row 2, reference: open_work t1 is a time entry that came" in refused.output
    assert f"Proposal {number}: take over unit.csv" in waiting.output


def test_a_merge_that_a_draft_overtook_is_not_made(firm: Firm) -> None:
    firm.house.change(MasterChange("customer", "CONTOSO", fields={"country": "US"}))
    firm.house.approve()
    merge = ("master", "merge", "customer", "ADATUM", "CONTOSO")
    asked = firm.ask(*merge, "--reason", "one firm", "--actor", "olga")
    number = str(asked["proposal"])
    draft = ("billing", "draft", "C1", "--through", "2025-03-31")
    firm.run(*draft, "--date", "2025-03-31")

    refused = firm.run("master", "approve", number, "--approver", "peter", "--yes")
    listed = firm.run("master", "proposals")

    assert refused.exit_code == 2
    assert "The draft of contract C1 is open for ADATUM" in refused.output
    assert "customer ADATUM becomes CONTOSO" in listed.output
    firm.run("billing", "issue", "C1")
    changed = firm.run("master", "approve", number, "--approver", "peter", "--yes")
    assert (changed.exit_code, type(changed.exception).__name__) == (1, "CannotOpen")
    assert "What the merge would do has changed" in str(changed.exception)
