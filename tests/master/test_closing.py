"""Soft-closed months, entry locks and rights, as master data says them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from hourline.kernel.subledgers import Subledger
from hourline.master.model import EntryLock, PostingPeriod, UserRight
from hourline.master.snapshot import (
    EntryLocks,
    UnusableRecord,
    entry_locks,
    has_right,
    into_soft_closed,
)
from tests.builders import Firm, firm, legal_entity, posting_period

APRIL_9, MAY_1 = date(2025, 4, 9), date(2025, 5, 1)
LATER = datetime(2025, 6, 1, tzinfo=UTC)


def soft(entity: str = "US1", period: str = "2025-04") -> PostingPeriod:
    return PostingPeriod(entity=entity, period=period, soft_closed=True)


def two_entities() -> tuple[Firm, int, int]:
    built = firm()
    built.add("GB1", legal_entity())
    numbers = built.numbers
    return built, numbers["legal_entity", "US1"], numbers["legal_entity", "GB1"]


def test_a_soft_closed_month_is_open_only_to_an_act_for_its_entity() -> None:
    built, us, gb = two_entities()
    built.add("US1:2025-04", soft())
    built.add("GB1:2025-04", soft("GB1"))
    plain = built.snapshot()

    act = into_soft_closed(plain, us)

    assert plain.accounting_date(us, APRIL_9, None) == MAY_1
    assert act.accounting_date(us, APRIL_9, None) == APRIL_9
    assert act.accounting_date(gb, APRIL_9, None) == MAY_1


def test_a_closed_month_is_closed_to_an_act_too_and_it_goes_to_the_next_soft() -> None:
    built, us, _ = two_entities()
    built.add("US1:2025-04", posting_period(period="2025-04"))
    built.add("US1:2025-05", soft(period="2025-05"))
    plain = built.snapshot()

    assert plain.accounting_date(us, APRIL_9, None) == date(2025, 6, 1)
    assert into_soft_closed(plain, us).accounting_date(us, APRIL_9, None) == MAY_1


def test_an_act_where_no_month_is_closed_changes_nothing() -> None:
    built, us, _ = two_entities()

    act = into_soft_closed(built.snapshot(), us)

    assert act.accounting_date(us, APRIL_9, None) == APRIL_9


def test_a_system_that_opens_the_month_in_a_record_of_its_own_leaves_it_soft() -> None:
    built, us, _ = two_entities()
    built.add("US1:2025-04", soft())
    built.add("erp/4", posting_period(period="2025-04", status="open"))

    assert built.snapshot().accounting_date(us, APRIL_9, None) == MAY_1


def test_an_act_goes_into_the_soft_closed_months_of_every_subledger() -> None:
    built, us, _ = two_entities()
    costs, revenue = Subledger.COSTS, Subledger.REVENUE
    built.add("costs", msgspec.structs.replace(soft(), ledger=costs))
    built.add("revenue", posting_period(period="2025-04", ledger=revenue))
    plain = built.snapshot()

    act = into_soft_closed(plain, us)

    for ledger in Subledger:
        apart = ledger in {costs, revenue}
        by_itself = MAY_1 if apart else APRIL_9
        assert plain.accounting_date(us, APRIL_9, ledger) == by_itself
    assert act.accounting_date(us, APRIL_9, costs) == APRIL_9
    assert act.accounting_date(us, APRIL_9, revenue) == MAY_1
    assert plain.accounting_date(us, APRIL_9, None) == APRIL_9


def test_the_first_open_month_of_a_subledger_counts_both_calendars() -> None:
    built, us, _ = two_entities()
    own = posting_period(period="2025-05", ledger=Subledger.COSTS)
    built.add("April", posting_period(period="2025-04"))
    built.add("May of costs", own)
    snapshot = built.snapshot()

    costs = snapshot.accounting_date(us, APRIL_9, Subledger.COSTS)
    others = snapshot.accounting_date(us, APRIL_9, Subledger.RECEIVABLES)

    assert (costs, others) == (date(2025, 6, 1), MAY_1)


def lock(**fields: object) -> EntryLock:
    said = {"through": "2025-04-30", **fields}
    return msgspec.convert(said, EntryLock)


def locks(*rows: EntryLock) -> EntryLocks:
    built, _, _ = two_entities()
    for number, row in enumerate(rows):
        built.add(f"L{number}", row)
    return entry_locks(built.snapshot())


ANN: Mapping[str, str | None] = {
    "role": "developer",
    "connection": "psa",
    "entity": "US1",
}


def locking(found: EntryLocks, who: Mapping[str, str | None]) -> str | None:
    lock = found.lock_of(APRIL_9, LATER, who)
    return None if lock is None else lock.id


def test_the_narrowest_lock_decides_also_that_a_day_is_not_locked() -> None:
    march = date(2025, 3, 31)
    found = locks(
        lock(),
        lock(entity="US1"),
        lock(connection="psa", through=march),
        lock(role="developer", connection="psa"),
    )

    assert locking(found, {"role": None, "connection": None, "entity": None}) == "L0"
    assert locking(found, {**ANN, "role": None, "connection": "other"}) == "L1"
    assert locking(found, {**ANN, "role": None}) is None
    assert locking(found, ANN) == "L3"


@pytest.mark.parametrize(
    ("zone", "closes"),
    [
        ("UTC", datetime(2025, 5, 3, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2025, 5, 2, 22, tzinfo=UTC)),
        ("America/New_York", datetime(2025, 5, 3, 4, tzinfo=UTC)),
    ],
)
def test_a_lock_holds_once_the_days_of_grace_are_over_where_it_says(
    zone: str, closes: datetime
) -> None:
    found = locks(lock(grace_days=2, time_zone=zone))
    a_moment_before = closes - timedelta(microseconds=1)

    assert found.lock_of(date(2025, 4, 30), a_moment_before, ANN) is None
    held = found.lock_of(date(2025, 4, 30), closes, ANN)
    assert held is not None
    assert held.closes_at == closes
    assert found.lock_of(MAY_1, closes, ANN) is None


def test_without_a_lock_nothing_is_locked() -> None:
    assert not locks()
    assert locking(locks(lock(entity="GB1")), ANN) is None


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (lock(grace_days=-1), "grace_days is not between 0 and 366"),
        (lock(grace_days=367), "grace_days is not between 0 and 366"),
        (lock(time_zone="Mars/Olympus"), "it holds from no instant"),
        (lock(time_zone="../etc"), "it holds from no instant"),
        (lock(through=date.max), "it holds from no instant"),
    ],
)
def test_a_lock_that_says_no_instant_is_refused(row: EntryLock, why: str) -> None:
    with pytest.raises(UnusableRecord, match=why):
        locks(row)


def test_two_locks_for_the_same_work_are_refused() -> None:
    with pytest.raises(UnusableRecord, match="same work on the same days as L0"):
        locks(lock(role="developer"), lock(role="developer", grace_days=3))


def test_a_right_is_of_one_entity_or_of_all_and_of_some_days() -> None:
    built, _, _ = two_entities()
    built.add("one", UserRight(user="Carla", right="override_entry_lock", entity="US1"))
    built.add("all", UserRight(user="dora", right="override_entry_lock"))
    built.add(
        "past",
        UserRight(user="Egon", right="override_entry_lock"),
        effective_until=MAY_1,
    )
    snapshot = built.snapshot()

    def may(user: str, entity: str | None, on: date = MAY_1) -> bool:
        right = "override_entry_lock"
        return has_right(snapshot, right, user=user, entity=entity, on=on)

    assert may("carla", "US1")
    assert not may("Carla", "GB1")
    assert not may("Carla", None)
    assert may("Dora", None)
    assert may("Dora", "GB1")
    assert may("Egon", None, APRIL_9)
    assert not may("Egon", None)
    assert not has_right(
        snapshot, "post_into_soft_closed", user="Dora", entity="US1", on=MAY_1
    )
