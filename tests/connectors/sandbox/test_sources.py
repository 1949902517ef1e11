"""What the PSA, the CRM and the HCM tell, and how their ids belong together."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from hourline.connectors.sandbox.admin import Sandbox, release, send_webhooks
from hourline.connectors.sandbox.firm import build_firm
from tests.connectors.sandbox.running import caller, quoted

pytestmark = pytest.mark.integration

WEBHOOK_SECRET = "whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC0xMjM0"


@dataclass
class Receiver:
    """Keep the webhooks that came in with a right signature."""

    url: str = ""
    refuse: int = 0
    received: list[tuple[str, Any]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    lock = threading.Lock()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # lint-skip: names - the name that http.server calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            content = Webhook(WEBHOOK_SECRET).verify(body, dict(self.headers))
            with lock:
                refused = found.refuse > 0
                found.refuse -= refused
                if not refused:
                    found.received.append((self.headers["webhook-id"], content))
            self.send_response(503 if refused else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    found.url = f"http://127.0.0.1:{server.server_port}/webhooks"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_feed_holds_polled_time_of_every_status_oldest_first(
    sandbox: Sandbox,
) -> None:
    entries = caller(sandbox.servers["psa"]).all_items("/api/time-entries")

    first = [entry for entry in entries if entry["revision"] == 1]
    repeated = len(build_firm().time.repeated["poll"])
    assert len(first) == 1200 + repeated + 55
    assert [e["updated_at"] for e in first] == sorted(e["updated_at"] for e in first)
    counts = [sum(e["status"] == s for e in first) for s in ("submitted", "rejected")]
    assert counts == [40, 15]


def test_changes_since_a_moment_can_be_asked_for(sandbox: Sandbox) -> None:
    psa = caller(sandbox.servers["psa"])

    late = psa.all_items("/api/time-entries?updated_since=2026-11-02T09:00:00%2B01:00")
    status, content = psa.reply("GET", "/api/time-entries?updated_since=yesterday")

    assert late
    assert min(entry["updated_at"] for entry in late) >= "2026-11-02T08:00:00Z"
    assert (status, content["code"]) == (400, "bad_updated_since")


def test_what_comes_late_appears_once_at_the_end_of_the_feed(sandbox: Sandbox) -> None:
    psa_place = sandbox.servers["psa"]
    psa = caller(psa_place)
    projects_before = psa.all_items("/api/projects")
    assignments_before = psa.all_items("/api/assignments")
    _, cursor = psa.reply("GET", "/api/time-entries?limit=500&cursor=1200")
    seen = len(psa.all_items("/api/time-entries"))

    for what in ("late_projects", "corrections", "recalls", "corrections"):
        release(psa_place, what)
    _, found = psa.reply("GET", f"/api/time-entries?cursor={seen}&limit=500")

    assert cursor["has_more"] is False
    assert [e["status"] for e in found["items"]] == ["approved"] * 60 + ["recalled"] * 8
    assert {e["revision"] for e in found["items"]} == {2}
    projects = psa.all_items("/api/projects")
    assert [p["id"] for p in projects[len(projects_before) :]] == ["p-41", "p-42"]
    assert len(psa.all_items("/api/assignments")) > len(assignments_before)
    corrected = found["items"][0]
    assert psa.reply("GET", f"/api/time-entries/{quoted(corrected['id'])}") == (
        200,
        corrected,
    )


def test_billing_is_written_back_to_ids_with_odd_characters(sandbox: Sandbox) -> None:
    psa = caller(sandbox.servers["psa"])
    entries = [e for e in build_firm().approved_entries() if not e.id.startswith("TE-")]
    statement = {
        "invoice_number": "US1-IN-2026-000001",
        "status": "billed",
        "amount": "412.5",
        "currency": "USD",
    }

    for number, entry in enumerate(entries):
        path = f"/api/time-entries/{quoted(entry.id)}/billing"
        assert psa.reply("GET", path)[0] == 404
        status, _ = psa.reply("PATCH", path, statement, Idempotency_Key=f"odd-{number}")
        assert status == 200
        _, found = psa.reply("GET", path)
        assert (found["time_entry"], found["amount"]) == (entry.id, "412.50")

    assert len(entries) == 20


def test_a_repeated_write_back_is_taken_once_and_a_changed_one_refused(
    sandbox: Sandbox,
) -> None:
    psa = caller(sandbox.servers["psa"])
    path = "/api/time-entries/TE-2610-01000/billing"
    statement = {
        "invoice_number": "N-1",
        "status": "billed",
        "amount": "10.00",
        "currency": "USD",
    }

    first = psa.reply("PATCH", path, statement, Idempotency_Key="W1")
    again = psa.reply("PATCH", path, statement, Idempotency_Key="W1")
    changed = psa.reply(
        "PATCH", path, {**statement, "amount": "11.00"}, Idempotency_Key="W1"
    )
    credited = {**statement, "status": "credited"}
    psa.reply("PATCH", path, credited, Idempotency_Key="W2")

    assert first == again
    assert (changed[0], changed[1]["code"]) == (422, "idempotency_key_reused")
    assert psa.reply("GET", path)[1]["status"] == "credited"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": 10}, "bad_amount"),
        ({"amount": None}, "bad_amount"),
        ({"invoice_number": ""}, "field_missing"),
        ({"currency": "US"}, "bad_currency"),
    ],
)
def test_a_write_back_that_says_nothing_clear_is_refused(
    sandbox: Sandbox, changed: dict[str, object], code: str
) -> None:
    statement = {
        "invoice_number": "N-1",
        "status": "billed",
        "amount": "10.00",
        "currency": "USD",
        **changed,
    }

    status, content = caller(sandbox.servers["psa"]).reply(
        "PATCH", "/api/time-entries/TE-2610-01001/billing", statement
    )

    assert (status, content["code"]) == (422, code)


def test_webhooks_arrive_signed_and_failed_ones_come_again(sandbox: Sandbox) -> None:
    psa_place = sandbox.servers["psa"]
    repeated = len(build_firm().time.repeated["webhook"])
    deliveries = 300 + repeated + 20
    with receiver() as found:
        found.refuse = 5
        subscribed = caller(psa_place).reply(
            "POST",
            "/api/webhook-subscriptions",
            {"url": found.url, "secret": WEBHOOK_SECRET},
        )
        first = send_webhooks(psa_place)
        second = send_webhooks(psa_place)
        third = send_webhooks(psa_place)
        everything = send_webhooks(psa_place, repeat=True)

    assert subscribed == (201, {"url": found.url})
    assert (first["delivered"], first["failed"]) == (deliveries - 5, 5)
    assert (second["delivered"], second["failed"]) == (5, 0)
    assert (third["delivered"], third["failed"]) == (0, 0)
    assert everything["delivered"] == deliveries
    assert len({delivery_id for delivery_id, _ in found.received}) == 300 + repeated
    assert {content["type"] for _, content in found.received} == {"time_entry.approved"}
    assert json.dumps(found.received[0][1]["data"]["seconds"]).isdigit()


@pytest.mark.parametrize(
    ("url", "secret", "code"),
    [
        ("http://192.0.2.1/x", WEBHOOK_SECRET, "bad_url"),
        ("https://127.0.0.1/x", WEBHOOK_SECRET, "bad_url"),
        ("http://127.0.0.1/x", "whsec_!", "bad_secret"),
    ],
)
def test_a_subscription_that_cannot_work_is_refused(
    sandbox: Sandbox, url: str, secret: str, code: str
) -> None:
    status, content = caller(sandbox.servers["psa"]).reply(
        "POST", "/api/webhook-subscriptions", {"url": url, "secret": secret}
    )

    assert (status, content["code"]) == (422, code)


def test_the_ids_of_all_systems_lead_to_one_another(sandbox: Sandbox) -> None:
    servers = {name: caller(vendor) for name, vendor in sandbox.servers.items()}
    resources = servers["psa"].all_items("/api/resources")
    projects = servers["psa"].all_items("/api/projects")
    contracts = servers["crm"].all_items("/api/contracts")
    customers = servers["crm"].all_items("/api/customers")
    employees = servers["hcm"].all_items("/api/employees")

    numbers = {employee["employee_number"] for employee in employees}
    lines = {line["id"] for contract in contracts for line in contract["lines"]}
    assert {resource["employee_number"] for resource in resources} == numbers
    assert {project["contract_line"] for project in projects} <= lines
    assert {c["customer"] for c in contracts} == {c["id"] for c in customers}
    assert not {r["id"] for r in resources} & numbers


def test_prices_and_costs_travel_as_decimal_strings(sandbox: Sandbox) -> None:
    contracts = caller(sandbox.servers["crm"]).all_items("/api/contracts")
    cost_rates = caller(sandbox.servers["hcm"]).all_items("/api/cost-rates")

    fixed = [c for c in contracts if c["lines"][0]["method"] == "fixed_price"]
    assert len(fixed) == 5
    for contract in fixed:
        line = contract["lines"][0]
        cents = [int(m["amount"].replace(".", "")) for m in line["milestones"]]
        assert len(cents) == 3
        assert sum(cents) == int(line["price"].replace(".", ""))
    assert all(rate["rate_per_hour"][-3] == "." for rate in cost_rates)


def test_the_organisation_calendars_and_leave_are_told(sandbox: Sandbox) -> None:
    hcm = caller(sandbox.servers["hcm"])

    status, organisation = hcm.reply("GET", "/api/organisation")

    assert status == 200
    assert [e["id"] for e in organisation["entities"]] == ["US1", "GB1", "DE1"]
    assert len(organisation["cost_centres"]) == 6
    assert len(hcm.all_items("/api/calendars")) == 6
    assert hcm.all_items("/api/leave")


def test_contracts_can_be_asked_for_by_customer(sandbox: Sandbox) -> None:
    crm = caller(sandbox.servers["crm"])
    first = crm.all_items("/api/customers")[0]["id"]

    contracts = crm.all_items(f"/api/contracts?customer={first}")

    assert [contract["customer"] for contract in contracts] == [first, first]
