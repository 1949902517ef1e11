"""Work that is left out of the next invoice only, with who and why in its story."""

from decimal import Decimal

import psycopg
import pytest

from hourline import flow
from hourline.billing.model import Because, NothingToBill
from hourline.billing.reviewing import Reviewed
from hourline.infra.audit import read_chain
from hourline.kernel.codes import ReviewAct
from hourline.proof.differences import Difference, differences
from tests.flow.house import HOUR, MARCH_END, House

pytestmark = pytest.mark.integration
WHY = Because(actor="M. Ito", reason="the order comes in April")


def postpone(house: House, entry: str = "t1", *, try_only: bool = False) -> Reviewed:
    outcome = flow.postpone_entry(
        house.database, house.tenant, flow.EntryName(entry), WHY, try_only=try_only
    )
    assert isinstance(outcome, Reviewed)
    return outcome


def test_postponing_and_the_invoice_that_ended_it_are_in_the_story(
    house: House,
) -> None:
    house.approve(id="t1")
    house.approve(id="t2")

    postponed = postpone(house)
    again = postpone(house)
    state = house.state()
    issued = house.bill()

    assert (postponed.changed, postponed.seconds, postponed.amount) == (
        True,
        HOUR,
        200_00,
    )
    assert (again.changed, state, house.state()) == (
        False,
        "postponed",
        "open_to_bill",
    )
    assert [
        (ReviewAct(one.kind).name, one.actor, one.reason, one.document)
        for one in house.status().story.reviews
    ] == [
        ("POSTPONE", "M. Ito", "the order comes in April", None),
        ("RESUME", "M. Ito", "the order comes in April", issued.number),
    ]
    with house.database.tenant(house.tenant) as session:
        [told] = read_chain(session)
    assert (told.actor, told.action) == ("M. Ito", "entry.postponed")
    assert house.unproven() == []


def test_only_trying_to_postpone_changes_nothing(house: House) -> None:
    house.approve()

    tried = postpone(house, try_only=True)

    assert (tried.changed, house.state()) == (True, "open_to_bill")


def test_work_that_waits_for_its_person_can_be_postponed(house: House) -> None:
    house.approve(person="zoe")

    postponed = postpone(house)

    assert (postponed.changed, postponed.currency) == (True, None)


def test_a_run_over_all_contracts_passes_a_contract_of_postponed_work_over(
    house: House,
) -> None:
    house.approve()
    postpone(house)

    run = flow.bill_due(
        house.database, house.tenant, through=MARCH_END, invoice_date=MARCH_END
    )
    alone = flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
    )

    assert run == []
    assert isinstance(alone, NothingToBill)
    assert house.state() == "postponed"


def test_the_proof_finds_work_that_is_held_though_it_was_postponed(
    house: House, database_url: str
) -> None:
    house.approve()
    postpone(house)
    with psycopg.connect(database_url) as connection:
        damaged = connection.execute(
            "UPDATE hourline.held_entry SET kind = 1 WHERE tenant = %s",
            (house.tenant,),
        )
        assert damaged.rowcount == 1

    with house.database.tenant(house.tenant) as session:
        found = differences(session)

    assert found == [Difference("held_without_act", "t1", Decimal(6), Decimal(1))]
