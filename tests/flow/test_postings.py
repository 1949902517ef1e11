"""What is issued reaches its systems, or waits where a person sees why it does not."""

from collections import Counter
from datetime import date

import pytest

from hourline import flow
from hourline.connectors.sandbox.admin import Sandbox, read_books, set_period
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.target import TargetPort
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.master.store import set_connection
from hourline.posting.service import resubmit
from tests.flow.house import House, chart, routed

pytestmark = pytest.mark.integration

_INTENTS = Query(
    "intents",
    "Every intent: its system, its kind and its state.",
    "SELECT c.name, p.kind, p.state FROM hourline.posting_intent p"
    " JOIN hourline.connection c USING (tenant, connection_no) ORDER BY p.intent_no",
)


def connect(house: House, name: str = "books") -> None:
    with house.database.tenant(house.tenant) as session:
        set_connection(session, name=name, connector="sandbox_atlas")


def intents(house: House) -> Counter[tuple[str, str, str]]:
    with house.database.tenant(house.tenant) as session:
        return Counter(
            (name, DocumentKind(kind).name, IntentState(state).name)
            for name, kind, state in session.tuples(_INTENTS)
        )


def billed(house: House) -> None:
    house.approve()
    house.bill()


def test_documents_without_a_route_wait_until_there_is_one(house: House) -> None:
    billed(house)
    connect(house)
    house.change(*chart())

    planned = house.post()
    unrouted = {item.subject_key: item for item in house.items()}
    house.change(*routed("invoice"))
    house.post()
    half = sorted(item.subject_key for item in house.items())
    house.change(*routed("journal"))
    house.post()

    assert planned == 0
    assert sorted(unrouted) == ["invoice of US1", "journal of US1"]
    item = unrouted["invoice of US1"]
    assert (item.code, item.owner) == ("route_not_found", "ledger accountant")
    assert item.sentence == (
        "No route says which system gets documents of kind invoice:"
        " 1 of US1, the first of 2025-03-31."
    )
    assert half == ["journal of US1"]
    assert house.codes() == []
    assert intents(house) == {
        ("books", "INVOICE", "CONFIRMED"): 1,
        ("books", "JOURNAL", "CONFIRMED"): 3,
    }


def test_a_route_to_no_connection_waits_until_it_is_set_up(house: House) -> None:
    billed(house)
    house.change(*chart(), *routed("invoice", "journal", to="ledger"))

    house.post()
    (item, *others) = [one for one in house.items() if one.subject_key == "ledger"]
    connect(house, "ledger")
    house.post()

    assert (item.code, item.detail, others) == (
        "route_not_found",
        {"connection": "ledger"},
        [],
    )
    assert house.codes() == []
    assert intents(house)["ledger", "INVOICE", "CONFIRMED"] == 1


def test_a_document_waits_for_a_missing_account_and_goes_on_by_itself(
    house: House,
) -> None:
    billed(house)
    connect(house)
    house.change(*routed("invoice", "journal"), *chart(without=["revenue", "wip"]))

    house.post()
    waiting = {item.subject_key.split()[0]: item for item in house.items()}
    before = intents(house)
    house.change(*chart())
    house.post()

    assert set(waiting) == {"invoice", "journal"}
    assert {item.code for item in waiting.values()} == {"account_not_found"}
    assert waiting["invoice"].sentence == (
        "The chart of accounts of US1 has no account for the role revenue."
    )
    assert before == {("books", "JOURNAL", "CONFIRMED"): 1}
    assert house.codes() == []
    assert intents(house) == {
        ("books", "INVOICE", "CONFIRMED"): 1,
        ("books", "JOURNAL", "CONFIRMED"): 3,
    }


def test_a_system_gets_what_is_dated_while_its_route_holds(house: House) -> None:
    connect(house, "old")
    connect(house, "new")
    until_april = MasterChange(
        "target_route",
        "invoices",
        fields={"document": "invoice", "connection": "old"},
    )
    from_april = MasterChange(
        "target_route",
        "invoices",
        fields={"document": "invoice", "connection": "new"},
        effective_from=date(2025, 4, 1),
    )
    house.change(*chart(), *routed("journal", to="old"), until_april, from_april)
    billed(house)
    house.approve(id="t2", date="2025-04-02")
    flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=date(2025, 4, 30),
        invoice_date=date(2025, 4, 30),
    )

    house.post()

    found = intents(house)
    assert found["old", "INVOICE", "CONFIRMED"] == 1
    assert found["new", "INVOICE", "CONFIRMED"] == 1
    assert house.codes() == []


def test_planning_again_plans_nothing_twice(house: House) -> None:
    connect(house)
    house.change(*chart(), *routed("invoice", "journal"))
    billed(house)
    house.post()
    first = intents(house)

    planned_again = house.post()
    house.recall()
    house.change(*routed("credit_note"))
    planned_then = house.post()

    assert planned_again == 0
    assert planned_then == 2
    assert intents(house) - first == {
        ("books", "CREDIT_NOTE", "CONFIRMED"): 1,
        ("books", "JOURNAL", "CONFIRMED"): 1,
    }
    assert house.unproven() == []


def test_the_source_is_told_once_its_document_is_booked_everywhere(
    house: House,
) -> None:
    connect(house)
    house.change(*chart(), *routed("invoice"), *routed("write_back", to="psa"))
    billed(house)

    house.post()
    booked = intents(house)
    house.post()
    house.post()

    assert booked == {("books", "INVOICE", "CONFIRMED"): 1}
    assert intents(house) == {
        ("books", "INVOICE", "CONFIRMED"): 1,
        ("psa", "WRITE_BACK", "CONFIRMED"): 1,
    }
    assert [item.subject_key for item in house.items()] == ["journal of US1"]


def test_what_a_closed_period_of_the_erp_refuses_is_queued_and_booked_later(
    house: House, flow_sandbox: Sandbox
) -> None:
    atlas = flow_sandbox.servers["atlas"]
    port = TargetPort(
        targets=connector("sandbox_atlas").targets,
        address=atlas.url,
        send=atlas.egress().send,
    )
    connect(house)
    house.change(*chart(), *routed("invoice"))
    billed(house)
    set_period(atlas, entity="US1", period="2025-03", status="closed")
    before = len(read_books(atlas))

    flow.plan_postings(house.database, house.tenant)
    flow.post_due(house.database, house.tenant, lambda _no: port)

    (item,) = [one for one in house.items() if one.code != "route_not_found"]
    assert (item.code, item.queue, item.subject_kind) == (
        "posting_period_closed",
        "period",
        "intent",
    )
    assert item.detail["reason"] == "period_closed"
    assert item.remedy.startswith("Open the posting period at the target")
    assert intents(house) == {("books", "INVOICE", "REJECTED"): 1}
    assert len(read_books(atlas)) == before
    set_period(atlas, entity="US1", period="2025-03", status="open")
    with house.database.tenant(house.tenant) as session:
        resubmit(
            session, int(item.subject_key), actor="kim", reason="the period is open"
        )
    flow.post_due(house.database, house.tenant, lambda _no: port)
    assert intents(house) == {("books", "INVOICE", "CONFIRMED"): 1}
    assert [one["kind"] for one in read_books(atlas)[before:]] == ["invoice"]
    assert "posting_period_closed" not in house.codes()
