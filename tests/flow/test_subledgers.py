"""Months of a subledger are closed apart: what is explained, sent, and told of them."""

from datetime import date

import pytest

from hourline.flow.closing import SetPeriod
from hourline.flow.explain import explain_entry
from hourline.kernel.subledgers import Subledger
from tests.flow.house import House, chart
from tests.flow.ledgers import connect, plan, post, route, states

pytestmark = pytest.mark.integration


def close(house: House, ledger: Subledger) -> None:
    march = SetPeriod(entity="US1", period="2025-03", state="closed", ledger=ledger)
    house.agree(march)


def test_an_explanation_tells_the_day_of_the_costs_where_it_is_another(
    house: House,
) -> None:
    close(house, Subledger.COSTS)
    house.approve()

    with house.database.tenant(house.tenant) as session:
        told = explain_entry(session, "t1")

    [step] = [one for one in told.steps if one.about == "accounting date"]
    accrued, costs = step.sentences
    assert accrued == "The accounting date is the work date 2025-03-05."
    assert costs == (
        "By the months of the costs of US1 these are on 2025-04-01, and the entry is"
        " late."
    )
    assert step.figures == {
        "date": date(2025, 3, 5),
        "late": True,
        "costs_on": date(2025, 4, 1),
    }
    assert told.broken == []


@pytest.mark.parametrize(
    ("closed", "sent"), [(Subledger.RECEIVABLES, False), (Subledger.COSTS, True)]
)
def test_a_group_of_invoices_waits_for_the_month_of_receivables_only(
    house: House, closed: Subledger, *, sent: bool
) -> None:
    connect(house)
    house.change(route("invoice", group="end"), *chart())
    house.approve()
    house.bill()
    close(house, closed)

    plan(house)
    post(house)

    assert states(house) == ({("books", "INVOICE", "CONFIRMED"): 1} if sent else {})
    assert ("posting_group_held" in house.codes()) is not sent
