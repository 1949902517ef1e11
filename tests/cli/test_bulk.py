"""Many entries are corrected by commands alone: looked at, proposed and approved."""

from decimal import Decimal
from pathlib import Path

import pytest

from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm
from tests.flow.house import chart

pytestmark = pytest.mark.integration
WHY = ("--reason", "the new agreement", "--actor", "M. Ito")


def test_a_changed_rate_is_looked_at_proposed_and_approved(firm: Firm) -> None:
    firm.house.approve(id="t1")
    firm.house.change(
        *chart(),
        MasterChange(
            "bill_rate",
            "standard",
            fields={"currency": "USD", "rate": Decimal("230.5")},
        ),
    )

    looked = firm.run("bulk", "preview", "reprice", "--contract", "C1")
    proposed = firm.ask("bulk", "propose", "reprice", "--contract", "C1", *WHY)
    number = str(proposed["proposal"])
    waits = firm.run("bulk", "proposals")
    done = firm.run("bulk", "approve", number, "--approver", "R. Sand", "--yes")
    [item] = firm.ask("bulk", "show", number)
    again = firm.run("bulk", "propose", "reprice", *WHY)

    assert "1 h at 200.00, 200.00 USD on C1.1" in looked.stdout
    assert "1 h at 230.50, 230.50 USD on C1.1" in looked.stdout
    assert "Contract C1: worth 200.00 before, 230.50 USD after." in looked.stdout
    assert "US1 wip 1400 moves by 30.50 USD." in looked.stdout
    assert proposed["moved"][0] == {
        "entity": "US1",
        "role": "wip",
        "account": "1400",
        "currency": "USD",
        "amount": "30.50",
    }
    assert "reprice, 1 entries: C1 200.00 -> 230.50 USD" in waits.stdout
    assert "Done to 1 entries; 0 were so already, 0 were left" in done.stdout
    assert (item["state"], item["after"]["rate"]) == ("applied", "230.50")
    assert again.stdout == "Nothing would change.\n"


def test_a_file_names_what_is_written_off_and_what_fails_waits(
    firm: Firm, tmp_path: Path
) -> None:
    firm.house.approve(id="t1")
    firm.house.approve(id="t2")
    names = tmp_path / "names.csv"
    names.write_text("entry\nt1\nt2\n")
    asked = ("write-off", "--file", str(names))

    shown = firm.run("bulk", "propose", *asked, *WHY)
    [waiting] = firm.ask("bulk", "proposals")
    number = str(waiting["proposal"])
    firm.house.approve(id="t2", revision=2, seconds=1_800)
    done = firm.ask(
        "bulk", "approve", number, "--approver", "R. Sand", "--yes", status=1
    )
    listed = firm.run("bulk", "show", number)
    continued = firm.run("bulk", "continue", number)

    assert f"hourline bulk approve {number} --approver NAME" in shown.stdout
    assert done["entries"] == {"applied": 1, "unchanged": 0, "refused": 1}
    assert "refused: not_as_approved" in listed.stdout
    assert continued.exit_code == 1
    assert firm.house.codes() == ["not_as_approved"]


def test_a_rejected_correction_changes_nothing(firm: Firm) -> None:
    firm.house.approve(id="t1")
    firm.run("bulk", "propose", "hold", "--person", "ann", *WHY)
    [waiting] = firm.ask("bulk", "proposals")

    rejected = firm.run(
        "bulk", "reject", str(waiting["proposal"]), "--approver", "R. Sand"
    )
    none = firm.run("bulk", "show", "99999")

    assert rejected.exit_code == 0
    assert firm.house.state() == "open_to_bill"
    assert none.stdout == "There is no bulk correction 99999.\n"
