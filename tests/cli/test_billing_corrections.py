"""Cancel an invoice and write off what is due of one, by commands alone."""

import pytest

from hourline.cli.desk import CannotOpen
from hourline.infra.audit import read_chain
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
WHY = ("--reason", "wrong customer", "--actor", "M. Ito")
ON = ("--date", "2025-04-02")


def test_an_invoice_is_cancelled_and_its_work_is_billed_again(firm: Firm) -> None:
    firm.house.approve()
    firm.run("billing", "run", *MARCH)

    told = firm.ask("billing", "cancel", "US1-000001", *WHY)
    again = firm.ask("billing", "run", *MARCH)

    assert told == {
        "invoice": "US1-000001",
        "credit_note": "US1-CN-000001",
        "problem": None,
    }
    [issued] = again["issued"]
    assert (issued["number"], issued["total"]) == ("US1-000002", "200.00")


def test_cancelling_twice_is_refused_with_the_reason_and_waits(firm: Firm) -> None:
    firm.house.approve()
    firm.run("billing", "run", *MARCH)

    first = firm.run("billing", "cancel", "US1-000001", *ON, *WHY)
    second = firm.run("billing", "cancel", "US1-000001", *WHY)

    assert first.stdout == "Invoice US1-000001 is cancelled by US1-CN-000001.\n"
    assert second.exit_code == 1
    assert "is credited by US1-CN-000001. Credit what still stands" in second.stdout
    assert firm.house.codes() == ["cancellation_refused"]


def test_what_is_due_is_written_off_and_the_list_says_so(firm: Firm) -> None:
    firm.house.approve()
    firm.run("billing", "run", *MARCH)

    part = firm.run(
        "billing", "write-off-invoice", "US1-000001", "--amount", "50", *ON, *WHY
    )
    rest = firm.ask("billing", "write-off-invoice", "US1-000001", *ON, *WHY)
    shown = firm.ask("billing", "show", "US1-000001")

    assert part.stdout == (
        "50.00 USD of invoice US1-000001 is written off; 150.00 USD is due.\n"
    )
    assert (rest["written_off"], rest["due"]) == ("150.00", "0.00")
    assert (shown["total"], shown["written_off"], shown["due"]) == (
        "200.00",
        "200.00",
        "0.00",
    )
    assert "written off 200.00 USD" in firm.run("billing", "show", "US1-000001").stdout


def test_more_than_is_due_is_refused_and_changes_nothing(firm: Firm) -> None:
    firm.house.approve()
    firm.run("billing", "run", *MARCH)

    refused = firm.ask(
        "billing",
        "write-off-invoice",
        "US1-000001",
        "--amount",
        "200.01",
        *ON,
        *WHY,
        status=1,
    )

    assert refused["problem"]["code"] == "write_off_exceeds_due"
    assert firm.ask("billing", "show", "US1-000001")["due"] == "200.00"


def test_a_credit_note_is_neither_cancelled_nor_written_off(firm: Firm) -> None:
    firm.house.approve()
    firm.run("billing", "run", *MARCH)
    firm.run("billing", "cancel", "US1-000001", *WHY)

    cancelled = firm.run("billing", "cancel", "US1-CN-000001", *WHY)
    given_up = firm.run("billing", "write-off-invoice", "US1-CN-000001", *ON, *WHY)

    assert isinstance(cancelled.exception, CannotOpen)
    assert "it cannot be cancelled" in str(cancelled.exception)
    assert isinstance(given_up.exception, CannotOpen)
    assert "nothing of it is due" in str(given_up.exception)


def test_both_are_links_of_the_audit_chain(firm: Firm) -> None:
    firm.house.approve(id="t1")
    firm.run("billing", "run", *MARCH)
    firm.run("billing", "cancel", "US1-000001", *WHY)
    firm.run("billing", "run", *MARCH)
    firm.run("billing", "write-off-invoice", "US1-000002", *ON, *WHY)

    with firm.house.database.tenant(firm.house.tenant) as session:
        records = read_chain(session)

    last = [(one.action, one.actor, one.reason) for one in records[-2:]]
    assert last == [
        ("invoice.cancelled", "M. Ito", "wrong customer"),
        ("invoice.written_off", "M. Ito", "wrong customer"),
    ]
    assert records[-1].after == {"written_off": 200_00, "due": 0}
