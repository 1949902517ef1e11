"""One system closes and locks; what opens or unlocks waits for two persons."""

from collections.abc import Sequence
from datetime import date

import pytest

from hourline import flow
from hourline.connectors.sandbox_atlas import CONNECTOR as ATLAS
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.http import Exchanged, HttpReply, HttpRequest
from hourline.connectors.sdk.master import MasterPort
from hourline.flow.closing import SetLock, SetPeriod, months_recorded
from hourline.infra.audit import read_chain
from hourline.infra.json import encode_json
from hourline.master.service import Applied
from hourline.master.store import set_connection
from hourline.master.sync import ConnectedStream, Synced, sync_streams
from tests.flow.house import House

pytestmark = pytest.mark.integration
CLOSED, OPEN = "closed", "open"


def march(status: str = OPEN, **fields: object) -> MasterChange:
    said = {"entity": "US1", "period": "2025-03", "status": status, **fields}
    return MasterChange("posting_period", "US1:2025-03", fields=said)


def lock(through: str, id_: str = "ALL", **fields: object) -> MasterChange:
    return MasterChange("entry_lock", id_, fields={"through": through, **fields})


def months(house: House) -> list[SetPeriod]:
    with house.database.tenant(house.tenant) as session:
        return months_recorded(flow.snapshot_of(session))


class NoPositions:
    """Begin every stream at its beginning."""

    def read(self, _stream: ConnectedStream) -> str:
        return ""

    def keep(self, _stream: ConnectedStream, _cursor: str | None) -> None:
        """Forget it."""


def synced(house: House, status: str) -> Synced:
    """Read the months of an ERP, of which March has a status."""
    with house.database.tenant(house.tenant) as session:
        number = set_connection(session, name="atlas", connector="sandbox_atlas")

    def send(_request: HttpRequest) -> Exchanged:
        items = [
            {"entity": "US1", "period": "2025-03", "status": status},
            {"entity": "US1", "period": "2025-04", "status": OPEN},
        ]
        body = {"items": items, "next_cursor": None, "has_more": False}
        return HttpReply(status=200, headers={}, body=encode_json(body))

    def apply(connection_no: int, changes: Sequence[MasterChange]) -> Applied:
        return flow.change_master(
            house.database, house.tenant, changes, connection_no=connection_no
        )

    port = MasterPort(
        stream=ATLAS.masters["periods"], address="https://vendor.test", send=send
    )
    stream = ConnectedStream(number, "atlas", "periods", port)
    return sync_streams([stream], apply, positions=NoPositions())


def test_an_erp_closes_a_month_and_opens_it_only_once_two_persons_agree(
    house: House,
) -> None:
    closed = synced(house, CLOSED)
    opening = synced(house, OPEN)
    again = synced(house, OPEN)
    [item] = house.items()
    house.approve()
    late = house.status().story.versions[0].late
    house.reopen()
    items = house.codes()
    agreed = synced(house, OPEN)

    assert (closed.changed, closed.refused) == (2, 0)
    assert (opening.refused, again.refused) == (1, 1)
    assert item.sentence == (
        "posting_period US1:2025-03 was not taken over: month 2025-03 of US1 is closed"
        " and would be open, and no second person has agreed to that."
    )
    assert (item.code, item.queue) == ("reopening_not_approved", "period")
    assert item.detail["entity"] == "US1"
    assert (late, items) == (True, [])
    assert (agreed.changed, agreed.refused) == (0, 0)
    assert months(house)[0].state == OPEN
    assert house.unproven() == []


def test_finance_closes_a_month_that_the_erp_still_has_open(house: House) -> None:
    synced(house, OPEN)
    house.agree(SetPeriod(entity="US1", period="2025-03", state="closed"))

    read = synced(house, OPEN)
    refused = house.codes()
    told = synced(house, CLOSED)

    assert (read.refused, refused) == (1, ["reopening_not_approved"])
    assert (told.refused, house.codes()) == (0, [])
    assert [one.state for one in months(house)] == [CLOSED, OPEN]


def test_a_closed_month_is_not_made_soft_closed_either(house: House) -> None:
    house.change(march(CLOSED))

    applied = house.change(march(soft_closed=True))

    assert [str(one.problem.code) for one in applied.refusals] == [
        "reopening_not_approved"
    ]
    assert [one.state for one in months(house)] == [CLOSED]


def test_of_a_set_only_what_opens_or_unlocks_is_refused(house: House) -> None:
    house.change(march(CLOSED), lock("2025-03-31"))

    applied = house.change(
        MasterChange("customer", "NEW", fields={"country": "US"}),
        march(OPEN),
        lock("2025-02-28"),
        lock("2025-03-31", "BOB", role="consultant"),
        MasterChange("posting_period", "US1:2025-02", fields=february()),
    )

    assert [one.change.source_id for one in applied.refusals] == ["US1:2025-03", "ALL"]
    assert (applied.changed, applied.unchanged) == (3, 0)
    assert {(one.period, one.state) for one in months(house)} == {
        ("2025-02", CLOSED),
        ("2025-03", CLOSED),
    }


def february() -> dict[str, object]:
    return {"entity": "US1", "period": "2025-02", "status": CLOSED}


def test_a_set_is_judged_by_what_it_leaves_not_by_its_order(house: House) -> None:
    house.change(march(CLOSED))

    applied = house.change(march(OPEN), march(CLOSED))

    assert (applied.refusals, house.codes()) == ([], [])
    assert [one.state for one in months(house)] == [CLOSED]


def test_what_a_lock_keeps_apart_stays_until_two_persons_move_it_back(
    house: House,
) -> None:
    house.change(lock("2025-03-31"))
    house.approve()
    house.change(lock("2025-02-28"))
    refused = house.codes()
    house.agree(SetLock(id="ALL", through=date(2025, 2, 28)))

    assert refused == ["entry_locked", "reopening_not_approved"]
    assert (house.state(), house.codes()) == ("open_to_bill", [])
    with house.database.tenant(house.tenant) as session:
        [made] = [one for one in read_chain(session) if one.action == "closing.change"]
    assert (made.actor, made.approver) == ("Carla", "Dora")


def test_a_lock_for_an_entity_becomes_one_for_everybody(house: House) -> None:
    house.change(lock("2025-03-31", entity="US1"))

    house.agree(SetLock(id="ALL", through=date(2025, 3, 31)))
    # Nobody knows whom this person works for, so only a lock of all holds.
    house.approve(person="nobody known")

    assert house.codes() == ["entry_locked"]


def test_a_lock_that_moves_on_lets_nothing_in_that_it_kept_out(house: House) -> None:
    house.change(lock("2025-03-31"))
    house.approve()

    house.change(lock("2025-04-30", grace_days=2))

    assert (house.state(), house.codes()) == ("exception", ["entry_locked"])


def test_a_lock_cannot_move_on_into_days_to_come_by_one(house: House) -> None:
    house.change(lock("2025-03-31"))

    applied = house.change(lock("2999-12-31"))

    [refused] = applied.refusals
    assert refused.problem.sentence == (
        "entry_lock ALL was not taken over: entry lock ALL would keep less out than it"
        " does, and no second person has agreed to that."
    )
