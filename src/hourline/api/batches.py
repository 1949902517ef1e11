"""Take batches of time and expenses: every record has an outcome, in one commit."""

from datetime import UTC, datetime

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.params import RawBody

from hourline.api.access import Contract, Given, Known
from hourline.api.bodies import read_json
from hourline.api.connections import ConnectionName, IdempotencyKey, connection_no
from hourline.api.deliveries import acknowledge
from hourline.api.idempotency import Call, Reply, once
from hourline.api.problems import ApiProblem, Code
from hourline.api.shapes import Acknowledgement, SentRecord
from hourline.flow import receive_in
from hourline.infra.api_keys import Caller, Scope
from hourline.infra.database import Session
from hourline.intake.batch import batch_delivery

BODY_BYTES_MAX = 20 * 1024 * 1024
_NDJSON = "application/x-ndjson"


@post(
    "/v1/time-entries/batch",
    operation_id="send_time_entries",
    summary="Send up to 10,000 time entries and expenses; each gets an outcome.",
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=BODY_BYTES_MAX,
    opt={
        "contract": Contract(
            Scope.TIME_INGEST,
            Acknowledgement,
            {"application/json": list[SentRecord], _NDJSON: None},
            repeatable_by_key=True,
        )
    },
)
def send_time_entries(
    *,
    request: Request[Caller, None, State],
    services: Given,
    caller: Known,
    body: RawBody,
    connection: ConnectionName,
    idempotency_key: IdempotencyKey = None,
) -> Response[bytes]:
    """Take a JSON array or JSON lines; wrong records do not stop the others."""
    content_type = request.headers.get("content-type", "")
    _assert_readable(body, content_type)

    def work(session: Session) -> Reply:
        delivery, problems = batch_delivery(
            connection_no(session, connection),
            body,
            received_at=datetime.now(UTC),
            delivery_id=f"{caller.client}/{idempotency_key}",
        )
        if problems:
            raise ApiProblem(Code.BODY_TOO_LARGE, problems[0].sentence)
        received = receive_in(session, delivery)
        return Reply(200, msgspec.json.encode(acknowledge(received)))

    call = Call("send_time_entries", idempotency_key, (connection.encode(), body))
    return once(services, caller, call, work)


def _assert_readable(body: bytes, content_type: str) -> None:
    """Refuse what is not JSON as a whole; a wrong line of JSON lines stands alone."""
    is_array = body.lstrip().startswith(b"[")
    if is_array or not body.strip():
        read_json(body, list[msgspec.Raw])
    elif content_type.startswith("application/json"):
        read_json(body, msgspec.Raw)
        raise ApiProblem(
            Code.REFUSED,
            "The body is JSON, but no array of time entries.",
            remedy=f"Write an array, or send JSON lines as {_NDJSON}.",
        )
