"""Bill, draft, issue, credit and look at documents by commands alone."""

from decimal import Decimal

import pytest

from hourline.cli.desk import CannotOpen
from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm
from tests.flow.advances import KIEL, RETAINER, shares

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
WHY = ("--reason", "agreed with the customer", "--actor", "M. Ito")
FIXED_PRICE = (
    MasterChange("contract", "C2", fields={"customer": "ADATUM", "entity": "US1"}),
    MasterChange(
        "contract_line",
        "C2.1",
        fields={
            "contract": "C2",
            "method": "fixed_price",
            "price": Decimal(1000),
            "milestones": [
                {"id": "m1", "amount": 600, "date": "2025-03-01"},
                {"id": "m2", "amount": 400, "date": "2025-03-20"},
            ],
        },
    ),
)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_a_run_bills_what_is_open_and_says_how_much_with_its_currency(
    firm: Firm,
) -> None:
    firm.house.approve()

    run = firm.run("billing", "run", *MARCH)
    again = firm.run("billing", "run", *MARCH)

    assert run.exit_code == 0, run.output
    assert "US1-000001" in run.stdout
    assert "200.00 USD" in run.stdout
    assert (again.exit_code, again.stdout) == (0, "Nothing is open to bill.\n")


def test_one_contract_is_billed_alone(firm: Firm) -> None:
    firm.house.approve()

    told = firm.ask("billing", "run", *MARCH, "--contract", "C1")

    [issued] = told["issued"]
    assert (issued["contract"], issued["customer"]) == ("C1", "ADATUM")
    assert (issued["net"], issued["due"], issued["currency"]) == (
        "200.00",
        "200.00",
        "USD",
    )


def test_an_unknown_contract_is_refused(firm: Firm) -> None:
    refused = firm.run("billing", "run", *MARCH, "--contract", "C9")

    assert isinstance(refused.exception, CannotOpen)
    assert str(refused.exception) == "There is no contract C9."


def test_a_draft_is_shown_then_issued_and_no_second_time(firm: Firm) -> None:
    firm.house.approve()

    draft = firm.ask("billing", "draft", "C1", *MARCH)
    shown = firm.run("billing", "draft", "C1", *MARCH)
    before = firm.run("billing", "list")
    issued = firm.ask("billing", "issue", "C1")
    again = firm.run("billing", "issue", "C1")

    assert draft["total"] == "200.00"
    assert draft["lines"] == [
        {"line": 1, "entry": "t1", "milestone": None, "seconds": 3600}
        | {"net": "200.00", "tax": "0.00"}
    ]
    assert "Total 200.00 USD, nothing is booked." in lines(shown.stdout)
    assert before.stdout == "Nothing was issued yet.\n"
    assert issued["issued"][0]["number"] == "US1-000001"
    assert isinstance(again.exception, CannotOpen)


def test_a_draft_of_nothing_says_so(firm: Firm) -> None:
    told = firm.run("billing", "draft", "C1", *MARCH)

    assert (told.exit_code, told.stdout) == (0, "Nothing is open to bill.\n")


def test_an_invoice_is_shown_with_entry_person_and_hours(firm: Firm) -> None:
    firm.house.approve(seconds=5_400)
    firm.house.bill()

    told = firm.ask("billing", "show", "US1-000001")
    shown = firm.run("billing", "show", "US1-000001")

    [line] = told["lines"]
    assert (line["entry"], line["person"], line["seconds"]) == ("t1", "ann", 5_400)
    assert (line["net"], line["tax"], told["due"]) == ("300.00", "0.00", "300.00")
    assert "Invoice US1-000001, 2025-03-31" in lines(shown.stdout)
    assert "1.5 h" in shown.stdout
    assert "  due    300.00 USD" in lines(shown.stdout)


def test_a_part_of_an_entry_is_credited_and_the_audit_chain_says_by_whom(
    firm: Firm,
) -> None:
    firm.house.approve()
    firm.house.bill()

    note = firm.ask(
        *("billing", "credit", "US1-000001", "--entry", "t1", "--hours", "0.25"), *WHY
    )
    listed = firm.ask("billing", "list")
    shown = firm.run("billing", "show", "US1-CN-000001")
    [record] = firm.ask("audit", "list")

    assert [one["net"] for one in note["issued"]] == ["-50.00"]
    assert [(one["number"], one["due"]) for one in listed] == [
        ("US1-000001", "150.00"),
        ("US1-CN-000001", "0.00"),
    ]
    assert "-0.25 h" in shown.stdout
    assert "Credit note US1-CN-000001 of US1-000001, 2025-03-31" in lines(shown.stdout)
    assert (record["actor"], record["action"]) == ("M. Ito", "invoice.credited")
    assert record["reason"] == "agreed with the customer"
    assert record["after"]["credit_note"] == "US1-CN-000001"
    assert firm.house.unproven() == []


def test_more_than_stands_is_not_credited_and_leaves_no_audit_record(
    firm: Firm,
) -> None:
    firm.house.approve()
    firm.house.bill()

    refused = firm.run(
        *("billing", "credit", "US1-000001", "--entry", "t1", "--hours", "2"), *WHY
    )

    assert refused.exit_code == 1
    assert lines(refused.stdout)[0].startswith(
        "Invoice US1-000001 does not have 2 h of entry"
    )
    assert lines(refused.stdout)[-1] == "What waits for whom: hourline exceptions list"
    assert firm.ask("audit", "list") == []
    assert len(firm.ask("billing", "list")) == 1


def test_a_milestone_is_reached_billed_and_credited_in_part(firm: Firm) -> None:
    firm.house.change(*FIXED_PRICE)

    reached = firm.run("billing", "milestone", "C2.1", "m1", "--date", "2025-03-01")
    billed = firm.ask("billing", "run", *MARCH)
    note = firm.ask(
        *("billing", "credit", "US1-000001", "--milestone", "C2.1/m1"),
        *("--amount", "100.50"),
        *WHY,
    )

    assert reached.stdout == "Milestone m1 of C2.1 is reached on 2025-03-01.\n"
    assert [one["net"] for one in billed["issued"]] == ["600.00"]
    assert [one["net"] for one in note["issued"]] == ["-100.50"]
    assert firm.house.unproven() == []


def test_a_milestone_the_line_does_not_have_waits(firm: Firm) -> None:
    refused = firm.run("billing", "milestone", "C1.1", "m9", "--date", "2025-03-01")

    assert refused.exit_code == 1
    assert firm.house.codes() == ["master_reference_missing"]


def test_a_whole_invoice_is_credited_by_its_number_alone(firm: Firm) -> None:
    firm.house.approve()
    firm.house.bill()

    note = firm.ask("billing", "credit", "US1-000001", *WHY)

    assert [one["total"] for one in note["issued"]] == ["-200.00"]
    assert [one["due"] for one in firm.ask("billing", "list")] == ["0.00", "0.00"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["US1-000009"], "No documents have the number US1-000009."),
        (["US1-000001", "--entry", "t9"], "US1-000001 has no entry t9."),
        (["US1-000001", "--milestone", "m"], "US1-000001 has no milestone m."),
        (
            ["US1-000001", "--entry", "t1", "--hours", "0.00001"],
            "0.00001 hours are not whole seconds.",
        ),
        (
            ["US1-000001", "--entry", "t1", "--amount", "0.001"],
            "0.001 has more decimals than USD (2)",
        ),
    ],
)
def test_a_credit_of_what_is_not_there_is_refused(
    firm: Firm, options: list[str], sentence: str
) -> None:
    firm.house.approve()
    firm.house.bill()

    refused = firm.run("billing", "credit", *options, *WHY)

    assert isinstance(refused.exception, CannotOpen)
    assert str(refused.exception) == sentence


@pytest.mark.parametrize(
    "options",
    [
        ["--entry", "t1", "--milestone", "m"],
        ["--entry", "t1", "--hours", "1", "--amount", "1"],
        ["--hours", "1"],
        ["--milestone", "m", "--hours", "1"],
        ["--entry", "t1", "--hours", "0"],
        ["--entry", "t1", "--hours", "many"],
        ["--date", "tomorrow"],
    ],
)
def test_an_unclear_credit_is_a_wrong_call(firm: Firm, options: list[str]) -> None:
    refused = firm.run("billing", "credit", "US1-000001", *options, *WHY)

    assert refused.exit_code == 2


def test_every_invoice_of_a_shared_contract_is_told(firm: Firm) -> None:
    firm.house.change(KIEL, *shares(ADATUM="25", KIEL="75"))
    firm.house.approve()

    draft = firm.ask("billing", "draft", "C1", *MARCH)
    shown = firm.run("billing", "draft", "C1", *MARCH)
    told = firm.ask("billing", "issue", "C1")

    assert [(one["customer"], one["net"]) for one in draft["lines"]] == [
        ("ADATUM", "50.00"),
        ("KIEL", "150.00"),
    ]
    assert draft["total"] == "200.00"
    assert "KIEL" in shown.stdout
    assert [(one["customer"], one["total"]) for one in told["issued"]] == [
        ("ADATUM", "50.00"),
        ("KIEL", "150.00"),
    ]


def test_what_a_retainer_pays_of_an_invoice_is_told(firm: Firm) -> None:
    firm.house.change(RETAINER)
    firm.ask("billing", "run", *MARCH)
    firm.house.approve()
    [issued] = firm.ask("billing", "run", *MARCH)["issued"]

    shown = firm.run("billing", "show", issued["number"])

    assert (issued["total"], issued["drawn"], issued["due"]) == (
        "200.00",
        "200.00",
        "0.00",
    )
    assert "  drawn  200.00 USD" in lines(shown.stdout)


def test_a_draft_of_several_invoices_says_which_one_each_line_is_on(
    firm: Firm,
) -> None:
    firm.house.change(
        MasterChange(
            "contract",
            "C1",
            fields={"customer": "ADATUM", "entity": "US1", "invoice_by": "project"},
        ),
        MasterChange("project", "P2", fields={"contract_line": "C1.1"}),
    )
    firm.house.approve(id="t1", project="P2")
    firm.house.approve(id="t2")

    told = firm.ask("billing", "draft", "C1", *MARCH)
    shown = firm.run("billing", "draft", "C1", *MARCH)

    assert [(one["invoice"], one["entry"]) for one in told["lines"]] == [
        (1, "t2"),
        (2, "t1"),
    ]
    assert "invoice" in shown.stdout
