"""What opens a month or unlocks days is told from what closes and locks more."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from hourline.kernel.subledgers import Subledger
from hourline.master.model import EntryLock, PostingPeriod
from hourline.master.rules.loosening import is_as_open, loosened, period_states
from hourline.master.snapshot.catalogue import Catalogue
from tests.builders import Firm, firm

NOW = datetime(2025, 5, 10, tzinfo=UTC)
APRIL = "month 2025-04 of US1 is"


def month(status: str = "open", *, soft: bool = False) -> PostingPeriod:
    said = {"entity": "US1", "period": "2025-04", "status": status}
    return msgspec.convert({**said, "soft_closed": soft}, PostingPeriod)


def lock(through: str = "2025-04-30", **fields: object) -> EntryLock:
    return msgspec.convert({"through": through, **fields}, EntryLock)


def books(**records: PostingPeriod | EntryLock) -> Catalogue:
    """Lay out records by their ids, in the order they were recorded."""
    built = firm()
    for name, record in records.items():
        built.add(name, record)
    return built.snapshot().catalogue


def told(before: Catalogue, after: Catalogue) -> list[str]:
    return [one.sentence for one in loosened(before, after, now=NOW)]


OPEN, SOFT, CLOSED = month(), month(soft=True), month("closed")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (CLOSED, OPEN, [f"{APRIL} closed and would be open"]),
        (CLOSED, SOFT, [f"{APRIL} closed and would be soft-closed"]),
        (SOFT, OPEN, [f"{APRIL} soft-closed and would be open"]),
        (SOFT, CLOSED, []),
        (OPEN, CLOSED, []),
        (CLOSED, CLOSED, []),
    ],
)
def test_a_month_that_is_more_open_is_told_with_what_it_was(
    before: PostingPeriod, after: PostingPeriod, said: list[str]
) -> None:
    assert told(books(april=before), books(april=after)) == said


def test_a_month_of_a_subledger_is_told_by_its_name_and_for_itself() -> None:
    own = msgspec.structs.replace(CLOSED, ledger=Subledger.COSTS)
    open_again = msgspec.structs.replace(OPEN, ledger=Subledger.COSTS)
    [asked] = loosened(books(costs=own), books(costs=open_again), now=NOW)

    assert asked.sentence == (
        "month 2025-04 of costs of US1 is closed and would be open"
    )
    assert told(books(costs=own), books(costs=CLOSED)) == [asked.sentence]
    assert told(books(april=OPEN), books(april=OPEN, costs=own)) == []
    assert is_as_open(books(april=OPEN), asked.subject) is False
    assert is_as_open(books(costs=open_again), asked.subject) is True


def test_a_record_that_is_made_to_speak_of_another_month_opens_its_own() -> None:
    elsewhere = PostingPeriod(entity="US1", period="2030-01", status="closed")

    said = told(books(april=CLOSED), books(april=elsewhere))

    assert said == [f"{APRIL} closed and would be open"]


def test_another_record_of_the_month_opens_it_but_leaves_it_soft_closed() -> None:
    closed = told(books(april=CLOSED), books(april=CLOSED, of_the_erp=OPEN))
    soft = told(books(april=SOFT), books(april=SOFT, of_the_erp=OPEN))

    assert closed == [f"{APRIL} closed and would be open"]
    assert soft == []


def test_the_states_are_those_of_the_months_that_were_recorded() -> None:
    assert period_states(books(april=SOFT, of_the_erp=OPEN)) == {
        ("US1", "2025-04", None): "soft_closed"
    }
    assert period_states(books()) == {}


def test_what_was_asked_of_a_month_is_done_once_it_is_as_open_or_more() -> None:
    [asked] = loosened(books(april=CLOSED), books(april=SOFT), now=NOW)

    done = [is_as_open(books(april=one), asked.subject) for one in (CLOSED, SOFT, OPEN)]

    assert done == [False, True, True]
    assert is_as_open(books(april=OPEN), {"entry_lock": "A"}) is False


LESS = ["entry lock A would keep less out than it does"]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"A": lock("2025-03-31")}, LESS),
        ({"A": lock("2025-05-31", grace_days=2)}, LESS),
        ({"A": lock("2025-05-08")}, []),
        ({"A": lock(grace_days=1)}, LESS),
        ({"A": lock(time_zone="America/New_York")}, LESS),
        ({"A": lock(time_zone="Asia/Tokyo")}, []),
        ({"A": lock(role="developer")}, LESS),
        ({"A": lock(), "B": lock("2025-03-31", role="developer")}, LESS),
        ({"A": lock(), "B": lock("2025-05-08", role="developer")}, []),
        ({"A": lock(), "B": lock(connection="psa", grace_days=1)}, LESS),
    ],
    ids=[
        "moved back",
        "moved on while its grace is still to come",
        "moved on over days that are locked at once",
        "more grace",
        "days end later",
        "days end sooner",
        "only for some",
        "a narrower one that keeps less",
        "a narrower one that keeps more",
        "a narrower one that begins later",
    ],
)
def test_a_lock_that_keeps_less_of_anybody_out_is_told(
    after: dict[str, EntryLock], said: list[str]
) -> None:
    assert told(books(A=lock()), books(**after)) == said


def test_a_lock_that_begins_later_or_ends_is_told() -> None:
    def from_march() -> Firm:
        built = firm()
        built.add("A", lock(), effective_from=date(2025, 3, 1))
        return built

    withdrawn = from_march()
    withdrawn.add("A", lock(), effective_from=date(2025, 4, 1), withdrawn=True)
    always, since = books(A=lock()), from_march().snapshot().catalogue

    assert told(always, since) == LESS
    assert told(since, always) == []
    assert told(since, withdrawn.snapshot().catalogue) == LESS


def test_where_nothing_is_locked_nothing_is_unlocked() -> None:
    assert told(books(), books(A=lock())) == []
