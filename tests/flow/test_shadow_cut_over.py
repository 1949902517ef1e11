"""A dated change of mode decides what is posted: none twice, and none left out."""

from collections import Counter
from datetime import date
from threading import Thread

import pytest

from hourline import flow
from hourline.billing.model import Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.connections import Connections
from hourline.flow.workers import stage_work
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind
from hourline.master.store import connections
from hourline.posting import shadow
from hourline.posting.assembling import SoldFrom, invoice_document
from hourline.posting.service import plan_intent
from tests.flow.house import House, chart, routed
from tests.flow.old_integration import connect_books, shadowed
from tests.flow.read_only_erp import read_only_erp
from tests.flow.test_postings import connect, intents
from tests.flow.test_shadow import attempts, compared
from tests.flow.test_workers import KEYRING

pytestmark = pytest.mark.integration

CUT_OVER = date(2025, 4, 1)
_KEPT = Query(
    "kept",
    "What is kept and never sent: its kind and its versions.",
    "SELECT kind, document_no, count(*) FROM hourline.shadow_document"
    " GROUP BY kind, document_no ORDER BY document_no, kind",
)
_INVOICES = Query(
    "invoices", "Every invoice.", "SELECT document_no FROM hourline.invoice"
)
_BOOKED = Query(
    "booked",
    "The accounting dates of invoices that a system got.",
    "SELECT i.accounting_date FROM hourline.posting_intent p"
    " JOIN hourline.invoice i USING (tenant, document_no)"
    " WHERE p.kind = i.kind AND p.state = 6 ORDER BY i.document_no",
)


def kept(house: House) -> Counter[str]:
    with house.database.tenant(house.tenant) as session:
        return Counter(DocumentKind(row[0]).name for row in session.tuples(_KEPT))


def booked_dates(house: House) -> list[date]:
    with house.database.tenant(house.tenant) as session:
        return [day for (day,) in session.tuples(_BOOKED)]


def mode(
    name: str, *, since: date = date.min, document: str = "invoice"
) -> MasterChange:
    return MasterChange(
        "target_route",
        f"{document}-books",
        fields={"document": document, "connection": "books", "mode": name},
        effective_from=since,
    )


def bill(house: House, entry: str, day: date) -> str:
    house.approve(id=entry, date=day.isoformat())
    issued = flow.bill_contract(
        house.database, house.tenant, contract="C1", through=day, invoice_date=day
    )
    assert isinstance(issued, Issued), issued
    return issued.number


def test_a_system_that_is_compared_is_never_called_but_to_read(house: House) -> None:
    documents = ("invoice", "credit_note", "journal")
    with read_only_erp() as erp:
        connect_books(house, erp.url, ("me", "secret"))
        house.change(*chart(), *compared(*documents))
        house.approve()
        number = house.bill().number
        house.approve(id="t2")
        house.recall("t2")
        house.recall("t1")
        live = Connections(house.database, KEYRING)

        flow.plan_postings(house.database, house.tenant)
        stage_work(house.database, live)["posting"](house.tenant)
        shadowed(house)
        stage_work(house.database, live)["posting"](house.tenant)
        report = shadowed(house)

        assert erp.forbidden == []
        assert set(erp.read) == {"/api/booked"}
    assert number == "US1-000001"
    assert intents(house) == {}
    assert attempts(house) == 0
    assert kept(house)["INVOICE"] == 1
    assert kept(house)["CREDIT_NOTE"] == 1
    assert {one.compared.result.value for one in report.listed} == {"only_ours"}
    assert house.codes() == []


def test_from_the_cut_over_on_everything_is_posted_and_nothing_before_it(
    house: House,
) -> None:
    connect(house)
    house.change(*chart(), mode("compare"), *routed("journal"))
    bill(house, "t1", date(2025, 3, 31))
    house.post()
    before = booked_dates(house)

    house.change(mode("post", since=CUT_OVER))
    bill(house, "t2", date(2025, 4, 1))
    bill(house, "t3", date(2025, 4, 30))
    house.post()
    house.post()

    assert before == []
    assert booked_dates(house) == [date(2025, 4, 1), date(2025, 4, 30)]
    assert kept(house) == {"INVOICE": 1}
    assert "route_not_found" not in house.codes()


def test_what_was_issued_before_the_mode_changed_follows_its_accounting_date(
    house: House,
) -> None:
    connect(house)
    house.change(*chart(), mode("compare"), *routed("journal"))
    bill(house, "t1", date(2025, 3, 31))
    bill(house, "t2", date(2025, 4, 1))
    house.post()

    house.change(mode("post", since=CUT_OVER))
    house.post()

    assert booked_dates(house) == [date(2025, 4, 1)]
    assert kept(house) == {"INVOICE": 2}


def test_what_waited_to_be_sent_is_set_aside_and_taken_up_again(house: House) -> None:
    connect(house)
    house.change(*chart(), mode("post"), *routed("journal", to="nowhere"))
    bill(house, "t1", date(2025, 3, 31))
    flow.plan_postings(house.database, house.tenant)
    planned = intents(house)

    house.change(mode("compare"))
    aside = intents(house)
    house.post()
    quiet = intents(house)
    house.change(mode("post"))
    again = intents(house)
    house.post()

    assert planned == {("books", "INVOICE", "READY"): 1}
    assert aside == quiet == {("books", "INVOICE", "SHADOWED"): 1}
    assert again == planned
    assert intents(house) == {("books", "INVOICE", "CONFIRMED"): 1}


def test_a_credit_note_after_the_cut_over_takes_back_what_the_old_one_booked(
    house: House,
) -> None:
    connect(house)
    house.change(
        *chart(),
        mode("compare"),
        mode("compare", document="credit_note"),
        *routed("journal", to="nowhere"),
    )
    bill(house, "t1", date(2025, 3, 31))
    house.post()
    changes = (
        mode("post", since=CUT_OVER),
        mode("post", since=CUT_OVER, document="credit_note"),
        MasterChange(
            "posting_period",
            "US1-2025-03",
            fields={"entity": "US1", "period": "2025-03", "status": "closed"},
        ),
    )
    house.change(*changes)
    house.recall("t1")

    house.post()

    assert intents(house) == {("books", "CREDIT_NOTE", "CONFIRMED"): 1}


def test_where_routes_disagree_nothing_is_sent(house: House) -> None:
    connect(house)
    own = MasterChange(
        "target_route",
        "invoice-books-US1",
        fields={"document": "invoice", "connection": "books", "entity": "US1"},
    )
    house.change(*chart(), mode("compare"), own, *routed("journal", to="nowhere"))
    bill(house, "t1", date(2025, 3, 31))

    house.post()

    assert intents(house) == {}
    assert kept(house) == {"INVOICE": 1}


def test_a_source_is_told_nothing_while_it_is_compared(house: House) -> None:
    connect(house)
    told = MasterChange(
        "target_route",
        "write_back-psa",
        fields={"document": "write_back", "connection": "psa", "mode": "compare"},
    )
    house.change(*chart(), mode("post"), told, *routed("journal"))
    bill(house, "t1", date(2025, 3, 31))

    house.post()
    house.post()

    assert not [name for name, kind, _ in intents(house) if kind == "WRITE_BACK"]
    assert kept(house) == {"WRITE_BACK": 1}
    report = shadowed(house)
    assert [(seen.kind.name, seen.shown) for seen in report.books] == [
        ("WRITE_BACK", False)
    ]
    assert (report.complete, report.ready) == (True, False)


def test_what_lacks_an_account_waits_in_its_queue_and_is_kept_later(
    house: House,
) -> None:
    connect(house)
    house.change(
        *chart(without=["revenue"]),
        mode("compare"),
        *routed("journal", to="nowhere"),
    )
    bill(house, "t1", date(2025, 3, 31))

    house.post()
    before, waiting = kept(house), house.codes()
    house.change(*chart())
    house.post()

    assert before == {}
    assert "account_not_found" in waiting
    assert kept(house) == {"INVOICE": 1}
    assert "account_not_found" not in house.codes()


def test_what_is_being_planned_while_the_mode_changes_is_set_aside_as_well(
    house: House,
) -> None:
    connect(house)
    house.change(*chart(), mode("post"), *routed("journal", to="nowhere"))
    bill(house, "t1", date(2025, 3, 31))
    changing = Thread(target=house.change, args=[mode("compare")])

    with house.database.tenant(house.tenant) as planner:
        shadow.hold_modes(planner)
        changing.start()
        changing.join(timeout=0.5)
        waits = changing.is_alive()
        ((document_no,),) = planner.tuples(_INVOICES)
        (books,) = [one for one in connections(planner) if one.name == "books"]
        sold_from = SoldFrom(account="4000", dimensions={}, tax_code="")
        plan_intent(
            planner,
            connection_no=books.connection_no,
            document_no=document_no,
            document=invoice_document(
                planner, document_no, (), sold_from={1: sold_from}
            ),
        )
    changing.join()

    assert waits
    assert intents(house) == {("books", "INVOICE", "SHADOWED"): 1}


def test_what_was_set_aside_and_has_no_route_any_more_is_seen(house: House) -> None:
    connect(house)
    house.change(*chart(), mode("post"), *routed("journal", to="nowhere"))
    bill(house, "t1", date(2025, 3, 31))
    flow.plan_postings(house.database, house.tenant)
    house.change(mode("compare"))

    house.change(mode("compare", since=date(2025, 5, 1)))
    house.change(
        MasterChange(
            "target_route",
            "invoice-books",
            fields={"document": "invoice", "connection": "elsewhere", "mode": "post"},
            effective_from=date.min,
        )
    )
    house.post()

    assert intents(house) == {("books", "INVOICE", "SHADOWED"): 1}
    assert "invoice of US1" in {item.subject_key for item in house.items()}
