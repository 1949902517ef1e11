"""See by commands what waits to be credited, and approve it as it was shown."""

from decimal import Decimal

import psycopg
import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import SetRight
from hourline.proof.differences import Difference, differences
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
ASKS = MasterChange("legal_entity", "US1", fields={"credit_approval": True})
WHY = ("--actor", "M. Ito", "--reason", "as agreed")
BY = ("--approver", "R. Sand")
ON = ("--date", "2025-04-02")


@pytest.fixture
def asking(firm: Firm) -> Firm:
    """Give a firm whose credits R. Sand approves, with two hours invoiced."""
    firm.house.change(ASKS)
    firm.house.agree(SetRight(user="R. Sand", right="approve_credits", entity="US1"))
    firm.house.approve(seconds=7_200)
    firm.house.bill()
    return firm


def test_a_correction_is_accepted_as_it_was_shown(asking: Firm) -> None:
    asking.house.approve(revision=2, seconds=5_400)

    shown = asking.run("corrections", "waiting", *ON)
    [waiting] = asking.ask("corrections", "waiting", "C1", *ON)
    seen = waiting["fingerprint"][:12]
    refused = asking.run(
        "corrections", "accept", "C1", "--shown", seen, "--approver", "M. Ito", *ON
    )
    accepted = asking.run("corrections", "accept", "C1", "--shown", seen, *BY, *ON)
    note = asking.run("billing", "show", "US1-CN-000001")

    assert "Contract C1: 1 of its sources' records wait" in shown.stdout
    assert "  t1 revision 2 is corrected, 2025-03-05" in shown.stdout
    assert waiting["credits"] == [
        {
            "invoice": "US1-000001",
            "currency": "USD",
            "net": "-400.00",
            "tax": "0.00",
            "total": "-400.00",
        }
    ]
    [work] = waiting["work"]
    assert (work["before"]["amount"], work["after"]["amount"]) == ("400.00", "300.00")
    assert (
        "Then: a draft of C1 through 2025-03-31, dated 2025-04-02: net 300.00 USD, tax"
        " 0.00 USD, total 300.00 USD." in shown.stdout
    )
    assert f"hourline corrections accept C1 --date 2025-04-02 --shown {seen}" in (
        " ".join(shown.stdout.split())
    )
    assert refused.exit_code == 1
    assert refused.stdout.startswith(
        "M. Ito has not the right approve_credits for US1."
    )
    assert accepted.stdout == (
        "R. Sand approved it; issued: US1-CN-000001.\n"
        "Issue the draft with: hourline billing issue C1\n"
    )
    assert "It was approved by R. Sand" in note.stdout
    *_, record = asking.ask("audit", "list")
    assert (record["action"], record["actor"]) == ("credit.approved", "R. Sand")
    assert asking.house.codes() == []
    assert asking.house.unproven() == []
    nothing = asking.run("corrections", "waiting")
    assert nothing.stdout == "No correction of what is invoiced waits for approval.\n"


def test_only_what_was_seen_is_accepted(asking: Firm) -> None:
    asking.house.approve(revision=2, seconds=5_400)
    [first] = asking.ask("corrections", "waiting", *ON)
    asking.house.recall(revision=2)
    [second] = asking.ask("corrections", "waiting", *ON)
    accept = ("corrections", "accept", "C1", *BY, *ON, "--shown")

    too_late = asking.run(*accept, first["fingerprint"])
    too_short = asking.run(*accept, second["fingerprint"][:7])
    another_day = asking.run(
        "corrections", "accept", "C1", *BY, "--shown", second["fingerprint"]
    )

    assert "look at it again with hourline corrections waiting C1" in str(
        too_late.exception
    )
    assert "Give at least 8 digits" in str(too_short.exception)
    # A recall leaves nothing to draft, so the date makes no difference.
    assert second["drafts"] == []
    assert another_day.exit_code == 0
    assert asking.house.codes() == []
    assert asking.house.unproven() == []


def test_a_credit_by_hand_is_proposed_and_a_second_person_approves_it(
    asking: Firm,
) -> None:
    credit = ("billing", "credit", "US1-000001", "--entry", "t1", "--hours", "0.5")
    proposed = asking.run(*credit, *WHY)
    [waiting] = asking.ask("corrections", "proposals")
    number = str(waiting["proposal"])
    again = asking.ask(*credit, *WHY)
    own = asking.run("corrections", "approve", number, "--approver", "M. Ito", "--yes")
    other = asking.run("corrections", "approve", number, "--approver", "U.", "--yes")
    approved = asking.run("corrections", "approve", number, *BY, "--yes")

    assert f"hourline corrections approve {number} --approver NAME" in proposed.stdout
    assert (waiting["act"], waiting["proposer"]) == ("credit", "M. Ito")
    assert waiting["credits"][0]["total"] == "-100.00"
    assert again["proposal"] == waiting["proposal"]
    assert own.exit_code == other.exit_code == 1
    assert "M. Ito has not the right approve_credits" in own.stdout
    assert "credit of C1, -100.00 USD of US1-000001; because: as agreed" in (
        approved.stdout
    )
    assert approved.stdout.endswith("R. Sand approved it; issued: US1-CN-000001.\n")
    assert asking.run("corrections", "proposals").stdout == (
        "No credit waits for a second person.\n"
    )
    assert asking.house.unproven() == []


def test_what_would_come_to_something_else_is_proposed_again(asking: Firm) -> None:
    asking.house.agree(SetRight(user="M. Ito", right="approve_credits"))
    asking.house.change(
        MasterChange("bill_rate", "standard", fields={"rate": Decimal(180)})
    )
    proposed = asking.ask("corrections", "propose", "C1", *ON, *WHY)
    number = str(proposed["proposal"])
    own = asking.run("corrections", "approve", number, "--approver", "M. Ito", "--yes")
    asking.house.change(
        MasterChange("bill_rate", "standard", fields={"rate": Decimal(170)})
    )
    changed = asking.run("corrections", "approve", number, *BY, "--yes")
    rejected = asking.run("corrections", "reject", number, *BY)
    asking.run("corrections", "propose", "C1", *ON, *WHY)
    [waiting] = asking.ask("corrections", "proposals")
    number = str(waiting["proposal"])
    done = asking.ask("corrections", "approve", number, *BY, "--yes")
    nothing = asking.run("corrections", "propose", "C1", *ON, *WHY)

    assert proposed["drafts"][0]["total"] == "360.00"
    assert "The person who proposed a change cannot decide it" in str(own.exception)
    assert "would not come to what was shown any more" in str(changed.exception)
    assert rejected.exit_code == 0
    assert (done["approver"], done["credit_notes"]) == ("R. Sand", ["US1-CN-000001"])
    assert done["drafts"][0]["total"] == "340.00"
    assert "Nothing that C1 invoiced would be billed otherwise" in str(
        nothing.exception
    )
    assert asking.ask("bulk", "show", number)[0]["state"] == "applied"
    assert asking.house.codes() == []
    assert asking.house.unproven() == []


def test_a_credit_that_nobody_approved_is_found(
    asking: Firm, database_url: str
) -> None:
    asking.house.recall()
    [waiting] = asking.ask("corrections", "waiting", *ON)
    shown = ("--shown", waiting["fingerprint"])
    asking.run("corrections", "accept", "C1", *shown, *BY, *ON)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "DELETE FROM hourline.approved_credit WHERE tenant = %s",
            [asking.house.tenant],
        )

    with asking.house.database.tenant(asking.house.tenant) as session:
        found = differences(session)

    assert found == [
        Difference("credited_without_approval", "US1-CN-000001", Decimal(1), Decimal(0))
    ]
