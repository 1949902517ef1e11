"""Carry a simulated firm's month from its systems to invoices, journals and ERPs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from hourline import flow
from hourline.billing.model import Issued
from hourline.connectors.sandbox.admin import VendorPlace, release, send_webhooks
from hourline.connectors.sandbox.deliveries import (
    batch_deliveries,
    event_deliveries,
    json_bytes,
)
from hourline.connectors.sandbox.files import card_statement, drop_files
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sdk.http import HttpReply, HttpRequest
from hourline.demo.client import ApiClient
from hourline.demo.progress import Steps
from hourline.demo.systems import DemoStuck, Systems
from hourline.infra.database import Database
from hourline.infra.jobs import enqueue
from hourline.infra.json import decode_json
from hourline.infra.queries import load_queries
from hourline.intake.file import SourceFile

QUERIES = load_queries(__package__)
_CARDS = "company-cards-2026-10.csv"
MONTH_END = date(2026, 10, 31)
PSA, EXPENSES = "psa", "expenses"
_WORKER_SECONDS_MAX = 120
_PAUSE_SECONDS = 0.2
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Firmwide:
    """Hold what the month's steps work on."""

    database: Database
    tenant: int
    slug: str
    firm: Firm
    systems: Systems
    api: ApiClient
    psa_no: int
    expenses_no: int
    sync: Callable[[], int]
    poll: Callable[[], int]

    @property
    def psa(self) -> VendorPlace:
        """Return where the PSA is."""
        return self.systems.places()[PSA]


def deliver_by_webhook(wide: Firmwide, steps: Steps, *, secret: str) -> None:
    """Let the PSA send its signed webhooks, the first twenty of them twice."""

    def send() -> int:
        url = f"{wide.systems.api_url}/v1/webhooks/{wide.slug}/{PSA}"
        content = {"url": url, "secret": secret}
        request = HttpRequest.with_json(
            "POST", f"{wide.psa.url}/api/webhook-subscriptions", content
        )
        subscribed = wide.psa.egress().send(request)
        if not isinstance(subscribed, HttpReply) or subscribed.status >= _REFUSED:
            raise ConnectionError("the PSA did not take the subscription")
        counts = send_webhooks(wide.psa)
        if counts["failed"]:
            raise ConnectionError(f"{counts['failed']} webhooks were not confirmed")
        return counts["delivered"]

    with steps.step("Time by webhook") as step:
        step.advance(wide.systems.surviving(send))


def deliver_by_poll(wide: Firmwide, steps: Steps) -> None:
    """Read what is new in the feeds of the PSA and the expense tool, page by page."""
    with steps.step("Time and expenses by poll") as step:
        step.advance(wide.systems.surviving(wide.poll))


def deliver_by_batch(wide: Firmwide, steps: Steps) -> None:
    """Send batches to the API; every entry gets an outcome."""
    batches = {
        batch.delivery_id: decode_json(batch.body)["entries"]
        for batch in batch_deliveries(wide.firm)
    }
    total = sum(len(entries) for entries in batches.values())
    with steps.step("Time by batch", total=total) as step:
        for delivery_id, entries in batches.items():
            body = json_bytes(entries)
            _send(
                wide,
                "time-entries/batch",
                body,
                ("application/json", delivery_id),
            )
            step.advance(len(entries))


def deliver_by_file(wide: Firmwide, steps: Steps) -> None:
    """Take in the files of the drop folder, and the statement of company cards."""
    files = [(wide.psa_no, *file) for file in sorted(drop_files(wide.firm).items())]
    files.append((wide.expenses_no, _CARDS, card_statement(wide.firm)))
    with steps.step("Time and expenses by file") as step:
        for connection_no, name, content in files:
            file = SourceFile(connection_no, name, content, datetime.now(UTC))
            step.advance(
                wide.systems.surviving(
                    lambda file=file: len(  # type: ignore[misc]  # a default binds the loop's file
                        flow.receive_file(wide.database, wide.tenant, file)
                    )
                )
            )


def deliver_by_event(wide: Firmwide, steps: Steps) -> None:
    """Publish CloudEvents to the inbox; the worker takes them from there."""
    events = event_deliveries(wide.firm)
    with steps.step("Time by event", total=len(events)) as step:
        body = json_bytes(list(events))
        _send(wide, "events", body, ("application/cloudevents-batch+json", "events"))
        left = len(events)
        deadline = time.monotonic() + _WORKER_SECONDS_MAX
        while left and time.monotonic() < deadline:
            waiting = wide.systems.surviving(lambda: _ask_worker(wide))
            step.advance(left - min(waiting, left))
            left = min(waiting, left)
            time.sleep(_PAUSE_SECONDS if left else 0)
        if left:
            raise DemoStuck(f"The worker did not take {left} events from the inbox.")


def _ask_worker(wide: Firmwide) -> int:
    """Let the worker look at the inbox; return how many events wait there."""
    wide.systems.keep()
    with wide.database.tenant(wide.tenant) as session:
        waiting = session.value(QUERIES["events_waiting"], int) or 0
        if waiting:
            enqueue(session, "decide", wide.tenant)
    return waiting


def release_late(wide: Firmwide, steps: Steps, *, what: str, title: str) -> None:
    """Let something appear in the firm's systems and read it."""
    places = wide.systems.places()
    place = places[EXPENSES if what == "changes" else PSA]
    wide.systems.surviving(lambda: release(place, what))
    with steps.step(title) as step:
        read = wide.sync if what == "late_projects" else wide.poll
        step.advance(wide.systems.surviving(read))


def bill_month(wide: Firmwide, steps: Steps) -> int:
    """Reach the month's milestones and bill every contract; return the invoices."""
    reached = [
        (line.line, milestone.milestone, milestone.due_on)
        for contract in wide.firm.contracts
        for line in contract.lines
        for milestone in line.milestones
        if milestone.due_on <= MONTH_END
    ]
    with steps.step("Milestones reached", total=len(reached)) as step:
        for line, milestone, due_on in reached:
            wide.systems.surviving(
                lambda line=line, milestone=milestone, due_on=due_on: (  # type: ignore[misc]  # defaults bind the loop's values
                    flow.reach_milestone(
                        wide.database,
                        wide.tenant,
                        contract_line=line,
                        milestone=milestone,
                        reached_on=due_on,
                    )
                )
            )
            step.advance(1)
    with steps.step("Billing") as step:
        outcomes = wide.systems.surviving(
            lambda: flow.bill_due(
                wide.database, wide.tenant, through=MONTH_END, invoice_date=MONTH_END
            )
        )
        issued = sum(isinstance(outcome, Issued) for outcome in outcomes)
        step.advance(issued)
    return issued


def _send(wide: Firmwide, path: str, body: bytes, named: tuple[str, str]) -> None:
    content_type, key = named
    wide.systems.surviving(
        lambda: wide.api.send(
            f"/v1/{path}?connection={PSA}", body, content_type=content_type, key=key
        )
    )
