"""Say whether the program lives and whether it can work; no tenant's facts in it."""

from litestar import get

from hourline.api.access import Contract, Given
from hourline.api.idempotency import QUERIES
from hourline.api.problems import ApiProblem, Code
from hourline.api.shapes import Health
from hourline.infra.migrate import migrations


@get(
    "/health/live",
    operation_id="get_liveness",
    summary="Say that the program runs.",
    sync_to_thread=False,
    opt={"contract": Contract(None, Health)},
)
def get_liveness() -> Health:
    """Answer without touching anything."""
    return Health(status="live")


@get(
    "/health/ready",
    operation_id="get_readiness",
    summary="Say whether the database answers and has this release's schema.",
    sync_to_thread=True,
    opt={"contract": Contract(None, Health)},
)
def get_readiness(services: Given) -> Health:
    """Compare the applied migrations with those of this release."""
    with services.database.control() as session:
        applied = {name for (name,) in session.tuples(QUERIES["applied_migrations"])}
    missing = [one.name for one in migrations() if one.name not in applied]
    if missing:
        raise ApiProblem(
            Code.NOT_READY,
            f"The schema lacks {', '.join(missing)}.",
            remedy="Start this release once where it may migrate the database.",
        )
    return Health(status="ready")
