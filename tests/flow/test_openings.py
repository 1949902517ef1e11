"""Take an acquired unit over, bill what it brings along, correct it, close."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.model import CreditLine, Issued
from hourline.billing.store_listing import list_lines
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.openings import CannotTakeOver, propose_opening
from hourline.kernel.codes import Role
from hourline.proof.openings import opening_stories, opening_sums
from hourline.proof.trace import find_entries, tell_story
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, House, chart, routed
from tests.flow.unit import (
    deferred,
    open_amount,
    open_work,
    recognised,
    take_back,
    take_over,
    unit_file,
)

pytestmark = pytest.mark.integration


def _credit(house: House, issued: Issued, *lines: CreditLine) -> Issued:
    note = credit_invoice(
        house.database,
        house.tenant,
        document_no=issued.document_no,
        lines=lines or None,
        reason="disputed",
        actor="olga",
    )
    assert isinstance(note, Issued), note
    return note


def _sums(house: House) -> list[tuple[int, int, int, int]]:
    with house.database.tenant(house.tenant) as session:
        return [
            (one.opening, one.billed, one.open_to_bill, one.reversed)
            for one in opening_sums(session)
        ]


def test_the_books_hold_every_balance_from_the_cut_over_on(house: House) -> None:
    taken = take_over(
        house,
        open_work(),
        open_amount(),
        deferred(),
        recognised(),
    )

    assert (taken.batch_no, taken.positions) == (1, 4)
    assert house.balances() == {
        Role.WIP: 1_300_00,
        Role.CONTRACT_LIABILITY: -400_00,
        Role.OPENING_BALANCE: -900_00,
    }
    assert house.unproven() == []


def test_open_work_and_amounts_are_billed_once_and_earn_nothing_twice(
    house: House,
) -> None:
    take_over(house, open_work(), open_amount())

    issued = house.bill()

    with house.database.tenant(house.tenant) as session:
        texts = [line.description for line in list_lines(session, issued.document_no)]
    assert texts == [
        "2025-02-20 ann, P1, 2 h",
        "2025-02-28 C1.1, opening-1-3: Kick-off, as agreed (A-1)",
    ]
    assert (issued.net, issued.lines) == (1_300_00, 2)
    # The old books had recognised the revenue: the invoice adds none to it.
    assert house.balances() == {
        Role.RECEIVABLE: 1_300_00,
        Role.REVENUE: -1_300_00,
        Role.ACCRUED_REVENUE: 1_300_00,
        Role.OPENING_BALANCE: -1_300_00,
    }
    assert _sums(house) == [(1_300_00, 1_300_00, 0, 0)]
    assert house.unproven() == []


def test_a_credit_opens_them_again_at_what_was_accrued(house: House) -> None:
    take_over(house, open_work(), open_amount())
    first = house.bill()

    _credit(house, first, CreditLine(milestone="opening-1-3", amount=400_00))
    entry = house.status().story.entry_no
    _credit(house, first, CreditLine(entry_no=entry, seconds=3_600))

    assert house.balances()[Role.WIP] == 550_00
    assert _sums(house) == [(1_300_00, 750_00, 550_00, 0)]
    assert house.bill().net == 550_00
    assert _sums(house) == [(1_300_00, 1_300_00, 0, 0)]
    assert Role.WIP not in house.balances()
    assert house.unproven() == []


def test_the_same_work_by_the_connection_is_not_billed_twice(house: House) -> None:
    take_over(house, open_work())
    house.bill()

    same = house.approve(date="2025-02-20", seconds=7_200)
    other = house.approve(date="2025-02-20", seconds=9_000, revision=2)
    house.recall(revision=3)

    assert [outcome.name for outcome in same.outcomes] == ["DUPLICATE"]
    assert [outcome.name for outcome in other.outcomes] == ["CONFLICT"]
    assert house.codes() == ["conflicting_duplicate"]
    assert "opening position" in house.items()[0].sentence
    assert house.billed_lines() == 1
    assert house.unproven() == []


def test_work_that_came_by_the_connection_first_is_not_taken_over(house: House) -> None:
    house.approve(date="2025-02-20")

    checked, number = propose_opening(
        house.database,
        house.tenant,
        unit_file(house, open_work()),
        actor="olga",
        reason="unit acquired",
    )

    assert number is None
    assert [one.problem.code for one in checked.problems] == ["opening_duplicate"]


def test_a_reversal_leaves_nothing_and_a_corrected_row_takes_its_place(
    house: House,
) -> None:
    taken = take_over(house, open_work(), open_amount(), deferred())

    take_back(house, taken.batch_no)

    assert house.balances() == {}
    assert _sums(house) == [(1_300_00, 0, 0, 1_300_00)]
    assert house.unproven() == []
    again = take_over(house, open_work(hours="3"), open_amount(amount="900"))
    assert again.batch_no == 2
    assert house.bill().net == 1_350_00
    assert house.unproven() == []


def test_a_reversed_row_is_the_source_s_work_again(house: House) -> None:
    taken = take_over(house, open_work(), open_amount())
    take_back(house, taken.batch_no, 2)

    house.approve(date="2025-02-20", seconds=7_200, revision=2)

    assert house.balances()[Role.COST] == 200_00
    assert house.bill().net == 1_400_00
    assert house.unproven() == []


def test_what_stands_on_an_invoice_is_credited_before_it_is_reversed(
    house: House,
) -> None:
    taken = take_over(house, open_work(), open_amount())
    issued = house.bill()

    with pytest.raises(CannotTakeOver) as refused:
        take_back(house, taken.batch_no)
    _credit(house, issued)
    take_back(house, taken.batch_no)

    assert [one.problem.code for one in refused.value.problems] == [
        "opening_billed",
        "opening_billed",
    ]
    assert house.balances() == {}
    assert house.unproven() == []


def test_a_position_is_reversed_once(house: House) -> None:
    taken = take_over(house, open_amount())
    take_back(house, taken.batch_no, 2)

    with pytest.raises(LookupError, match="no position to reverse on 2"):
        take_back(house, taken.batch_no, 2)


def test_balances_go_to_the_erp_only_where_it_was_not_opened_with_them(
    house: House,
) -> None:
    accounts = [
        MasterChange(
            "ledger_account",
            "US1-opening",
            fields={"entity": "US1", "role": "opening_balance", "number": "9000"},
        ),
    ]
    house.change(*routed("journal", to="psa"), *chart(), *accounts)
    take_over(house, open_work())

    assert house.post() == 0
    take_over(house, open_amount(), to_book=True)
    assert house.post() == 1
    assert house.unproven() == []


def test_trace_leads_from_entry_and_invoice_back_to_the_row(house: House) -> None:
    take_over(house, open_work(), open_amount())
    issued = house.bill()

    with house.database.tenant(house.tenant) as session:
        [entry_no] = find_entries(session, issued.number)
        [origin] = tell_story(session, entry_no).origins
        [told] = opening_stories(session, issued.number)
    assert (origin.batch_no, origin.row_no, origin.source) == (1, 2, "Old PSA")
    assert (origin.proposer, origin.approver) == ("olga", "peter")
    assert told.opening.reference == "A-1"
    assert [line.number for line in told.documents] == [issued.number]
    assert [line.entity_amount for line in told.bookings] == [1_000_00]


def test_half_a_unit_is_billed_and_the_rest_waits_for_the_next_run(
    house: House,
) -> None:
    take_over(
        house,
        open_work(reference="t1", date="2025-02-10", hours="0:20", rate="100"),
        open_work(reference="t2", date="2025-02-11", hours="0:20", rate="100"),
        open_work(reference="t3", date="2025-02-12", hours="0:20", rate="100"),
    )

    first = flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END.replace(month=2, day=11),
        invoice_date=MARCH_END,
    )
    assert isinstance(first, Issued)
    second = house.bill()

    # An hour of 100 in thirds: cents are rounded on the running total.
    assert (first.net, second.net) == (66_67, 33_33)
    assert _sums(house) == [(100_00, 100_00, 0, 0)]
    assert house.unproven() == []


def test_tax_is_that_of_the_day_of_the_work(house: House) -> None:
    house.change(
        MasterChange(
            "tax_rule", "sales", fields={"order": 1, "rate": Decimal(10), "code": "S"}
        ),
        MasterChange(
            "tax_rule",
            "sales",
            fields={"order": 1, "rate": Decimal(20), "code": "S"},
            effective_from=date(2025, 3, 1),
        ),
    )
    take_over(house, open_work(), open_amount())

    issued = house.bill()

    assert (issued.net, issued.tax) == (1_300_00, 130_00)
    assert _credit(house, issued).total == -1_430_00
    assert house.unproven() == []


def test_a_reversal_after_the_close_goes_to_the_first_open_day(house: House) -> None:
    taken = take_over(house, open_work(), open_amount())
    closed = {"entity": "US1", "period": "2025-03", "status": "closed"}
    house.change(MasterChange("posting_period", "mar", fields=closed))

    take_back(house, taken.batch_no)

    with house.database.tenant(house.tenant) as session:
        [told] = opening_stories(session, "A-1")
        entry_no = house.status().story.entry_no
        mirrored = tell_story(session, entry_no).bookings
    assert [one.accounting_date for one in told.bookings] == [
        date(2025, 3, 1),
        date(2025, 4, 1),
    ]
    assert [(one.mirror, one.accounting_date) for one in mirrored] == [
        (False, date(2025, 3, 1)),
        (True, date(2025, 4, 1)),
    ]
    assert house.balances() == {}
    assert house.unproven() == []
