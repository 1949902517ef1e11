"""Ask for background work: a job says only which stage looks at which tenant."""

from dataclasses import dataclass
from datetime import datetime

from hourline.infra.database import Session
from hourline.infra.queries import load_queries

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Hold how much of one stage's background work is not done yet."""

    stage: str
    waiting: int
    running: int
    oldest_created_at: datetime


def enqueue(session: Session, stage: str, tenant: int) -> None:
    """Ask a stage to look at a tenant, as part of the session's transaction.

    The job exists when the transaction commits, and never if it does not. While one
    waits no second one is added, yet the one that waits is not begun before this
    transaction ends: whoever does the job sees what the transaction wrote.
    """
    payload = payload_of(tenant)
    waiting = session.value(
        QUERIES["share_waiting_job"], int, stage=stage, payload=payload
    )
    if waiting is None:
        session.run(QUERIES["add_job"], stage=stage, payload=payload)


def backlog(session: Session) -> list[Backlog]:
    """Return what waits and runs, by stage; a stage without jobs is not listed."""
    return session.all(QUERIES["waiting_jobs"], Backlog)


def payload_of(tenant: int) -> bytes:
    """Write a tenant's number as a job carries it."""
    return str(tenant).encode("ascii")


def tenant_of(payload: bytes | None) -> int:
    """Read the tenant's number out of a job; raise ValueError if there is none."""
    return int(payload or b"")
