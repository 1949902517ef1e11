"""Take CloudEvents: kept in the inbox, acknowledged after the commit."""

from datetime import UTC, datetime
from typing import Literal

import msgspec
from litestar import Response, post
from litestar.params import RawBody

from hourline.api.access import Contract, Given, Known
from hourline.api.bodies import read_json
from hourline.api.connections import ConnectionName, IdempotencyKey, connection_no
from hourline.api.idempotency import Call, Reply, once
from hourline.api.problems import ApiProblem, Code, Finding
from hourline.api.shapes import KeptEvents
from hourline.infra.api_keys import Scope
from hourline.infra.database import Session
from hourline.infra.jobs import enqueue
from hourline.intake.inbox import SourceEvent, keep_event
from hourline.intake.model import Identifier

BODY_BYTES_MAX = 20 * 1024 * 1024
EVENTS_MAX = 1_000
# The stage whose worker takes events out of the inbox.
_STAGE = "decide"
_ONE = "application/cloudevents+json"
_MANY = "application/cloudevents-batch+json"


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Be an event in the JSON format of CloudEvents 1.0; extensions are kept."""

    specversion: Literal["1.0"]
    id: Identifier
    source: Identifier
    type: Identifier
    data: msgspec.Raw


@post(
    "/v1/events",
    operation_id="send_events",
    summary="Send CloudEvents 1.0, one or a batch; they are kept and worked on after.",
    status_code=202,
    sync_to_thread=True,
    request_max_body_size=BODY_BYTES_MAX,
    opt={
        "contract": Contract(
            Scope.TIME_INGEST,
            KeptEvents,
            {_ONE: CloudEvent, _MANY: list[CloudEvent]},
            repeatable_by_key=True,
        )
    },
)
def send_events(
    *,
    services: Given,
    caller: Known,
    body: RawBody,
    connection: ConnectionName,
    idempotency_key: IdempotencyKey = None,
) -> Response[bytes]:
    """Keep every event once, by its source and id; keep none if one is no event."""
    events = _events(body)

    def work(session: Session) -> Reply:
        at = datetime.now(UTC)
        number = connection_no(session, connection)
        kept = sum(
            keep_event(
                session,
                SourceEvent(number, _event_id(event), event.type, text, at),
            )
            for event, text in events
        )
        if kept:
            enqueue(session, _STAGE, caller.tenant)
        reply = KeptEvents(kept=kept, known_before=len(events) - kept)
        return Reply(202, msgspec.json.encode(reply))

    call = Call("send_events", idempotency_key, (connection.encode(), body))
    return once(services, caller, call, work)


def _event_id(event: CloudEvent) -> str:
    # CloudEvents makes an id unique within its source only.
    return f"{event.source} {event.id}"


def _events(body: bytes) -> list[tuple[CloudEvent, bytes]]:
    if body.lstrip().startswith(b"["):
        texts = [bytes(one) for one in read_json(body, list[msgspec.Raw])]
    else:
        texts = [bytes(read_json(body, msgspec.Raw))]
    if len(texts) > EVENTS_MAX:
        raise ApiProblem(
            Code.BODY_TOO_LARGE,
            f"There are {len(texts)} events, the most is {EVENTS_MAX}.",
        )
    found: list[tuple[CloudEvent, bytes]] = []
    findings = []
    for position, text in enumerate(texts):
        try:
            found.append((read_json(text, CloudEvent), text))
        except ApiProblem as refusal:
            findings += [
                Finding(
                    code=one.code,
                    sentence=f"Event {position}: {one.sentence}",
                    remedy=one.remedy,
                    detail={"position": str(position)},
                )
                for one in refusal.findings
            ]
    if findings:
        raise ApiProblem(
            Code.REFUSED, "Not everything is a CloudEvent 1.0.", findings=findings
        )
    return found
