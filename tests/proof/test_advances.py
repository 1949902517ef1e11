"""Each check of retainers and shares finds exactly the damage it is there for."""

import psycopg
import pytest

from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.proof.advances import CHECKS
from hourline.proof.differences import differences
from tests.flow.advances import KIEL, RETAINER, shares
from tests.flow.house import MASTER, House, found_house

pytestmark = pytest.mark.integration
QUERIES = load_queries("tests.proof")
# By check: who and what is named in each difference, and its two figures.
PLANTED = {
    "shares_billed_twice_or_uncounted": [
        ("customer ADATUM", 3_600, 0),
        ("customer US1", 0, 3_600),
    ],
    "shares_do_not_make_a_whole": [("part 0", 1_000_000, 999_999)],
    "amounts_billed_twice_or_uncounted": [("contract line C1.R", 299_99, 300_00)],
    "retainer_differs_from_its_documents": [("US1-000001 line 1", 25_00, 25_01)],
    "drawdown_differs_from_ledger": [("drawdown ", 50_00, 50_01)],
    "drawn_beyond_the_invoice": [("US1-000001", 75_00, 150_00)],
}


@pytest.fixture
def shared(database: Database, tenant: int) -> House:
    """Give a firm whose contract two customers share, each with its retainer drawn."""
    house = found_house(
        database, tenant, [*MASTER, KIEL, RETAINER, *shares(ADATUM="25", KIEL="75")]
    )
    house.bill()
    house.approve()
    house.bill()
    return house


def test_sound_books_of_retainers_and_shares_have_no_difference(shared: House) -> None:
    assert shared.unproven() == []


def test_every_check_of_advances_has_its_planted_damage() -> None:
    assert tuple(PLANTED) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_advances_finds_exactly_its_damage(
    shared: House, database_url: str, check: str
) -> None:
    with psycopg.connect(database_url) as connection:
        # A broken disk asks no foreign key either.
        connection.execute("SET session_replication_role = replica")
        cursor = connection.execute(
            QUERIES[check].sql.encode(), {"tenant": shared.tenant, "stranger": 1}
        )
        assert cursor.rowcount == 1

    with shared.database.tenant(shared.tenant) as session:
        found = differences(session)

    assert {one.check for one in found} == {check}
    figures = [(int(one.expected), int(one.found)) for one in found]
    assert sorted(figures) == sorted(one[1:] for one in PLANTED[check])
    for subject, _, _ in PLANTED[check]:
        assert any(subject in one.subject for one in found), found
