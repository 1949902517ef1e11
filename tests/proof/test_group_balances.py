"""The report of a group asks for its rates, and for a group it can find."""

from datetime import date

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import GroupNotKnown
from hourline.proof.group_balances import report_group
from tests.flow.house import HOUR, MASTER, House, found_house

pytestmark = pytest.mark.integration

GROUP = MasterChange("entity_group", "G", fields={"currency": "EUR"})
MEMBER = MasterChange("legal_entity", "US1", fields={"group": "G"})
MARCH_31 = date(2025, 3, 31)


@pytest.fixture
def house(database: Database, tenant: int) -> House:
    """Give a firm of the group G whose one person worked an hour on 4 March."""
    firm = found_house(database, tenant, [*MASTER, GROUP, MEMBER])
    firm.approve(seconds=HOUR, date="2025-03-04")
    return firm


def report_through(house: House, day: date, name: str | None = None) -> object:
    with house.database.tenant(house.tenant) as session:
        snapshot = flow.snapshot_of(session)
        return report_group(session, snapshot, name, through=day)


def test_a_missing_rate_is_refused_by_currency_and_day(house: House) -> None:
    refused = report_through(house, MARCH_31)

    assert isinstance(refused, Problem)
    assert refused.code is ProblemCode.FX_RATE_NOT_FOUND
    assert refused.sentence == (
        "The balances of group G need rates that there are not: USD to EUR on"
        " 2025-03-04, USD to EUR on 2025-03-31."
    )


def test_a_group_has_to_be_one_that_there_is(house: House) -> None:
    with pytest.raises(GroupNotKnown, match=r"no group H on 2025-03-31; there are: G"):
        report_through(house, MARCH_31, "H")
    house.change(MasterChange("entity_group", "H", fields={"currency": "USD"}))
    with pytest.raises(GroupNotKnown, match="one group has to be named"):
        report_through(house, MARCH_31)


def test_a_group_in_no_known_currency_is_refused(house: House) -> None:
    change = MasterChange("entity_group", "G", fields={"currency": "EUX"})

    applied = house.change(change)

    (refusal,) = applied.refusals
    assert refusal.problem.code is ProblemCode.MASTER_RECORD_INVALID
    assert "EUX" in refusal.problem.sentence
