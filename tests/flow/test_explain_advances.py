"""What was paid in advance, and what is over a limit, is told and proven."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from tests.flow.advances import RETAINER
from tests.flow.house import HOUR, MARCH_END, House
from tests.flow.test_explain import about, explained
from tests.flow.test_limits import contract, prepaid
from tests.flow.test_recognition import LINE

pytestmark = pytest.mark.integration

_FORGE = Query(
    "forge",
    "Say that more is prepaid than was allotted.",
    "UPDATE hourline.billed_portion SET amount_prepaid = amount_prepaid + 1",
)


def test_a_block_and_the_limit_behind_it_are_told(house: House) -> None:
    house.change(prepaid(hours=Decimal("0.5")), contract(limit=Decimal(100)))
    house.approve(seconds=2 * HOUR)

    told = explained(house)

    # Half an hour is prepaid, half an hour is 100 USD, an hour is over the limit.
    assert about(told, "allotment").sentences == [
        (
            "Of portion 0: 0.5 h more prepaid by block B1; 1 h more over the limit of"
            " contract C1 (100.00 USD)."
        ),
        "By value 100.00 USD more are prepaid and 200.00 USD more over limits.",
    ]
    assert told.broken == []


def test_what_is_no_longer_over_a_limit_is_told_after_it_was(house: House) -> None:
    house.change(line_limit(100, over_limit="block"))
    house.approve(seconds=HOUR)
    house.change(line_limit(300))

    told = explained(house)

    assert [step.sentences[0] for step in told.steps if step.about == "allotment"] == [
        (
            "Of portion 0: 1 h more over the limit of contract line C1.1 (100.00 USD"
            " for entries that fit whole)."
        ),
        (
            "Of portion 0: 1 h less over the limit of contract line C1.1 (300.00 USD"
            " for entries that fit whole)."
        ),
    ]
    assert told.broken == []


def line_limit(limit: int, **fields: object) -> MasterChange:
    return MasterChange(
        "contract_line", "C1.1", fields={"limit": Decimal(limit), **fields}
    )


def test_what_is_prepaid_without_an_allotment_is_told(house: House) -> None:
    house.change(prepaid(hours=Decimal("0.5")))
    house.approve(seconds=2 * HOUR)
    with house.database.tenant(house.tenant) as session:
        session.run(_FORGE)

    assert [
        (one.figure, one.recomputed, one.stored) for one in explained(house).broken
    ] == [("amount prepaid of portion 0", "100.00 USD", "100.01 USD")]


def test_an_older_revision_still_tells_what_was_allotted_of_it(house: House) -> None:
    house.change(prepaid(hours=Decimal("0.5")))
    house.approve(seconds=HOUR)
    house.approve(revision=2, seconds=2 * HOUR)

    assert explained(house, revision=1).broken == []
    assert explained(house, revision=2).broken == []


def test_the_retainer_an_invoice_drew_on_is_told(house: House) -> None:
    house.change(RETAINER)
    house.bill()
    house.approve(seconds=HOUR)
    house.bill()

    told = explained(house)

    assert about(told, "retainer").sentences == [
        (
            "The retainer US1-000001 pays 200.00 USD of US1-000002, 200.00 USD net and"
            " 0.00 USD tax; the invoice as a whole is due by so much less."
        )
    ]
    assert told.broken == []


def test_what_is_given_back_to_a_retainer_is_told(house: House) -> None:
    house.change(RETAINER)
    house.bill()
    house.approve(seconds=HOUR)
    house.bill()
    house.approve(revision=2, seconds=HOUR // 2)

    told = explained(house, revision=1)

    back = [one for one in told.steps if one.about == "retainer"][-1]
    assert back.sentences == [
        (
            "US1-CN-000001 gives 200.00 USD that US1-000002 drew back to the retainer"
            " US1-000001, 200.00 USD net and 0.00 USD tax."
        )
    ]
    assert told.broken == []


def test_covered_work_tells_how_its_price_is_earned(house: House) -> None:
    house.change(LINE)
    house.approve(seconds=3 * HOUR)
    waiting = explained(house)
    flow.recognise_revenue(
        house.database, house.tenant, entity="US1", through=date(2025, 3, 4)
    )
    flow.recognise_revenue(
        house.database, house.tenant, entity="US1", through=MARCH_END
    )

    told = explained(house)

    assert about(waiting, "covered").sentences == [
        "The price of C1.1 covers this work, whatever its hours.",
        "No run of recognition has gone through its work date yet.",
    ]
    assert about(told, "revenue").sentences == [
        (
            "Through 2025-03-31, C1.1 had earned 300.00 USD of 1,000.00 USD by percent"
            " hours: 3 h of 10 h. 300.00 USD of it was new."
        )
    ]
    assert told.broken == []


def test_covered_work_whose_revenue_is_invoiced_says_so(house: House) -> None:
    house.change(
        MasterChange(
            "contract_line",
            "C1.1",
            fields={"method": "fixed_price", "price": Decimal(1_000)},
        )
    )
    house.approve()

    assert about(explained(house), "covered").sentences == [
        "The price of C1.1 covers this work, whatever its hours.",
        "Its revenue is booked by its invoices.",
    ]
