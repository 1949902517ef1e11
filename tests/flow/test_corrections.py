"""What a source takes back or corrects leaves the books as if it had never been."""

import threading
from datetime import date

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.intake.model import Received
from hourline.kernel.codes import DocumentKind, Outcome, Role
from tests.flow.house import House, approved

pytestmark = pytest.mark.integration


def test_a_correction_before_billing_mirrors_everything(house: House) -> None:
    house.approve()
    before = house.balances()

    received = house.approve(revision=2, seconds=5_400)

    story = house.status().story
    booked = [
        (Role(one.debit).name, Role(one.credit).name, one.amount, one.mirror)
        for one in story.bookings
    ]
    assert received.outcomes == [Outcome.ACCEPTED]
    assert before == {
        Role.COST: 10_000,
        Role.PAYROLL_ALLOCATION: -10_000,
        Role.WIP: 20_000,
        Role.ACCRUED_REVENUE: -20_000,
    }
    assert sorted(booked) == [
        ("ACCRUED_REVENUE", "WIP", 20_000, True),
        ("COST", "PAYROLL_ALLOCATION", 10_000, False),
        ("COST", "PAYROLL_ALLOCATION", 15_000, False),
        ("PAYROLL_ALLOCATION", "COST", 10_000, True),
        ("WIP", "ACCRUED_REVENUE", 20_000, False),
        ("WIP", "ACCRUED_REVENUE", 30_000, False),
    ]
    assert house.balances()[Role.WIP] == 30_000
    assert house.balances()[Role.COST] == 15_000
    assert house.unproven() == []


def test_a_correction_after_billing_credits_and_replaces(house: House) -> None:
    house.approve()
    house.approve(id="t2", seconds=1_800)
    house.bill()

    house.approve(revision=2, seconds=5_400)
    rebilled = house.bill()

    documents = [
        (DocumentKind(one.kind).name, one.number, one.revision, one.net)
        for one in house.status().story.documents
    ]
    assert documents == [
        ("INVOICE", "US1-000001", 1, 20_000),
        ("CREDIT_NOTE", "US1-CN-000001", 1, -20_000),
        ("INVOICE", "US1-000002", 2, 30_000),
    ]
    assert (rebilled.number, rebilled.net, rebilled.lines) == ("US1-000002", 30_000, 1)
    assert house.balances() == {
        Role.COST: 20_000,
        Role.PAYROLL_ALLOCATION: -20_000,
        Role.RECEIVABLE: 40_000,
        Role.REVENUE: -40_000,
    }
    assert (house.state("t1"), house.state("t2")) == ("billed", "billed")
    assert house.unproven() == []


def test_a_recall_after_billing_leaves_nothing_of_the_entry(house: House) -> None:
    house.approve()
    house.bill()

    received = house.recall()

    assert received.outcomes == [Outcome.RECALL]
    assert house.balances() == {}
    assert house.state() == "recalled"
    assert house.status().portions == []
    assert [one.net for one in house.status().story.documents] == [20_000, -20_000]
    assert house.unproven() == []


def test_a_recall_that_comes_before_its_approval_holds(house: House) -> None:
    house.recall(revision=1)

    received = house.approve(revision=1)

    assert received.outcomes == [Outcome.RECALL]
    assert house.state() == "recalled"
    assert house.balances() == {}
    assert house.unproven() == []


def test_a_revision_above_the_recalled_one_counts_again(house: House) -> None:
    house.approve()
    house.recall()

    house.approve(revision=2)

    assert house.state() == "open_to_bill"
    assert house.balances()[Role.WIP] == 20_000
    assert house.unproven() == []


def test_the_same_revision_with_other_content_is_a_conflict_for_a_person(
    house: House,
) -> None:
    house.approve()

    received = house.approve(seconds=7_200)

    (item,) = house.items()
    assert received.outcomes == [Outcome.CONFLICT]
    assert (item.code, item.queue, item.owner) == (
        "conflicting_duplicate",
        "conflict",
        "integration engineer",
    )
    assert item.detail["source_id"] == "t1"
    assert house.balances()[Role.WIP] == 20_000
    assert house.unproven() == []


def test_a_record_that_cannot_be_taken_is_an_item_about_the_record(
    house: House,
) -> None:
    record = approved(seconds=-1)

    received = house.deliver(record)

    (item,) = house.items()
    assert received.outcomes == [Outcome.REFUSED]
    assert item.code == "duration_out_of_range"
    assert item.subject_key == f"{house.psa}/t1"
    assert house.unproven() == []


def test_two_deliveries_of_a_new_entry_at_once_give_one_entry(house: House) -> None:
    threads_count = 4
    starting = threading.Barrier(threads_count)
    received: list[Received] = []

    def deliver() -> None:
        starting.wait(timeout=10)
        received.append(house.deliver(*(approved(id=f"t{n}") for n in range(20))))

    threads = [threading.Thread(target=deliver) for _ in range(threads_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    outcomes = [one.outcomes for one in received]
    assert sorted(outcomes) == [
        [Outcome.ACCEPTED] * 20,
        *([[Outcome.DUPLICATE] * 20] * 3),
    ]
    assert house.balances()[Role.WIP] == 400_000
    assert house.unproven() == []


def test_two_corrections_of_a_billed_entry_at_once_leave_one_in_force(
    house: House,
) -> None:
    house.approve()
    house.bill()
    starting = threading.Barrier(2)
    failed: list[Exception] = []

    def correct(revision: int) -> None:
        starting.wait(timeout=10)
        try:
            house.approve(revision=revision, seconds=revision * 3_600)
        except Exception as fault:  # noqa: BLE001 - a thread's fault fails the test below
            failed.append(fault)

    threads = [threading.Thread(target=correct, args=(number,)) for number in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    version = house.status().version
    assert failed == []
    assert version is not None
    assert version.revision == 3
    assert house.balances()[Role.WIP] == 60_000
    assert Role.RECEIVABLE not in house.balances()
    assert house.unproven() == []


def test_a_correction_in_a_closed_month_is_late_and_its_mirror_moves_along(
    house: House,
) -> None:
    house.approve()
    closed = {"entity": "US1", "period": "2025-03", "status": "closed"}
    house.change(MasterChange("posting_period", "US1-2025-03", fields=closed))

    house.approve(revision=2, seconds=7_200)

    version = house.status().version
    dates = {(one.mirror, one.accounting_date) for one in house.status().story.bookings}
    assert version is not None
    assert (version.late, version.accounting_date) == (True, date(2025, 4, 1))
    assert dates == {
        (False, date(2025, 3, 5)),
        (True, date(2025, 4, 1)),
        (False, date(2025, 4, 1)),
    }
    assert house.unproven() == []
