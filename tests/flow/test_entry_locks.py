"""What entry locks keep apart is lost in no door, and goes on when it may."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import SetLock, SetRight
from hourline.flow.connections import Connections
from hourline.flow.kept_records import list_locked, resume_kept
from hourline.flow.transactions import NotKnown
from hourline.flow.workers import stage_work
from hourline.infra.audit import read_chain
from hourline.infra.secrets import Keyring
from hourline.intake.file import SourceFile
from hourline.intake.model import SourceReading
from hourline.intake.poll import Page, polled_pages
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.service import apply_changes
from tests.flow.house import House, approved

pytestmark = pytest.mark.integration
# The house's deliveries come on 1 April, 08:00 UTC.
AT = datetime(2025, 4, 1, 8, tzinfo=UTC)
WHY = Because(actor="Carla", reason="ann was ill")
T1 = flow.EntryName("t1")


def lock(through: str = "2025-03-31", **fields: object) -> MasterChange:
    return MasterChange("entry_lock", "MARCH", fields={"through": through, **fields})


def right(entity: str | None = None) -> SetRight:
    return SetRight(user="Carla", right="override_entry_lock", entity=entity)


def kept(house: House) -> list[tuple[str, int | None]]:
    with house.database.tenant(house.tenant) as session:
        return [(one.source_id, one.revision) for one in list_locked(session)]


def override(house: House, entry: flow.EntryName = T1) -> int | Problem:
    return flow.override_entry_lock(house.database, house.tenant, entry, WHY)


def test_what_is_locked_says_what_who_and_what_to_do_and_is_kept_once(
    house: House,
) -> None:
    house.change(lock())

    first = house.approve()
    again = house.approve()

    assert first.outcomes == again.outcomes == [Outcome.KEPT]
    [item] = house.items()
    assert item.sentence == (
        "What the source says of entry t1 changes work of ann on 2025-03-05, which"
        " entry lock MARCH keeps as it is through 2025-03-31; it is kept, and changes"
        " nothing."
    )
    assert (item.queue, item.owner) == ("period", "finance lead")
    assert item.detail["entity"] == "US1"
    assert kept(house) == [("t1", 1)]
    assert (house.state(), house.balances()) == ("exception", {})
    assert house.unproven() == []


def test_what_is_let_in_is_booked_and_the_chain_says_who_did_it_and_why(
    house: House,
) -> None:
    house.agree(right("US1"))
    house.change(lock())
    house.approve()

    records = override(house)

    assert records == 1
    assert (house.state(), house.codes(), kept(house)) == ("open_to_bill", [], [])
    with house.database.tenant(house.tenant) as session:
        *_, record = read_chain(session)
    assert (record.actor, record.action) == ("Carla", "entry_lock.overridden")
    assert (record.subject, record.reason) == ("entry t1", "ann was ill")
    assert record.after == {
        "entry_locks": ["MARCH"],
        "days": ["2025-03-05"],
        "records": 1,
    }
    assert house.unproven() == []
    with pytest.raises(NotKnown, match="keeps anything of entry t1 apart"):
        override(house)


def test_somebody_without_the_right_changes_nothing(house: House) -> None:
    house.agree(right("US1"))
    house.change(lock())
    house.approve(person="nobody known")

    refused = override(house)

    assert isinstance(refused, Problem)
    assert refused.code is ProblemCode.RIGHT_MISSING
    assert refused.sentence == (
        "Carla has not the right override_entry_lock for every entity."
    )
    assert house.codes() == ["entry_locked", "right_missing"]
    assert kept(house) == [("t1", 1)]


def test_a_file_and_a_page_keep_locked_records_apart_and_take_the_others(
    house: House,
) -> None:
    house.change(lock())
    text = (
        "id,revision,status,person,project,date,seconds\n"
        "t1,1,approved,ann,P1,2025-03-31,3600\n"
        "t2,1,approved,ann,P1,2025-04-01,3600\n"
    )
    file = SourceFile(
        connection_no=house.psa,
        name="week.csv",
        content=text.encode(),
        received_at=AT,
    )
    body = json.dumps(approved(id="t3")).encode()
    [page] = polled_pages(
        lambda _cursor: Page([body], None),
        connection_no=house.psa,
        stream="time_entries",
        cursor=None,
        received_at=AT,
    )

    flow.receive_file(house.database, house.tenant, file)
    flow.receive_page(house.database, house.tenant, page, SourceReading())

    assert kept(house) == [("t1", 1), ("t3", 1)]
    assert [house.state(one) for one in ("t1", "t2", "t3")] == [
        "exception",
        "open_to_bill",
        "exception",
    ]


def test_a_lock_of_another_system_keeps_nothing_apart(house: House) -> None:
    house.change(lock(connection="timesheets"))
    house.approve()
    house.agree(SetLock(id="MARCH", through=date(2025, 3, 31), connection="psa"))
    house.approve(id="t2")

    assert kept(house) == [("t2", 1)]


def test_an_expense_comes_back_as_the_expense_it_was(house: House) -> None:
    house.agree(right())
    house.change(lock())
    house.approve(
        kind="expense", seconds=None, cost="119", currency="USD", tax="19", receipt="r1"
    )

    override(house)

    assert house.state() == "open_to_bill"
    [portion] = house.status().portions
    assert portion.amount == 100_00
    assert house.unproven() == []


def test_a_worker_lets_in_what_no_lock_keeps_apart_any_more(house: House) -> None:
    house.change(lock())
    house.approve()
    house.recall()
    house.approve(id="t2", revision=3)
    with house.database.tenant(house.tenant) as session:
        apply_changes(session, house.psa, [lock("2025-02-28")])
    keyring = Keyring(bytes(32), path=Path("test.key"))
    work = stage_work(house.database, Connections(house.database, keyring))

    work["decide"](house.tenant)
    work["decide"](house.tenant)

    assert (house.state("t1"), house.state("t2")) == ("recalled", "open_to_bill")
    assert (house.codes(), kept(house)) == ([], [])
    assert house.unproven() == []


def test_what_no_credit_note_can_follow_stays_apart_and_is_told(house: House) -> None:
    house.approve()
    house.bill()
    house.agree(right())
    house.change(lock())
    house.approve(revision=2, seconds=60)
    # No month is open to credit what was invoiced: 25 months from March 2025 on.
    months = [f"{2025 + no // 12}-{no % 12 + 1:02}" for no in range(2, 27)]
    house.change(
        *(
            MasterChange(
                "posting_period",
                month,
                fields={"entity": "US1", "period": month, "status": "closed"},
            )
            for month in months
        )
    )
    house.agree(SetLock(id="MARCH", through=date(2025, 2, 28)))

    assert resume_kept(house.database, house.tenant) == 0
    assert kept(house) == [("t1", 2)]
    assert house.codes() == ["entry_locked", "period_closed"]
    house.reopen("2025-05")
    assert kept(house) == []
    assert house.state() == "open_to_bill"
    assert house.unproven() == []
