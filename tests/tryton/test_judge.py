"""The judge says nothing of right books, and names what is lost, doubled or wrong."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.tryton.conftest import OpenErp
from tests.tryton.documents import move_values
from tools.e2e_tryton.direct import book_directly
from tools.e2e_tryton.expected import Expected, Totals, expect
from tools.e2e_tryton.judge import changes, judge
from tools.e2e_tryton.work import Month, invent_month
from tools.tryton.books import Books, read_books
from tools.tryton.erp import Erp
from tools.tryton.rest import Rest

pytestmark = pytest.mark.integration
UK = "MARLOW-UK"


@pytest.fixture(scope="module")
def month() -> Month:
    return invent_month(entries=30)


@pytest.fixture(scope="module")
def booked(open_erp: OpenErp, month: Month) -> Iterator[Erp]:
    """Give an ERP into which the month was booked through its own API alone."""
    with open_erp(month.plan) as running:
        assert book_directly(running, month) > 0
        yield running


def read(erp: Erp, company: str = UK) -> Books:
    return read_books(erp.admin(), erp.firm.companies[company].company)


def without(expected: Expected, customer: str) -> Expected:
    kept = {code: each for code, each in expected.customers.items() if code != customer}
    return replace(expected, customers=kept)


def test_right_books_of_both_companies_are_proven(booked: Erp, month: Month) -> None:
    expected = expect(month)

    for company in (UK, "MARLOW-DE"):
        assert judge(expected[company], read(booked, company)) == []


def test_reading_twice_finds_no_change(booked: Erp) -> None:
    assert changes(read(booked), read(booked)) == []


def test_a_lost_invoice_is_missed(booked: Erp, month: Month) -> None:
    books = read(booked)
    lost = books.invoices[0]

    found = judge(expect(month)[UK], replace(books, invoices=books.invoices[1:]))

    assert found == [
        f"{lost.customer} is billed 0 and tax 0, not {lost.net} and tax {lost.tax}"
    ]


def test_an_invoice_nobody_expects_is_named(booked: Erp, month: Month) -> None:
    books = read(booked)
    extra = books.invoices[0].customer

    found = judge(without(expect(month)[UK], extra), books)

    assert f"{extra} is billed" in found[0]
    assert found[0].endswith("not 0 and tax 0")
    assert "account 1.2.1 holds" in found[1]


def test_a_wrong_tax_is_named(booked: Erp, month: Month) -> None:
    expected = expect(month)[UK]
    code, totals = next(iter(expected.customers.items()))
    wrong = Totals(totals.net, totals.tax + Decimal("0.01"))

    found = judge(
        replace(expected, customers={**expected.customers, code: wrong}), read(booked)
    )

    assert f"{code} is billed" in found[0]


def test_a_journal_booked_twice_and_a_draft_left_behind_are_named(
    booked: Erp, month: Month
) -> None:
    firm = booked.firm.companies[UK]
    rest = Rest(booked.url, booked.database, booked.firm.key, firm.company)
    before = read(booked)
    values = move_values(
        booked.admin(), firm, debit="4.00", credit="4.00", description="twin"
    )
    values["period"] = firm.periods["2026-03"]

    ids = [rest.create("account.move", values) for _ in range(2)]
    rest.post("account.move", ids[0])
    found = judge(expect(month)[UK], read(booked))

    assert f"move {ids[1]} twin was created and never posted" in found
    assert "journal twin is booked 2 times" in found
    assert "account 10600 holds 4.00, not 0" in found
    assert len(changes(before, read(booked))) == 2
