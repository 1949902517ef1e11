"""Found a firm whose tax an engine decides, and bill it."""

from decimal import Decimal
from typing import Any

from hourline import flow
from hourline.billing.model import Issued, NothingToBill
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.kernel.problems import Problem
from tests.flow.house import MARCH_END, MASTER, House, found_house
from tests.flow.tax_server import TaxServer, connect_engine, engines

ASKS = MasterChange("legal_entity", "US1", fields={"tax_engine": "vertax"})
TABLE = MasterChange(
    "tax_rule",
    "US",
    fields={
        "order": 1,
        "rate": Decimal(5),
        "code": "TABLE",
        "entity_country": "US",
    },
)
CALIFORNIA = MasterChange(
    "tax_rule",
    "US-CA",
    fields={"order": 2, "rate": Decimal(0), "code": "US-CA", "entity_country": "US"},
)


def taxed_firm(database: Database, tenant: int, engine: TaxServer) -> House:
    """Give a firm with one open hour for 200.00, whose table says 5 percent."""
    house = found_house(database, tenant, [*MASTER, TABLE, CALIFORNIA])
    connect_engine(house, engine.url)
    assert not house.change(ASKS).refusals
    house.approve()
    return house


def bill(
    house: House,
    **changes: Any,  # noqa: ANN401 - as the verb's
) -> Issued | NothingToBill | Problem:
    """Bill the firm's contract with its engines at hand."""
    terms: dict[str, Any] = {
        "contract": "C1",
        "through": MARCH_END,
        "invoice_date": MARCH_END,
        "engines": lambda: engines(house),
        **changes,
    }
    return flow.bill_contract(house.database, house.tenant, **terms)


def amounts(outcome: object) -> tuple[int, int]:
    """Give net and tax of what was issued, in cents."""
    assert isinstance(outcome, Issued), outcome
    return outcome.net, outcome.tax
