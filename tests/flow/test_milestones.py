"""A milestone that was refused waits, and is tried once for each state of masters."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions.store import resolve_item
from hourline.flow.transactions import now
from tests.flow.house import House

pytestmark = pytest.mark.integration


def fixed(price: int) -> MasterChange:
    return MasterChange(
        "contract_line",
        "C1.2",
        fields={
            "contract": "C1",
            "method": "fixed_price",
            "price": Decimal(price),
            "milestones": [{"id": "m", "amount": 1000, "date": "2025-03-01"}],
        },
    )


def closed_refusal(house: House) -> None:
    """Report a milestone above the price, and close what then waits by hand."""
    house.change(fixed(900))
    flow.reach_milestone(
        house.database,
        house.tenant,
        contract_line="C1.2",
        milestone="m",
        reached_on=date(2025, 3, 1),
    )
    assert house.codes() == ["milestone_exceeds_price"]
    (item,) = house.items()
    with house.database.tenant(house.tenant) as session:
        resolve_item(session, item.item_no, resolution="asked the seller", at=now())


def test_an_item_that_a_person_closed_stays_closed_while_nothing_changes(
    house: House,
) -> None:
    closed_refusal(house)

    flow.resume_pending(house.database, house.tenant)

    assert house.codes() == []


def test_a_change_that_does_not_help_opens_the_item_again_and_one_that_does_ends_it(
    house: House,
) -> None:
    closed_refusal(house)

    house.change(fixed(950))
    after_too_little = house.codes()
    house.change(fixed(1000))

    assert after_too_little == ["milestone_exceeds_price"]
    assert house.codes() == []
    assert house.bill().total == 100_000
