"""Hold, release, write off and adjust by commands alone, with who and why."""

import pytest

from hourline.cli.desk import CannotOpen
from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
WHY = ("--reason", "the customer asks", "--actor", "M. Ito")


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_an_entry_is_held_listed_and_released(firm: Firm) -> None:
    firm.house.approve()

    nothing = firm.run("billing", "held")
    hold = firm.ask("billing", "hold", "t1", *WHY)
    again = firm.run("billing", "hold", "t1", *WHY)
    [listed] = firm.ask("billing", "held")
    shown = firm.run("billing", "held")
    run = firm.run("billing", "run", *MARCH)
    release = firm.run("billing", "release", "t1", *WHY)
    never = firm.run("billing", "release", "t1", *WHY)

    assert nothing.stdout == "Nothing is held.\n"
    assert hold == {
        "entry": "t1",
        "review": "held",
        "dry_run": False,
        "changed": True,
        "problem": None,
        "seconds": 3_600,
        "amount": "200.00",
        "accrual_reversed": "0.00",
        "currency": "USD",
    }
    assert again.stdout == "Time entry t1 was held already; nothing was changed.\n"
    assert (listed["entry"], listed["contract"], listed["amount"]) == (
        "t1",
        "C1",
        "200.00",
    )
    assert (listed["actor"], listed["reason"]) == ("M. Ito", "the customer asks")
    assert "the customer asks" in shown.stdout
    assert run.stdout == "Nothing is open to bill.\n"
    assert release.stdout == "Time entry t1 is released: 1 h, 200.00 USD.\n"
    assert never.stdout == "Time entry t1 is not held; nothing was changed.\n"


def test_a_write_off_is_looked_at_first_then_done(firm: Firm) -> None:
    firm.house.approve()
    quarter = ("billing", "write-off", "t1", "--hours", "0.25", *WHY)

    looked = firm.run(*quarter, "--dry-run")
    untouched = firm.house.state()
    done = firm.ask(*quarter)
    too_much = firm.run("billing", "write-off", "t1", "--hours", "1", *WHY)
    refused = firm.ask("billing", "write-off", "t1", "--hours", "1", *WHY, status=1)

    assert looked.stdout == "Time entry t1 would be written off: 0.25 h, 50.00 USD.\n"
    assert untouched == "open_to_bill"
    assert (done["seconds"], done["amount"], done["accrual_reversed"]) == (
        900,
        "50.00",
        "50.00",
    )
    assert too_much.exit_code == 1
    assert too_much.stdout.startswith("Time entry t1 does not have 1 h open.")
    assert refused["problem"]["code"] == "review_exceeds_open"
    assert [one["action"] for one in firm.ask("audit", "list")] == ["entry.written_off"]
    assert firm.house.unproven() == []


def test_an_entry_that_is_not_decided_is_held_without_a_figure(firm: Firm) -> None:
    firm.house.approve(project="P9")

    hold = firm.run("billing", "hold", "t1", *WHY)
    [listed] = firm.ask("billing", "held")
    shown = firm.run("billing", "held")

    assert hold.stdout == "Time entry t1 is held: nothing of it is decided yet.\n"
    assert (listed["seconds"], listed["amount"]) == (0, None)
    assert "t1" in shown.stdout


def test_a_draft_is_adjusted_and_tells_what_it_leaves_out(firm: Firm) -> None:
    firm.house.approve()
    firm.house.approve(id="t2")
    wanted = ("--hours", "t1=0.75", "--amount", "t2=150")

    draft = firm.ask("billing", "draft", "C1", *MARCH, *wanted, *WHY)
    shown = firm.run("billing", "draft", "C1", *MARCH, *wanted, *WHY)
    issued = firm.ask("billing", "issue", "C1")
    traced = firm.run("trace", "t1")

    assert (draft["net"], draft["left_out"]) == (
        "300.00",
        [{"entry": "t1", "seconds": 900}],
    )
    assert [(one["net"], one.get("net_at_rate")) for one in draft["lines"]] == [
        ("150.00", None),
        ("150.00", "200.00"),
    ]
    assert "Left out of t1: 0.25 h, non-billable once issued." in lines(shown.stdout)
    assert "Set by hand for t2, at its rate 200.00 USD." in lines(shown.stdout)
    assert issued["issued"][0]["net"] == "300.00"
    assert (
        "by M. Ito: leave out 0.25 h worth 50.00 USD on US1-000001,"
        " because: the customer asks"
    ) in traced.stdout
    assert "portion  non billable: 0.25 h, 50.00 USD" in traced.stdout
    assert (
        "by M. Ito: set amount 1 h set by hand, difference -50.00 USD"
        in firm.run("trace", "t2").stdout
    )


def test_a_trace_says_who_holds_an_entry_and_why(firm: Firm) -> None:
    firm.house.approve()
    firm.run("billing", "hold", "t1", *WHY)

    [story] = firm.ask("trace", "t1")
    told = firm.run("trace", "t1")

    assert story["reviews"][0]["actor"] == "M. Ito"
    assert "by M. Ito: hold, because: the customer asks" in told.stdout
    assert "portion  held: 1 h, 200.00 USD, billed 0 h" in told.stdout


def test_a_draft_that_cannot_be_adjusted_waits(firm: Firm) -> None:
    firm.house.approve()

    refused = firm.run("billing", "draft", "C1", *MARCH, "--hours", "t1=2", *WHY)

    assert refused.exit_code == 1
    assert lines(refused.stdout)[0].startswith("Time entry t1 does not have 2 h open.")
    assert firm.house.codes() == ["review_exceeds_open"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["hold", "t9"], "There is no time entry t9."),
        (["release", "t1", "--source", "hr"], "There is no time entry t1."),
        (
            ["draft", "C1", *MARCH, "--amount", "t1=0.001"],
            "0.001 has more decimals than USD (2)",
        ),
        (
            ["draft", "C1", *MARCH, "--amount", "t1=1", "--hours", "t1=1"],
            "An entry is adjusted once on an invoice.",
        ),
    ],
)
def test_a_review_of_what_is_not_there_is_refused(
    firm: Firm, arguments: list[str], sentence: str
) -> None:
    firm.house.approve()

    refused = firm.run("billing", *arguments, *WHY)

    assert isinstance(refused.exception, CannotOpen)
    assert str(refused.exception) == sentence


@pytest.mark.parametrize(
    "arguments",
    [
        ["hold", "t1"],
        ["write-off", "t1", "--hours", "0", *WHY],
        ["write-off", "t1", "--hours", "0.00001", *WHY],
        ["draft", "C1", *MARCH, "--hours", "t1=1"],
        ["draft", "C1", *MARCH, *WHY],
        ["draft", "C1", *MARCH, "--hours", "t1", *WHY],
        ["draft", "C1", *MARCH, "--hours", "t1=-1", *WHY],
        ["draft", "C1", *MARCH, "--hours", "t1=much", *WHY],
    ],
)
def test_an_unclear_review_is_a_wrong_call(firm: Firm, arguments: list[str]) -> None:
    refused = firm.run("billing", *arguments)

    assert refused.exit_code == 2


def test_an_entry_is_postponed_listed_and_open_after_the_next_invoice(
    firm: Firm,
) -> None:
    firm.house.approve(id="t1")
    firm.house.approve(id="t2")

    postponed = firm.run("billing", "postpone", "t1", *WHY)
    again = firm.run("billing", "postpone", "t1", *WHY)
    [listed] = firm.ask("billing", "held")
    shown = firm.run("billing", "held")
    first = firm.ask("billing", "run", *MARCH)
    nothing = firm.run("billing", "held")
    second = firm.ask("billing", "run", *MARCH)

    assert postponed.stdout == "Time entry t1 is postponed: 1 h, 200.00 USD.\n"
    assert again.stdout == (
        "Time entry t1 was held or postponed already; nothing was changed.\n"
    )
    assert (listed["entry"], listed["postponed"], listed["amount"]) == (
        "t1",
        True,
        "200.00",
    )
    assert "next invoice" in shown.stdout
    assert [one["net"] for one in first["issued"]] == ["200.00"]
    assert nothing.stdout == "Nothing is held.\n"
    assert [one["net"] for one in second["issued"]] == ["200.00"]


def test_an_entry_is_put_on_another_project(firm: Firm) -> None:
    firm.house.approve()
    firm.house.change(
        MasterChange("project", "P2", fields={"contract_line": "C1.1", "name": "Two"})
    )
    moved = ("billing", "transfer", "t1", "P2", *WHY)

    looked = firm.run(*moved, "--dry-run")
    done = firm.ask(*moved)
    again = firm.run(*moved)
    firm.run("billing", "run", *MARCH)
    refused = firm.run("billing", "transfer", "t1", "P1", *WHY)

    assert looked.stdout == (
        "Time entry t1 would be on project P2: 1 h, 200.00 USD on contract line C1.1;"
        " before 1 h, 200.00 USD on contract line C1.1.\n"
    )
    assert (done["changed"], done["after"]["project"]) == (True, "P2")
    assert done["before"]["parts"] == {
        "billable": {"seconds": 3_600, "amount": "200.00"}
    }
    assert again.stdout == "Time entry t1 is on project P2 already.\n"
    assert refused.exit_code == 1
    assert refused.stdout.startswith("Time entry t1 stands on an invoice;")


def test_a_part_of_an_entry_goes_to_another_project(firm: Firm) -> None:
    firm.house.change(MasterChange("project", "P2", fields={"contract_line": "C1.1"}))
    firm.house.approve()
    quarter = ("billing", "transfer", "t1", "P2", "--hours", "0.25", *WHY)

    looked = firm.run(*quarter, "--dry-run")
    done = firm.ask(*quarter)
    both = firm.run(*quarter, "--amount", "1")
    too_much = firm.run("billing", "transfer", "t1", "P2", "--hours", "2", *WHY)

    assert looked.stdout == (
        "0.25 h, 50.00 USD on contract line C1.1 of time entry t1 would be on project"
        " P2, as t1~1; 0.75 h, 150.00 USD on contract line C1.1 stays; before 1 h,"
        " 200.00 USD on contract line C1.1.\n"
    )
    assert (done["part"]["entry"], done["part"]["amount"]) == ("t1~1", "50.00")
    assert done["after"]["amount"] == "150.00"
    assert both.exit_code == 2
    assert too_much.exit_code == 1
    assert too_much.stdout.startswith("Time entry t1 has 0.75 h; 2 h of it cannot go")


def test_a_milestone_is_held_listed_and_released(firm: Firm) -> None:
    firm.house.change(
        MasterChange(
            "contract_line",
            "C1.2",
            fields={
                "contract": "C1",
                "method": "fixed_price",
                "price": 500,
                "milestones": [{"id": "m1", "amount": 500, "date": "2025-03-01"}],
            },
        )
    )
    named = ("C1.2", "m1", "--actor", "M. Ito", "--reason", "disputed")

    too_early = firm.run("billing", "hold-milestone", *named)
    firm.run("billing", "milestone", "C1.2", "m1", "--date", "2025-03-03")
    held = firm.run("billing", "hold-milestone", *named)
    again = firm.run("billing", "hold-milestone", *named)
    [listed] = firm.ask("billing", "held")
    run = firm.run("billing", "run", "--through", "2025-03-31", "--date", "2025-03-31")
    released = firm.ask("billing", "release-milestone", *named)

    assert "Milestone m1 is not reached" in str(too_early.exception)
    assert held.stdout == "Milestone C1.2/m1 is held.\n"
    assert again.stdout == "Milestone C1.2/m1 was held already.\n"
    assert (listed["entry"], listed["amount"], listed["reason"]) == (
        "C1.2/m1",
        "500.00",
        "disputed",
    )
    assert run.stdout == "Nothing is open to bill.\n"
    assert released == {"milestone": "C1.2/m1", "changed": True}
    assert [one["action"] for one in firm.ask("audit", "list")] == [
        "milestone.held",
        "milestone.released",
    ]
    assert firm.house.unproven() == []
