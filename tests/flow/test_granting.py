"""No system and no one person gives rights; two persons do, and one takes away."""

from datetime import date

import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import Said, SetRight, change_closing
from hourline.infra.audit import read_chain
from hourline.kernel.problems import Problem
from hourline.master.service import apply_changes
from tests.flow.house import House

pytestmark = pytest.mark.integration
CARLA = SetRight(user="Carla", right="override_entry_lock", entity="US1")


def sent(
    *, id_: str = "hr-17", until: date = date.max, **fields: object
) -> MasterChange:
    """Give what a system says of Carla's right, in a record of its own."""
    said = {"user": "Carla", "right": "override_entry_lock", "entity": "US1", **fields}
    return MasterChange("user_right", id_, fields=said, effective_until=until)


def may_override(house: House) -> bool:
    """Say whether Carla can let in an entry that a lock keeps out."""
    lock = MasterChange("entry_lock", "MARCH", fields={"through": "2025-03-31"})
    house.change(lock)
    house.approve()
    because = Because(actor="Carla", reason="agreed")
    entry = flow.EntryName("t1")
    outcome = flow.override_entry_lock(house.database, house.tenant, entry, because)
    return not isinstance(outcome, Problem)


def test_a_right_that_a_system_sends_gives_nothing_and_waits(house: House) -> None:
    first = house.change(sent())
    again = house.change(sent())

    assert [len(one.refusals) for one in (first, again)] == [1, 1]
    [item] = house.items()
    assert (item.code, item.queue) == ("right_not_approved", "approval")
    assert item.owner == "project controller"
    assert item.sentence == (
        "user_right hr-17 was not taken over: Carla would have the right"
        " override_entry_lock for US1, and no second person has agreed to that."
    )
    assert "hourline closing grant" in item.remedy
    assert may_override(house) is False


def test_the_item_closes_once_two_persons_agree_and_the_system_may_repeat_it(
    house: House,
) -> None:
    house.change(sent())

    house.agree(CARLA)
    closed = house.codes()
    repeated = house.change(sent())

    assert (closed, repeated.refusals) == ([], [])
    assert may_override(house) is True
    with house.database.tenant(house.tenant) as session:
        [grant] = [one for one in read_chain(session) if one.action == "closing.change"]
    assert (grant.actor, grant.approver) == ("Carla", "Dora")
    assert house.unproven() == []


def test_of_a_set_only_the_right_is_refused_and_taking_it_out_closes_the_item(
    house: House,
) -> None:
    applied = house.change(
        MasterChange("customer", "NEW", fields={"country": "US"}),
        sent(),
        MasterChange("customer", "NEW2", fields={"country": "US"}),
    )
    waiting = house.codes()
    house.change(sent(until=date(2025, 1, 1)))

    assert [one.change.source_id for one in applied.refusals] == ["hr-17"]
    assert applied.changed == 2
    assert (waiting, house.codes()) == (["right_not_approved"], [])


def test_a_record_is_not_turned_into_another_or_wider_right_or_somebody_elses(
    house: House,
) -> None:
    house.agree(CARLA)
    house.change(sent())

    refused = [
        len(house.change(MasterChange("user_right", "hr-17", fields=more)).refusals)
        for more in ({"right": "accept_late_work"}, {"user": "Eve"}, {"entity": None})
    ]

    assert refused == [1, 1, 1]
    assert may_override(house) is True


def test_one_system_or_person_takes_a_right_away_and_cannot_give_it_back(
    house: House,
) -> None:
    house.agree(CARLA)
    past = date(2025, 1, 1)
    taken = SetRight(user="Carla", right=CARLA.right, entity="US1", until=past)
    said = Said("Eve", "left the firm")

    proposal = change_closing(house.database, house.tenant, taken, said)
    back = house.change(sent())

    assert (proposal, len(back.refusals)) == (None, 1)
    assert may_override(house) is False


def test_taking_away_later_never_lets_a_right_to_come_begin_sooner(
    house: House,
) -> None:
    later = MasterChange(
        "user_right",
        "carla",
        fields=sent().fields,
        effective_from=date(2999, 1, 1),
    )
    # As an older release took it over.
    with house.database.tenant(house.tenant) as session:
        apply_changes(session, house.psa, [later])
    until = date(3000, 1, 1)
    taken = SetRight(user="Carla", right=CARLA.right, entity="US1", until=until)

    proposal = change_closing(house.database, house.tenant, taken, Said("Eve", "x"))

    assert proposal is not None
    assert may_override(house) is False
