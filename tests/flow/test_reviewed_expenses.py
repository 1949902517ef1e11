"""A person may hold, write off and reprice an expense as they may time."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.model import Because, Issued, NothingToBill
from hourline.billing.reviewing import Reviewed
from hourline.kernel.codes import Fate, Role
from hourline.kernel.problems import Problem, ProblemCode
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, House

pytestmark = pytest.mark.integration
WHY = Because(actor="M. Ito", reason="the customer asks")
EXPENSE = flow.EntryName("e1")


@pytest.fixture(autouse=True)
def spent(house: House) -> None:
    """Give the house an approved expense of 180 dollars and a markup of 10 percent."""
    house.approve(
        id="e1",
        kind="expense",
        seconds=None,
        cost=180,
        currency="USD",
        markup_percent=10,
    )


def billed(house: House, *entries: flow.Billed) -> Issued | NothingToBill | Problem:
    return flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
        adjusting=flow.Adjusting(entries, WHY) if entries else None,
    )


def write_off(house: House, seconds: int | None = None) -> Reviewed | Problem:
    return flow.write_off_entry(
        house.database, house.tenant, EXPENSE, WHY, seconds=seconds
    )


def amounts(house: House) -> dict[str, int]:
    return {Fate(one.fate).name: one.amount for one in house.status("e1").portions}


def test_a_held_expense_is_not_billed_until_it_is_released(house: House) -> None:
    flow.hold_entry(house.database, house.tenant, EXPENSE, WHY)
    state, nothing = house.state("e1"), billed(house)
    flow.release_entry(house.database, house.tenant, EXPENSE, WHY)
    issued = billed(house)

    assert state == "held"
    assert isinstance(nothing, NothingToBill)
    assert isinstance(issued, Issued)
    assert issued.net == 19_800
    assert house.unproven() == []


def test_an_expense_written_off_keeps_its_cost_and_accrues_no_more(
    house: House,
) -> None:
    written = write_off(house)

    assert isinstance(written, Reviewed)
    assert (written.amount, written.accrual_reversed) == (19_800, 19_800)
    assert house.state("e1") == "nothing_to_bill"
    assert amounts(house) == {"WRITTEN_OFF": 19_800}
    assert house.balances().get(Role.WIP, 0) == 0
    assert house.balances()[Role.EXPENSE_COST] == 18_000
    assert isinstance(billed(house), NothingToBill)
    assert house.unproven() == []


def test_an_expense_has_no_hours_to_write_off(house: House) -> None:
    refused = write_off(house, 3_600)

    assert isinstance(refused, Problem)
    assert refused.code is ProblemCode.REVIEW_EXCEEDS_OPEN
    assert amounts(house) == {"BILLABLE": 19_800}


def test_an_expense_is_billed_at_the_amount_a_person_says(house: House) -> None:
    issued = billed(house, flow.Billed(EXPENSE, amount=Decimal(150)))

    assert isinstance(issued, Issued)
    assert issued.net == 15_000
    assert house.state("e1") == "billed"
    assert house.balances().get(Role.WIP, 0) == 0
    assert house.unproven() == []


def test_a_corrected_expense_takes_back_what_was_written_off(house: House) -> None:
    write_off(house)
    house.approve(
        id="e1",
        revision=2,
        kind="expense",
        seconds=None,
        cost=100,
        currency="USD",
        markup_percent=None,
    )
    issued = billed(house)

    assert isinstance(issued, Issued)
    assert issued.net == 10_000
    assert house.balances()[Role.EXPENSE_COST] == 10_000
    assert house.unproven() == []


def test_a_credited_amount_by_hand_is_open_again_at_the_price_decided(
    house: House,
) -> None:
    issued = billed(house, flow.Billed(EXPENSE, amount=Decimal(150)))
    assert isinstance(issued, Issued)
    credit_invoice(
        house.database,
        house.tenant,
        document_no=issued.document_no,
        lines=None,
        credit_date=date(2025, 4, 2),
        reason="not agreed",
        actor="tester",
    )

    assert house.state("e1") == "open_to_bill"
    assert house.balances()[Role.WIP] == 19_800
    assert house.unproven() == []
