"""Keep events as they come and make deliveries of them, each event once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.intake.envelope import enveloped_records
from hourline.intake.model import Delivery, Received, SourceReading
from hourline.intake.reading import QUERIES, reading_of
from hourline.intake.service import receive, refuse
from hourline.intake.store import body_text
from hourline.kernel.codes import Method
from hourline.kernel.problems import Problem, ProblemCode


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """Hold an event as a broker delivered it: CloudEvents 1.0, structured mode."""

    connection_no: int
    event_id: str
    event_type: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    connection_no: int
    event_id: str
    body: str
    received_at: datetime


def keep_event(session: Session, event: SourceEvent) -> bool:
    """Store an event; return False where one with this id is there already.

    The broker is told that the event arrived once this transaction is committed.
    """
    stored = session.run(
        QUERIES["keep_event"],
        connection_no=event.connection_no,
        event_id=event.event_id,
        event_type=event.event_type,
        body=encode_json(body_text(event.body)).decode(),
        received_at=event.received_at,
    )
    return stored == 1


def take_events(
    session: Session, *, limit: int
) -> list[tuple[Delivery, list[Problem]]]:
    """Claim events that are not normalised yet; other workers pass over them meanwhile.

    The claim lasts for the transaction. A delivery with problems is to be refused.
    """
    kept = session.all(QUERIES["take_events"], _Kept, limit=limit)
    return [_delivery(event) for event in kept]


def settle_event(session: Session, delivery: Delivery, received: Received) -> None:
    """Note in the same transaction what a claimed event became."""
    session.run(
        QUERIES["settle_event"],
        connection_no=delivery.connection_no,
        event_id=delivery.delivery_id,
        delivery_no=received.delivery_no,
    )


def receive_events(session: Session, *, limit: int) -> Iterator[Received]:
    """Claim, receive and settle up to `limit` events in this transaction."""
    readings: dict[int, SourceReading] = {}
    for delivery, problems in take_events(session, limit=limit):
        connection_no = delivery.connection_no
        if connection_no not in readings:
            readings[connection_no] = reading_of(session, connection_no)
        if problems:
            received = refuse(session, delivery, problems)
        else:
            received = receive(session, delivery, readings[connection_no])
        settle_event(session, delivery, received)
        yield received


def _delivery(event: _Kept) -> tuple[Delivery, list[Problem]]:
    body = event.body.encode()
    records = enveloped_records(body)
    problems = []
    if isinstance(records, Problem):
        problem = Problem(
            ProblemCode.EVENT_NOT_READ,
            f"SourceEvent {event.event_id} cannot be read. {records.sentence}",
            "Correct the publisher and publish the record in a new event.",
            {"event_id": event.event_id},
        )
        problems.append(problem)
    delivery = Delivery(
        connection_no=event.connection_no,
        method=Method.EVENT,
        delivery_id=event.event_id,
        received_at=event.received_at,
        records=[body] if isinstance(records, Problem) else records,
        whole=body,
    )
    return delivery, problems
