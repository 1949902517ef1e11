"""What all sandbox servers have in common: tokens, limits, pages and faults."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from hourline.connectors.sandbox.admin import (
    LeverRefused,
    Sandbox,
    fault_counts,
    kill_sandbox,
    read_books,
    release,
    set_fault,
    set_rate_limit,
    start_sandbox,
    stop_sandbox,
)
from hourline.connectors.sdk.egress import HttpReply, HttpRequest, Unknown
from hourline.connectors.sdk.http import UnknownReason
from tests.connectors.sandbox.running import caller, document, stranger

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("vendor", "path"),
    [
        ("psa", "/api/projects"),
        ("crm", "/api/customers"),
        ("hcm", "/api/employees"),
        ("billing", "/api/invoices"),
        ("atlas", "/api/accounts"),
        ("borealis", "/api/accounts"),
    ],
)
def test_without_a_token_nothing_is_answered(
    sandbox: Sandbox, vendor: str, path: str
) -> None:
    status, content = stranger(sandbox.servers[vendor]).reply("GET", path)

    assert (status, content["code"]) == (401, "token_invalid")


def test_a_wrong_secret_gets_no_token(sandbox: Sandbox) -> None:
    status, content = stranger(sandbox.servers["crm"]).reply(
        "POST", "/oauth/token", {}, Authorization="Basic aG91cmxpbmU6d3Jvbmc="
    )

    assert (status, content) == (401, {"error": "invalid_client"})


def test_a_token_expires_and_is_renewed(tmp_path: Path) -> None:
    sandbox = start_sandbox(
        tmp_path / "state", tmp_path / "ports.json", options=("--token-seconds", "1")
    )
    try:
        crm = caller(sandbox.servers["crm"])
        first = crm.send("GET", "/api/customers")
        time.sleep(1.1)
        second = crm.send("GET", "/api/customers")
    finally:
        stop_sandbox(sandbox)

    assert isinstance(first, HttpReply)
    assert isinstance(second, HttpReply)
    assert (first.status, second.status) == (200, 200)


def test_pages_follow_one_another_without_gap_or_overlap(sandbox: Sandbox) -> None:
    hcm = caller(sandbox.servers["hcm"])

    employees = hcm.all_items("/api/employees", limit=7)

    numbers = [employee["employee_number"] for employee in employees]
    assert numbers == [f"E-{number}" for number in range(1001, 1061)]


def test_a_cursor_at_the_end_stays_where_it_is(sandbox: Sandbox) -> None:
    crm = caller(sandbox.servers["crm"])

    status, found = crm.reply("GET", "/api/customers?cursor=22")

    assert status == 200
    assert found == {"items": [], "next_cursor": "22", "has_more": False}


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "cursor=-1"])
def test_a_page_that_cannot_be_is_refused(sandbox: Sandbox, query: str) -> None:
    status, _ = caller(sandbox.servers["crm"]).reply("GET", f"/api/customers?{query}")

    assert status == 400


def test_too_many_calls_are_told_when_to_come_back(sandbox: Sandbox) -> None:
    vendor = sandbox.servers["crm"]
    crm = caller(vendor)
    set_rate_limit(vendor, per_second=1, burst=2)

    outcomes = [crm.send("GET", "/api/customers?limit=1") for _ in range(4)]
    set_rate_limit(vendor, per_second=500, burst=500)

    replies = [o for o in outcomes if isinstance(o, HttpReply)]
    assert [r.status for r in replies] == [200, 200, 429, 429]
    assert [r.retry_after_seconds for r in replies] == [None, None, 1, 1]


@pytest.mark.parametrize(
    ("fault", "outcome", "booked"),
    [
        ("rate_limit_429", 429, False),
        ("error_500_before", 500, False),
        ("error_500_after", 500, True),
        ("timeout_before_effect", UnknownReason.CONNECTION_LOST, False),
        ("timeout_after_effect", UnknownReason.CONNECTION_LOST, True),
        ("truncated_body", UnknownReason.BODY_CUT, True),
        ("token_expired", 201, True),
        ("slow", 201, True),
    ],
)
def test_a_fault_bites_once_on_its_side_of_the_effect(
    sandbox: Sandbox, *, fault: str, outcome: int | UnknownReason, booked: bool
) -> None:
    vendor = sandbox.servers["atlas"]
    atlas = caller(vendor)
    bitten = fault_counts(vendor).get("create_document", {}).get(fault, 0)
    set_fault(vendor, "create_document", fault, times=1)

    found = atlas.send("POST", "/api/documents", document(f"fault-{fault}"))

    seen = found.status if isinstance(found, HttpReply) else None
    assert (found.reason if isinstance(found, Unknown) else seen) == outcome
    held = [d for d in read_books(vendor) if d["external_id"] == f"fault-{fault}"]
    assert len(held) == booked
    assert fault_counts(vendor)["create_document"][fault] == bitten + 1
    again = atlas.send("POST", "/api/documents", document(f"fault-{fault}"))
    assert isinstance(again, HttpReply)
    assert again.status == (409 if booked else 201)


def test_an_effect_can_come_after_the_client_has_given_up(sandbox: Sandbox) -> None:
    vendor = sandbox.servers["atlas"]
    set_fault(
        vendor,
        "create_document",
        "timeout_after_effect",
        times=1,
        delay_milliseconds=600,
    )
    request = HttpRequest.with_json(
        "POST",
        f"{vendor.url}/api/documents",
        document("late-effect"),
        deadline=timedelta(milliseconds=300),
    )

    outcome = vendor.egress().send(request)
    before = [d for d in read_books(vendor) if d["external_id"] == "late-effect"]
    time.sleep(0.6)
    after = [d for d in read_books(vendor) if d["external_id"] == "late-effect"]

    assert outcome == Unknown(UnknownReason.DEADLINE)
    assert (len(before), len(after)) == (0, 1)


def test_a_fault_can_bite_every_third_call(sandbox: Sandbox) -> None:
    vendor = sandbox.servers["hcm"]
    hcm = caller(vendor)
    set_fault(vendor, "list_leave", "error_500_before", every_nth=3)

    statuses = [hcm.reply("GET", "/api/leave")[0] for _ in range(6)]

    assert statuses == [200, 200, 500, 200, 200, 500]


def test_a_seed_shifts_which_call_is_bitten(sandbox: Sandbox) -> None:
    vendor = sandbox.servers["hcm"]
    hcm = caller(vendor)
    set_fault(vendor, "list_leave", "error_500_before", every_nth=3, seed=4)

    statuses = [hcm.reply("GET", "/api/leave")[0] for _ in range(6)]

    assert statuses == [500, 200, 200, 500, 200, 200]


def test_the_token_endpoint_can_fail_too(sandbox: Sandbox) -> None:
    vendor = sandbox.servers["borealis"]
    set_fault(vendor, "token", "error_500_before", times=1)

    refused = caller(vendor).send("GET", "/api/entities")
    status, _ = caller(vendor).reply("GET", "/api/entities")

    assert not isinstance(refused, HttpReply)
    assert status == 200


@pytest.mark.parametrize(
    "details",
    [{}, {"times": 1, "every_nth": 2}, {"times": 0}, {"times": 1, "seed": 1}],
)
def test_a_fault_that_would_do_nothing_is_refused(
    sandbox: Sandbox, details: dict[str, int]
) -> None:
    with pytest.raises(LeverRefused, match="bad_fault"):
        set_fault(sandbox.servers["crm"], "list_customers", "slow", **details)


def test_a_fault_of_an_unknown_operation_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(LeverRefused, match="list_customers"):
        set_fault(sandbox.servers["crm"], "list_clients", "slow", times=1)


def test_a_body_that_is_not_json_is_refused(sandbox: Sandbox) -> None:
    vendor = sandbox.servers["atlas"]
    request = HttpRequest(
        method="POST", url=f"{vendor.url}/api/documents", body=b"<invoice/>"
    )

    reply = vendor.egress().send(request)

    assert isinstance(reply, HttpReply)
    assert (reply.status, reply.json()["code"]) == (400, "bad_json")


def test_a_killed_sandbox_comes_back_at_its_ports_with_its_books(
    tmp_path: Path,
) -> None:
    state_dir, ports_file = tmp_path / "state", tmp_path / "ports.json"
    first = start_sandbox(state_dir, ports_file)
    caller(first.servers["atlas"]).reply("POST", "/api/documents", document("kept"))
    release(first.servers["psa"], "recalls")
    kill_sandbox(first)
    second = start_sandbox(state_dir, ports_file)
    try:
        books = read_books(second.servers["atlas"])
        status, found = caller(second.servers["atlas"]).reply(
            "POST", "/api/documents", document("kept")
        )
        feed = caller(second.servers["psa"]).all_items("/api/time-entries")
    finally:
        assert stop_sandbox(second) == 0

    assert first.servers == second.servers
    assert [d["external_id"] for d in books] == ["kept"]
    assert (status, found["id"]) == (409, "AT-000001")
    assert [entry["status"] for entry in feed[-8:]] == ["recalled"] * 8


def test_another_firm_does_not_get_the_books_of_the_first(tmp_path: Path) -> None:
    state_dir, ports_file = tmp_path / "state", tmp_path / "ports.json"
    stop_sandbox(start_sandbox(state_dir, ports_file))

    with pytest.raises(Exception, match="belongs to the firm of seed 2026"):
        start_sandbox(state_dir, ports_file, options=("--seed", "1"))


def test_the_ports_file_is_for_its_owner_only(
    tmp_path: Path,
) -> None:
    ports_file = tmp_path / "ports.json"
    stop_sandbox(start_sandbox(tmp_path / "state", ports_file))

    assert ports_file.stat().st_mode & 0o777 == 0o600
