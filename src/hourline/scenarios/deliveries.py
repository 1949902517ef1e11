"""Deliver approvals as a source system would, through the real door of each method."""

import base64
import csv
import io
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from standardwebhooks import Webhook

from hourline import flow
from hourline.flow.transactions import now
from hourline.infra.database import Database
from hourline.intake.batch import batch_delivery
from hourline.intake.file import SourceFile, check_file, file_deliveries
from hourline.intake.inbox import SourceEvent, keep_event
from hourline.intake.model import Delivery, SourceReading
from hourline.intake.poll import Page, polled_pages
from hourline.intake.webhook import WebhookRefusal, verify, webhook_delivery
from hourline.kernel.problems import Problem
from hourline.scenarios.format.steps import Approve, Expense, MethodName

EVENT_TYPE = "time_entry.approved"
_SECRET_BYTES = 32
Record = Mapping[str, object]


class NotDelivered(Exception):
    """Say that Hourline turned a whole delivery away at its door."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold a record about to be delivered: when it arrives, and an id for the way."""

    record: Record
    received_at: datetime
    delivery_id: str

    @property
    def body(self) -> bytes:
        """Return the record as JSON."""
        return json.dumps(self.record).encode()

    def enveloped(self, **around: str) -> bytes:
        """Return the record as the data of a JSON object."""
        return json.dumps({**around, "data": self.record}).encode()


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


@dataclass(frozen=True, slots=True)
class SourceSystem:
    """Deliver to one tenant what the people of a scenario approve."""

    database: Database
    tenant: int
    connection_no: int
    _secret: str = field(default_factory=_new_secret, repr=False)

    def deliver(self, by: MethodName, arrival: Arrival) -> None:
        """Deliver a record once by a method; raise NotDelivered if it is refused."""
        ways: Mapping[MethodName, Callable[[Arrival], None]] = {
            "webhook": self._by_webhook,
            "poll": self._by_poll,
            "batch": self._by_batch,
            "file": self._by_file,
            "event": self._by_event,
        }
        ways[by](arrival)

    def _by_webhook(self, arrival: Arrival) -> None:
        body = arrival.enveloped(type=EVENT_TYPE)
        at = now()
        headers = {
            "webhook-id": arrival.delivery_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(self._secret).sign(
                arrival.delivery_id, at, body.decode()
            ),
        }
        webhook_id = verify([self._secret], headers, body)
        if isinstance(webhook_id, WebhookRefusal):
            raise NotDelivered(webhook_id.value)
        self._receive(
            *webhook_delivery(
                self.connection_no, webhook_id, body, received_at=arrival.received_at
            )
        )

    def _by_poll(self, arrival: Arrival) -> None:
        page = Page(records=[arrival.body], next_cursor=None)
        for polled in polled_pages(
            lambda _cursor: page,
            connection_no=self.connection_no,
            stream="time_entries",
            cursor=None,
            received_at=arrival.received_at,
        ):
            self._receive(polled.delivery, [])

    def _by_batch(self, arrival: Arrival) -> None:
        body = b"[" + arrival.body + b"]"
        self._receive(
            *batch_delivery(
                self.connection_no,
                body,
                received_at=arrival.received_at,
                delivery_id=arrival.delivery_id,
            )
        )

    def _by_file(self, arrival: Arrival) -> None:
        file = SourceFile(
            connection_no=self.connection_no,
            name=f"{arrival.delivery_id}.csv",
            content=_csv(arrival.record),
            received_at=arrival.received_at,
        )
        reading = SourceReading()
        problems = check_file(file, reading)
        for delivery in file_deliveries(file, reading):
            self._receive(delivery, problems)

    def _by_event(self, arrival: Arrival) -> None:
        event = SourceEvent(
            connection_no=self.connection_no,
            event_id=arrival.delivery_id,
            event_type=EVENT_TYPE,
            body=arrival.enveloped(
                specversion="1.0",
                id=arrival.delivery_id,
                source="/scenario",
                type=EVENT_TYPE,
            ),
            received_at=arrival.received_at,
        )
        with self.database.tenant(self.tenant) as session:
            keep_event(session, event)
        flow.drain_inbox(self.database, self.tenant)

    def _receive(self, delivery: Delivery, problems: list[Problem]) -> None:
        if problems:
            raise NotDelivered(" ".join(problem.sentence for problem in problems))
        flow.receive(self.database, self.tenant, delivery)


def approved_record(approve: Approve) -> Record:
    """Return an approval in the wire shape."""
    record: dict[str, object] = {
        "id": approve.entry,
        "revision": approve.revision,
        "status": "approved",
        "person": approve.person,
        "project": approve.project,
        "activity": approve.activity,
        "hour_type": approve.hour_type,
        "date": approve.worked_on.isoformat(),
        "seconds": approve.worked_seconds,
        "billable_seconds": approve.billable_seconds,
        "price": None if approve.price is None else f"{approve.price:f}",
        "note": approve.note,
        "approved_at": approve.approved.isoformat(),
        "updated_at": approve.approved.isoformat(),
    }
    return {name: value for name, value in record.items() if value is not None}


def expense_record(expense: Expense) -> Record:
    """Return an approved expense in the wire shape."""
    percent = expense.recoverable_percent
    record: dict[str, object] = {
        "id": expense.entry,
        "kind": "expense",
        "revision": expense.revision,
        "status": "approved",
        "person": expense.person,
        "project": expense.project,
        "activity": expense.activity,
        "date": expense.worked_on.isoformat(),
        "cost": str(expense.cost),
        "currency": str(expense.currency),
        "markup_percent": str(expense.markup_percent),
        "tax": None if expense.tax is None else f"{expense.tax:f}",
        "recoverable": expense.recoverable,
        "recoverable_percent": None if percent is None else f"{percent:f}",
        "receipt": expense.receipt,
        "note": expense.note,
        "approved_at": expense.approved.isoformat(),
        "updated_at": expense.approved.isoformat(),
    }
    return {name: value for name, value in record.items() if value is not None}


def recalled_record(entry: str, revision: int) -> Record:
    """Return the withdrawal of an approval in the wire shape."""
    return {"id": entry, "revision": revision, "status": "recalled"}


def _csv(record: Record) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(record)
    rows.writerow(record.values())
    return text.getvalue().encode()
