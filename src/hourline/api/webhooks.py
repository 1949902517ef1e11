"""Take webhook calls: known by their signature alone, answered after the commit."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import FromPath, RawBody

from hourline.api.access import Contract, Given, Services
from hourline.api.bodies import id_in_path, read_json
from hourline.api.deliveries import acknowledge
from hourline.api.problems import ApiProblem, Code
from hourline.api.shapes import Acknowledgement
from hourline.flow import receive
from hourline.infra.secrets import find_connection, read_secrets
from hourline.infra.tenants import find_tenant
from hourline.intake.webhook import (
    BODY_BYTES_MAX,
    WebhookRefusal,
    verify,
    webhook_delivery,
)

# Every field that begins so is a secret a sender may sign with: two during a rotation.
SECRET_FIELD = "webhook_secret"  # noqa: S105 - the name of a field, not a secret
# Nobody has this tenant: its session sees no connection, at the cost of one that does.
_NOBODY = 0
# What an unknown connection is checked against, so that its answer takes as long.
_DECOY = "whsec_" + "A" * 43 + "="


@dataclass(frozen=True, slots=True)
class _Sender:
    tenant: int
    connection_no: int | None
    secrets: list[str]


@post(
    "/v1/webhooks/{tenant:str}/{connection:str}",
    operation_id="take_webhook",
    summary="Take a webhook signed by the Standard Webhooks scheme.",
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=BODY_BYTES_MAX,
    opt={
        "contract": Contract(None, Acknowledgement, {"application/json": msgspec.Raw})
    },
)
def take_webhook(
    *,
    request: Request[None, None, State],
    services: Given,
    body: RawBody,
    tenant: FromPath[str],
    connection: FromPath[str],
) -> Acknowledgement:
    """Take the records in `data`; the reply comes after they are committed.

    An unknown tenant, an unknown connection and a wrong signature give one answer.
    """
    sender = _find_sender(services, id_in_path(tenant), id_in_path(connection))
    headers = dict(request.headers.items())
    verified = verify(sender.secrets or [_DECOY], headers, body)
    if (
        isinstance(verified, WebhookRefusal)
        or sender.connection_no is None
        or not sender.secrets
    ):
        raise ApiProblem(
            Code.NOT_KNOWN,
            "The call is not signed by a connection that is known here.",
        )
    delivery, problems = webhook_delivery(
        sender.connection_no, verified, body, received_at=datetime.now(UTC)
    )
    received = receive(services.database, sender.tenant, delivery, problems)
    if problems:
        # It is kept and somebody will see it; the sender learns that it was not read.
        read_json(body, msgspec.Raw)
        raise ApiProblem(Code.REFUSED, problems[0].sentence)
    return acknowledge(received)


def _find_sender(services: Services, slug: str, connection: str) -> _Sender:
    tenant = find_tenant(services.database, slug) or _NOBODY
    with services.database.tenant(tenant) as session:
        number = find_connection(session, connection)
        found = read_secrets(session, services.keyring, number or 0)
    secrets = [value for name, value in found.items() if name.startswith(SECRET_FIELD)]
    return _Sender(tenant, number, secrets)
