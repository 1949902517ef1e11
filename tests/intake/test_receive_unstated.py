"""Prove what sources without revisions leave behind, and who waits for whom."""

import threading
from datetime import UTC, datetime

import pytest

from hourline.infra.database import Database
from hourline.intake.service import (
    TRY_AGAIN,
    receive,
)
from hourline.kernel.codes import Outcome
from tests.intake.deliveries import (
    UNVERSIONED,
    connect,
    deliver,
    delivery,
    in_force,
    record,
    rows,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def firm(database: Database, tenant: int) -> int:
    connect(database, tenant)
    return tenant


def test_without_revisions_changed_content_is_the_next_one_by_change_time(
    database: Database, firm: int
) -> None:
    def bring(number: int, seconds: int, day: int) -> list[Outcome]:
        changed = f"2026-10-{day:02d}T09:00:00Z"
        body = record(revision=None, seconds=seconds, updated_at=changed)
        arrived = delivery(body, delivery_id=f"d-{number}")
        return deliver(database, firm, arrived, UNVERSIONED).outcomes

    assert bring(1, 100, 7) == [Outcome.ACCEPTED]
    assert bring(2, 200, 9) == [Outcome.ACCEPTED]
    assert bring(3, 300, 8) == [Outcome.STALE]
    assert bring(4, 200, 12) == [Outcome.DUPLICATE]
    # The duplicate said that this content still held on the 12th.
    assert bring(5, 500, 11) == [Outcome.STALE]
    assert bring(6, 600, 13) == [Outcome.ACCEPTED]
    assert in_force(database, firm) == [("te-1", 3, 600)]


def test_without_revisions_a_delivery_is_taken_in_the_order_of_change_times(
    database: Database, firm: int
) -> None:
    received = deliver(
        database,
        firm,
        delivery(
            record(seconds=200, updated_at="2026-10-09T09:00:00Z"),
            record(seconds=100, updated_at="2026-10-08T09:00:00Z"),
            record(id="te-2"),
        ),
        UNVERSIONED,
    )

    assert received.outcomes == [Outcome.ACCEPTED] * 3
    assert in_force(database, firm) == [("te-1", 2, 200), ("te-2", 1, 27_000)]


def test_without_change_times_a_delivery_is_taken_as_it_stands(
    database: Database, firm: int
) -> None:
    untimed = {"updated_at": None, "approved_at": None}
    deliver(
        database,
        firm,
        delivery(record(seconds=200, **untimed), record(seconds=100, **untimed)),
        UNVERSIONED,
    )

    assert in_force(database, firm) == [("te-1", 2, 100)]
    assert rows(
        database, firm, "SELECT DISTINCT approved_at FROM hourline.time_entry_version"
    ) == [(datetime(2026, 10, 8, 6, 0, tzinfo=UTC),)]


def test_without_revisions_equal_content_approved_after_a_recall_is_the_next_one(
    database: Database, firm: int
) -> None:
    deliver(database, firm, delivery(record()), UNVERSIONED)
    gone = record(status="recalled", updated_at="2026-10-08T09:00:00Z")
    deliver(database, firm, delivery(gone, delivery_id="d-2"), UNVERSIONED)
    again = record(updated_at="2026-10-09T09:00:00Z")

    repeated = deliver(
        database, firm, delivery(record(), delivery_id="d-3"), UNVERSIONED
    )
    received = deliver(database, firm, delivery(again, delivery_id="d-4"), UNVERSIONED)

    assert repeated.outcomes == [Outcome.RECALL]
    assert received.outcomes == [Outcome.ACCEPTED]
    assert in_force(database, firm) == [("te-1", 2, 27_000)]


def test_two_transactions_with_the_same_new_entry_leave_one(
    database: Database, firm: int
) -> None:
    barrier = threading.Barrier(2)
    outcomes: list[Outcome] = []

    def bring(number: int) -> None:
        arrived = delivery(record(), delivery_id=f"d-{number}")
        barrier.wait()
        while True:
            try:
                outcomes.extend(deliver(database, firm, arrived).outcomes)
            except TRY_AGAIN:
                continue
            return

    threads = [threading.Thread(target=bring, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [Outcome.ACCEPTED, Outcome.DUPLICATE]
    assert in_force(database, firm) == [("te-1", 1, 27_000)]


def test_a_second_change_of_an_entry_waits_for_the_first(
    database: Database, firm: int
) -> None:
    deliver(database, firm, delivery(record(), delivery_id="d-0"), UNVERSIONED)
    outcomes: list[Outcome] = []

    def bring() -> None:
        arrived = delivery(record(seconds=60), delivery_id="d-2")
        outcomes.extend(deliver(database, firm, arrived, UNVERSIONED).outcomes)

    with database.tenant(firm) as session:
        receive(session, delivery(record(seconds=60)), UNVERSIONED)
        second = threading.Thread(target=bring)
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()
    second.join()

    assert outcomes == [Outcome.DUPLICATE]
