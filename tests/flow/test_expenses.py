"""Expenses go the way of an hour: in, decided, billed, booked, corrected and proven."""

from datetime import UTC, date, datetime

import pytest

from hourline import flow
from hourline.billing.model import CreditLine, Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.intake.file import Acknowledged, SourceFile
from hourline.kernel.codes import Outcome, Role
from hourline.proof.statement import FateSum, StateCount, state_books
from hourline.proof.status import project_status
from tests.flow.credits import credit_invoice
from tests.flow.house import House

pytestmark = pytest.mark.integration


def spend(house: House, **changes: object) -> None:
    """Deliver an approved expense of 180 dollars and a markup of 10 percent."""
    house.approve(
        **{
            "id": "e1",
            "kind": "expense",
            "seconds": None,
            "cost": 180,
            "currency": "USD",
            "markup_percent": 10,
            **changes,
        }
    )


def credit(house: House, issued: Issued, amount: int | None = None) -> None:
    entry_no = house.status("e1").story.entry_no
    note = credit_invoice(
        house.database,
        house.tenant,
        document_no=issued.document_no,
        lines=[CreditLine(entry_no=entry_no, amount=amount)],
        credit_date=date(2025, 4, 2),
        reason="not agreed",
        actor="tester",
    )
    assert isinstance(note, Issued), note


def test_an_expense_stands_where_an_hour_would(house: House) -> None:
    spend(house)
    states = [house.state("e1")]
    issued = house.bill()
    states.append(house.state("e1"))
    credit(house, issued, 5_000)
    states.append(house.state("e1"))
    credit(house, issued)
    states.append(house.state("e1"))
    spend(house, revision=2, markup_percent=-100)
    states.append(house.state("e1"))

    assert states == [
        "open_to_bill",
        "billed",
        "partly_billed",
        "open_to_bill",
        "nothing_to_bill",
    ]
    assert house.balances() == {
        Role.EXPENSE_COST: 18_000,
        Role.EXPENSE_CLEARING: -18_000,
    }
    assert house.unproven() == []


def test_its_story_tells_cost_markup_and_what_is_billed(house: House) -> None:
    spend(house, markup_percent=12.5)
    credit(house, house.bill(), 1_250)

    status = house.status("e1")

    version = status.version
    assert version is not None
    assert (version.expense_cost, version.expense_currency) == (18_000, 840)
    assert version.markup_percent == "12.5"
    assert [(one.units, one.units_billed) for one in status.portions] == [
        (20_250, 19_000)
    ]
    assert status.cost is not None
    assert status.cost.amount == 18_000


def test_the_statement_counts_expenses_and_no_hours_of_them(house: House) -> None:
    house.approve(id="t1")
    spend(house, cost=33.33)
    spend(house, id="e2", cost=33.33)

    with house.database.tenant(house.tenant) as session:
        stated = state_books(session)

    assert stated.entries == [StateCount("approved", 3, 3_600)]
    assert stated.fates == [FateSum("billable", "USD", 3_600, 27_332)]
    (money,) = stated.money
    # Exactly 200 and twice 36.663: rounded once, on the line's running total.
    assert (money.billable, money.open_to_bill) == (27_333, 27_333)
    assert house.bill().net == 27_333
    assert house.unproven() == []


def test_a_project_with_nothing_but_an_expense_is_ready_to_bill(house: House) -> None:
    spend(house, cost=0.05, markup_percent=50)

    with house.database.tenant(house.tenant) as session:
        status = project_status(session, flow.snapshot_of(session), "P1")

    assert status is not None
    assert status.is_ready
    # 7.5 cents.
    assert (status.open.seconds, status.open.amount) == (0, 8)
    assert status.worked_seconds == 0


def test_a_correction_on_a_draft_recomputes_it_and_a_recall_empties_it(
    house: House,
) -> None:
    spend(house)
    end = date(2025, 3, 31)
    flow.open_draft(
        house.database, house.tenant, contract="C1", through=end, invoice_date=end
    )

    spend(house, revision=2, cost=50, markup_percent=None)
    issued = flow.issue_draft(house.database, house.tenant, contract="C1")
    house.recall("e1", revision=2)

    assert isinstance(issued, Issued)
    assert issued.net == 5_000
    assert house.state("e1") == "recalled"
    assert house.balances() == {}
    assert house.unproven() == []


def test_an_expense_waits_for_a_rate_of_exchange_and_goes_on(house: House) -> None:
    spend(house, currency="CHF")
    waiting = house.codes()

    fields = {"from_currency": "CHF", "to_currency": "USD", "rate": "1.1"}
    house.change(MasterChange("fx_rate", "CHFUSD", fields=fields))

    assert waiting == ["fx_rate_not_found"]
    assert house.codes() == []
    assert house.balances()[Role.WIP] == 21_780
    assert house.balances()[Role.EXPENSE_COST] == 19_800


def test_a_file_may_hold_hours_and_expenses(house: House) -> None:
    text = (
        "id,kind,revision,status,person,project,date,seconds,cost,currency\n"
        "t1,time,1,approved,ann,P1,2025-03-05,3600,,\n"
        "e1,expense,1,approved,ann,P1,2025-03-05,,20.50,USD\n"
        "e2,expense,1,approved,ann,P1,2025-03-05,,20.505,USD\n"
    )
    at = datetime(2025, 4, 1, 8, tzinfo=UTC)

    answer = flow.receive_file(
        house.database,
        house.tenant,
        SourceFile(house.psa, "work.csv", text.encode(), at),
    )

    assert [one.outcome for one in answer if isinstance(one, Acknowledged)] == [
        Outcome.ACCEPTED,
        Outcome.ACCEPTED,
        Outcome.REFUSED,
    ]
    assert house.bill().net == 22_050
