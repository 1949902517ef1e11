"""A table that a rulebook has published is changed by two persons, at every door."""

from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from tests.flow.house import House
from tests.flow.rules import files, publish

pytestmark = pytest.mark.integration


def test_what_was_published_is_changed_by_nobody_alone(house: House) -> None:
    publish(house, files(bill_rates="id,currency,rate\nstandard,USD,250"))
    again = MasterChange(
        "bill_rate", "standard", fields={"currency": "USD", "rate": Decimal(250)}
    )
    dearer = MasterChange("bill_rate", "standard", fields={"rate": Decimal(300)})
    further = MasterChange(
        "bill_rate", "for us", fields={"currency": "USD", "rate": 9, "person": "ann"}
    )
    cost = MasterChange("cost_rate", "ann-cost", fields={"rate": Decimal(110)})

    applied = house.change(again, dearer, further, cost)

    assert [one.problem.code for one in applied.refusals] == ["not_the_owner"] * 2
    assert applied.refusals[0].problem.sentence == (
        "bill_rate standard was not changed: a rulebook published the table"
        " bill_rates, and two persons change it."
    )
    # Of costs nothing was published.
    assert (applied.changed, applied.unchanged) == (1, 1)
    house.approve()
    assert house.bill().net == 25_000
