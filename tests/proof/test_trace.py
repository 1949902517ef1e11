"""Any figure is followed both ways: from an entry to the ledger and back."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from hourline.kernel.codes import Cause, DocumentKind, Effect, IntentState, Method, Role
from hourline.proof.entry_status import entry_status
from hourline.proof.story import Story
from hourline.proof.trace import find_entries, tell_story
from tests.flow.house import House, chart

pytestmark = pytest.mark.integration

_LINES = Query(
    "lines",
    "Every line of an invoice or credit note with its entry.",
    "SELECT i.number, l.line_no, l.entry_no FROM hourline.invoice i"
    " JOIN hourline.invoice_line l USING (tenant, document_no) ORDER BY 1, 2",
)
_RECEIPTS = Query(
    "receipts",
    "The receiving system's id of each document of a kind, with our number of it.",
    "SELECT p.external_id, p.external_number, p.document_no"
    " FROM hourline.posting_intent p WHERE p.kind = %(kind)s ORDER BY p.intent_no",
)
_MEMBERS = Query(
    "members",
    "The entries whose own journal lines are on a journal.",
    "SELECT DISTINCT j.cause_no FROM hourline.journal_member m"
    " JOIN hourline.journal_line j USING (tenant, line_no)"
    " WHERE m.journal_no = %(journal_no)s AND j.cause = 1 ORDER BY 1",
)


def entries(house: House, term: str) -> list[str]:
    """Give the source ids of the entries a term means."""
    with house.database.tenant(house.tenant) as session:
        stories = [tell_story(session, one) for one in find_entries(session, term)]
    return sorted({story.versions[0].source_id for story in stories})


def story(house: House, entry: str) -> Story:
    return house.status(entry).story


def rows(house: House, query: Query, **parameters: object) -> list[tuple[object, ...]]:
    with house.database.tenant(house.tenant) as session:
        return session.tuples(query, **parameters)


def test_a_term_is_an_entry_a_document_a_project_or_a_person(house: House) -> None:
    assert entries(house, "t3") == ["t3"]
    assert entries(house, "US1-000001") == ["b1", "t1", "t2"]
    assert entries(house, "US1-CN-000001") == ["t2"]
    assert entries(house, "US1-000002") == ["t2"]
    assert entries(house, "P1") == ["b1", "t1", "t2", "t3", "t5"]
    assert entries(house, "ann") == ["t1", "t2", "t3", "t5"]
    assert entries(house, "bob") == ["b1"]
    assert entries(house, "nobody") == []


def test_the_ids_of_other_systems_mean_the_same_person_and_project(
    house: House,
) -> None:
    house.change(
        MasterChange("person", "hr-7", "ann"), MasterChange("project", "77", "P1")
    )

    assert entries(house, "hr-7") == ["t1", "t2", "t3", "t5"]
    assert entries(house, "77") == ["b1", "t1", "t2", "t3", "t5"]


def test_every_line_of_a_document_leads_to_its_entry_and_back(house: House) -> None:
    lines = rows(house, _LINES)

    assert len(lines) == 5
    for number, line_no, entry_no in lines:
        with house.database.tenant(house.tenant) as session:
            there = find_entries(session, str(number))
            back = tell_story(session, int(str(entry_no)))
        assert entry_no in there
        assert (number, line_no) in {
            (one.number, one.line_no) for one in back.documents
        }


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (DocumentKind.INVOICE, 2),
        (DocumentKind.CREDIT_NOTE, 1),
        (DocumentKind.JOURNAL, 6),
    ],
)
def test_every_receipt_leads_to_its_entries_and_back(
    house: House, kind: DocumentKind, count: int
) -> None:
    receipts = rows(house, _RECEIPTS, kind=int(kind))

    assert len(receipts) == count
    for external_id, external_number, document_no in receipts:
        found = entries(house, str(external_id))
        assert found != []
        assert set(found) <= set(entries(house, str(external_number)))
        for name in found:
            assert (external_id, document_no) in {
                (one.external_id, one.document_no)
                for one in story(house, name).postings
            }


def test_the_journal_of_a_payment_leads_to_the_entries_it_pays_for(
    house: House,
) -> None:
    house.change(*chart())
    payment = flow.StatedPayment(
        number=story(house, "t1").documents[0].number,
        paid_on=date(2025, 4, 2),
        amount=Decimal(50),
        currency=None,
        reference="bank-1",
    )
    [paid] = flow.record_payments(house.database, house.tenant, [payment])
    house.post()

    external_id = rows(house, _RECEIPTS, kind=int(DocumentKind.JOURNAL))[-1][0]
    assert isinstance(paid, flow.Paid)
    assert entries(house, str(external_id)) == ["b1", "t1", "t2"]


def test_every_member_of_a_journal_leads_to_it_and_back(house: House) -> None:
    for external_id, _number, journal_no in rows(
        house, _RECEIPTS, kind=int(DocumentKind.JOURNAL)
    ):
        members = {row[0] for row in rows(house, _MEMBERS, journal_no=journal_no)}
        with house.database.tenant(house.tenant) as session:
            found = set(find_entries(session, str(external_id)))
            assert members <= found
            for entry_no in found:
                bookings = tell_story(session, entry_no).bookings
                assert journal_no in {one.journal_no for one in bookings}


def test_the_story_of_a_corrected_entry_is_told_in_the_order_of_its_way(
    house: House,
) -> None:
    told = story(house, "t2")

    assert [(one.revision, one.method) for one in told.arrivals] == [
        (1, Method.BATCH),
        (2, Method.BATCH),
    ]
    assert [
        (one.revision, one.worked_seconds, one.by_revision, one.contract_line)
        for one in told.versions
    ] == [(1, 1_800, 2, "C1.1"), (2, 5_400, None, "C1.1")]
    assert {one.bill_rate for one in told.versions} == {"standard"}
    assert {one.tax_rule for one in told.versions} == {"sales"}
    assert [
        (one.revision, one.seconds, one.amount, one.seconds_billed)
        for one in told.portions
    ] == [(1, 1_800, 10_000, 0), (2, 5_400, 30_000, 5_400)]
    assert [(one.number, one.net, one.tax) for one in told.documents] == [
        ("US1-000001", 10_000, 1_000),
        ("US1-CN-000001", -10_000, -1_000),
        ("US1-000002", 30_000, 3_000),
    ]
    assert {one.state for one in told.postings} == {IntentState.CONFIRMED}
    assert told.interruptions == []


def test_the_bookings_of_a_story_say_what_each_amount_did(house: House) -> None:
    booked = [
        (
            Cause(one.cause).name,
            Effect(one.effect).name,
            Role(one.debit).name,
            Role(one.credit).name,
            one.amount,
        )
        for one in story(house, "t1").bookings
    ]

    assert sorted(booked) == [
        ("ENTRY", "ACCRUAL", "WIP", "ACCRUED_REVENUE", 20_000),
        ("ENTRY", "COST", "COST", "PAYROLL_ALLOCATION", 10_000),
        ("INVOICE", "ACCRUAL_REVERSAL", "ACCRUED_REVENUE", "WIP", 20_000),
        ("INVOICE", "SALE", "RECEIVABLE", "REVENUE", 20_000),
    ]


def test_a_story_tells_what_stopped_its_entry(house: House) -> None:
    house.change(MasterChange("project", "P1", fields={"status": "closed"}))
    house.approve(id="t6")

    (stopped,) = story(house, "t6").interruptions
    assert (stopped.code, stopped.state, stopped.owner) == (
        "project_closed",
        "open",
        "master data steward",
    )


@pytest.mark.parametrize(
    ("entry", "state", "portions", "cost"),
    [
        ("t1", "billed", 1, 10_000),
        ("t2", "billed", 1, 15_000),
        ("t3", "open_to_bill", 1, 10_000),
        ("t4", "waiting", 0, None),
        ("t5", "recalled", 0, None),
        ("b1", "billed", 1, None),
    ],
)
def test_where_an_entry_stands(
    house: House, entry: str, state: str, portions: int, cost: int | None
) -> None:
    status = house.status(entry)

    assert status.state == state
    assert len(status.portions) == portions
    assert (status.cost and status.cost.amount) == cost


def test_entries_that_never_were_approved_or_have_nothing_to_bill(
    house: House,
) -> None:
    house.deliver({"id": "s1", "revision": 1, "status": "submitted"})
    house.recall("r1")
    house.approve(id="n1", billable_seconds=0)

    assert (house.state("s1"), house.state("r1")) == ("not_approved", "recalled")
    assert house.state("n1") == "nothing_to_bill"
    with house.database.tenant(house.tenant) as session:
        assert entry_status(session, connection="psa", source_id="t9") is None
