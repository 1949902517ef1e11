"""A worker's look at a tenant does what is due, and doing it twice is harmless."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hourline.connectors.sandbox.admin import Sandbox, set_period
from hourline.connectors.sdk.ports import CLIENT_SECRET
from hourline.flow.connections import Connections
from hourline.flow.workers import DEMO_TIMING, STAGES, stage_work
from hourline.infra.secrets import Keyring, set_secret
from hourline.intake.inbox import SourceEvent, keep_event
from hourline.master.service import apply_changes
from hourline.master.store import set_connection
from tests.flow.house import House, approved, chart, routed
from tests.flow.test_postings import intents
from tests.flow.test_waiting import ZOE

pytestmark = pytest.mark.integration

KEYRING = Keyring(bytes(range(32)), path=Path("test.key"))


def event(record: dict[str, object]) -> bytes:
    envelope = {"specversion": "1.0", "id": "e1", "source": "/psa", "type": "approved"}
    return json.dumps({**envelope, "data": record}).encode()


def test_the_deciding_stage_takes_the_inbox_in_and_lets_what_waits_go_on(
    house: House,
) -> None:
    house.approve(person="zoe")
    with house.database.tenant(house.tenant) as session:
        kept = SourceEvent(
            connection_no=house.psa,
            event_id="e1",
            event_type="approved",
            body=event(approved(id="t2")),
            received_at=datetime(2025, 4, 1, tzinfo=UTC),
        )
        keep_event(session, kept)
        apply_changes(session, house.psa, [ZOE])
    work = stage_work(house.database, Connections(house.database, KEYRING))

    work["decide"](house.tenant)
    work["decide"](house.tenant)

    assert sorted(work) == sorted(STAGES)
    assert (house.state("t1"), house.state("t2")) == ("open_to_bill", "open_to_bill")
    assert house.unproven() == []


def test_the_posting_stage_books_over_the_live_connection(
    house: House, flow_sandbox: Sandbox
) -> None:
    atlas = flow_sandbox.servers["atlas"]
    with house.database.tenant(house.tenant) as session:
        number = set_connection(
            session,
            name="books",
            connector="sandbox_atlas",
            settings={
                "address": atlas.url,
                "client_id": atlas.credentials.client_id,
                "networks": ["127.0.0.0/8"],
                "plain_http": True,
            },
        )
        set_secret(
            session,
            KEYRING,
            connection_no=number,
            field=CLIENT_SECRET,
            value=atlas.credentials.client_secret,
            actor="tester",
        )
    house.change(*chart(), *routed("invoice", "journal"))
    house.approve()
    house.bill()
    set_period(atlas, entity="US1", period="2025-03", status="open")
    work = stage_work(
        house.database, Connections(house.database, KEYRING), timing=DEMO_TIMING
    )

    work["posting"](house.tenant)
    work["posting"](house.tenant)

    assert intents(house) == {("books", "INVOICE", "CONFIRMED"): 1}


def test_a_connection_that_cannot_be_reached_says_what_it_lacks(house: House) -> None:
    connections = Connections(house.database, KEYRING)

    with pytest.raises(LookupError, match="There is no connection 99"):
        connections.reach(house.tenant, 99)
    with pytest.raises(LookupError, match="hourline secret set psa client_secret"):
        connections.reach(house.tenant, house.psa)
