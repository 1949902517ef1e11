"""Give each test of the proof a firm whose books were worked in and are sound."""

from collections.abc import Callable
from decimal import Decimal

import psycopg
import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect, Role
from hourline.master.store import set_connection
from tests.flow.house import MASTER, PERSON, House, chart, found_house, routed
from tests.flow.unit import deferred, take_over

QUERIES = load_queries("tests.proof")
Damage = Callable[[str, str], int]


@pytest.fixture
def house(database: Database, tenant: int) -> House:
    """Give a firm with work in every state, posted.

    `t1` is billed; `t2` was billed, corrected and billed again; `t3` is open; `t4`
    waits for its person; `t5` was recalled; `b1` is billed and cost nothing. What a
    customer paid an acquired unit before it was earned was taken over.
    """
    house = found_house(database, tenant, [*MASTER, *chart()])
    with database.tenant(tenant) as session:
        set_connection(session, name="books", connector="sandbox_atlas")
    assert not house.change(
        MasterChange("person", "bob", fields=PERSON.fields),
        MasterChange(
            "tax_rule", "sales", fields={"order": 1, "rate": Decimal(10), "code": "S"}
        ),
        *routed("invoice", "credit_note", "journal"),
    ).refusals
    house.approve(id="t1")
    house.approve(id="t2", seconds=1_800)
    house.approve(id="b1", person="bob")
    house.bill()
    house.post()
    house.approve(id="t2", revision=2, seconds=5_400)
    house.bill()
    house.approve(id="t3")
    house.approve(id="t4", person="zoe")
    house.approve(id="t5")
    house.recall("t5")
    house.post()
    take_over(house, deferred())
    return house


@pytest.fixture
def damage(database_url: str, house: House) -> Damage:
    """Give a way to write past all safeguards, as the owner of the tables.

    It takes the name of a damage and of the entry it concerns, and returns how many
    rows were changed.
    """

    def execute(name: str, entry: str) -> int:
        parameters = {
            "tenant": house.tenant,
            "entry_no": house.status(entry).story.entry_no,
            "number": "US1-000002",
            "cause_entry": int(Cause.ENTRY),
            "cause_opening": int(Cause.OPENING),
            "cause_vendor_match": int(Cause.VENDOR_MATCH),
            "vendor_payable": int(Role.VENDOR_PAYABLE),
            "cause_revaluation": int(Cause.REVALUATION),
            "receivable": int(Role.RECEIVABLE),
            "fx_gain_loss": int(Role.FX_GAIN_LOSS),
            "accrual": int(Effect.ACCRUAL),
            "cost": int(Effect.COST),
            "expense_cost": int(Role.EXPENSE_COST),
            "input_tax": int(Role.INPUT_TAX),
            "expense_clearing": int(Role.EXPENSE_CLEARING),
            "sale": int(Effect.SALE),
            "tax": int(Effect.TAX),
            "opening": int(Effect.OPENING),
            "cause_earning": int(Cause.EARNING),
            "earning": int(Effect.EARNING),
            "revenue": int(Role.REVENUE),
            "contract_liability": int(Role.CONTRACT_LIABILITY),
        }
        with psycopg.connect(database_url) as connection:
            # A broken disk asks no foreign key either.
            connection.execute("SET session_replication_role = replica")
            cursor = connection.execute(QUERIES[name].sql.encode(), parameters)
            return cursor.rowcount

    return execute
