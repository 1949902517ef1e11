"""Documents of a group are sent all or none, checked before and counted after."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from hourline import flow
from hourline.connectors.sandbox.admin import (
    Sandbox,
    clear_faults,
    read_books,
    set_fault,
    set_period,
)
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.workers import DEMO_TIMING
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.posting.groups import Group, read_groups
from hourline.posting.service import due_soon
from tests.flow.house import MASTER, House, chart, found_house
from tests.flow.ledgers import (
    cancel,
    connect,
    numbers,
    plan,
    ports,
    post,
    post_to,
    route,
    states,
)

pytestmark = pytest.mark.integration
_KEYS = Query("keys", "Every key.", "SELECT key FROM hourline.posting_intent")
STATES = ("held", "released", "confirmed", "short", "cancelled")
GERMAN = {"US1": "DE1", "US": "DE", "USD": "EUR"}


def month_end(*documents: str) -> list[MasterChange]:
    """Give routes of kinds of document that form one group."""
    return [route(document, group="month-end") for document in documents]


def groups(house: House) -> list[Group]:
    with house.database.tenant(house.tenant) as session:
        return read_groups(session, *STATES)


def told(house: House) -> list[tuple[str, int, dict[str, str]]]:
    return [(one.state, one.documents, one.totals) for one in groups(house)]


def item(house: House) -> str:
    [only] = house.items()
    return only.sentence


def test_one_document_that_cannot_be_posted_holds_the_group_until_it_can(
    house: House,
) -> None:
    connect(house)
    house.change(*month_end("invoice", "journal"), *chart(without=["revenue"]))
    house.approve()
    house.bill()

    planned = plan(house)
    post(house)
    held, sentence, codes = told(house), item(house), house.codes()
    house.change(*chart())
    summary = post(house)

    assert planned == 0
    assert held == [("held", 4, {"USD": "700.00"})]
    assert codes == ["posting_group_held"]
    assert sentence == (
        "None of group month-end 2025-03 for books (4 documents) is sent, because not"
        " all of it can be. US1-000001: The chart of accounts of US1 has no account"
        " for the role revenue."
    )
    assert summary.confirmed == 4
    assert house.codes() == []
    [group] = groups(house)
    assert (group.state, group.confirmed_documents) == ("confirmed", 4)
    assert group.confirmed_totals == {"USD": "700.00"}
    assert house.unproven() == []


def test_a_group_waits_for_a_period_that_is_closed(house: House) -> None:
    connect(house)
    house.change(*month_end("journal"), *chart())
    house.approve()
    period = {"entity": "US1", "period": "2025-03"}
    house.change(
        MasterChange("posting_period", "p", fields={**period, "status": "closed"})
    )

    planned = plan(house)
    sentence = item(house)
    house.reopen()
    post(house)

    assert planned == 0
    assert "period 2025-03 of US1 is closed." in sentence
    assert states(house) == {("books", "JOURNAL", "CONFIRMED"): 2}


def test_a_group_waits_where_the_target_cannot_take_one_of_its_documents(
    house: House,
) -> None:
    connect(house, vendor="billing")
    house.change(*month_end("invoice", "journal"), *chart())
    house.approve()
    house.bill()

    planned = plan(house)

    assert planned == 0
    assert "the connection books no journals." in item(house)


def test_what_comes_later_is_a_group_of_its_own(house: House) -> None:
    connect(house)
    house.change(*month_end("journal"), *chart())
    house.approve()
    plan(house)
    house.approve(id="t2", date="2025-04-02")
    house.approve(id="t3")

    plan(house)

    assert told(house) == [
        ("released", 2, {"USD": "300.00"}),
        ("released", 2, {"USD": "300.00"}),
        ("released", 2, {"USD": "300.00"}),
    ]
    assert sorted(f"{one.period:%Y-%m}" for one in groups(house)) == [
        "2025-03",
        "2025-03",
        "2025-04",
    ]


def test_an_issued_document_waits_for_the_run_that_forms_its_group(
    house: House,
) -> None:
    connect(house)
    house.change(*month_end("invoice"), *chart(), route("journal"))
    house.approve()
    house.bill()

    post(house)
    before = states(house)
    plan(house)

    assert before == {}
    assert states(house)["books", "INVOICE", "READY"] == 1


def test_a_held_group_is_dissolved_where_no_route_forms_it_any_more(
    house: House,
) -> None:
    connect(house)
    house.change(*month_end("journal"), *chart(without=["wip"]))
    house.approve()
    plan(house)

    name = month_end("journal")[0].source_id
    house.change(MasterChange("target_route", name, fields={"group": None}))
    post(house)

    assert groups(house) == []
    assert states(house) == {("books", "JOURNAL", "CONFIRMED"): 1}
    assert house.codes() == ["account_not_found"]


def test_a_group_that_is_short_in_the_end_is_told(house: House) -> None:
    connect(house)
    house.change(*month_end("journal"), *chart())
    house.approve()
    plan(house)
    cancel(house, numbers(house, "READY")[0])

    post(house)

    [group] = groups(house)
    assert (group.state, group.confirmed_documents) == ("short", 1)
    assert house.codes() == ["posting_group_short"]
    assert item(house) == (
        "Of group month-end 2025-03 for books (2 documents), with 300.00 USD, the"
        " target has 1 documents with 200.00 USD: the others were cancelled."
    )


@pytest.fixture
def german(database: Database, tenant: int, flow_sandbox: Sandbox) -> Iterator[House]:
    """Give a firm whose books are kept in an ERP with drafts."""
    house = found_house(database, tenant, [_in_germany(one) for one in MASTER])
    connect(house, vendor="borealis")
    house.change(*month_end("journal"), *map(_in_germany, chart()))
    house.approve()
    vendor = flow_sandbox.servers["borealis"]
    set_period(vendor, entity="DE1", period="2025-03", status="open")
    yield house
    clear_faults(vendor)


def _in_germany(change: MasterChange) -> MasterChange:
    fields = {
        name: GERMAN.get(value, value) if isinstance(value, str) else value
        for name, value in change.fields.items()
    }
    if change.kind == "ledger_account":
        fields["number"] = f"{fields['number']}00"
    name = GERMAN.get(change.source_id, change.source_id)
    return MasterChange(change.kind, name, fields=fields)


def held_there(house: House, sandbox: Sandbox) -> Counter[str]:
    """Count the documents of this firm in the ERP by their status."""
    with house.database.tenant(house.tenant) as session:
        keys = {key for (key,) in session.tuples(_KEYS)}
    books = read_books(sandbox.servers["borealis"])
    return Counter(one["status"] for one in books if one["marker"] in keys)


def settle(house: House, sandbox: Sandbox) -> None:
    """Go on until nothing is due any more."""
    give_up_at = time.monotonic() + 40
    while (seconds := due(house)) is not None:
        assert time.monotonic() < give_up_at, states(house)
        time.sleep(min(seconds, 1) / 2)
        post_to(house, sandbox)


def due(house: House) -> int | None:
    with house.database.tenant(house.tenant) as session:
        return due_soon(session)


def test_no_draft_is_posted_before_every_document_has_one(
    german: House, flow_sandbox: Sandbox
) -> None:
    plan(german)
    port = ports(german, flow_sandbox)

    flow.post_due(german.database, german.tenant, port, limit=1, timing=DEMO_TIMING)
    first = held_there(german, flow_sandbox)
    post_to(german, flow_sandbox)

    assert first == {"draft": 1}
    assert held_there(german, flow_sandbox) == {"posted": 2}
    [group] = groups(german)
    assert (group.state, group.confirmed_totals) == ("confirmed", {"EUR": "300.00"})


def test_a_lost_draft_holds_the_others_back_and_nothing_is_doubled(
    german: House, flow_sandbox: Sandbox
) -> None:
    plan(german)
    vendor = flow_sandbox.servers["borealis"]
    set_fault(vendor, "create_document", "error_500_after", times=1)
    set_fault(vendor, "post_document", "error_500_after", times=1)

    first = post_to(german, flow_sandbox)
    between = held_there(german, flow_sandbox)
    settle(german, flow_sandbox)

    assert first.confirmed == 0
    assert between["posted"] == 0
    assert held_there(german, flow_sandbox)["posted"] == 2
    assert states(german) == {("books", "JOURNAL", "CONFIRMED"): 2}


def test_a_refused_document_keeps_the_drafts_of_the_others_unposted(
    german: House, flow_sandbox: Sandbox
) -> None:
    unknown = {"entity": "DE1", "role": "payroll_allocation", "number": "999999"}
    german.change(
        MasterChange("ledger_account", "US1-payroll_allocation", fields=unknown)
    )
    plan(german)

    post_to(german, flow_sandbox)
    kept, before = held_there(german, flow_sandbox), states(german)
    cancel(german, *numbers(german, "REJECTED"))
    post_to(german, flow_sandbox)
    settle(german, flow_sandbox)

    assert kept == {"draft": 1}
    assert before == {
        ("books", "JOURNAL", "REJECTED"): 1,
        ("books", "JOURNAL", "DRAFTED"): 1,
    }
    assert states(german) == {("books", "JOURNAL", "CANCELLED"): 2}
    assert held_there(german, flow_sandbox) == {}
    assert [one.state for one in groups(german)] == ["cancelled"]
    assert german.codes() == []
