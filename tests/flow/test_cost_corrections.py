"""What is invoiced costs what the terms in force say, and keeps everything else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import SetPeriod
from hourline.flow.correcting.bulk import Applied, propose_bulk
from hourline.flow.correcting.previews import preview_bulk
from hourline.flow.explain.entry import explain_entry
from hourline.infra.audit import read_chain
from hourline.kernel.codes import Role
from hourline.master.store import set_connection
from tests.flow.house import House, chart, routed
from tests.flow.lent import BOBS_COST, DOLLAR, LENDER
from tests.flow.repricing import EVERYTHING, REPRICE, WHY, repriced
from tests.flow.test_resourcing_entity import OF_US1
from tests.flow.test_vendor_bills import VENDOR, bill

pytestmark = pytest.mark.integration


def cost_rate(amount: int) -> MasterChange:
    return MasterChange("cost_rate", "ann-cost", fields={"rate": Decimal(amount)})


def bill_rate(amount: int) -> MasterChange:
    return MasterChange("bill_rate", "standard", fields={"rate": Decimal(amount)})


def invoiced(house: House) -> None:
    """Invoice an hour of 3 March and leave one of 10 March open; each costs 100."""
    house.approve(id="t1", date="2025-03-03")
    house.bill_through(date(2025, 3, 3))
    house.approve(id="t2", date="2025-03-10")


def test_a_preview_shows_the_cost_and_counts_what_needs_a_credit(
    house: House,
) -> None:
    invoiced(house)
    house.change(cost_rate(110))

    found = preview_bulk(house.database, house.tenant, REPRICE, EVERYTHING)

    shown = [
        (
            one.named.entry,
            (one.before and one.before.cost, one.before and one.before.revision),
            (one.after and one.after.cost, one.after and one.after.revision),
        )
        for one in found.changed
    ]
    assert shown == [
        ("t1", (100_00, 1), (110_00, 1)),
        ("t2", (100_00, 1), (110_00, 2)),
    ]
    assert (found.invoiced, found.refused, found.unchanged) == (0, [], 0)
    assert {(one.role, one.amount) for one in found.moved} == {
        (Role.COST, 20_00),
        (Role.PAYROLL_ALLOCATION, -20_00),
    }
    assert house.balances()[Role.COST] == 200_00

    house.change(bill_rate(220))
    with_price = preview_bulk(house.database, house.tenant, REPRICE, EVERYTHING)

    assert (len(with_price.changed), with_price.invoiced) == (2, 1)


def test_two_people_agree_and_whoever_looks_later_sees_it(house: House) -> None:
    invoiced(house)
    house.change(cost_rate(110))

    done = repriced(house)

    assert done == Applied(applied=2, unchanged=0, refused=0)
    status = house.status("t1")
    assert status.cost is not None
    assert (status.cost.amount, house.state("t1")) == (110_00, "billed")
    [kept] = status.story.cost_corrections
    assert (kept.entity, kept.cost_before, kept.cost_after) == ("US1", 100_00, 110_00)
    assert (kept.actor, kept.cost_rate) == ("M. Ito", "ann-cost")
    assert status.story.redecisions == []
    with house.database.tenant(house.tenant) as session:
        last = read_chain(session)[-1]
        explained = explain_entry(session, "t1")
    assert (last.action, last.approver) == ("entry.repriced", "R. Sand")
    [step] = [one for one in explained.steps if one.about == "cost correction"]
    assert step.sentences == [
        (
            "It was not decided anew, but by cost rate ann-cost it costs 110.00 USD"
            " instead of 100.00 USD, booked on 2025-03-03 for M. Ito: final rates of"
            " the year"
        )
    ]
    assert explained.broken == []
    _, again = propose_bulk(
        house.database, house.tenant, REPRICE, EVERYTHING, because=WHY
    )
    assert again is None
    assert house.unproven() == []


def test_a_ledger_is_sent_the_mirror_and_the_corrected_cost(house: House) -> None:
    with house.database.tenant(house.tenant) as session:
        set_connection(session, name="books", connector="sandbox_atlas")
    house.change(*chart(), *routed("journal"))
    invoiced(house)
    house.post()
    house.change(cost_rate(110))

    repriced(house)
    house.post()
    house.post()

    amounts = {
        (one.mirror, one.entity_amount, len(one.journal_nos))
        for one in house.status("t1").story.bookings
        if one.debit in {Role.COST, Role.PAYROLL_ALLOCATION}
    }
    assert amounts == {(False, 100_00, 1), (True, 100_00, 1), (False, 110_00, 1)}
    assert house.unproven() == []


def test_what_a_vendor_billed_is_matched_with_the_corrected_cost(house: House) -> None:
    house.change(VENDOR, MasterChange("person", "ann", fields={"vendor": "CODEWORKS"}))
    house.approve(id="t1", date="2025-03-03")
    house.bill_through(date(2025, 3, 3))
    flow.receive_vendor_bills(house.database, house.tenant, [bill(hours=1, rate="100")])
    assert house.codes() == []
    house.change(cost_rate(90))

    repriced(house)

    # 100 billed for what costs 90 now is 11.1 % more than it may be.
    assert house.codes() == ["vendor_bill_differs"]
    assert house.balances()[Role.COST] == 90_00
    assert house.unproven() == []
    house.change(cost_rate(100))
    repriced(house)
    assert house.codes() == []
    assert Role.PAYROLL_ALLOCATION not in house.balances()
    assert house.unproven() == []


def test_without_a_rate_of_exchange_the_cost_stays_as_it_was_booked(
    house: House,
) -> None:
    until_april = replace(DOLLAR, effective_until=date(2025, 4, 1))
    house.change(LENDER, OF_US1, BOBS_COST, until_april)
    house.approve(person="bob", seconds=7_200)
    house.bill()
    house.agree(SetPeriod(entity="US1", period="2025-03", state="closed"))
    house.change(replace(BOBS_COST, fields={"rate": Decimal(60)}))

    found = preview_bulk(house.database, house.tenant, REPRICE, EVERYTHING)

    [(named, problem)] = found.refused
    assert named.entry == "t1"
    assert problem.sentence == (
        "What time entry t1 costs cannot be translated: there is no rate of exchange"
        " on 2025-04-01."
    )
    assert found.changed == []
    assert house.balances()[Role.COST] == 125_00
    house.change(replace(DOLLAR, effective_from=date(2025, 4, 1)))
    assert repriced(house) == Applied(applied=1, unchanged=0, refused=0)
    assert house.balances()[Role.COST] == 150_00
    assert house.unproven() == []
