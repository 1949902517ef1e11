"""A person accepts what is too late to be booked by itself, and it is booked late."""

import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import SetRight
from hourline.flow.explain import explain_entry
from hourline.flow.transactions import NotKnown
from hourline.infra.audit import read_chain
from hourline.kernel.problems import Problem
from tests.flow.house import House

pytestmark = pytest.mark.integration
WHY = Because(actor="Carla", reason="the customer agreed")
T1 = flow.EntryName("t1")
RIGHT = SetRight(user="Carla", right="accept_late_work", entity="US1")


@pytest.fixture
def late(house: House) -> House:
    """Give a firm whose March is closed and that books nothing late by itself."""
    month = {"entity": "US1", "period": "2025-03", "status": "closed"}
    house.change(
        MasterChange("posting_period", "march", fields=month),
        MasterChange("legal_entity", "US1", fields={"late_days_max": 0}),
    )
    house.approve()
    assert house.codes() == ["late_work"]
    return house


def accept(house: House) -> bool | Problem:
    return flow.accept_late_work(house.database, house.tenant, T1, WHY)


def test_trying_again_does_not_book_it_and_accepting_does_once(late: House) -> None:
    late.agree(RIGHT)
    tried = flow.retry_pending(late.database, late.tenant)
    waiting = late.state()

    accepted = accept(late)

    assert (tried, waiting, accepted) == (0, "exception", True)
    assert (late.state(), late.codes()) == ("open_to_bill", [])
    assert late.unproven() == []
    with late.database.tenant(late.tenant) as session:
        *_, record = read_chain(session)
    assert (record.actor, record.action, record.subject, record.reason) == (
        "Carla",
        "late_work.accepted",
        "entry t1",
        "the customer agreed",
    )
    with pytest.raises(NotKnown, match="t1 does not wait for being late"):
        accept(late)


def test_without_the_right_it_stays_and_somebody_is_asked(late: House) -> None:
    refused = accept(late)

    assert isinstance(refused, Problem)
    assert late.codes() == ["late_work", "right_missing"]
    assert late.balances() == {}


def test_what_lacks_something_else_too_stays_although_it_is_accepted(
    late: House,
) -> None:
    late.agree(RIGHT)
    late.change(MasterChange("project", "P1", fields={"status": "closed"}))
    late.approve(revision=2)

    assert accept(late) is False
    assert late.state() == "exception"
    with late.database.tenant(late.tenant) as session:
        actions = {one.action for one in read_chain(session)}
    assert "late_work.accepted" not in actions


def test_what_was_accepted_is_explained_as_it_was_booked(late: House) -> None:
    late.agree(RIGHT)
    accept(late)

    with late.database.tenant(late.tenant) as session:
        told = explain_entry(session, "t1")

    assert told.broken == []


def test_what_waits_for_two_things_is_accepted_and_told_as_two(house: House) -> None:
    month = {"entity": "US1", "period": "2025-03", "status": "closed"}
    asked = {"late_days_max": 0, "price_right": True}
    house.change(
        MasterChange("posting_period", "march", fields=month),
        MasterChange("legal_entity", "US1", fields=asked),
    )
    house.approve(price="150")
    house.agree(RIGHT)
    for_one = accept(house)
    house.agree(SetRight(user="Carla", right="set_prices", entity="US1"))

    for_both = accept(house)

    assert (for_one, for_both) == (False, True)
    with house.database.tenant(house.tenant) as session:
        acts = [one.action for one in read_chain(session) if "accepted" in one.action]
    assert acts == ["late_work.accepted", "price.accepted"]
