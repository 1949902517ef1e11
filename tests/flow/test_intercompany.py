"""Lent work is charged once, corrected exactly, and reaches the books of both sides."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.intercompany_model import IntercompanyIssued
from hourline.billing.store_intercompany import list_intercompany
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind, Effect, Role
from hourline.kernel.problems import Problem
from hourline.master.store import set_connection
from tests.flow.house import MARCH_END, House, found_house, routed
from tests.flow.lent import DOLLAR, LENT, PRICE, books_of, charge

pytestmark = pytest.mark.integration

APRIL_END = date(2025, 4, 30)
_JOURNALS = Query(
    "journals",
    "Entity, effect, currency and total of every journal that a system has.",
    "SELECT i.id, j.kind, j.total FROM hourline.journal j"
    " JOIN hourline.posting_intent p ON p.tenant = j.tenant AND p.kind = 3"
    " AND p.document_no = j.journal_no AND p.state = 6"
    " JOIN hourline.master_identity i ON i.master_no = j.entity_no ORDER BY 1, 2",
)
_NUMBERS = Query(
    "numbers",
    "Every intercompany document: number, kind, total.",
    "SELECT number, kind, total FROM hourline.intercompany_invoice"
    " ORDER BY document_no",
)
_CAUSES = Query(
    "causes",
    "What intercompany journal lines are called.",
    "SELECT DISTINCT hourline.cause_name(cause, cause_no, cause_revision)"
    " FROM hourline.journal_line WHERE cause = 25 ORDER BY 1",
)


@pytest.fixture
def lending(database: Database, tenant: int) -> House:
    """Give a firm whose entity GB1 lends bob to US1."""
    return found_house(database, tenant, LENT)


def rows(house: House, query: Query) -> list[tuple[object, ...]]:
    with house.database.tenant(house.tenant) as session:
        return session.tuples(query)


def issued(
    house: House, *, through: date = MARCH_END, dated: date = MARCH_END
) -> list[IntercompanyIssued]:
    outcome = charge(house, through=through, dated=dated)
    assert not isinstance(outcome, Problem), outcome
    return outcome


def test_one_invoice_charges_each_entry_once(lending: House) -> None:
    lending.approve(id="t1", person="bob")
    lending.approve(id="t2", person="bob", seconds=1_800)

    [first] = issued(lending)
    again = issued(lending)

    assert (first.number, first.kind) == ("GB1-IC-000001", DocumentKind.INVOICE)
    assert (first.total, first.currency, first.lines) == (18_000, "USD", 2)
    assert again == []
    assert books_of(lending, "GB1")[Role.IC_RECEIVABLE] == 14_400
    assert books_of(lending, "US1")[Role.IC_PAYABLE] == -18_000
    assert lending.unproven() == []


def test_two_runs_at_the_same_time_issue_one_invoice(lending: House) -> None:
    for number in range(5):
        lending.approve(id=f"t{number}", person="bob")

    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(issued, lending) for _ in range(4)]
        counts = sorted(len(run.result()) for run in runs)

    assert counts == [0, 0, 0, 1]
    assert rows(lending, _NUMBERS) == [("GB1-IC-000001", 1, 60_000)]
    assert lending.unproven() == []


def test_a_credit_note_takes_the_next_number_of_the_series(lending: House) -> None:
    lending.approve(id="t1", person="bob")
    issued(lending)
    lending.recall("t1")

    [note] = issued(lending, through=APRIL_END, dated=APRIL_END)

    assert (note.number, note.kind) == ("GB1-IC-000002", DocumentKind.CREDIT_NOTE)
    assert note.total == -12_000
    assert books_of(lending, "GB1") == {}
    assert books_of(lending, "US1") == {}
    assert rows(lending, _CAUSES) == [
        ("intercompany credit note GB1-IC-000002",),
        ("intercompany credit note GB1-IC-000002 at the borrower",),
        ("intercompany invoice GB1-IC-000001",),
        ("intercompany invoice GB1-IC-000001 at the borrower",),
    ]
    assert lending.unproven() == []


def test_corrections_before_and_after_an_invoice_end_in_the_same_books(
    lending: House,
) -> None:
    lending.approve(id="t1", person="bob")
    lending.approve(id="t1", person="bob", revision=2, seconds=1_800)
    issued(lending)
    corrected_first = books_of(lending, "GB1"), books_of(lending, "US1")
    lending.approve(id="t1", person="bob", revision=3, seconds=7_200)
    lending.approve(id="t1", person="bob", revision=4, seconds=1_800)

    [document] = issued(lending)

    assert (document.total, document.lines) == (0, 2)
    assert (books_of(lending, "GB1"), books_of(lending, "US1")) == corrected_first
    assert lending.unproven() == []


def test_without_an_open_month_at_one_side_nothing_is_issued(lending: House) -> None:
    lending.approve(id="t1", person="bob")
    closed = [
        MasterChange(
            "posting_period",
            f"US1-{year}-{month:02}",
            fields={
                "entity": "US1",
                "period": f"{year}-{month:02}",
                "status": "closed",
            },
        )
        for year in (2025, 2026, 2027)
        for month in range(1, 13)
    ]
    assert not lending.change(*closed).refusals

    refused = charge(lending)
    waiting = [(one.code, one.queue, one.subject_key) for one in lending.items()]

    assert isinstance(refused, Problem)
    assert waiting == [("period_closed", "period", "GB1 to US1")]
    assert rows(lending, _NUMBERS) == []
    lending.reopen()
    assert len(issued(lending)) == 1
    assert lending.codes() == []


def test_nobody_invoices_itself_or_an_entity_that_is_not_known(lending: House) -> None:
    with pytest.raises(ValueError, match="US1 cannot invoice itself"):
        flow.invoice_intercompany(
            lending.database,
            lending.tenant,
            lender="US1",
            borrower="US1",
            through=APRIL_END,
            invoice_date=APRIL_END,
        )
    with pytest.raises(flow.NotKnown, match="There is no legal entity DE1"):
        flow.invoice_intercompany(
            lending.database,
            lending.tenant,
            lender="US1",
            borrower="DE1",
            through=APRIL_END,
            invoice_date=APRIL_END,
        )


def test_a_price_that_would_be_below_zero_stops_the_entry(lending: House) -> None:
    fields = {
        **PRICE.fields,
        "model": "bill_rate_less_amount",
        "value": Decimal(201),
    }
    lending.change(MasterChange("transfer_price", "GB1-US1", fields=fields))

    lending.approve(id="t1", person="bob")

    [item] = lending.items()
    assert item.code == "transfer_price_not_found"
    assert "row GB1-US1 gives less than nothing" in item.sentence
    lending.change(PRICE)
    assert lending.codes() == []
    assert books_of(lending, "GB1")[Role.IC_WIP] == 9_600


def test_without_a_rate_the_borrowers_amount_is_not_known_until_it_is_invoiced(
    database: Database, tenant: int
) -> None:
    fields = {**PRICE.fields, "value": Decimal(96), "currency": "GBP"}
    priced = MasterChange("transfer_price", "GB1-US1", fields=fields)
    undollared = [one for one in LENT if one.kind != "fx_rate"]
    house = found_house(database, tenant, [*undollared, priced])
    house.approve(id="t1", person="bob")

    refused = charge(house)
    house.change(DOLLAR)
    [document] = issued(house)

    [lent] = house.status("t1").story.transfers
    assert (lent.amount, lent.lender_amount, lent.borrower_amount) == (
        9_600,
        9_600,
        None,
    )
    assert isinstance(refused, Problem)
    assert refused.sentence == (
        "A document booked on 2025-03-31 cannot be translated: there is no rate from"
        " GBP to USD on 2025-03-31."
    )
    assert (document.total, document.currency) == (9_600, "GBP")
    assert books_of(house, "US1")[Role.IC_PAYABLE] == -12_000
    assert house.unproven() == []


def test_both_entities_journals_reach_the_erp(lending: House) -> None:
    with lending.database.tenant(lending.tenant) as session:
        set_connection(session, name="books", connector="sandbox_atlas")
    roles = [role.name.lower() for role in Role]
    accounts = [
        MasterChange(
            "ledger_account",
            f"{entity}-{role}",
            fields={"entity": entity, "role": role, "number": role},
        )
        for entity in ("GB1", "US1")
        for role in roles
    ]
    assert not lending.change(*accounts, *routed("journal")).refusals
    lending.approve(id="t1", person="bob")
    lending.post()
    issued(lending)
    lending.post()

    booked = Counter(
        (entity, Effect(int(str(kind))).name, total)
        for entity, kind, total in rows(lending, _JOURNALS)
    )

    assert booked == {
        ("GB1", "COST", 5_000): 1,
        ("GB1", "IC_ACCRUAL", 9_600): 1,
        ("GB1", "IC_ACCRUAL_REVERSAL", 9_600): 1,
        ("GB1", "IC_SALE", 9_600): 1,
        ("US1", "ACCRUAL", 20_000): 1,
        ("US1", "IC_COST", 12_000): 1,
    }
    assert lending.unproven() == []


def test_a_route_can_be_of_intercompany_journals_alone(lending: House) -> None:
    route = MasterChange(
        "target_route",
        "ic",
        fields={
            "document": "journal",
            "connection": "books",
            "journal_type": "ic_cost",
        },
    )

    with lending.database.tenant(lending.tenant) as session:
        set_connection(session, name="books", connector="sandbox_atlas")

    assert not lending.change(route).refusals


def test_documents_are_listed_by_lender_and_borrower(lending: House) -> None:
    lending.approve(id="t1", person="bob")
    issued(lending)

    with lending.database.tenant(lending.tenant) as session:
        snapshot = flow.snapshot_of(session)
        lender_no = snapshot.number("legal_entity", "GB1")
        of_lender = list_intercompany(session, lender_no=lender_no)
        to_lender = list_intercompany(session, borrower_no=lender_no)

    assert to_lender == []
    [one] = of_lender
    assert (one.lender, one.borrower, one.lines) == ("GB1", "US1", 1)
    assert (one.lender_total, one.borrower_total) == (9_600, 12_000)
