"""What a person decides of an entry counts at once, is kept with why, and is undone."""

import threading
from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.model import Assembled, Because, Issued, NothingToBill
from hourline.billing.reviewing import Reviewed
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.reviews import NotOne
from hourline.flow.transactions import NotKnown
from hourline.infra.audit import read_chain, verify_chain
from hourline.infra.queries import Query
from hourline.infra.tenants import create_tenant
from hourline.kernel.codes import Cause, Effect, Fate, ReviewAct, Role
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.store import set_connection
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, House, approved

pytestmark = pytest.mark.integration
WHY = Because(actor="M. Ito", reason="the customer asks")
HOUR = 3_600
_PARTS = Query(
    "parts",
    "What any tenant's portions are now.",
    "SELECT * FROM hourline.portion_part",
)


def hold(house: House, entry: str = "t1", *, try_only: bool = False) -> Reviewed:
    outcome = flow.hold_entry(
        house.database, house.tenant, flow.EntryName(entry), WHY, try_only=try_only
    )
    assert isinstance(outcome, Reviewed)
    return outcome


def release(house: House, entry: str = "t1") -> Reviewed:
    outcome = flow.release_entry(
        house.database, house.tenant, flow.EntryName(entry), WHY
    )
    assert isinstance(outcome, Reviewed)
    return outcome


def write_off(
    house: House, seconds: int | None = None, *, try_only: bool = False
) -> Reviewed | Problem:
    return flow.write_off_entry(
        house.database,
        house.tenant,
        flow.EntryName("t1"),
        WHY,
        seconds=seconds,
        try_only=try_only,
    )


def billed(house: House, *entries: flow.Billed) -> Issued | NothingToBill | Problem:
    return flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
        adjusting=flow.Adjusting(entries, WHY) if entries else None,
    )


def parts(house: House, entry: str = "t1") -> dict[str, tuple[int, int]]:
    return {
        Fate(one.fate).name: (one.seconds, one.amount)
        for one in house.status(entry).portions
    }


def told(house: House) -> list[tuple[str, str, str]]:
    with house.database.tenant(house.tenant) as session:
        assert verify_chain(session) is None
        return [(one.actor, one.action, one.reason) for one in read_chain(session)]


def test_a_hold_and_its_release_are_in_the_story_and_in_the_audit_chain(
    house: House,
) -> None:
    house.approve()

    held = hold(house)
    state = house.state()
    nothing = billed(house)
    released = release(house)

    assert (held.changed, held.seconds, held.amount) == (True, HOUR, 20_000)
    assert (state, released.changed, house.state()) == ("held", True, "open_to_bill")
    assert isinstance(nothing, NothingToBill)
    assert [
        (ReviewAct(one.kind).name, one.actor, one.reason)
        for one in house.status().story.reviews
    ] == [
        ("HOLD", "M. Ito", "the customer asks"),
        ("RELEASE", "M. Ito", "the customer asks"),
    ]
    assert told(house) == [
        ("M. Ito", "entry.held", "the customer asks"),
        ("M. Ito", "entry.released", "the customer asks"),
    ]
    assert house.unproven() == []


def test_what_is_held_already_or_not_held_stays_as_it_is(house: House) -> None:
    house.approve()
    hold(house)

    again = hold(house)
    release(house)
    never = release(house)

    assert (again.changed, never.changed) == (False, False)
    assert len(house.status().story.reviews) == 2
    assert len(told(house)) == 2


def test_a_review_that_is_only_tried_leaves_nothing(house: House) -> None:
    house.approve()

    held = hold(house, try_only=True)
    written = write_off(house, 1_800, try_only=True)
    refused = write_off(house, 7_200, try_only=True)

    assert held.changed
    assert isinstance(written, Reviewed)
    assert (written.amount, written.accrual_reversed) == (10_000, 10_000)
    assert isinstance(refused, Problem)
    assert parts(house) == {"BILLABLE": (HOUR, 20_000)}
    assert (house.items(), told(house)) == ([], [])


def test_a_write_off_reverses_its_accrual_and_keeps_its_cost(house: House) -> None:
    house.approve()

    written = write_off(house, 900)

    (booked,) = [
        one
        for one in house.status().story.bookings
        if one.effect == Effect.ACCRUAL_REVERSAL
    ]
    assert isinstance(written, Reviewed)
    assert (written.seconds, written.amount) == (900, 5_000)
    assert parts(house) == {"BILLABLE": (2_700, 15_000), "WRITTEN_OFF": (900, 5_000)}
    assert (booked.cause, booked.amount, booked.accounting_date) == (
        Cause.REVIEW,
        5_000,
        date(2025, 3, 5),
    )
    assert house.balances()[Role.WIP] == 15_000
    assert house.balances()[Role.COST] == 10_000
    assert house.unproven() == []


def test_more_than_is_open_waits_for_the_person_who_asked(house: House) -> None:
    house.approve()

    refused = write_off(house, HOUR + 1)

    (item,) = house.items()
    assert isinstance(refused, Problem)
    assert refused.code is ProblemCode.REVIEW_EXCEEDS_OPEN
    assert (item.code, item.queue) == ("review_exceeds_open", "approval")
    assert parts(house) == {"BILLABLE": (HOUR, 20_000)}
    house.approve(revision=2)
    assert house.items() == []


def test_everything_written_off_leaves_nothing_to_bill(house: House) -> None:
    house.approve()

    write_off(house)

    assert house.state() == "nothing_to_bill"
    assert parts(house) == {"WRITTEN_OFF": (HOUR, 20_000)}
    assert Role.WIP not in {r for r, amount in house.balances().items() if amount}


def test_an_adjusted_invoice_says_by_whom_and_why(house: House) -> None:
    house.approve()
    house.approve(id="t2")

    issued = billed(
        house,
        flow.Billed(flow.EntryName("t1"), seconds=2_700),
        flow.Billed(flow.EntryName("t2"), amount=Decimal("170.50")),
    )

    assert isinstance(issued, Issued)
    assert (issued.net, issued.lines) == (32_050, 2)
    assert parts(house) == {"BILLABLE": (2_700, 15_000), "NON_BILLABLE": (900, 5_000)}
    assert parts(house, "t2") == {"BILLABLE": (HOUR, 20_000)}
    reviews = [
        *house.status("t1").story.reviews,
        *house.status("t2").story.reviews,
    ]
    assert [
        (ReviewAct(one.kind).name, one.seconds, one.amount, one.document)
        for one in reviews
    ] == [
        ("LEAVE_OUT", 900, 5_000, "US1-000001"),
        ("SET_AMOUNT", HOUR, -2_950, "US1-000001"),
    ]
    assert told(house) == [("M. Ito", "invoice.adjusted", "the customer asks")]
    assert house.unproven() == []


def drafted(house: House, *entries: flow.Billed) -> Assembled:
    outcome = flow.open_draft(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
        adjusting=flow.Adjusting(entries, WHY) if entries else None,
    )
    assert isinstance(outcome, Assembled)
    return outcome


def test_a_draft_keeps_its_adjustments_until_it_is_replaced(house: House) -> None:
    house.approve()

    draft = drafted(house, flow.Billed(flow.EntryName("t1"), amount=Decimal(5)))
    plain = drafted(house)
    issued = flow.issue_draft(house.database, house.tenant, contract="C1")

    assert isinstance(issued, Issued)
    assert (draft.net, plain.net, issued.net) == (500, 20_000, 20_000)
    assert told(house) == [("M. Ito", "draft.adjusted", "the customer asks")]


def test_a_bill_of_nothing_but_what_is_left_out_changes_nothing(house: House) -> None:
    house.approve()

    outcome = billed(house, flow.Billed(flow.EntryName("t1"), seconds=0))

    assert isinstance(outcome, NothingToBill)
    assert parts(house) == {"BILLABLE": (HOUR, 20_000)}
    assert told(house) == []


def close(house: House, *periods: str) -> None:
    house.change(
        *(
            MasterChange(
                "posting_period",
                f"US1-{period}",
                fields={"entity": "US1", "period": period, "status": "closed"},
            )
            for period in periods
        )
    )


def test_after_the_close_a_write_off_and_mirrors_go_to_the_next_month_open(
    house: House,
) -> None:
    house.approve()
    billed(house, flow.Billed(flow.EntryName("t1"), seconds=1_800))
    credit_invoice(
        house.database,
        house.tenant,
        document_no=house.status().story.documents[0].document_no,
        reason="late",
        actor="M. Ito",
    )
    close(house, "2025-03")

    write_off(house, 900)
    house.recall()

    april, march = date(2025, 4, 1), date(2025, 3, 31)
    story = house.status().story
    assert [one.invoice_date for one in story.documents] == [march, march]
    assert [
        (Cause(one.cause).name, Effect(one.effect).name, one.mirror, one.amount)
        for one in story.bookings
        if one.accounting_date == april
    ] == [
        ("REVIEW", "ACCRUAL_REVERSAL", False, 5_000),
        ("ENTRY", "COST", True, 10_000),
        ("ENTRY", "ACCRUAL", True, 5_000),
    ]
    assert {role for role, amount in house.balances().items() if amount} == set()
    assert house.unproven() == []


def test_no_open_month_leaves_a_write_off_undone(house: House) -> None:
    house.approve()
    years, months = range(2025, 2028), range(1, 13)
    close(house, *(f"{year}-{month:02}" for year in years for month in months))

    refused = write_off(house)

    assert isinstance(refused, Problem)
    assert refused.code is ProblemCode.PERIOD_CLOSED
    assert parts(house) == {"BILLABLE": (HOUR, 20_000)}


def test_an_unknown_entry_and_an_id_of_two_sources_are_refused(house: House) -> None:
    with house.database.tenant(house.tenant) as session:
        other = set_connection(session, name="hr", connector="sandbox_psa")
    house.approve()
    House(house.database, house.tenant, other).approve()

    with pytest.raises(NotKnown, match="There is no time entry t9"):
        hold(house, "t9")
    with pytest.raises(NotOne, match="have a time entry t1: hr, psa"):
        hold(house)
    named = flow.EntryName("t1", "psa")
    held = flow.hold_entry(house.database, house.tenant, named, WHY)
    assert isinstance(held, Reviewed)
    assert held.changed


def test_the_parts_of_portions_are_shown_to_their_tenant_alone(house: House) -> None:
    house.approve()
    slug = f"beside-{house.tenant}"
    stranger = create_tenant(house.database, slug=slug, name="Beside")

    with house.database.tenant(house.tenant) as session:
        own = session.tuples(_PARTS)
    with house.database.tenant(stranger) as session:
        others = session.tuples(_PARTS)

    assert (len(own), others) == (1, [])


def test_a_write_off_and_a_bill_at_once_never_take_the_same_second(
    house: House,
) -> None:
    house.deliver(*(approved(id=f"t{number}") for number in range(1, 6)))
    starting = threading.Barrier(2)

    def at_once(work: object) -> None:
        starting.wait(timeout=10)
        assert callable(work)
        work()

    threads = [
        threading.Thread(target=at_once, args=(work,))
        for work in (lambda: write_off(house), lambda: billed(house))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    found = parts(house)
    assert found in (
        {"WRITTEN_OFF": (HOUR, 20_000)},
        {"BILLABLE": (HOUR, 20_000)},
    )
    assert house.unproven() == []
