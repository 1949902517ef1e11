"""Accept a batch: a JSON array or JSON lines of up to 10,000 records."""

from datetime import datetime

from hourline.intake.envelope import Records, content_id, split_records
from hourline.intake.model import Delivery
from hourline.kernel.codes import Method
from hourline.kernel.problems import Problem, ProblemCode

RECORDS_MAX = 10_000
BODY_BYTES_MAX = 32 * 1024 * 1024


def batch_delivery(
    connection_no: int,
    body: bytes,
    *,
    received_at: datetime,
    delivery_id: str | None = None,
) -> tuple[Delivery, list[Problem]]:
    """Return the delivery of a batch; with problems it is to be refused.

    Without an id of the sender's, the same body again is the same delivery.
    """
    records = _records(body)
    problems = [records] if isinstance(records, Problem) else []
    delivery = Delivery(
        connection_no=connection_no,
        method=Method.BATCH,
        delivery_id=delivery_id or content_id(body),
        received_at=received_at,
        records=_kept(body) if isinstance(records, Problem) else records,
        whole=body,
    )
    return delivery, problems


def _records(body: bytes) -> Records | Problem:
    if len(body) > BODY_BYTES_MAX:
        return _too_large(f"{len(body)} bytes, the most is {BODY_BYTES_MAX}")
    if body.lstrip().startswith(b"["):
        records = split_records(body)
    else:
        # A line that is no JSON is refused by itself, like any other wrong record.
        records = [line for line in body.splitlines() if line.strip()]
    if not isinstance(records, Problem) and len(records) > RECORDS_MAX:
        return _too_large(f"{len(records)} records, the most is {RECORDS_MAX}")
    return records


def _kept(body: bytes) -> Records:
    return [body] if len(body) <= BODY_BYTES_MAX else []


def _too_large(measure: str) -> Problem:
    return Problem(
        ProblemCode.RECORD_MALFORMED,
        f"The batch has {measure}.",
        "Send it in smaller batches, or as a file.",
    )
