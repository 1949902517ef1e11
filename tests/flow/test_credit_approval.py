"""Nothing is credited that nobody approved, whoever brings it and whatever it meets."""

from collections.abc import Collection, Sequence

import pytest

from hourline import flow
from hourline.billing.model import Because, Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow import entries
from hourline.flow.keeping import keeping_for
from hourline.flow.rebilling.waiting import list_waiting
from hourline.infra.database import Session
from hourline.intake.model import Delivery
from hourline.intake.rules.keeping import Keeping
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot
from hourline.master.store import set_connection
from tests.flow.house import MARCH_END, House, approved

pytestmark = pytest.mark.integration
ASKS = MasterChange("legal_entity", "US1", fields={"credit_approval": True})


@pytest.fixture
def asking(house: House) -> House:
    """Give a house whose credits somebody has to approve, with an hour approved."""
    house.change(ASKS)
    house.approve()
    return house


def waiting(house: House) -> list[str]:
    found = list_waiting(house.database, house.tenant, dated=MARCH_END)
    return [record.source_id for one in found for record in one.records]


def test_what_was_invoiced_after_it_was_found_open_is_looked_at_again(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed: list[Issued] = []

    def bill_behind(
        session: Session, snapshot: Snapshot, delivery: Delivery
    ) -> Keeping | None:
        keeping = keeping_for(session, snapshot, delivery)
        assert keeping is not None
        assert keeping.guarded_of is not None
        find = keeping.guarded_of

        def guarded(entry_nos: Sequence[int]) -> Collection[int]:
            found = find(entry_nos)
            if not billed:
                billed.append(asking.bill())
            return found

        return Keeping(keeping.lock_of, guarded)

    monkeypatch.setattr(entries, "keeping_for", bill_behind)

    received = asking.approve(revision=2, seconds=7_200)

    assert received.outcomes == [Outcome.KEPT]
    assert waiting(asking) == ["t1"]
    assert asking.unproven() == []


def test_nobody_credits_at_once_what_takes_two(asking: House) -> None:
    invoice = asking.bill()

    refused = flow.issue_credit(
        asking.database,
        asking.tenant,
        flow.Credit(
            document_no=invoice.document_no,
            because=Because(actor="M. Ito", reason="agreed"),
        ),
    )

    assert isinstance(refused, Problem)
    assert refused.code is ProblemCode.CREDIT_NOT_APPROVED
    assert asking.billed_lines() == 1


@pytest.fixture
def unversioned(asking: House) -> House:
    """Give the house with its hour invoiced, and a PSA that states no revisions."""
    with asking.database.tenant(asking.tenant) as session:
        set_connection(
            session, name="psa", connector="sandbox_psa", states_revisions=False
        )
    asking.bill()
    return asking


def say(house: House, **changes: object) -> list[Outcome]:
    """Let the PSA say something of its hour, without a revision."""
    return house.deliver(approved(**{"revision": None, **changes})).outcomes


def test_what_a_source_without_revisions_takes_back_waits_no_longer(
    unversioned: House,
) -> None:
    corrected = say(unversioned, seconds=7_200)
    first = waiting(unversioned)
    taken_back = say(unversioned)

    assert (corrected, first) == ([Outcome.KEPT], ["t1"])
    assert taken_back == [Outcome.DUPLICATE]
    assert (waiting(unversioned), unversioned.codes()) == ([], [])
    assert unversioned.unproven() == []


def test_by_times_of_change_the_later_one_waits_whatever_came_last(
    unversioned: House,
) -> None:
    say(unversioned, seconds=7_200, updated_at="2025-03-08T08:00:00Z")
    say(unversioned, updated_at="2025-03-07T08:00:00Z")

    assert waiting(unversioned) == ["t1"]
    assert unversioned.codes() == ["credit_not_approved"]


def test_records_of_one_delivery_wait_in_the_order_of_what_they_say(
    unversioned: House,
) -> None:
    unversioned.deliver(
        approved(revision=None, seconds=7_200),
        approved(revision=None),
        approved(revision=None, seconds=1_800),
    )

    [one] = list_waiting(unversioned.database, unversioned.tenant, dated=MARCH_END)
    assert [record.position for record in one.records] == [2]
