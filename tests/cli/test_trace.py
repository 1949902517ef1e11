"""Every invoice and credit note is found by its number, whatever it bills."""

import pytest

from hourline.kernel.codes import Effect
from hourline.master.store import set_connection
from tests.cli.firm import Firm
from tests.flow.amounts import AMOUNTS, DESIGN
from tests.flow.house import chart, routed
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, PRICE

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")


def test_a_document_of_amounts_alone_is_told_with_its_lines_and_bookings(
    firm: Firm,
) -> None:
    assert not firm.house.change(*AMOUNTS).refusals
    firm.run("billing", "milestone", "C1.F", "design", "--date", "2025-03-10")
    firm.run("billing", "run", *MARCH)
    part = ("--milestone", "design", "--amount", "150")
    why = ("--reason", "not accepted", "--actor", "Carla")
    firm.run("billing", "credit", "US1-000001", *part, *why)

    told = firm.run("trace", "US1-000001")
    back = firm.run("trace", "US1-CN-000001")
    (asked,) = firm.ask("trace", "US1-000001")

    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines() == [
        (
            "Invoice US1-000001 of US1 to ADATUM, contract C1, dated 2025-03-31,"
            " accounting date 2025-03-31"
        ),
        "  line 1    prepaid block C1.1/B1: net 900.00 USD, tax 0.00 USD",
        "  line 2    milestone C1.F/design: net 600.00 USD, tax 0.00 USD",
        "  line 3    recurring month C1.S/2025-03: net 100.00 USD, tax 0.00 USD",
        "  line 4    retainer C1.R/C1.R: net 300.00 USD, tax 0.00 USD",
        "  total    net 1,900.00 USD, tax 0.00 USD, total 1,900.00 USD",
        (
            "  booked   sale by invoice at US1: Dr receivable / Cr contract liability"
            " 1,300.00 USD on 2025-03-31, journal -"
        ),
        (
            "  booked   sale by invoice at US1: Dr receivable / Cr revenue 600.00 USD"
            " on"
            " 2025-03-31, journal -"
        ),
    ]
    assert back.stdout.splitlines() == [
        (
            "Credit note US1-CN-000001 of US1-000001 of US1 to ADATUM, contract C1,"
            " dated"
            " 2025-03-31, accounting date 2025-03-31"
        ),
        "  line 1    milestone C1.F/design: net -150.00 USD, tax 0.00 USD",
        "  total    net -150.00 USD, tax 0.00 USD, total -150.00 USD",
        (
            "  booked   sale by credit note at US1: Dr revenue / Cr receivable 150.00"
            " USD"
            " on 2025-03-31, journal -"
        ),
    ]
    assert asked["document"]["total"] == 190_000
    assert [line["net"] for line in asked["lines"]] == [90_000, 60_000, 10_000, 30_000]


def test_what_an_erp_calls_a_document_of_amounts_or_its_journal_leads_to_it(
    firm: Firm,
) -> None:
    with firm.house.database.tenant(firm.house.tenant) as session:
        set_connection(session, name="books", connector="sandbox_atlas")
    firm.house.change(DESIGN, *chart(), *routed("invoice", "journal"))
    firm.run("billing", "milestone", "C1.F", "design", "--date", "2025-03-10")
    firm.run("billing", "run", *MARCH)
    paid = ("--amount", "100", "--date", "2025-04-02", "--reference", "bank-1")
    firm.run("billing", "pay", "US1-000001", *paid)
    firm.house.post()

    (told,) = firm.ask("trace", "US1-000001")

    assert [one["effect"] for one in told["bookings"]] == [Effect.SALE, Effect.PAYMENT]
    names = {one["external_id"] for one in told["postings"]}
    assert len(names) == 2
    for name in names:
        (found,) = firm.ask("trace", name)
        assert found["document"]["number"] == "US1-000001"


def test_a_document_of_hours_is_told_before_its_entries(firm: Firm) -> None:
    firm.house.approve()
    firm.run("billing", "run", *MARCH)

    told = firm.run("trace", "US1-000001").stdout.splitlines()

    assert told[1:3] == [
        "  lines    1 line of an entry: 1 h, net 200.00 USD",
        "  total    net 200.00 USD, tax 0.00 USD, total 200.00 USD",
    ]
    assert "Time entry t1" in told


def test_an_invoice_between_entities_is_told_as_both_booked_it(firm: Firm) -> None:
    assert not firm.house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE).refusals
    firm.house.approve(person="bob")
    days = ("--through", "2025-03-31", "--date", "2025-03-31")
    firm.run("intercompany", "invoice", "GB1", "US1", *days)

    told = firm.run("trace", "GB1-IC-000001").stdout.splitlines()

    assert told[0] == (
        "Intercompany invoice GB1-IC-000001 of GB1 to US1, dated 2025-03-31,"
        " accounting date 2025-03-31"
    )
    assert (
        "  booked   ic sale by intercompany invoice at GB1: Dr ic receivable / Cr ic"
        " revenue 120.00 USD, in the books 96.00 GBP, on 2025-03-31, journal -"
    ) in told
    assert "Time entry t1" in told


def test_a_number_that_no_document_has_is_told_so(firm: Firm) -> None:
    told = firm.run("trace", "US1-000009")

    assert (told.exit_code, told.stdout) == (
        1,
        "Nothing is called US1-000009: no time entry, document, project or person.\n",
    )
