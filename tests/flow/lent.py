"""Give a house whose entity also borrows: `bob` of `GB1` works on its project P1.

GB1 keeps its books in GBP; an hour of bob costs it 50 GBP, and it charges US1 120 USD
for one. A dollar is worth 0.80 GBP from 2025 on.
"""

from datetime import date
from decimal import Decimal

from hourline import flow
from hourline.billing.intercompany_model import IntercompanyIssued
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.tax_engines import Opening
from hourline.kernel.codes import Role
from hourline.kernel.problems import Problem
from hourline.ledger.service import balances
from tests.flow.house import MARCH_END, MASTER, House

LENDER = MasterChange(
    "legal_entity", "GB1", fields={"country": "GB", "currency": "GBP"}
)
BOB = MasterChange("person", "bob", fields={"entity": "GB1", "role": "consultant"})
BOBS_COST = MasterChange(
    "cost_rate", "bob-cost", fields={"person": "bob", "rate": Decimal(50)}
)
DOLLAR = MasterChange(
    "fx_rate",
    "USD-GBP",
    fields={"from_currency": "USD", "to_currency": "GBP", "rate": Decimal("0.8")},
    effective_from=date(2025, 1, 1),
)
PRICE = MasterChange(
    "transfer_price",
    "GB1-US1",
    fields={
        "lender": "GB1",
        "borrower": "US1",
        "model": "unit_price",
        "value": Decimal(120),
        "currency": "USD",
    },
)
LENT = (*MASTER, LENDER, BOB, BOBS_COST, DOLLAR, PRICE)


def charge(
    house: House,
    *,
    through: date = MARCH_END,
    dated: date = MARCH_END,
    engines: Opening | None = None,
) -> list[IntercompanyIssued] | Problem:
    """Let GB1 invoice US1 for what is open; `engines` are those it may ask for tax."""
    return flow.invoice_intercompany(
        house.database,
        house.tenant,
        lender="GB1",
        borrower="US1",
        through=through,
        invoice_date=dated,
        engines=engines,
    )


def books_of(house: House, entity: str) -> dict[Role, int]:
    """Give what each role of an entity holds, in its minor units; zeros left out."""
    with house.database.tenant(house.tenant) as session:
        entity_no = flow.snapshot_of(session).number("legal_entity", entity)
        assert entity_no is not None
        found = balances(session, entity_no=entity_no).get(entity_no, {})
    return {role: amount for role, amount in found.items() if amount}
