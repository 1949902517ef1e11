"""Read what every account role of every entity stands at."""

from dataclasses import dataclass

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Role

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class RoleBalance:
    """Hold one balance, debit above zero, in minor units of the books' currency."""

    entity: str
    currency: int
    role: Role
    amount: int


def role_balances(session: Session) -> list[RoleBalance]:
    """Return the balances that are not zero, by entity, currency and role."""
    return [
        RoleBalance(entity, currency, Role(role), amount)
        for entity, currency, role, amount in session.tuples(
            QUERIES["balances_by_role"]
        )
    ]
