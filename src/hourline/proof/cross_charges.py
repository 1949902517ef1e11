"""Report what departments of an entity charged each other; in the entity it is nothing.

The figures are those of the ledger, reversals included, by accounting date.
"""

from datetime import date

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Effect, Role
from hourline.proof.model import CrossChargedPair

QUERIES = load_queries(__package__)
CHECKS = (
    "cross_charge_differs_from_ledger",
    "cross_charge_differs_from_decision",
)
CODES = {
    "role_cross_charge": Role.CROSS_CHARGE,
    "role_cross_charge_recovery": Role.CROSS_CHARGE_RECOVERY,
}


def cross_charged(
    session: Session,
    *,
    entity: str | None = None,
    since: date = date.min,
    until: date = date.max,
) -> list[CrossChargedPair]:
    """Return what departments charged from a day to another, both in, by their pair."""
    return session.all(
        QUERIES["cross_charged"],
        CrossChargedPair,
        entity=entity,
        since=since,
        until=until,
        cross_charge=int(Effect.CROSS_CHARGE),
    )
