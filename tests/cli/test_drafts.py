"""Look at drafts and approve them by commands; what is issued is what was seen."""

from decimal import Decimal

import psycopg
import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.proof.differences import Difference, differences
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
ASKS = MasterChange("legal_entity", "US1", fields={"invoice_approval": True})


@pytest.fixture
def asking(firm: Firm) -> Firm:
    """Give a firm whose entity bills from approved drafts only, with an hour open."""
    firm.house.change(ASKS)
    firm.house.approve()
    return firm


def test_a_run_waits_for_the_approval_of_what_it_drafted(asking: Firm) -> None:
    run = asking.run("billing", "run", *MARCH)
    listed = asking.run("billing", "drafts")
    [draft] = asking.ask("billing", "drafts")
    shown = asking.run("billing", "drafts", "C1")
    seen = draft["fingerprint"][:12]
    approved = asking.run(
        "billing", "approve", "C1", "--shown", seen, "--approver", "R. Sand"
    )
    looked = asking.run("billing", "drafts", "C1")
    issued = asking.run("billing", "run", *MARCH)
    invoice = asking.ask("billing", "show", "US1-000001")

    assert run.exit_code == 1
    assert "Contract C1 was not billed: nobody has approved its draft" in run.stdout
    assert seen in listed.stdout
    assert "nobody" in listed.stdout
    assert f"hourline billing approve C1 --shown {seen}" in shown.stdout
    assert approved.stdout == (
        "R. Sand approved the draft of C1, 200.00 USD.\n"
        "Issue it with: hourline billing issue C1\n"
    )
    assert f"Approved as {seen} by R. Sand" in looked.stdout
    assert issued.exit_code == 0
    assert (invoice["net"], invoice["approved_by"]) == ("200.00", "R. Sand")
    assert asking.run("billing", "drafts").stdout == "No draft is open.\n"
    assert [one["action"] for one in asking.ask("audit", "list")] == ["draft.approved"]
    assert asking.house.codes() == []
    assert asking.house.unproven() == []


def test_only_what_was_seen_is_approved_and_only_that_is_issued(asking: Firm) -> None:
    asking.run("billing", "draft", "C1", *MARCH)
    [first] = asking.ask("billing", "drafts")
    asking.house.approve(id="t2")
    [second] = asking.ask("billing", "drafts")
    approve = ("billing", "approve", "C1", "--approver", "R. Sand", "--shown")

    too_late = asking.run(*approve, first["fingerprint"])
    too_short = asking.run(*approve, second["fingerprint"][:7])
    asking.run(*approve, second["fingerprint"])
    asking.house.approve(id="t2", revision=2, seconds=1_800)
    changed = asking.run("billing", "issue", "C1")

    assert "look at it again with hourline billing drafts C1" in str(too_late.exception)
    assert "Give at least 8 digits" in str(too_short.exception)
    assert changed.exit_code == 1
    assert "is not what R. Sand approved on" in changed.stdout
    assert asking.house.codes() == ["draft_not_approved"]


@pytest.mark.parametrize(
    ("damage", "check", "figures"),
    [
        ("DELETE FROM hourline.approved_invoice", "invoiced_without_approval", (1, 0)),
        (
            "UPDATE hourline.draft_approval SET contract_no = 0",
            "approval_used_elsewhere",
            None,
        ),
    ],
)
def test_an_invoice_that_nobody_approved_is_found(
    asking: Firm,
    database_url: str,
    damage: str,
    check: str,
    figures: tuple[int, int] | None,
) -> None:
    asking.run("billing", "draft", "C1", *MARCH)
    [draft] = asking.ask("billing", "drafts")
    approve = ("--approver", "R. Sand", "--shown", draft["fingerprint"])
    asking.run("billing", "approve", "C1", *approve)
    asking.run("billing", "issue", "C1")
    with psycopg.connect(database_url) as connection:
        connection.execute(f"{damage} WHERE tenant = {asking.house.tenant}".encode())

    with asking.house.database.tenant(asking.house.tenant) as session:
        [found] = differences(session)

    assert (found.check, found.subject) == (check, "US1-000001")
    if figures is not None:
        assert found == Difference(check, "US1-000001", *map(Decimal, figures))
