"""Find the connection a call names: by its name, within the caller's tenant only."""

from typing import Annotated

from litestar.params import HeaderParameter, QueryParameter

from hourline.api.bodies import not_found
from hourline.infra.database import Session
from hourline.infra.secrets import find_connection

_NAME = r"^[^\x00-\x1f\x7f]+$"
ConnectionName = Annotated[
    str,
    QueryParameter(
        name="connection",
        min_length=1,
        max_length=300,
        pattern=_NAME,
        description="The connection that the source's ids belong to, by its name.",
    ),
]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="New for every new call, the same when a call is repeated.",
    ),
]


def connection_no(session: Session, name: str) -> int:
    """Return a connection's number; raise ApiProblem where the tenant has none so."""
    number = find_connection(session, name)
    if number is None:
        raise not_found()
    return number
