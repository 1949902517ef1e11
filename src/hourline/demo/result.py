"""Add up what the month brought each legal entity, as its income statement would."""

from collections.abc import Iterable
from dataclasses import dataclass

from hourline.kernel.codes import Role
from hourline.kernel.money import currency_numbered
from hourline.proof.balances import RoleBalance

# What is read together, income above zero; the rest of the books is a balance sheet.
_RESULT: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("revenue from customers", (Role.REVENUE, Role.ACCRUED_REVENUE)),
    ("revenue from other entities", (Role.IC_REVENUE, Role.IC_ACCRUED_REVENUE)),
    ("cost of own people and subcontractors", (Role.COST,)),
    ("cost of other entities' people", (Role.IC_COST,)),
    ("expenses", (Role.EXPENSE_COST,)),
    ("departments among each other", (Role.CROSS_CHARGE, Role.CROSS_CHARGE_RECOVERY)),
    (
        "exchange, rounding, write-offs, provisions",
        (Role.FX_GAIN_LOSS, Role.ROUNDING, Role.WRITE_OFF, Role.ONEROUS_COST),
    ),
)
MARGIN = "margin"
# Debits above zero: what the entity has, less what it owes.
_POSITION: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("owed by customers", (Role.RECEIVABLE,)),
    ("withheld by customers until later", (Role.RETAINAGE,)),
    ("earned and not invoiced", (Role.WIP, Role.CONTRACT_ASSET)),
    ("invoiced and not earned", (Role.CONTRACT_LIABILITY,)),
    (
        "owed by other entities, less owed to them",
        (Role.IC_RECEIVABLE, Role.IC_PAYABLE),
    ),
    ("owed to subcontractors", (Role.VENDOR_PAYABLE,)),
    ("sales tax owed, less input tax", (Role.TAX_PAYABLE, Role.INPUT_TAX)),
)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """Hold one line for one entity, in minor units of its books' currency."""

    entity: str
    currency: str
    name: str
    amount: int


def month_results(balances: Iterable[RoleBalance]) -> list[ResultLine]:
    """Return every line for every entity: the result, its sum, then the position.

    Income and what is owed to the entity are above zero.
    """
    stands: dict[tuple[str, str], dict[Role, int]] = {}
    for row in balances:
        books = row.entity, currency_numbered(row.currency).code
        stands.setdefault(books, {})[row.role] = row.amount
    found = []
    for (entity, currency), roles in stands.items():
        result = [(name, -_sum(roles, of)) for name, of in _RESULT]
        result.append((MARGIN, sum(amount for _, amount in result)))
        position = [(name, _sum(roles, of)) for name, of in _POSITION]
        found += [
            ResultLine(entity, currency, name, amount)
            for name, amount in (*result, *position)
        ]
    return found


def _sum(stands: dict[Role, int], roles: tuple[Role, ...]) -> int:
    return sum(stands.get(role, 0) for role in roles)
