"""A person closes months, locks days and lets go past both, by commands alone."""

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.audit import read_chain
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
WHY = ("--reason", "month end", "--actor", "Carla")
MARCH = ("US1", "2025-03")
RUN = ("billing", "run", "--through", "2025-03-31", "--date", "2025-03-31")
RIGHT = ("Carla", "post_into_soft_closed", "--entity", "US1")
INTO = ("--into-soft-closed", "last of March", "--actor", "Carla")


def approved(firm: Firm, *asked: str) -> None:
    """Ask for something that takes two, and approve it."""
    told = firm.ask("closing", *asked)
    assert told["done"] is False
    number = str(told["proposal"])
    done = firm.ask("closing", "approve", number, "--approver", "Dora", "--yes")
    assert done["approved"] is True


def months(firm: Firm) -> dict[str, str]:
    return {one["period"]: one["state"] for one in firm.ask("closing", "list")}


def test_closing_takes_one_and_reopening_two(firm: Firm) -> None:
    none = firm.run("closing", "list")
    soft = firm.run("closing", "close", *MARCH, "--soft", *WHY)
    closed = firm.ask("closing", "close", *MARCH, *WHY)
    waits = firm.run("closing", "reopen", *MARCH, *WHY)
    still = months(firm)
    waiting = firm.run("closing", "proposals")
    [listed] = firm.ask("closing", "proposals")
    number = str(listed["proposal"])
    own = firm.run("closing", "approve", number, "--approver", "carla", "--yes")
    done = firm.run("closing", "approve", number, "--approver", "Dora", "--yes")

    assert none.stdout == "No month was ever closed; all are open.\n"
    assert soft.stdout == "Month 2025-03 of US1 is soft-closed.\n"
    assert closed == {"done": True, "proposal": None}
    assert waits.stdout.startswith("Month 2025-03 of US1 is open.\nProposal")
    assert still == {"2025-03": "closed"}
    assert "Month 2025-03 of US1 is open. Carla says: month end" in waiting.stdout
    assert "who proposed a change cannot decide it" in str(own.exception)
    assert done.stdout.splitlines()[-1] == "Approved: Month 2025-03 of US1 is open."
    assert firm.run("closing", "list").stdout == "US1 2025-03: open\n"
    with firm.house.database.tenant(firm.house.tenant) as session:
        changes = [one for one in read_chain(session) if one.action == "closing.change"]
    assert [(one.actor, one.approver, one.subject) for one in changes] == [
        ("Carla", None, "posting period US1:2025-03"),
        ("Carla", None, "posting period US1:2025-03"),
        ("Carla", "Dora", "posting period US1:2025-03"),
    ]


def test_a_rejected_reopening_leaves_the_month_closed(firm: Firm) -> None:
    firm.run("closing", "close", *MARCH, *WHY)
    number = firm.ask("closing", "reopen", *MARCH, "--soft", *WHY)["proposal"]

    firm.ask("closing", "reject", str(number), "--approver", "Dora")

    assert months(firm) == {"2025-03": "closed"}


def test_what_cannot_be_is_refused_before_anybody_approves_it(firm: Firm) -> None:
    no_month = firm.run("closing", "close", "US1", "2025-13", *WHY)
    no_entity = firm.run("closing", "close", "XX1", "2025-03", *WHY)
    firm.run("closing", "lock", "ALL", "--through", "2025-03-31", *WHY)
    no_zone = firm.run(
        "closing", "lock", "A", "--through", "2025-02-28", "--time-zone", "X", *WHY
    )
    wrong = [
        firm.run("closing", "lock", "A", "--through", "2025-04-30", *scope, *WHY)
        for scope in (("--role", "x"), ("--connection", "x"), ("--entity", "x"))
    ]
    tie = firm.run("closing", "lock", "B", "--through", "2025-02-28", *WHY)
    no_right = firm.run("closing", "withdraw", *RIGHT, "--until", "2025-01-01", *WHY)

    assert "'2025-13' is no month" in str(no_month.exception)
    assert "There is no legal entity XX1" in str(no_entity.exception)
    assert "It holds from no instant" in str(no_zone.exception)
    assert [str(one.exception) for one in wrong] == [
        "Nobody has the role x.",
        "There is no connection x.",
        "There is no legal entity x.",
    ]
    assert "It is for the same work on the same days as ALL" in str(tie.exception)
    assert "Carla has no such right to take away" in str(no_right.exception)
    assert months(firm) == {}
    assert firm.ask("closing", "proposals") == []


def test_finance_bills_a_soft_closed_month_by_the_option(firm: Firm) -> None:
    approved(firm, "grant", *RIGHT, *WHY)
    firm.run("closing", "close", *MARCH, "--soft", *WHY)
    firm.house.approve()

    half = firm.run(*RUN, "--contract", "C1", "--actor", "Carla")
    whole = firm.run(*RUN, *INTO)
    billed = firm.ask(*RUN, "--contract", "C1", *INTO)
    credited = firm.ask("billing", "credit", "US1-000001", "--into-soft-closed", *WHY)
    taken = firm.ask("closing", "withdraw", *RIGHT, "--until", "2025-01-01", *WHY)
    refused = firm.ask(*RUN, "--contract", "C1", *INTO, status=1)

    assert "--into-soft-closed and --actor go together" in half.output
    assert "--into-soft-closed goes with --contract" in whole.output
    assert [one["total"] for one in billed["issued"]] == ["200.00"]
    assert [one["total"] for one in credited["issued"]] == ["-200.00"]
    assert taken == {"done": True, "proposal": None}
    assert refused["problems"][0]["code"] == "right_missing"


def test_a_lock_moves_on_by_one_and_back_by_two(firm: Firm) -> None:
    lock = ("closing", "lock", "ALL", "--through")
    first = firm.run(*lock, "2025-03-31", "--grace-days", "0", *WHY)
    firm.house.approve()
    kept = firm.run("closing", "locked")
    [listed] = firm.ask("closing", "locked")
    narrower = ("DEV", "--role", "consultant", "--through", "2025-02-28")
    group = firm.ask(*lock[:2], *narrower, *WHY)
    grace = firm.ask(*lock, "2025-03-31", "--grace-days", "9", *WHY)
    approved(firm, "lock", "ALL", "--through", "2025-02-28", *WHY)

    assert first.stdout == (
        "Entry lock ALL is through 2025-03-31, with 0 days of grace in UTC, for"
        " everybody.\n"
    )
    assert kept.stdout == (
        "t1 revision 1: ann on 2025-03-05, came 2025-04-01 08:00 UTC, lock ALL\n"
    )
    assert (listed["source_id"], listed["entry_lock"]) == ("t1", "ALL")
    assert (group["done"], grace["done"]) == (False, False)
    assert firm.run("closing", "locked").stdout == (
        "No entry lock keeps anything apart.\n"
    )
    assert firm.house.state() == "open_to_bill"


def test_a_person_with_the_right_lets_an_entry_in(firm: Firm) -> None:
    firm.run("closing", "lock", "A", "--through", "2025-03-31", "--entity", "US1", *WHY)
    firm.house.approve()
    override = ("closing", "override", "t1", *WHY)

    refused = firm.run(*override)
    as_json = firm.ask(*override, status=1)
    approved(firm, "grant", "Carla", "override_entry_lock", *WHY)
    let_in = firm.run(*override)
    again = firm.run(*override)

    assert refused.exit_code == 1
    assert refused.stdout.startswith(
        "Carla has not the right override_entry_lock for US1."
    )
    assert as_json["problem"]["code"] == "right_missing"
    assert let_in.stdout == "Let in of entry t1: 1.\n"
    assert again.exit_code != 0
    assert firm.house.codes() == []


def test_a_person_with_the_right_accepts_late_work(firm: Firm) -> None:
    month = {"entity": "US1", "period": "2025-03", "status": "closed"}
    firm.house.change(
        MasterChange("posting_period", "march", fields=month),
        MasterChange("legal_entity", "US1", fields={"late_days_max": 0}),
    )
    firm.house.approve()
    firm.house.approve(id="t2")
    accept = ("closing", "accept")

    refused = firm.ask(*accept, "t1", *WHY, status=1)
    told = firm.run(*accept, "t1", *WHY)
    approved(firm, "grant", "Carla", "accept_late_work", *WHY)
    booked = firm.run(*accept, "t1", *WHY)
    as_json = firm.ask(*accept, "t2", *WHY)

    assert refused["problem"]["code"] == "right_missing"
    assert told.stdout.startswith("Carla has not the right accept_late_work for US1.")
    assert booked.stdout == "Entry t1 is booked, late.\n"
    assert as_json == {"entry": "t2", "booked": True, "problem": None}


def test_late_work_that_lacks_something_else_stays(firm: Firm) -> None:
    month = {"entity": "US1", "period": "2025-03", "status": "closed"}
    firm.house.change(
        MasterChange("posting_period", "march", fields=month),
        MasterChange("legal_entity", "US1", fields={"late_days_max": 0}),
        MasterChange("project", "P1", fields={"status": "closed"}),
    )
    firm.house.approve()
    approved(firm, "grant", "Carla", "accept_late_work", *WHY)

    told = firm.run("closing", "accept", "t1", *WHY)

    assert told.exit_code == 1
    assert told.stdout == "Entry t1 lacks something else: hourline exceptions list\n"


def test_a_subledger_is_closed_by_one_and_opened_by_two_at_a_terminal(
    firm: Firm,
) -> None:
    march = ("US1", "2025-03", "--ledger", "work_in_progress")
    why = ("--reason", "month end", "--actor", "Carla")
    firm.run("closing", "close", "US1", "2025-03", "--soft", *why)

    closed = firm.run("closing", "close", *march, *why)
    listed = firm.run("closing", "list")
    asked = firm.ask("closing", "reopen", *march, *why)
    number = str(asked["proposal"])
    done = firm.run("closing", "approve", number, "--approver", "Dora", "--yes")
    after = firm.ask("closing", "list")

    assert closed.stdout == "Month 2025-03 of work in progress of US1 is closed.\n"
    assert listed.stdout.splitlines() == [
        "US1 2025-03: soft closed",
        "US1 2025-03, work in progress: closed",
    ]
    assert asked["done"] is False
    assert done.stdout.splitlines()[-1] == (
        "Approved: Month 2025-03 of work in progress of US1 is open."
    )
    assert [(one["ledger"], one["state"]) for one in after] == [
        (None, "soft_closed"),
        ("work_in_progress", "open"),
    ]


def test_a_price_by_hand_is_accepted_by_whom_may_set_prices(firm: Firm) -> None:
    house = firm.house
    fields = {"price_right": True}
    house.change(MasterChange("legal_entity", "US1", fields=fields))
    house.approve(price="150")

    waits = house.codes()
    refused = firm.run("billing", "accept-price", "t1", *WHY)
    approved(firm, "grant", "Carla", "set_prices", *WHY)
    booked = firm.run("billing", "accept-price", "t1", *WHY)
    again = firm.run("billing", "accept-price", "t1", *WHY)

    assert refused.exit_code == 1
    assert waits == ["price_not_accepted"]
    assert refused.stdout.startswith("Carla has not the right set_prices for US1.")
    assert booked.stdout == "Entry t1 is booked, at its price.\n"
    assert str(again.exception) == "Entry t1 does not wait for its price."
    assert house.codes() == []
