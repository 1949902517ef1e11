"""Revenue goes on where an acquired unit's books ended, and balances join in."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.kernel.codes import Role
from tests.flow.house import MASTER, House, found_house
from tests.flow.unit import deferred, recognised, take_back, take_over

pytestmark = pytest.mark.integration

# 100 days from 1 January; the unit is taken over on 1 March, after 59 of them.
DAYS = {"start": date(2025, 1, 1), "end": date(2025, 4, 10)}


def line(**terms: object) -> MasterChange:
    fields = {
        "contract": "C1",
        "method": "fixed_price",
        "price": Decimal(1_000),
        "milestones": [
            {"id": "m1", "amount": 400, "date": date(2025, 1, 1)},
            {"id": "m2", "amount": 600, "date": date(2025, 4, 1)},
        ],
        **terms,
    }
    return MasterChange("contract_line", "C1.1", fields=fields)


def founded(database: Database, tenant: int, **terms: object) -> House:
    return found_house(database, tenant, [*MASTER, line(**terms)])


def recognise(house: House, through: date) -> None:
    flow.recognise_revenue(house.database, house.tenant, entity="US1", through=through)


def reach(house: House, milestone: str) -> None:
    flow.reach_milestone(
        house.database,
        house.tenant,
        contract_line="C1.1",
        milestone=milestone,
        reached_on=date(2025, 3, 10),
    )


def test_days_go_on_from_the_cut_over_and_consume_what_was_deferred(
    database: Database, tenant: int
) -> None:
    house = founded(database, tenant, recognition="straight_line", **DAYS)
    take_over(
        house,
        recognised(amount="590", contract_liability="410"),
    )
    recognise(house, date(2025, 3, 1))
    first = house.balances()
    recognise(house, date(2025, 4, 10))

    assert first[Role.REVENUE] == -1_000
    assert first[Role.CONTRACT_LIABILITY] == -40_000
    assert house.balances()[Role.REVENUE] == -41_000
    assert Role.CONTRACT_LIABILITY not in house.balances()
    assert house.unproven() == []


def test_an_asset_taken_over_is_consumed_by_the_invoice_that_follows(
    database: Database, tenant: int
) -> None:
    house = founded(
        database, tenant, recognition="percent_hours", estimate_hours=Decimal(10)
    )
    take_over(house, recognised(amount="300", contract_asset="300"))
    recognise(house, date(2025, 3, 1))
    nothing_new = house.balances()
    reach(house, "m1")
    house.bill()
    house.approve(seconds=5 * 3_600)
    recognise(house, date(2025, 3, 31))

    assert Role.REVENUE not in nothing_new
    # Half of the hours left earn half of the 700 left: 100 from the liability.
    assert house.balances()[Role.REVENUE] == -35_000
    assert house.balances()[Role.CONTRACT_ASSET] == 25_000
    assert Role.CONTRACT_LIABILITY not in house.balances()
    assert house.unproven() == []


def test_milestones_reached_here_are_earned_beside_those_of_the_old_books(
    database: Database, tenant: int
) -> None:
    house = founded(database, tenant, recognition="milestone")
    take_over(house, recognised(amount="400"))
    recognise(house, date(2025, 3, 1))
    reach(house, "m2")
    recognise(house, date(2025, 3, 31))

    assert house.balances()[Role.REVENUE] == -60_000
    assert house.balances()[Role.CONTRACT_ASSET] == 60_000
    assert house.unproven() == []


def test_a_balance_that_meets_the_other_side_is_netted_and_taken_back_whole(
    database: Database, tenant: int
) -> None:
    house = founded(database, tenant, recognition="milestone")
    reach(house, "m1")
    house.bill()
    taken = take_over(house, recognised(amount="100", contract_asset="100"))
    netted = house.balances()
    take_back(house, taken.batch_no)

    assert netted[Role.CONTRACT_LIABILITY] == -30_000
    assert Role.CONTRACT_ASSET not in netted
    assert house.balances()[Role.CONTRACT_LIABILITY] == -40_000
    assert Role.OPENING_BALANCE not in house.balances()
    assert house.unproven() == []


def test_a_deferred_amount_taken_back_after_it_was_earned_leaves_an_asset(
    database: Database, tenant: int
) -> None:
    house = founded(database, tenant, recognition="milestone")
    taken = take_over(house, deferred())
    reach(house, "m2")
    recognise(house, date(2025, 3, 31))
    earned = house.balances()
    take_back(house, taken.batch_no)

    assert earned[Role.CONTRACT_ASSET] == 20_000
    assert house.balances()[Role.CONTRACT_ASSET] == 60_000
    assert Role.CONTRACT_LIABILITY not in house.balances()
    assert house.unproven() == []
