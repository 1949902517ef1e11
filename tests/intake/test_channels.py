"""Prove events, polls and files end to end, and that the method never matters."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from hourline.infra.database import Database
from hourline.infra.tenants import create_tenant
from hourline.intake.file import SourceFile, acknowledgement, file_deliveries
from hourline.intake.inbox import SourceEvent, keep_event, receive_events, take_events
from hourline.intake.model import Received, SourceReading
from hourline.intake.poll import (
    CursorMoved,
    Page,
    PolledPage,
    polled_pages,
    read_cursor,
    take_page,
)
from hourline.kernel.codes import Method, Outcome
from hourline.kernel.problems import ProblemCode
from tests.intake.deliveries import (
    RECEIVED_AT,
    UNVERSIONED,
    WIRE,
    connect,
    deliver,
    delivery,
    in_force,
    record,
    rows,
)

pytestmark = pytest.mark.integration

TIMECARDS = SourceReading(
    states_revisions=False,
    status="approved",
    duration_unit="hours",
    fields={"date": "week_end", "seconds": "hours", "role": "grade"},
)


@pytest.fixture
def firm(database: Database, tenant: int) -> int:
    connect(database, tenant)
    return tenant


def event(event_id: str, body: bytes) -> SourceEvent:
    return SourceEvent(1, event_id, "time.approved", body, RECEIVED_AT)


def receive_all(database: Database, firm: int, *, limit: int = 10) -> list[Received]:
    with database.tenant(firm) as session:
        return list(receive_events(session, limit=limit))


def test_an_event_is_kept_once_and_received_once(database: Database, firm: int) -> None:
    arrived = event("e-1", b'{"specversion":"1.0","data":' + record() + b"}")
    with database.tenant(firm) as session:
        kept = [keep_event(session, arrived), keep_event(session, arrived)]

    received = receive_all(database, firm)

    assert kept == [True, False]
    assert [one.outcomes for one in received] == [[Outcome.ACCEPTED]]
    assert receive_all(database, firm) == []
    assert rows(
        database,
        firm,
        "SELECT method, e.delivery_no = d.delivery_no FROM hourline.inbox_event e"
        " JOIN hourline.delivery d ON d.delivery_id = e.event_id",
    ) == [(5, True)]
    assert rows(database, firm, "SELECT body FROM hourline.source_record") == [
        (record().decode(),)
    ]


def test_an_event_that_cannot_be_read_is_refused_and_settled(
    database: Database, firm: int
) -> None:
    with database.tenant(firm) as session:
        for number, body in enumerate((b"\xff\x00", b"{}", b'{"data": "\\u0000"}')):
            keep_event(session, event(f"e-{number}", body))

    received = receive_all(database, firm)

    codes = [one.problems[0].problem.code for one in received]
    assert codes == [
        ProblemCode.EVENT_NOT_READ,
        ProblemCode.EVENT_NOT_READ,
        ProblemCode.RECORD_MALFORMED,
    ]
    assert [one.refused for one in received] == [True, True, False]
    assert receive_all(database, firm) == []


def test_two_workers_never_claim_the_same_event(database: Database, firm: int) -> None:
    with database.tenant(firm) as session:
        for number in range(4):
            body = b'{"data":' + record(id=f"te-{number}") + b"}"
            keep_event(session, event(f"e-{number}", body))

    with database.tenant(firm) as one, database.tenant(firm) as other:
        first = [arrived.delivery_id for arrived, _ in take_events(one, limit=2)]
        second = [arrived.delivery_id for arrived, _ in take_events(other, limit=10)]

    assert first == ["e-0", "e-1"]
    assert second == ["e-2", "e-3"]


class Source:
    """Serve pages of a stream like a vendor: the cursor counts the records served."""

    def __init__(self, records: Sequence[bytes], *, size: int) -> None:
        self.records = list(records)
        self.size = size
        self.asked: list[str | None] = []

    def __call__(self, cursor: str | None) -> Page:
        self.asked.append(cursor)
        begin = int(cursor or 0)
        end = min(begin + self.size, len(self.records))
        return Page(self.records[begin:end], str(end))


def poll(database: Database, firm: int, source: Source) -> list[Received | None]:
    with database.tenant(firm) as session:
        cursor = read_cursor(session, 1, "time")
    taken = []
    for page in pages_of(source, cursor):
        with database.tenant(firm) as session:
            taken.append(take_page(session, page, WIRE))
    return taken


def pages_of(source: Source, cursor: str | None) -> list[PolledPage]:
    return list(
        polled_pages(
            source,
            connection_no=1,
            stream="time",
            cursor=cursor,
            received_at=RECEIVED_AT,
        )
    )


def test_a_poll_goes_on_where_the_last_one_ended(database: Database, firm: int) -> None:
    source = Source([record(id=f"te-{number}") for number in range(5)], size=2)

    poll(database, firm, source)
    source.records.append(record(id="te-5"))
    source.asked.clear()
    poll(database, firm, source)

    assert source.asked == ["5", "6"]
    assert len(in_force(database, firm)) == 6
    with database.tenant(firm) as session:
        assert read_cursor(session, 1, "time") == "6"


def test_a_stream_without_successor_ends_and_keeps_its_cursor(
    database: Database, firm: int
) -> None:
    def one_page(cursor: str | None) -> Page:
        assert cursor is None
        return Page([record()], None)

    pages = list(
        polled_pages(
            one_page,
            connection_no=1,
            stream="time",
            cursor=None,
            received_at=RECEIVED_AT,
        )
    )
    with database.tenant(firm) as session:
        received = take_page(session, pages[0], WIRE)
        cursor = read_cursor(session, 1, "time")

    assert len(pages) == 1
    assert received is not None
    assert received.outcomes == [Outcome.ACCEPTED]
    assert cursor is None


def test_a_stream_that_never_ends_is_left_after_its_most_pages() -> None:
    pages = polled_pages(
        lambda cursor: Page([], str(int(cursor or 0) + 1)),
        connection_no=1,
        stream="time",
        cursor=None,
        received_at=RECEIVED_AT,
        pages_max=3,
    )

    assert [page.next_cursor for page in pages] == ["1", "2", "3"]


def test_records_and_cursor_are_committed_together_or_not_at_all(
    database: Database, firm: int
) -> None:
    source = Source([record()], size=2)
    (page, _) = pages_of(source, None)

    def take_and_fail() -> None:
        with database.tenant(firm) as session:
            take_page(session, page, WIRE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        take_and_fail()

    with database.tenant(firm) as session:
        assert read_cursor(session, 1, "time") is None
    assert in_force(database, firm) == []


@pytest.mark.parametrize("moved_from", [None, "1"])
def test_a_slower_poll_from_the_same_cursor_is_undone(
    database: Database, firm: int, moved_from: str | None
) -> None:
    source = Source([record(id=f"te-{number}") for number in range(3)], size=1)
    pages = pages_of(source, None)
    for page in pages[:2]:
        with database.tenant(firm) as session:
            take_page(session, page, WIRE)
    late = replace(pages[2], cursor=moved_from, next_cursor="3")

    with pytest.raises(CursorMoved), database.tenant(firm) as session:
        take_page(session, late, WIRE)

    assert len(in_force(database, firm)) == 2


def test_every_row_of_a_file_is_acknowledged_with_one_outcome(
    database: Database, firm: int
) -> None:
    content = (
        b"id,person,week_end,project,hours,grade\n"
        b"1,34,2015-04-03,33,36.00,5\n"
        b"2,34,2015-02-30,33,-1,5\n"
        b"1,34,2015-04-03,33,36.00,5\n"
        b"3,34\n"
        b"4,34,2015-04-03,33,4,\n"
    )
    file = SourceFile(1, "t.csv", content, RECEIVED_AT)

    lines = []
    for part in file_deliveries(file, TIMECARDS, rows_per_delivery=2):
        lines += acknowledgement(part, deliver(database, firm, part, TIMECARDS))

    assert [(one.line, one.source_id, one.outcome) for one in lines] == [
        (2, "1", Outcome.ACCEPTED),
        (3, "2", Outcome.REFUSED),
        (4, "1", Outcome.DUPLICATE),
        (5, None, Outcome.REFUSED),
        (6, "4", Outcome.ACCEPTED),
    ]
    assert [problem.code for problem in lines[1].problems] == [
        ProblemCode.FIELD_INVALID,
        ProblemCode.DURATION_OUT_OF_RANGE,
    ]


def test_a_file_that_comes_twice_changes_nothing(database: Database, firm: int) -> None:
    content = b"\n".join(record(id=f"te-{number}") for number in range(5))
    file = SourceFile(1, "t.jsonl", content, RECEIVED_AT)
    renamed = replace(file, name="again.jsonl")

    for one in (file, renamed):
        for part in file_deliveries(one, WIRE, rows_per_delivery=2):
            deliver(database, firm, part)

    assert rows(database, firm, "SELECT count(*) FROM hourline.delivery") == [(3,)]
    assert len(in_force(database, firm)) == 5


def _stated(number: int) -> list[bytes]:
    """Return everything a source that states revisions ever said about one entry."""
    said = [
        record(id=f"te-{number}", revision=revision, seconds=revision * 600)
        for revision in range(1, 1 + number % 4 + 1)
    ]
    if number % 3 == 0:
        revision = max(1, number % 4)
        said.append(record(id=f"te-{number}", revision=revision, status="recalled"))
    return said


def _timed(number: int) -> list[bytes]:
    """Return what a source without revisions said, each at a time of its own."""
    said = []
    for day in range(1, 2 + number % 5):
        status = "recalled" if (number + day) % 4 == 0 else "approved"
        changed = f"2026-10-{day:02d}T09:00:00Z"
        seconds = 600 * (day % 3 + 1)
        said.append(
            record(
                id=f"te-{number}", status=status, seconds=seconds, updated_at=changed
            )
        )
    return said


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("reading", "say"), [(WIRE, _stated), (UNVERSIONED, _timed)])
def test_no_order_repetition_or_method_changes_what_counts(
    database: Database,
    tenant: int,
    reading: SourceReading,
    say: Callable[[int], list[bytes]],
    seed: int,
) -> None:
    connect(database, tenant)
    said = [body for number in range(24) for body in say(number)]
    in_order = delivery(*said)
    deliver(database, tenant, in_order, reading)
    expected = [(row[0], row[2]) for row in in_force(database, tenant)]

    other = create_tenant(database, slug=f"s{tenant}-{seed}", name="Shuffled")
    connect(database, other)
    chance = random.Random(seed)
    told = [body for body in said for _ in range(chance.randint(1, 3))]
    chance.shuffle(told)
    number = 0
    while told:
        size = chance.randint(1, 12)
        part, told = told[:size], told[size:]
        number += 1
        arrived = delivery(
            *part, method=chance.choice(list(Method)), delivery_id=f"d-{number}"
        )
        deliver(database, other, arrived, reading)

    assert [(row[0], row[2]) for row in in_force(database, other)] == expected
    assert expected
