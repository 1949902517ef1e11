"""Documents are planned, booked and ruled on by commands alone, at a real server."""

from collections.abc import Iterator

import pytest

from hourline import flow
from hourline.cli.desk import CannotOpen
from hourline.connectors.sandbox.admin import (
    Sandbox,
    VendorPlace,
    clear_faults,
    read_books,
    set_fault,
    set_period,
    start_sandbox,
    stop_sandbox,
)
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.target import TargetPort
from hourline.posting.rules.capability import Timing
from tests.cli.firm import Firm
from tests.flow.house import chart, routed

pytestmark = pytest.mark.integration
WHY = ("--reason", "asked the ERP's team", "--actor", "kim")
QUICK = Timing(
    lease_seconds=2,
    margin_seconds=1,
    first_check_seconds=0,
    check_seconds=(0, 0),
    retry_seconds=(0,),
)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Give the servers of the default firm."""
    folder = tmp_path_factory.mktemp("cli-postings")
    started = start_sandbox(folder / "state", folder / "ports.json")
    yield started
    assert stop_sandbox(started) == 0


@pytest.fixture
def atlas(sandbox: Sandbox) -> Iterator[VendorPlace]:
    """Give the ERP, with the month open, and without faults afterwards."""
    place = sandbox.servers["atlas"]
    set_period(place, entity="US1", period="2025-03", status="open")
    yield place
    clear_faults(place)


@pytest.fixture
def billed(firm: Firm, atlas: VendorPlace) -> Firm:
    """Give a firm with an invoice that the ERP shall have."""
    credentials = atlas.credentials
    firm.run(
        *("connection", "set", "books", "--connector", "sandbox_atlas"),
        *("--address", atlas.url, "--client-id", credentials.client_id),
        *("--network", "127.0.0.0/8", "--plain-http"),
    )
    firm.run("secret", "set", "books", "client_secret", told=credentials.client_secret)
    firm.house.change(*chart(), *routed("invoice"))
    firm.house.approve()
    firm.house.bill()
    return firm


def rejected(firm: Firm, atlas: VendorPlace) -> str:
    """Let the ERP refuse the invoice; return the intent's number."""
    set_period(atlas, entity="US1", period="2025-03", status="closed")
    firm.ask("postings", "run", status=1)
    [intent] = firm.ask("postings", "list")
    return str(intent["intent"])


def quarantined(firm: Firm, atlas: VendorPlace) -> str:
    """Let every call and every look-up fail; return the intent's number."""
    for operation in ("create_document", "find_documents"):
        set_fault(atlas, operation, "error_500_before", every_nth=1)
    port = TargetPort(
        targets=connector("sandbox_atlas").targets,
        address=atlas.url,
        send=atlas.egress().send,
    )
    for _ in range(4):
        flow.post_due(
            firm.house.database, firm.house.tenant, lambda _no: port, timing=QUICK
        )
    clear_faults(atlas)
    [intent] = firm.ask("postings", "list")
    assert intent["state"] == "quarantined"
    return str(intent["intent"])


def test_documents_are_planned_then_booked_at_the_erp(
    billed: Firm, atlas: VendorPlace
) -> None:
    before = len(read_books(atlas))

    planned = billed.run("postings", "plan")
    booked = billed.run("postings", "run")
    again = billed.ask("postings", "run")
    listed = billed.run("postings", "list")

    assert planned.stdout == ("Documents newly planned: 1; a worker books them.\n")
    assert booked.exit_code == 0, booked.output
    assert booked.stdout == ("Documents booked: 1, calls: 1, look-ups: 0.\n")
    assert again["confirmed"] == 0
    assert len(read_books(atlas)) == before + 1
    assert listed.stdout == "No intent needs a person.\n"


def test_a_rejected_document_is_resubmitted_by_a_person_and_then_booked(
    billed: Firm, atlas: VendorPlace
) -> None:
    intent = rejected(billed, atlas)
    shown = billed.run("postings", "list")
    set_period(atlas, entity="US1", period="2025-03", status="open")

    resubmitted = billed.run("postings", "resubmit", intent, *WHY)
    booked = billed.ask("postings", "run")
    again = billed.run("postings", "resubmit", intent, *WHY)
    records = billed.ask("audit", "list")

    assert "rejected" in shown.stdout
    assert "books" in shown.stdout
    assert resubmitted.stdout == (
        f"Intent {intent} is due again; the audit chain says why.\n"
    )
    assert booked["confirmed"] == 1
    assert str(again.exception) == "Resubmit does not fit CONFIRMED"
    assert [(one["actor"], one["action"]) for one in records[-1:]] == [
        ("kim", "posting.resubmitted")
    ]
    assert "posting_period_closed" not in billed.house.codes()


def test_a_cancellation_holds_only_when_a_second_person_has_approved_it(
    billed: Firm, atlas: VendorPlace
) -> None:
    intent = rejected(billed, atlas)
    cancel = ("postings", "resolve", intent, "--verdict", "cancel", *WHY)

    proposal = str(billed.ask(*cancel)["proposal"])
    still_there = billed.ask("postings", "list")
    waiting = billed.run("postings", "proposals")
    own = billed.run("postings", "approve", proposal, "--approver", "Kim", "--yes")
    declined = billed.run(
        "postings", "approve", proposal, "--approver", "lee", told="n\n"
    )
    approved = billed.run(
        "postings", "approve", proposal, "--approver", "lee", told="y\n"
    )

    assert len(still_there) == 1
    assert waiting.stdout.startswith(f"Proposal {proposal}: intent {intent}, cancel.")
    assert "kim says: asked the ERP's team" in waiting.stdout
    assert str(own.exception) == (
        "The person who proposed a change cannot decide it; ask someone else."
    )
    assert declined.exit_code == 1
    assert approved.exit_code == 0, approved.output
    assert approved.stdout.splitlines()[-1] == f"Approved: intent {intent}, cancel."
    assert billed.ask("postings", "list") == []
    assert "posting_period_closed" not in billed.house.codes()
    assert billed.ask("postings", "proposals") == []
    last = billed.ask("audit", "list")[-1]
    assert (last["actor"], last["approver"]) == ("kim", "lee")
    assert billed.ask("audit", "verify")["holds"] is True


def test_a_quarantined_document_that_is_absent_is_booked_after_approval(
    billed: Firm, atlas: VendorPlace
) -> None:
    intent = quarantined(billed, atlas)
    before = len(read_books(atlas))

    told = billed.ask("postings", "resolve", intent, "--verdict", "absent", *WHY)
    unapproved = billed.ask("postings", "run")
    billed.ask(
        *("postings", "approve", str(told["proposal"])),
        *("--approver", "lee", "--yes"),
    )
    booked = billed.ask("postings", "run")

    assert unapproved["calls"] == 0
    assert booked["confirmed"] == 1
    assert len(read_books(atlas)) == before + 1
    assert "posting_quarantined" not in billed.house.codes()


def test_a_document_that_is_there_is_adopted_by_its_id(
    billed: Firm, atlas: VendorPlace
) -> None:
    intent = quarantined(billed, atlas)
    before = len(read_books(atlas))

    told = billed.ask(
        *("postings", "resolve", intent, "--verdict", "adopt"),
        *("--external-id", "AT-77", *WHY),
    )
    shown = billed.run("postings", "proposals")
    billed.ask(
        *("postings", "approve", str(told["proposal"])),
        *("--approver", "lee", "--yes"),
    )

    assert "adopt AT-77." in shown.stdout
    assert billed.ask("postings", "list") == []
    assert "posting_quarantined" not in billed.house.codes()
    assert len(read_books(atlas)) == before


def test_a_rejected_proposal_leaves_the_intent_as_it_is(
    billed: Firm, atlas: VendorPlace
) -> None:
    intent = rejected(billed, atlas)
    told = billed.ask("postings", "resolve", intent, "--verdict", "cancel", *WHY)
    proposal = str(told["proposal"])

    rejection = billed.run("postings", "reject", proposal, "--approver", "lee")
    late = billed.run("postings", "approve", proposal, "--approver", "lee", "--yes")

    assert rejection.stdout == f"Proposal {proposal} is rejected.\n"
    assert isinstance(late.exception, CannotOpen)
    assert len(billed.ask("postings", "list")) == 1


def test_a_decision_that_does_not_fit_is_refused_before_it_is_proposed(
    billed: Firm, atlas: VendorPlace
) -> None:
    intent = rejected(billed, atlas)

    absent = billed.run("postings", "resolve", intent, "--verdict", "absent", *WHY)
    unknown = billed.run("postings", "resubmit", "99999999", *WHY)
    nameless = billed.run("postings", "resolve", intent, "--verdict", "adopt", *WHY)

    assert str(absent.exception) == "Declare absent does not fit REJECTED"
    assert str(unknown.exception) == "There is no intent 99999999."
    assert nameless.exit_code == 2
    assert billed.run("postings", "proposals").stdout == (
        "No decision waits for a second person.\n"
    )


def test_an_intent_that_moved_meanwhile_is_not_ruled_by_an_old_proposal(
    billed: Firm, atlas: VendorPlace
) -> None:
    intent = rejected(billed, atlas)
    told = billed.ask("postings", "resolve", intent, "--verdict", "cancel", *WHY)
    set_period(atlas, entity="US1", period="2025-03", status="open")
    billed.run("postings", "resubmit", intent, *WHY)
    billed.ask("postings", "run")

    late = billed.run(
        *("postings", "approve", str(told["proposal"])),
        *("--approver", "lee", "--yes"),
    )

    assert str(late.exception) == "Cancel does not fit CONFIRMED"
    assert len(billed.ask("postings", "proposals")) == 1
