"""What departments charge each other is told, sent, proven, and nets to nothing."""

from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Effect, Role
from hourline.ledger.model import JournalDocument
from hourline.ledger.service import journal_document, journal_parts
from hourline.master.store import set_connection
from hourline.proof.cross_charges import CHECKS
from hourline.proof.differences import Difference, differences
from hourline.proof.model import CrossChargedPair
from hourline.proof.rules.net_departments import net_departments
from tests.flow.departments import AT_COST, DEPARTMENTS, OPS, priced
from tests.flow.house import HOUR, MASTER, House, chart, found_house, routed
from tests.flow.test_explain import about, explained
from tests.flow.test_recognition import _JOURNALS

pytestmark = pytest.mark.integration
QUERIES = load_queries("tests.proof")
# By check: what is named, and its two figures.
PLANTED = {
    "cross_charge_differs_from_ledger": ("charged on contract C1", 400_00, 399_99),
    "cross_charge_differs_from_decision": ("cross-charge of entry ", 14_400, 14_401),
}
ALSO_FOUND = {"cross_charge_differs_from_ledger": ["recovered on contract C1"]}
ACCOUNTS = [
    MasterChange(
        "ledger_account",
        f"US1:{role}",
        fields={"entity": "US1", "role": role, "number": number},
    )
    for role, number in (("cross_charge", "5400"), ("cross_charge_recovery", "5450"))
]


@pytest.fixture
def charging(database: Database, tenant: int) -> House:
    """Give a firm whose DEV did four hours for OPS, at 100 an hour."""
    house = found_house(database, tenant, [*MASTER, *DEPARTMENTS, AT_COST, *chart()])
    house.approve(seconds=4 * HOUR)
    return house


def sent(house: House) -> JournalDocument:
    """Post, and return the journal of cross-charges that was made last."""
    house.post()
    with house.database.tenant(house.tenant) as session:
        numbers = session.tuples(_JOURNALS, kind=int(Effect.CROSS_CHARGE))
        last = max(number for (number,) in numbers)
        snapshot = flow.snapshot_of(session)
        document = journal_document(session, snapshot, last)
        parts = journal_parts(session, snapshot, last)
    assert isinstance(document, JournalDocument)
    assert isinstance(parts, list)
    assert sum(part.moved.amount for part in parts) == document.total
    return document


def sides(document: JournalDocument) -> list[tuple[str, str | None, int, int]]:
    return [
        (line.account, line.dimensions.cost_centre, line.debit, line.credit)
        for line in document.lines
    ]


def test_the_erp_books_each_side_on_its_own_department(charging: House) -> None:
    with charging.database.tenant(charging.tenant) as session:
        set_connection(session, name="books", connector="sandbox_atlas")
    assert not charging.change(*ACCOUNTS, *routed("journal")).refusals
    first = sent(charging)

    # The project moves on; what was charged stays where it was charged.
    charging.change(MasterChange("project", "P1", fields={"cost_centre": "DEV"}))
    charging.approve(seconds=HOUR, revision=2)
    reversal = sent(charging)

    assert sides(first) == [
        ("5400", "OPS", 400_00, 0),
        ("5450", "DEV", 0, 400_00),
    ]
    assert sides(reversal) == [
        ("5450", "DEV", 400_00, 0),
        ("5400", "OPS", 0, 400_00),
    ]
    assert charging.unproven() == []
    assert Role.CROSS_CHARGE not in charging.balances()


def test_a_charge_is_told_with_its_row_and_price(charging: House) -> None:
    at_cost = about(explained(charging), "cross-charge")
    charging.change(priced("cost_plus_percent", "12.50"))
    charging.approve(id="t2", seconds=HOUR)
    on_top = explained(charging, "t2")
    charging.change(priced("unit_price", "80"))
    charging.approve(id="t3", seconds=2 * HOUR)
    at_price = explained(charging, "t3")

    assert at_cost.sentences == [
        (
            "DEV, the person's department, charges OPS, the project's: at-cost is the"
            " most specific row that matches."
        ),
        "An hour is charged at what it costs, 100 USD.",
        (
            "4 h worked at 100 USD an hour are exactly 400 USD; rounded once they are"
            " 400.00 USD."
        ),
    ]
    assert about(on_top, "cross-charge").sentences[1] == (
        "An hour is charged at what it costs, 100 USD, and 12.5 % of it."
    )
    assert about(at_price, "cross-charge").sentences[1:] == [
        "An hour is charged at 80 USD.",
        (
            "2 h worked at 80 USD an hour are exactly 160 USD; rounded once they are"
            " 160.00 USD."
        ),
    ]
    assert on_top.broken == at_price.broken == []
    assert explained(charging).broken == []


def test_what_is_charged_nets_to_nothing_in_the_entity() -> None:
    def pair(own: str, theirs: str, amount: int) -> CrossChargedPair:
        return CrossChargedPair(
            entity="US1",
            person_department=own,
            project_department=theirs,
            currency=840,
            seconds=HOUR,
            amount=amount,
        )

    nets = net_departments([pair("A", "B", 70), pair("B", "A", 30), pair("C", "B", 5)])

    assert [(one.department, one.charged, one.recovered) for one in nets] == [
        ("A", 30, 70),
        ("B", 75, 30),
        ("C", 0, 5),
    ]
    assert [one.net for one in nets] == [-40, 45, -5]


def test_a_department_that_is_not_known_charges_nothing_until_it_is(
    database: Database, tenant: int
) -> None:
    house = found_house(database, tenant, [*MASTER, AT_COST, *DEPARTMENTS[:1]])
    refusals = house.change(*DEPARTMENTS[2:]).refusals
    house.approve()
    before = house.balances()
    house.change(OPS, *DEPARTMENTS[2:])
    house.approve(id="t2", seconds=HOUR)

    assert [one.problem.code for one in refusals] == ["master_reference_missing"]
    assert Role.CROSS_CHARGE not in before
    assert house.balances()[Role.CROSS_CHARGE] == 100_00


def test_every_check_of_cross_charges_has_its_planted_damage() -> None:
    assert tuple(PLANTED) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_cross_charges_finds_exactly_its_damage(
    charging: House, database_url: str, check: str
) -> None:
    subject, expected, there = PLANTED[check]
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        cursor = connection.execute(
            QUERIES[check].sql.encode(), {"tenant": charging.tenant}
        )
        assert cursor.rowcount == 1

    with charging.database.tenant(charging.tenant) as session:
        found, *others = differences(session)

    assert found.subject.startswith(subject)
    assert found == Difference(check, found.subject, Decimal(expected), Decimal(there))
    assert [one.subject for one in others] == ALSO_FOUND.get(check, [])
