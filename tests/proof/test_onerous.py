"""Each check of provisions finds exactly the damage it is there for, and they show."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Effect, Role
from hourline.ledger.model import JournalDocument
from hourline.ledger.service import journal_document
from hourline.ledger.store_onerous import read_provisions
from hourline.master.store import set_connection
from hourline.proof.differences import Difference, differences
from hourline.proof.onerous import CHECKS
from tests.flow.house import (
    HOUR,
    MARCH_END,
    MASTER,
    House,
    chart,
    found_house,
    routed,
)
from tests.flow.test_explain import about, explained
from tests.flow.test_recognition import _JOURNALS

pytestmark = pytest.mark.integration
QUERIES = load_queries("tests.proof")
# By check: what is named, and its two figures.
PLANTED = {
    "provision_differs_from_figures": ("realised loss of provision ", 80_00, 79_99),
    "provision_differs_from_ledger": ("provision of contract C1", 170_00, 169_99),
}
ALSO_FOUND = {"provision_differs_from_ledger": ["cost of the provision of contract C1"]}
LOSING = MasterChange(
    "contract_line",
    "C1.1",
    fields={
        "contract": "C1",
        "method": "fixed_price",
        "price": Decimal(1_000),
        "recognition": "percent_cost",
        "estimate_cost": Decimal(1_250),
    },
)


@pytest.fixture
def losing(database: Database, tenant: int) -> House:
    """Give a firm that has spent 400 of 1,250 for 1,000 and provided for the loss."""
    house = found_house(database, tenant, [*MASTER, LOSING, *chart()])
    house.approve(seconds=4 * HOUR)
    flow.recognise_revenue(database, tenant, entity="US1", through=MARCH_END)
    return house


def test_sound_provisions_have_no_difference_and_show_their_figures(
    losing: House,
) -> None:
    with losing.database.tenant(losing.tenant) as session:
        [(kept, [line])] = read_provisions(session, contract="C1")
    told = explained(losing)

    assert losing.unproven() == []
    assert losing.balances()[Role.ONEROUS_PROVISION] == -170_00
    assert kept.cost_left == Decimal(850_00)
    assert (kept.revenue_left, kept.realised) == (680_00, 80_00)
    assert (kept.provision, kept.used, kept.added) == (170_00, 0, 170_00)
    assert (line.contract_line, line.cost) == ("C1.1", 400_00)
    assert line.estimate == Decimal(1_250_00)
    assert about(told, "provision").sentences == [
        (
            "Through 2025-03-31, contract C1 had still to cost 850.00 USD for revenue"
            " of 680.00 USD; cost less revenue to date was 80.00 USD. 170.00 USD are"
            " provided for, 170.00 USD of it new."
        )
    ]
    assert told.broken == []


def test_a_provision_is_sent_to_the_erp_as_a_journal_of_its_own(losing: House) -> None:
    with losing.database.tenant(losing.tenant) as session:
        set_connection(session, name="books", connector="sandbox_atlas")
    accounts = [
        MasterChange(
            "ledger_account",
            f"US1:{role}",
            fields={"entity": "US1", "role": role, "number": number},
        )
        for role, number in (("onerous_cost", "5300"), ("onerous_provision", "2500"))
    ]
    assert not losing.change(*accounts, *routed("journal")).refusals

    losing.post()

    with losing.database.tenant(losing.tenant) as session:
        [(journal_no,)] = session.tuples(_JOURNALS, kind=int(Effect.PROVISION))
        document = journal_document(session, flow.snapshot_of(session), journal_no)
    assert isinstance(document, JournalDocument)
    assert [(one.account, one.debit, one.credit) for one in document.lines] == [
        ("5300", 170_00, 0),
        ("2500", 0, 170_00),
    ]
    assert document.accounting_date == MARCH_END
    assert losing.unproven() == []


def test_an_earlier_day_changes_nothing_that_a_later_one_found(losing: House) -> None:
    losing.change(
        MasterChange("contract_line", "C1.1", fields={"estimate_cost": Decimal(2_000)})
    )

    flow.recognise_revenue(
        losing.database, losing.tenant, entity="US1", through=date(2025, 3, 30)
    )

    assert losing.balances()[Role.ONEROUS_PROVISION] == -170_00


def test_every_check_of_provisions_has_its_planted_damage() -> None:
    assert tuple(PLANTED) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_provisions_finds_exactly_its_damage(
    losing: House, database_url: str, check: str
) -> None:
    subject, expected, there = PLANTED[check]
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        cursor = connection.execute(
            QUERIES[check].sql.encode(), {"tenant": losing.tenant}
        )
        assert cursor.rowcount == 1

    with losing.database.tenant(losing.tenant) as session:
        found, *others = differences(session)

    assert found.subject.startswith(subject)
    assert found == Difference(check, found.subject, Decimal(expected), Decimal(there))
    assert [one.subject for one in others] == ALSO_FOUND.get(check, [])
