"""A posting window is set by one command, shown where documents wait, and audited."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.firm import Firm
from tests.flow.house import chart, routed

pytestmark = pytest.mark.integration


@pytest.fixture
def planned(firm: Firm) -> Firm:
    """Give a firm with an invoice that waits to be sent."""
    firm.run("connection", "set", "books", "--connector", "sandbox_atlas")
    firm.house.change(*chart(), *routed("invoice"))
    firm.house.approve()
    firm.house.bill()
    firm.run("postings", "plan")
    return firm


def closed_now() -> tuple[str, datetime]:
    """Give a window that opens in two hours, and when."""
    opens = (datetime.now(UTC) + timedelta(hours=2)).replace(second=0, microsecond=0)
    return f"mon-sun {opens:%H:%M}-{opens + timedelta(hours=1):%H:%M} UTC", opens


def test_what_waits_is_listed_with_the_next_opening(planned: Firm) -> None:
    when, opens = closed_now()

    told = planned.run("connection", "window", "books", when)
    listed = planned.run("postings", "list")
    [waiting] = planned.ask("postings", "list")
    lifted = planned.run("connection", "window", "books", "--always")
    after = planned.run("postings", "list")

    assert told.stdout == f"Connection books is sent documents {when}.\n"
    assert listed.stdout == (
        "No intent needs a person.\n"
        f"Documents that wait for books: 1; its window ({when}) opens"
        f" {opens:%Y-%m-%d %H:%M} UTC.\n"
    )
    assert (waiting["state"], waiting["kind"], waiting["problem"]) == (
        "ready",
        "invoice",
        None,
    )
    assert datetime.fromisoformat(waiting["opens_at"]) == opens
    assert lifted.stdout == "Connection books is open always.\n"
    assert after.stdout == "No intent needs a person.\n"


def test_setting_a_window_is_in_the_audit_chain_and_keeps_the_settings(
    planned: Firm,
) -> None:
    planned.run(
        *("connection", "set", "books", "--connector", "sandbox_atlas"),
        *("--address", "https://erp.example", "--client-id", "hourline"),
    )

    planned.run(
        *("connection", "window", "books", "mon-fri 18:00-06:00 Europe/Berlin"),
        *("--closed", "2025-12-25"),
    )
    planned.run(
        *("connection", "set", "books", "--connector", "sandbox_atlas"),
        *("--address", "https://erp.example", "--client-id", "hourline"),
    )

    record = planned.ask("audit", "list")[-2]
    [_, books] = planned.ask("connection", "list")
    assert record["action"] == "connection.window_set"
    assert books["settings"] == {
        "address": "https://erp.example",
        "client_id": "hourline",
        "posting_window": {
            "when": "mon-fri 18:00-06:00 Europe/Berlin",
            "closed": ["2025-12-25"],
        },
    }


@pytest.mark.parametrize(
    ("connection", "when", "why"),
    [
        (
            "books",
            "at night",
            (
                "The window of books was not set: 'at night' is no window; write days,"
                " times and zone, such as: mon-fri 18:00-06:00 Europe/Berlin."
            ),
        ),
        (
            "ledger",
            "mon 18:00-20:00 UTC",
            "The window of ledger was not set: There is no connection ledger.",
        ),
    ],
)
def test_what_is_no_window_is_refused_in_words(
    planned: Firm, connection: str, when: str, why: str
) -> None:
    refused = planned.run("connection", "window", connection, when)

    assert str(refused.exception) == why


def test_a_window_is_given_or_taken_away_but_not_both(planned: Firm) -> None:
    neither = planned.run("connection", "window", "books")
    both = planned.run("connection", "window", "books", "mon 1:00", "--always")

    assert (neither.exit_code, both.exit_code) == (2, 2)
    assert "Say WHEN" in neither.output
