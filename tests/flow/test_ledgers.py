"""Each system gets what is routed to it in its detail, and nothing back unbooked."""

from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Role
from hourline.proof.statement import state_books
from tests.flow.house import HOUR, House, chart, routed
from tests.flow.ledgers import (
    cancel,
    connect,
    invoices,
    journals,
    numbers,
    plan,
    post,
    route,
    states,
)

pytestmark = pytest.mark.integration


def two_entries(house: House) -> None:
    house.approve()
    house.approve(id="t2", seconds=2 * HOUR, date="2025-03-06")


def test_two_ledgers_get_the_same_work_in_different_detail(house: House) -> None:
    connect(house, "group")
    connect(house, "local")
    house.change(
        *chart(),
        route(to="group", every="month"),
        route(to="local"),
        route(to="local", journal_type="cost", detail="detailed"),
    )
    two_entries(house)

    plan(house)

    assert journals(house, "group") == [
        ("cost 2025-03, part 1", "300.00"),
        ("accrual 2025-03, part 1", "600.00"),
    ]
    assert sorted(journals(house, "local")) == [
        ("accrual 2025-03-05, part 1", "200.00"),
        ("accrual 2025-03-06, part 1", "400.00"),
        ("cost of entry psa/t1 revision 1, part 1", "100.00"),
        ("cost of entry psa/t2 revision 1, part 1", "200.00"),
    ]
    assert house.unproven() == []


def test_a_changed_detail_holds_for_what_is_not_gathered_yet(house: House) -> None:
    connect(house)
    house.change(*chart(), *routed("journal"))
    house.approve()
    plan(house)
    house.change(
        MasterChange("target_route", "journal-books", fields={"detail": "detailed"})
    )
    house.approve(id="t2", seconds=2 * HOUR)

    plan(house)

    assert journals(house) == [
        ("cost 2025-03-05, part 1", "100.00"),
        ("accrual 2025-03-05, part 1", "200.00"),
        ("cost of entry psa/t2 revision 1, part 1", "200.00"),
        ("accrual of entry psa/t2 revision 1, part 1", "400.00"),
    ]
    assert house.unproven() == []


def test_two_equally_specific_routes_to_a_system_are_refused(house: House) -> None:
    connect(house)
    house.change(*routed("journal"))

    applied = house.change(route(detail="detailed"))

    [refusal] = applied.refusals
    assert refusal.problem.code == "master_record_invalid"
    assert "it is as specific as journal-books" in refusal.problem.sentence


def test_a_type_of_journal_without_a_route_waits_where_a_person_sees_it(
    house: House,
) -> None:
    connect(house)
    house.change(*chart(), route(journal_type="cost"))
    two_entries(house)

    plan(house)

    [item] = house.items()
    assert [description for description, _ in journals(house)] == [
        "cost 2025-03-05, part 1",
        "cost 2025-03-06, part 1",
    ]
    assert item.sentence == (
        "No route says which system gets documents of kind journal: 2 of US1, the"
        " first of 2025-03-05."
    )


def test_an_invoice_can_go_with_one_line_per_account_and_tax_rate(
    house: House,
) -> None:
    connect(house, "full")
    connect(house, "short")
    house.change(
        *chart(),
        route("invoice", to="full"),
        route("invoice", to="short", detail="summary"),
        route("credit_note", to="short", detail="summary"),
    )
    two_entries(house)
    house.bill()

    plan(house)
    post(house)
    house.recall("t2")
    plan(house)

    [full] = invoices(house, "full")
    [short, credit] = invoices(house, "short")
    [line] = short.lines
    assert len(full.lines) == 2
    assert (line.description, line.quantity) == (
        "Lines: 2 on account 4000, hours: 3",
        "1",
    )
    assert (line.unit_price, line.net, line.tax) == ("600.00", "600.00", "0.00")
    assert (short.net, short.tax, short.total) == (full.net, full.tax, full.total)
    assert sum(Decimal(one.net) for one in full.lines) == Decimal(line.net)
    assert short.ledger_lines == full.ledger_lines
    assert [one.net for one in credit.lines] == ["-400.00"]
    assert house.unproven() == []


def test_an_invoice_in_another_currency_says_in_which_its_ledger_lines_are(
    house: House,
) -> None:
    connect(house)
    contract = {"customer": "ADATUM", "entity": "US1", "currency": "EUR"}
    rates = {"currency": "EUR", "rate": Decimal(160)}
    fx = {"from_currency": "EUR", "to_currency": "USD", "rate": Decimal("1.25")}
    house.change(
        *chart(),
        route("invoice"),
        MasterChange("contract", "C1", fields=contract),
        MasterChange("bill_rate", "euros", fields=rates),
        MasterChange("fx_rate", "EURUSD", fields=fx),
    )
    house.approve()
    house.bill()

    plan(house)

    [invoice] = invoices(house)
    assert (invoice.currency, invoice.total) == ("EUR", "160.00")
    assert invoice.ledger_currency == "USD"
    assert sorted((one.debit, one.credit) for one in invoice.ledger_lines) == [
        ("0.00", "200.00"),
        ("200.00", "0.00"),
    ]
    with house.database.tenant(house.tenant) as session:
        found = {row.currency: row for row in state_books(session).money}
    euros, dollars = found["EUR"], found["USD"]
    assert (euros.documents_total, euros.receivable_in_books) == (16_000, 0)
    assert (dollars.documents_total, dollars.receivable_in_books) == (0, 20_000)


def test_nothing_is_sent_of_work_corrected_before_it_was_posted(house: House) -> None:
    connect(house)
    house.change(*chart(), *routed("journal"))
    house.approve()
    house.approve(revision=2, seconds=2 * HOUR)

    plan(house)

    assert journals(house) == [
        ("cost 2025-03-05, part 1", "200.00"),
        ("accrual 2025-03-05, part 1", "400.00"),
    ]
    kept = [one.kept_from for one in house.status().story.bookings]
    assert kept.count(["books"]) == 4
    assert house.balances()[Role.COST] == 20_000
    assert house.unproven() == []


def test_a_correction_is_posted_once_what_it_takes_back_is_booked(
    house: House,
) -> None:
    connect(house)
    house.change(*chart(), *routed("journal"))
    house.approve()
    plan(house)
    house.approve(revision=2, seconds=2 * HOUR)

    plan(house)
    before = journals(house)
    post(house)
    plan(house)
    after = journals(house)[len(before) :]

    assert before == [
        ("cost 2025-03-05, part 1", "100.00"),
        ("accrual 2025-03-05, part 1", "200.00"),
        ("cost 2025-03-05, part 2", "200.00"),
        ("accrual 2025-03-05, part 2", "400.00"),
    ]
    assert after == [
        ("cost 2025-03-05, part 3", "100.00"),
        ("accrual 2025-03-05, part 3", "200.00"),
    ]
    assert house.unproven() == []


def test_what_was_cancelled_is_not_taken_back(house: House) -> None:
    connect(house)
    house.change(*chart(), *routed("journal"))
    house.approve()
    plan(house)
    for intent_no in numbers(house, "READY"):
        cancel(house, intent_no)
    house.recall()

    planned = plan(house)

    assert planned == 0
    assert states(house) == {("books", "JOURNAL", "CANCELLED"): 2}
    assert house.balances() == {}
    assert house.unproven() == []
