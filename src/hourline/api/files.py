"""Take files of time entries: checked as a whole, acknowledged row by row."""

import threading
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.params import HeaderParameter, QueryParameter, RawBody

from hourline.api.access import Contract, Given, Known
from hourline.api.connections import ConnectionName, IdempotencyKey, connection_no
from hourline.api.deliveries import acknowledge_file
from hourline.api.idempotency import Call, Reply, once
from hourline.api.problems import ApiProblem, Code, Finding
from hourline.api.shapes import FileAcknowledgement
from hourline.flow import receive_file
from hourline.infra.api_keys import Scope
from hourline.infra.database import Session
from hourline.intake.file import SourceFile
from hourline.intake.manifest import Manifest, read_manifest
from hourline.intake.table import FILE_BYTES_MAX
from hourline.kernel.problems import Problem

# A file goes in by transactions of its own while one more holds its key: with few at
# a time the pool always has a connection left for them.
_FILES_AT_ONCE = threading.BoundedSemaphore(2)
_FORMATS = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/x-ndjson",
)
FileName = Annotated[
    str,
    QueryParameter(
        name="name",
        min_length=1,
        max_length=255,
        pattern=r"^[^\x00-\x1f\x7f/\\]+$",
        description="The file's name; its end says the format: csv, xlsx, jsonl.",
    ),
]
WrittenManifest = Annotated[
    str | None,
    HeaderParameter(
        name="Hourline-Manifest",
        max_length=8_000,
        description="The sender's manifest as JSON; the file is checked against it.",
    ),
]


@post(
    "/v1/files",
    operation_id="send_file",
    summary="Send a file of time entries; every row is acknowledged.",
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=FILE_BYTES_MAX,
    opt={
        "contract": Contract(
            Scope.TIME_INGEST,
            FileAcknowledgement,
            dict.fromkeys(_FORMATS),
            repeatable_by_key=True,
        )
    },
)
def send_file(
    *,
    services: Given,
    caller: Known,
    body: RawBody,
    connection: ConnectionName,
    name: FileName,
    manifest: WrittenManifest = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[bytes]:
    """Take the file's bytes; one that is refused as a whole is kept, with its reasons.

    The rows go in by parts. A call that breaks off is repeated with the same key or
    without harm with another: what is in already is known by its content.
    """
    stated = _manifest(manifest)

    def work(session: Session) -> Reply:
        file = SourceFile(
            connection_no(session, connection), name, body, datetime.now(UTC), stated
        )
        outcome = receive_file(services.database, caller.tenant, file)
        problems = [one for one in outcome if isinstance(one, Problem)]
        if problems:
            raise ApiProblem(
                Code.REFUSED,
                "The file is refused as a whole; no row of it was taken.",
                findings=[Finding.of(problem) for problem in problems],
            )
        rows = [one for one in outcome if not isinstance(one, Problem)]
        return Reply(200, msgspec.json.encode(acknowledge_file(file, rows)))

    content = (connection.encode(), name.encode(), (manifest or "").encode(), body)
    with _FILES_AT_ONCE:
        return once(services, caller, Call("send_file", idempotency_key, content), work)


def _manifest(written: str | None) -> Manifest | None:
    if written is None:
        return None
    read = read_manifest(written.encode())
    if isinstance(read, Problem):
        raise ApiProblem(
            Code.REFUSED, "The manifest cannot be used.", findings=[Finding.of(read)]
        )
    return read
