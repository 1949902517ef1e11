"""Programs report payments once, and read what is due; refusals wait for a person."""

import json
from datetime import date
from typing import Any

import pytest
from httpx import Response

from hourline import flow
from hourline.exceptions.store import list_items
from hourline.infra.api_keys import Scope
from tests.api.firm import ApiFirm, codes, new_key, time_entry

pytestmark = pytest.mark.integration
DUE = "/v1/documents/US1-000001/due"


@pytest.fixture
def billed(firm: ApiFirm) -> ApiFirm:
    """Give a firm with an invoice of 123.45 USD."""
    firm.send_entries(time_entry())
    flow.bill_contract(
        firm.database,
        firm.tenant,
        contract="C1",
        through=date(2026, 10, 31),
        invoice_date=date(2026, 10, 31),
    )
    return firm


def pay(
    firm: ApiFirm, *more: Scope, key: str | None = None, **changes: object
) -> Response:
    said: dict[str, object] = {
        "number": "US1-000001",
        "date": "2026-11-10",
        "amount": "23.45",
        "currency": "USD",
        "reference": "bank-1",
    }
    return firm.call(
        "POST",
        "/v1/payments",
        Scope.PAYMENTS_WRITE,
        *more,
        content=json.dumps({**said, **changes}),
        headers={"Idempotency-Key": key or new_key()},
    )


def waiting(firm: ApiFirm) -> list[tuple[str, str]]:
    with firm.database.tenant(firm.tenant) as session:
        return [(one.code, one.subject_key) for one in list_items(session)]


def test_a_payment_is_recorded_once_whatever_the_key(billed: ApiFirm) -> None:
    first = pay(billed, Scope.BILLING_READ, key="k-1")
    replayed = pay(billed, Scope.BILLING_READ, key="k-1")
    again = pay(billed, amount=23.45)

    assert first.status_code == 200
    assert first.json() == replayed.json()
    assert replayed.headers["Idempotency-Replayed"] == "true"
    assert first.json() == {
        "number": "US1-000001",
        "reference": "bank-1",
        "outcome": "recorded",
        "due": {"amount": "100.00", "currency": "USD"},
    }
    assert again.json() == {
        "number": "US1-000001",
        "reference": "bank-1",
        "outcome": "known_before",
    }


def test_what_is_due_is_told_with_the_payments(billed: ApiFirm) -> None:
    pay(billed)

    told = billed.call("GET", DUE, Scope.BILLING_READ).json()

    [payment] = told.pop("payments")
    assert payment.pop("recorded_at")
    assert payment == {
        "reference": "bank-1",
        "date": "2026-11-10",
        "amount": {"amount": "23.45", "currency": "USD"},
    }
    amounts = {
        name: value["amount"] for name, value in told.items() if isinstance(value, dict)
    }
    assert amounts == {
        "total": "123.45",
        "credited": "0.00",
        "drawn": "0.00",
        "paid": "23.45",
        "written_off": "0.00",
        "retained": "0.00",
        "due": "100.00",
    }
    assert (told["number"], told["kind"], told["dated"]) == (
        "US1-000001",
        "invoice",
        "2026-10-31",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "US1-000009"}, "payment_refused"),
        ({"currency": "EUR"}, "payment_refused"),
        ({"amount": 0}, "payment_refused"),
        ({"amount": "-1"}, "payment_refused"),
        ({"amount": "1e999999"}, "payment_refused"),
        ({"date": "9999-12-31"}, "payment_refused"),
    ],
)
def test_what_is_no_payment_is_refused_and_waits_and_its_key_is_free(
    billed: ApiFirm, changes: dict[str, object], code: str
) -> None:
    refused = pay(billed, key="k-1", **changes)
    number = changes.get("number", "US1-000001")
    there = waiting(billed)
    corrected = pay(billed, key="k-1")

    assert (refused.status_code, codes(refused)) == (422, [code])
    assert there == [(code, f"{number}/bank-1")]
    assert corrected.json()["outcome"] == "recorded"
    # What was reported right is answered; another number is another question.
    assert waiting(billed) == (there if "number" in changes else [])


def test_other_content_under_a_known_reference_is_a_conflict(billed: ApiFirm) -> None:
    pay(billed)

    other = pay(billed, amount="24.00")

    assert (other.status_code, codes(other)) == (422, ["conflicting_duplicate"])
    assert waiting(billed) == [("conflicting_duplicate", "US1-000001/bank-1")]
    assert (
        billed.call("GET", DUE, Scope.BILLING_READ).json()["paid"]["amount"] == "23.45"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": ""},
        {"reference": "a\nb"},
        {"number": "x" * 301},
        {"amount": "many"},
        {"date": "31.10.2026"},
        {"payer": "ADATUM"},
    ],
)
def test_a_body_of_another_shape_is_refused_and_nothing_waits(
    billed: ApiFirm, changes: dict[str, Any]
) -> None:
    refused = pay(billed, **changes)

    assert (refused.status_code, codes(refused)) == (422, ["field_invalid"])
    assert waiting(billed) == []


def test_each_operation_needs_its_own_scope_and_a_number_that_is_there(
    billed: ApiFirm,
) -> None:
    reading = billed.call("GET", DUE, Scope.PAYMENTS_WRITE)
    writing = billed.call("POST", "/v1/payments", Scope.BILLING_READ, content="{}")
    unknown = billed.call("GET", "/v1/documents/US1-9/due", Scope.BILLING_READ)

    statuses = [one.status_code for one in (reading, writing, unknown)]
    assert statuses == [403, 403, 404]
