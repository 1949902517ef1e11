"""Take CloudEvents: each kept once, acknowledged after the commit."""

import json

import pytest
from httpx import Response

from hourline.flow import drain_inbox
from hourline.infra.api_keys import Scope
from hourline.infra.jobs import backlog
from tests.api.firm import ApiFirm, new_key, time_entry

pytestmark = pytest.mark.integration


def event(**changes: object) -> dict[str, object]:
    made: dict[str, object] = {
        "specversion": "1.0",
        "id": "ev-1",
        "source": "/psa",
        "type": "com.hourline.time_entry.approved.v1",
        "data": time_entry(),
    }
    return {**made, **changes}


def send(firm: ApiFirm, content: object) -> Response:
    return firm.call(
        "POST",
        "/v1/events?connection=psa",
        Scope.TIME_INGEST,
        content=content if isinstance(content, bytes) else json.dumps(content),
        headers={
            "Idempotency-Key": new_key(),
            "Content-Type": "application/cloudevents+json",
        },
    )


def test_events_are_kept_once_and_become_entries(firm: ApiFirm) -> None:
    first = send(firm, [event(), event(id="ev-2", data=time_entry(id="te-2"))])
    again = send(firm, event())

    drained = drain_inbox(firm.database, firm.tenant)

    with firm.database.control() as session:
        asked = [one.stage for one in backlog(session)]
    assert first.status_code == 202
    assert "decide" in asked
    assert first.json() == {"kept": 2, "known_before": 0}
    assert again.json() == {"kept": 0, "known_before": 1}
    assert drained == 2
    entry = firm.call("GET", "/v1/time-entries/psa/te-2", Scope.TIME_READ)
    assert entry.json()["state"] == "open_to_bill"


def test_the_same_id_of_another_source_is_another_event(firm: ApiFirm) -> None:
    reply = send(firm, [event(), event(source="/other", data=time_entry(id="te-2"))])

    assert reply.json() == {"kept": 2, "known_before": 0}


def test_what_is_no_event_is_refused_with_every_finding(firm: ApiFirm) -> None:
    reply = send(firm, [event(), event(specversion="0.3"), {"id": "ev-3"}, 7])

    assert reply.status_code == 422
    sentences = [one["sentence"].split(":")[0] for one in reply.json()["findings"]]
    assert sentences == ["Event 1", "Event 2", "Event 3"]
    assert drain_inbox(firm.database, firm.tenant) == 0


def test_an_event_of_broken_json_is_refused_with_its_place(firm: ApiFirm) -> None:
    reply = send(firm, b'{"specversion": "1.0",}')

    assert reply.status_code == 400
    assert reply.json()["detail"].startswith("Line 1, column 23: ")
