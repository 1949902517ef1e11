"""Files, pages, events and webhooks all come in by the flow, each in one commit."""

import json
from datetime import UTC, datetime

import pytest

from hourline import flow
from hourline.flow.entries import receive_in
from hourline.intake.batch import batch_delivery
from hourline.intake.file import Acknowledged, SourceFile
from hourline.intake.inbox import SourceEvent, keep_event
from hourline.intake.manifest import Manifest
from hourline.intake.model import SourceReading
from hourline.intake.poll import CursorMoved, Page, polled_pages, read_cursor
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem
from tests.flow.house import House, approved

pytestmark = pytest.mark.integration

AT = datetime(2025, 4, 1, 8, tzinfo=UTC)
HEADER = "id,revision,status,person,project,date,seconds,approved_at\n"


def row(entry: str, seconds: str = "3600") -> str:
    return f"{entry},1,approved,ann,P1,2025-03-05,{seconds},2025-03-06T08:00:00Z\n"


def file(house: House, text: str, manifest: Manifest | None = None) -> SourceFile:
    return SourceFile(house.psa, "time.csv", text.encode(), AT, manifest)


def outcomes(answer: list[Acknowledged] | list[Problem]) -> list[object]:
    return [
        one.outcome if isinstance(one, Acknowledged) else one.code for one in answer
    ]


def test_each_row_of_a_file_is_acknowledged_and_wrong_ones_are_queued(
    house: House,
) -> None:
    taken: list[int] = []

    answer = flow.receive_file(
        house.database,
        house.tenant,
        file(house, HEADER + row("t1") + row("t2", "soon")),
        on_part=taken.append,
    )

    assert outcomes(answer) == [Outcome.ACCEPTED, Outcome.REFUSED]
    assert taken == [2]
    assert house.codes() == ["field_invalid"]
    assert house.state("t1") == "open_to_bill"
    assert house.unproven() == []


def test_a_file_that_is_refused_whole_is_kept_and_changes_nothing(
    house: House,
) -> None:
    answer = flow.receive_file(
        house.database, house.tenant, file(house, "who,what\nann,P1\n")
    )

    assert outcomes(answer) == ["columns_wrong"]
    (item,) = house.items()
    assert (item.code, item.subject_kind) == ("columns_wrong", "delivery")
    assert house.balances() == {}


def test_a_file_to_be_taken_whole_is_refused_for_one_wrong_row(house: House) -> None:
    manifest = Manifest(file="time.csv", rows=2, all_or_nothing=True)
    text = HEADER + row("t1") + row("t2", "soon")

    answer = flow.receive_file(
        house.database, house.tenant, file(house, text, manifest)
    )

    assert outcomes(answer) == [Outcome.REFUSED, Outcome.REFUSED]
    assert house.codes() == ["field_invalid", "file_refused"]
    assert house.balances() == {}
    assert house.unproven() == []


def test_a_page_is_taken_with_its_cursor_and_by_one_poll_only(house: House) -> None:
    body = json.dumps(approved()).encode()
    first, last = polled_pages(
        lambda cursor: Page([body], "c1") if cursor is None else Page([], None),
        connection_no=house.psa,
        stream="time_entries",
        cursor=None,
        received_at=AT,
    )
    reading = SourceReading()

    received = flow.receive_page(house.database, house.tenant, first, reading)
    nothing = flow.receive_page(house.database, house.tenant, last, reading)
    with pytest.raises(CursorMoved):
        flow.receive_page(house.database, house.tenant, first, reading)

    with house.database.tenant(house.tenant) as session:
        cursor = read_cursor(session, house.psa, "time_entries")
    assert received is not None
    assert received.outcomes == [Outcome.ACCEPTED]
    assert nothing is None
    assert cursor == "c1"
    assert house.state() == "open_to_bill"


def test_events_wait_in_the_inbox_and_what_cannot_be_read_is_queued(
    house: House,
) -> None:
    envelope = {
        "specversion": "1.0",
        "id": "e1",
        "source": "/psa",
        "type": "time_entry.approved",
    }
    with house.database.tenant(house.tenant) as session:
        for number, data in enumerate((approved(), "no record")):
            event = SourceEvent(
                connection_no=house.psa,
                event_id=f"e{number}",
                event_type="time_entry.approved",
                body=json.dumps({**envelope, "data": data}).encode(),
                received_at=AT,
            )
            assert keep_event(session, event)

    drained = flow.drain_inbox(house.database, house.tenant)
    again = flow.drain_inbox(house.database, house.tenant)

    assert (drained, again) == (2, 0)
    assert house.state() == "open_to_bill"
    assert house.codes() == ["record_malformed"]


def test_a_delivery_that_came_before_changes_nothing(house: House) -> None:
    delivery, _ = batch_delivery(
        house.psa, json.dumps([approved()]).encode(), received_at=AT
    )
    flow.receive(house.database, house.tenant, delivery)
    before = house.balances()

    with house.database.tenant(house.tenant) as session:
        again = receive_in(session, delivery)

    assert again.known_before
    assert house.balances() == before
    assert house.unproven() == []
