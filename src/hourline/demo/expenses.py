"""Read what became of the month's expenses, and hold it against the tool's own sums."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hourline.connectors.sandbox.admin import VendorPlace
from hourline.connectors.sdk.http import HttpReply, HttpRequest
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Fate, Role
from hourline.kernel.money import currency_numbered, currency_of, minor_units
from hourline.proof.balances import RoleBalance
from hourline.proof.statement import Equation

QUERIES = load_queries(__package__)
_OK = 200


@dataclass(frozen=True, slots=True)
class Worth:
    """Hold what expenses of one currency are worth to customers, in minor units."""

    currency: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityExpenses:
    """Hold the expenses a legal entity bears, in minor units of its books' currency.

    What was paid is cost, or input tax that comes back. `billable` is by the currency
    of the contracts, markups included.
    """

    entity: str
    currency: str
    expenses: int
    paid: int
    input_tax: int
    cost: int
    billable: list[Worth]


def read_expenses(
    session: Session, balances: Sequence[RoleBalance]
) -> list[EntityExpenses]:
    """Return the accepted expenses of each entity, by what its books say of them."""
    stands = {(row.entity, row.role): row.amount for row in balances}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    billable: dict[str, list[Worth]] = defaultdict(list)
    for entity, books, fate, currency, entries, amount in session.tuples(
        QUERIES["expenses_by_fate"]
    ):
        counts[entity, currency_numbered(books).code] += entries
        if fate == Fate.BILLABLE:
            worth = Worth(currency_numbered(currency).code, amount)
            billable[entity].append(worth)
    return [
        EntityExpenses(
            entity=entity,
            currency=currency,
            expenses=count,
            paid=-stands.get((entity, Role.EXPENSE_CLEARING), 0),
            input_tax=stands.get((entity, Role.INPUT_TAX), 0),
            cost=stands.get((entity, Role.EXPENSE_COST), 0),
            billable=billable[entity],
        )
        for (entity, currency), count in sorted(counts.items())
    ]


def expense_equations(
    session: Session, totals: Mapping[str, Decimal]
) -> list[Equation]:
    """Return what the tool released against what is known of it, as it was paid.

    `totals` are the tool's own, in major units by currency.
    """
    known = {
        currency_numbered(currency).code: paid
        for currency, paid in session.tuples(QUERIES["expenses_paid"])
    }
    return [
        Equation(
            "expenses at the tool = expenses here",
            code,
            minor_units(totals.get(code, Decimal(0)), currency_of(code)),
            known.get(code, 0),
        )
        for code in sorted({*known, *totals})
    ]


def read_totals(tool: VendorPlace) -> dict[str, Decimal]:
    """Return the tool's own sums of what is released, in major units by currency.

    Raises ConnectionError where it does not answer.
    """
    request = HttpRequest(method="GET", url=f"{tool.url}/api/expense-totals")
    reply = tool.egress().send(request)
    if not isinstance(reply, HttpReply) or reply.status != _OK:
        raise ConnectionError("the expense tool did not tell its totals")
    return {code: Decimal(paid) for code, paid in reply.json()["paid"].items()}
