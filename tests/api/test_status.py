"""Show where entries and projects stand, to each key what it may see."""

from datetime import date

import pytest

from hourline.billing.model import Because, Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow import (
    EntryName,
    PartWanted,
    bill_contract,
    change_master,
    transfer_entry,
    transfer_part,
)
from hourline.infra.api_keys import Scope
from tests.api.firm import ApiFirm, time_entry
from tests.flow.credits import credit_invoice

pytestmark = pytest.mark.integration
PROJECT = "/v1/projects/P1/status"
ENTRY = "/v1/time-entries/psa/te-1"
CONTROLLER = (Scope.TIME_READ, Scope.BILLING_READ, Scope.RATES_READ)


def bill(firm: ApiFirm) -> Issued:
    issued = bill_contract(
        firm.database,
        firm.tenant,
        contract="C1",
        through=date(2026, 10, 31),
        invoice_date=date(2026, 10, 31),
    )
    assert isinstance(issued, Issued)
    return issued


def test_a_project_with_open_work_is_ready(firm: ApiFirm) -> None:
    firm.send_entries(time_entry(), time_entry(id="te-2", seconds=5400))

    status = firm.call("GET", PROJECT, *CONTROLLER).json()

    assert status["worked"] == {"seconds": 9000, "hours": "2.50"}
    assert status["approved"] == {
        "time": {"seconds": 9000, "hours": "2.50"},
        "amount": {"amount": "308.63", "currency": "USD"},
    }
    assert status["billed"] == {
        "time": {"seconds": 0, "hours": "0.00"},
        "amount": {"amount": "0.00", "currency": "USD"},
    }
    assert status["open"]["amount"] == {"amount": "308.63", "currency": "USD"}
    assert status["budget"] == {
        "time": {"seconds": 36000, "hours": "10.00"},
        "amount": {"amount": "1000.00", "currency": "USD"},
    }
    assert status["remaining"] == {
        "time": {"seconds": 27000, "hours": "7.50"},
        "amount": {"amount": "691.37", "currency": "USD"},
    }
    assert status["ready_to_bill"] is True
    assert status["reasons"] == []
    assert status["version"]["newest_entry"]["id"] == "te-2"
    assert status["version"]["change_no"] > 0


def test_what_waits_is_why_a_project_is_not_ready(firm: ApiFirm) -> None:
    firm.send_entries(
        time_entry(),
        time_entry(id="te-2", person="nobody"),
        time_entry(id="te-3", person="nobody"),
    )

    status = firm.call("GET", PROJECT, *CONTROLLER).json()

    assert status["ready_to_bill"] is False
    assert [[one["code"], one["entries"]] for one in status["reasons"]] == [
        ["person_not_known", 2]
    ]
    assert status["waiting"] == {
        "entries": 2,
        "time": {"seconds": 7200, "hours": "2.00"},
    }
    assert status["open"]["time"]["seconds"] == 3600


def test_a_billed_project_has_nothing_open(firm: ApiFirm) -> None:
    firm.send_entries(time_entry())
    bill(firm)

    status = firm.call("GET", PROJECT, *CONTROLLER).json()

    assert status["billed"] == {
        "time": {"seconds": 3600, "hours": "1.00"},
        "amount": {"amount": "123.45", "currency": "USD"},
    }
    assert status["open"]["time"]["seconds"] == 0
    assert status["ready_to_bill"] is False
    assert [one["code"] for one in status["reasons"]] == ["nothing_open"]


def test_credited_work_is_open_again(firm: ApiFirm) -> None:
    firm.send_entries(time_entry())
    issued = bill(firm)
    billed = firm.call("GET", ENTRY, *CONTROLLER).json()
    credit_invoice(
        firm.database,
        firm.tenant,
        document_no=issued.document_no,
        reason="wrong customer",
        actor="M. Ito",
        credit_date=date(2026, 10, 31),
    )

    entry = firm.call("GET", ENTRY, *CONTROLLER).json()
    status = firm.call("GET", PROJECT, *CONTROLLER).json()

    assert billed["state"] == "billed"
    assert entry["state"] == "open_to_bill"
    assert [one["kind"] for one in entry["documents"]] == ["invoice", "credit_note"]
    assert [one["net"]["amount"] for one in entry["documents"]] == ["123.45", "-123.45"]
    assert status["billed"]["amount"]["amount"] == "0.00"
    assert status["open"]["amount"]["amount"] == "123.45"
    assert status["ready_to_bill"] is True


def test_an_entry_shows_each_key_what_it_may_see(firm: ApiFirm) -> None:
    firm.send_entries(time_entry())
    bill(firm)

    viewer = firm.call("GET", ENTRY, Scope.TIME_READ)
    clerk = firm.call("GET", ENTRY, Scope.TIME_READ, Scope.BILLING_READ)
    controller = firm.call("GET", ENTRY, *CONTROLLER)

    assert controller.json()["portions"] == [
        {
            "fate": "billable",
            "seconds": 3600,
            "seconds_billed": 3600,
            "amount": {"amount": "123.45", "currency": "USD"},
            "bill_rate": {"amount": "123.45", "currency": "USD", "per_seconds": 3600},
        }
    ]
    assert controller.json()["cost"] == {"amount": "77.00", "currency": "USD"}
    assert "bill_rate" not in clerk.text
    assert "77.00" not in clerk.text
    assert clerk.json()["documents"][0]["net"]["amount"] == "123.45"
    assert "123.45" not in viewer.text
    assert "77.00" not in viewer.text
    project = firm.call("GET", PROJECT, Scope.TIME_READ)
    assert "123.45" not in project.text
    assert "amount" not in project.text


def test_an_expense_shows_its_cost_and_markup_to_those_who_may_know(
    firm: ApiFirm,
) -> None:
    spent = {"kind": "expense", "cost": "80.10", "currency": "USD"}
    firm.send_entries(time_entry(**spent, markup_percent=-2.5))
    bill(firm)

    viewer = firm.call("GET", ENTRY, Scope.TIME_READ)
    clerk = firm.call("GET", ENTRY, Scope.TIME_READ, Scope.BILLING_READ)
    controller = firm.call("GET", ENTRY, *CONTROLLER).json()

    assert controller["state"] == "billed"
    assert controller["worked"]["seconds"] == 0
    assert controller["expense"] == {
        "cost": {"amount": "80.10", "currency": "USD"},
        "markup_percent": "-2.5",
    }
    assert controller["documents"][0]["net"]["amount"] == "78.10"
    assert clerk.json()["expense"] == {}
    assert clerk.json()["portions"][0]["amount"]["amount"] == "78.10"
    assert "80.10" not in clerk.text + viewer.text
    assert "78.10" not in viewer.text


def test_an_expense_shows_its_tax_like_its_cost_and_its_receipt_to_all(
    firm: ApiFirm,
) -> None:
    spent = {"kind": "expense", "cost": "80.10", "currency": "USD"}
    firm.send_entries(time_entry(**spent, tax="13.35", receipt="scan-17"))

    viewer = firm.call("GET", ENTRY, Scope.TIME_READ).json()
    controller = firm.call("GET", ENTRY, *CONTROLLER).json()

    assert viewer["expense"] == {"receipt": "scan-17"}
    assert controller["cost"] == {"amount": "66.75", "currency": "USD"}
    assert controller["expense"] == {
        "cost": {"amount": "80.10", "currency": "USD"},
        "markup_percent": "0",
        "tax": {"amount": "13.35", "currency": "USD"},
        "recoverable": True,
        "recoverable_percent": "100",
        "receipt": "scan-17",
    }


def test_hours_are_no_expense(firm: ApiFirm) -> None:
    firm.send_entries(time_entry())

    assert firm.call("GET", ENTRY, *CONTROLLER).json()["expense"] is None


def test_a_recalled_entry_has_no_portions(firm: ApiFirm) -> None:
    firm.send_entries(time_entry())
    firm.send_entries(time_entry(status="recalled"))

    entry = firm.call("GET", ENTRY, *CONTROLLER).json()
    status = firm.call("GET", PROJECT, *CONTROLLER).json()

    assert entry["state"] == "recalled"
    assert entry["portions"] == []
    assert "cost" not in entry
    assert status["approved"]["time"]["seconds"] == 0


def test_an_entry_that_was_transferred_has_the_revision_of_its_source(
    firm: ApiFirm,
) -> None:
    firm.send_entries(time_entry())
    change_master(
        firm.database,
        firm.tenant,
        [MasterChange("project", "P2", fields={"contract_line": "C1.1"})],
        connection_no=firm.connection_no,
    )
    transfer_entry(
        firm.database,
        firm.tenant,
        EntryName("te-1"),
        Because(actor="M. Ito", reason="booked on the wrong project"),
        project="P2",
    )
    bill(firm)

    entry = firm.call("GET", ENTRY, *CONTROLLER).json()
    there = firm.call("GET", "/v1/projects/P2/status", *CONTROLLER).json()

    assert (entry["revision"], entry["project"]) == (1, "P2")
    assert [one["revision"] for one in entry["documents"]] == [1]
    assert there["version"]["newest_entry"]["revision"] == 1


def test_an_entry_names_its_parts_and_a_part_its_whole(firm: ApiFirm) -> None:
    firm.send_entries(time_entry())
    change_master(
        firm.database,
        firm.tenant,
        [MasterChange("project", "P2", fields={"contract_line": "C1.1"})],
        connection_no=firm.connection_no,
    )
    transfer_part(
        firm.database,
        firm.tenant,
        EntryName("te-1"),
        Because(actor="M. Ito", reason="an hour was for the other project"),
        part=PartWanted(project="P2", seconds=900),
    )

    whole = firm.call("GET", ENTRY, *CONTROLLER).json()
    part = firm.call("GET", f"{ENTRY}~1", *CONTROLLER).json()

    assert (whole["parts"], whole["part_of"]) == (["te-1~1"], None)
    assert (part["parts"], part["part_of"]) == ([], "te-1")
    assert (part["project"], part["worked"]["seconds"]) == ("P2", 900)


def test_a_project_that_is_not_there_is_not_found(firm: ApiFirm) -> None:
    reply = firm.call("GET", "/v1/projects/P%2F9/status", Scope.TIME_READ)

    assert reply.status_code == 404


def test_pages_of_exceptions_hold_every_item_once(firm: ApiFirm) -> None:
    firm.send_entries(*[time_entry(id=f"te-{n}", seconds=-1) for n in range(7)])
    path, seen, cursor = "/v1/exceptions?limit=3", [], ""

    while True:
        page = firm.call("GET", path + cursor, Scope.EXCEPTIONS_WORK).json()
        seen.append([item["subject"] for item in page["items"]])
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert [len(page) for page in seen] == [3, 3, 1]
    assert len({subject for page in seen for subject in page}) == 7


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=x",
        "cursor=x",
        "cursor=%C3%A9",
        "cursor=WzEsMl0",
        "queue=nothing",
        "code=nothing",
        "status=closed",
    ],
)
def test_a_list_with_wrong_parameters_is_refused(firm: ApiFirm, query: str) -> None:
    reply = firm.call("GET", f"/v1/exceptions?{query}", Scope.EXCEPTIONS_WORK)

    assert reply.status_code == 422
    assert reply.json()["findings"][0]["code"] == "parameter_invalid"


def test_exceptions_are_found_by_queue_and_code(firm: ApiFirm) -> None:
    firm.send_entries(time_entry(seconds=-1))

    found = [
        firm.call("GET", f"/v1/exceptions?{query}", Scope.EXCEPTIONS_WORK).json()
        for query in (
            "queue=approval",
            "queue=tax",
            "code=duration_out_of_range",
            "status=resolved",
        )
    ]

    assert [len(page["items"]) for page in found] == [1, 0, 1, 0]
