"""A milestone that was refused waits, and is tried once for each state of masters."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions.store import resolve_item
from hourline.flow.transactions import now
from hourline.kernel.problems import ProblemCode
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
    """Report a milestone above a lowered price, and close what waits by hand."""
    house.change(fixed(1000))
    lowered = flow.Estimate(contract_line="C1.2", price=Decimal(900))
    said = flow.Decision(actor="P. Mori", reason="less was agreed")
    assert flow.revise_estimate(house.database, house.tenant, lowered, said) is None
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


@pytest.mark.parametrize(
    ("milestones", "told"),
    [
        (["1200"], "its milestones exceed its price by 200"),
        (["600", "600"], "its milestones exceed its price by 200"),
        (["-600", "1600"], "milestone m1 of -600 is not above nothing"),
    ],
)
def test_milestones_beyond_the_price_are_refused_when_they_are_agreed(
    house: House, milestones: list[str], told: str
) -> None:
    stated = [
        {"id": f"m{number}", "amount": amount, "date": "2025-03-01"}
        for number, amount in enumerate(milestones, start=1)
    ]
    agreed = fixed(1000)
    house.change(replace(agreed, fields={**agreed.fields, "milestones": []}))

    applied = house.change(
        replace(agreed, fields={**agreed.fields, "milestones": stated})
    )

    (refusal,) = applied.refusals
    assert refusal.problem.code is ProblemCode.MASTER_RECORD_INVALID
    assert told in refusal.problem.sentence


def test_a_line_that_an_estimate_lowered_can_be_renamed(house: House) -> None:
    house.change(fixed(1000))
    lowered = flow.Estimate(contract_line="C1.2", price=Decimal(900))
    said = flow.Decision(actor="P. Mori", reason="less was agreed")
    flow.revise_estimate(house.database, house.tenant, lowered, said)

    applied = house.change(replace(fixed(900), fields={"name": "Phase 1"}))
    worse = house.change(fixed(800))

    assert (applied.changed, applied.refusals) == (1, [])
    assert "its milestones exceed its price by 200" in (
        worse.refusals[0].problem.sentence
    )
