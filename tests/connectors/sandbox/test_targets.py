"""How each target keeps, or fails to keep, a repeated document out of its books."""

from typing import Any

import pytest

from hourline.connectors.sandbox.admin import Sandbox, read_books, set_fault, set_period
from hourline.connectors.sdk.egress import Unknown
from tests.connectors.sandbox.running import INVOICE_LINES, bill, caller, document

pytestmark = pytest.mark.integration


def booked(sandbox: Sandbox, vendor: str, reference: str) -> list[dict[str, Any]]:
    return [
        held
        for held in read_books(sandbox.servers[vendor])
        if reference
        in {
            held.get("external_reference"),
            held.get("external_id"),
            held.get("marker"),
        }
    ]


def test_billing_answers_a_known_key_by_its_stored_reply(sandbox: Sandbox) -> None:
    billing = caller(sandbox.servers["billing"])

    first = billing.reply("POST", "/api/invoices", bill("A1"), Idempotency_Key="A1")
    second = billing.reply("POST", "/api/invoices", bill("A1"), Idempotency_Key="A1")

    assert first == second
    assert first[0] == 201
    assert len(booked(sandbox, "billing", "A1")) == 1


def test_billing_refuses_a_known_key_with_another_body(sandbox: Sandbox) -> None:
    billing = caller(sandbox.servers["billing"])
    billing.reply("POST", "/api/invoices", bill("A2"), Idempotency_Key="A2")

    status, content = billing.reply(
        "POST", "/api/invoices", bill("A2", date="2026-10-30"), Idempotency_Key="A2"
    )

    assert (status, content["code"]) == (422, "idempotency_key_reused")


def test_billing_without_a_key_bills_twice(sandbox: Sandbox) -> None:
    billing = caller(sandbox.servers["billing"])
    billing.reply("POST", "/api/invoices", bill("A3"))
    billing.reply("POST", "/api/invoices", bill("A3"))

    status, found = billing.reply("GET", "/api/invoices?external_reference=A3")

    assert (status, len(found["items"])) == (200, 2)
    first, second = (int(i["number"].rpartition("-")[2]) for i in found["items"])
    assert second == first + 1


def test_a_lost_reply_of_billing_is_found_by_the_same_key(sandbox: Sandbox) -> None:
    vendor = sandbox.servers["billing"]
    billing = caller(vendor)
    set_fault(vendor, "create_invoice", "timeout_after_effect", times=1)

    lost = billing.send("POST", "/api/invoices", bill("A4"), Idempotency_Key="A4")
    status, found = billing.reply(
        "POST", "/api/invoices", bill("A4"), Idempotency_Key="A4"
    )

    assert isinstance(lost, Unknown)
    assert (status, found["external_reference"]) == (201, "A4")
    assert len(booked(sandbox, "billing", "A4")) == 1


def test_billing_takes_any_currency_of_the_firm(sandbox: Sandbox) -> None:
    billing = caller(sandbox.servers["billing"])

    status, content = billing.reply(
        "POST", "/api/invoices", bill("A6", currency="EUR"), Idempotency_Key="A6"
    )

    assert (status, content["entity"], content["currency"]) == (201, "GB1", "EUR")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"net": "1600.00"}, "sums_differ"),
        ({"total": "1"}, "sums_differ"),
        ({"currency": "JPY"}, "wrong_currency"),
        ({"entity": "FR1"}, "unknown_entity"),
        ({"customer": "somebody"}, "unknown_customer"),
        ({"net": 1600}, "bad_amount"),
        ({"net": "1600.101"}, "bad_amount"),
        ({"lines": []}, "no_lines"),
        ({"date": "31.10.2026"}, "bad_date"),
    ],
)
def test_billing_refuses_what_does_not_add_up(
    sandbox: Sandbox, changed: dict[str, object], code: str
) -> None:
    billing = caller(sandbox.servers["billing"])

    status, content = billing.reply("POST", "/api/invoices", bill("A5", **changed))

    assert (status, content["code"]) == (422, code)
    assert booked(sandbox, "billing", "A5") == []


def test_a_credit_note_is_never_more_than_is_left_of_its_invoice(
    sandbox: Sandbox,
) -> None:
    billing = caller(sandbox.servers["billing"])
    _, invoice = billing.reply("POST", "/api/invoices", bill("A6"))
    lines = [{"description": "October", "net": "-1000.10"}]
    note = bill(
        "A6-CN",
        invoice=invoice["number"],
        lines=lines,
        net="-1000.10",
        tax="-200.02",
        total="-1200.12",
    )

    first = billing.reply("POST", "/api/credit-notes", note, Idempotency_Key="A6-CN")
    status, content = billing.reply("POST", "/api/credit-notes", note)
    _, found = billing.reply("GET", f"/api/credit-notes/{first[1]['id']}")

    assert first[0] == 201
    assert (status, content["code"]) == (422, "credit_exceeds_invoice")
    assert found == first[1]


def test_atlas_takes_an_external_id_once(sandbox: Sandbox) -> None:
    atlas = caller(sandbox.servers["atlas"])

    first, made = atlas.reply("POST", "/api/documents", document("B1"))
    second, content = atlas.reply("POST", "/api/documents", document("B1"))
    _, found = atlas.reply("GET", "/api/documents?external_id=B1")

    assert (first, second) == (201, 409)
    assert (content["code"], content["id"]) == ("external_id_exists", made["id"])
    assert [d["id"] for d in found["items"]] == [made["id"]]
    assert made["status"] == "posted"


@pytest.mark.parametrize("vendor", ["atlas", "borealis"])
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "receipt"}, "unknown_kind"),
        ({"entity": "FR1"}, "unknown_entity"),
        ({"currency": "EUR"}, "wrong_currency"),
        ({"date": "2026-09-30"}, "period_closed"),
        ({"date": "2031-01-01"}, "unknown_period"),
        ({"lines": INVOICE_LINES[:1]}, "unbalanced"),
        (
            {"lines": [INVOICE_LINES[0], {"account": "9999", "credit": "1600.00"}]},
            "unknown_account",
        ),
        (
            {"lines": [{"account": "1200", "debit": "5", "credit": "5"}]},
            "bad_line",
        ),
    ],
)
def test_an_erp_refuses_what_its_ledger_cannot_take(
    sandbox: Sandbox, vendor: str, changed: dict[str, object], code: str
) -> None:
    erp = caller(sandbox.servers[vendor])

    status, content = erp.reply("POST", "/api/documents", document("B2", **changed))

    assert (status, content["code"]) == (422, code)
    assert booked(sandbox, vendor, "B2") == []


def test_borealis_takes_a_marker_twice_and_posts_one_draft_once(
    sandbox: Sandbox,
) -> None:
    erp = caller(sandbox.servers["borealis"])
    _, first = erp.reply("POST", "/api/documents", document("D1"))
    _, second = erp.reply("POST", "/api/documents", document("D1"))

    posted = erp.reply("POST", f"/api/documents/{first['id']}/post")
    again = erp.reply("POST", f"/api/documents/{first['id']}/post")
    swept = erp.reply("DELETE", f"/api/documents/{second['id']}")
    kept = erp.reply("DELETE", f"/api/documents/{first['id']}")
    _, found = erp.reply("GET", "/api/documents?marker=D1")

    assert (first["status"], first["number"]) == ("draft", None)
    assert posted[1]["number"].startswith("US1-INV-")
    assert again == posted
    assert (swept[0], kept[0]) == (200, 409)
    assert [(d["id"], d["status"]) for d in found["items"]] == [(first["id"], "posted")]


def test_a_closed_period_keeps_a_draft_from_being_posted(sandbox: Sandbox) -> None:
    vendor = sandbox.servers["borealis"]
    erp = caller(vendor)
    lines = [
        {"account": "120000", "debit": "10.00"},
        {"account": "400000", "credit": "10.00"},
    ]
    _, draft = erp.reply(
        "POST",
        "/api/documents",
        document("D2", entity="DE1", currency="EUR", date="2026-11-02", lines=lines),
    )

    set_period(vendor, entity="DE1", period="2026-11", status="closed")
    refused = erp.reply("POST", f"/api/documents/{draft['id']}/post")
    set_period(vendor, entity="DE1", period="2026-11", status="open")
    posted = erp.reply("POST", f"/api/documents/{draft['id']}/post")

    assert (refused[0], refused[1]["code"]) == (422, "period_closed")
    assert (posted[0], posted[1]["status"]) == (200, "posted")


def test_ledger_totals_hold_what_is_posted_and_no_drafts(sandbox: Sandbox) -> None:
    erp = caller(sandbox.servers["borealis"])
    lines = [
        {"account": "15000", "debit": "0.30"},
        {"account": "79000", "credit": "0.10"},
        {"account": "79000", "credit": "0.20"},
    ]
    journal = document("D3", kind="journal", entity="GB1", currency="GBP", lines=lines)
    _, draft = erp.reply("POST", "/api/documents", journal)
    erp.reply("POST", "/api/documents", journal)
    erp.reply("POST", f"/api/documents/{draft['id']}/post")

    totals = erp.all_items("/api/ledger/totals?entity=GB1&account=79000&period=2026-10")

    assert totals == [
        {
            "entity": "GB1",
            "period": "2026-10",
            "currency": "GBP",
            "account": "79000",
            "debit": "0.00",
            "credit": "0.30",
        }
    ]


def test_an_erp_states_its_master_data(sandbox: Sandbox) -> None:
    atlas = caller(sandbox.servers["atlas"])

    accounts = atlas.all_items("/api/accounts")
    codes = atlas.all_items("/api/tax-codes")
    periods = atlas.all_items("/api/periods")
    entities = atlas.all_items("/api/entities")

    assert len(accounts) == 87
    assert [e["currency"] for e in entities] == ["USD", "GBP", "EUR"]
    assert {"country": "DE", "code": "AE", "rate_percent": "0"} in codes
    assert {"entity": "GB1", "period": "2026-09", "status": "closed"} in periods
