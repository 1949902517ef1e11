"""The ERP that judges us is a real one, and it keeps its books as an ERP must."""

import os
import signal
import time
from decimal import Decimal

import pytest

from tests.tryton.documents import invoice_values, move_values
from tools.tryton.books import read_books
from tools.tryton.erp import Erp
from tools.tryton.rest import Rest
from tools.tryton.rpc import ErpRefused, ErpUnreachable, Session

pytestmark = pytest.mark.integration


def as_hourline(erp: Erp, company: str = "MARLOW-UK", url: str | None = None) -> Rest:
    found = erp.firm.companies[company]
    return Rest(url or erp.url, erp.database, erp.firm.key, found.company)


def test_the_firm_has_two_companies_with_charts_and_currencies_of_their_own(
    erp: Erp, admin: Session
) -> None:
    england, germany = (erp.firm.companies[code] for code in ("MARLOW-UK", "MARLOW-DE"))

    rows = admin.find("company.company", [], ("party.code", "currency.code"))

    assert [(row["party."]["code"], row["currency."]["code"]) for row in rows] == [
        ("MARLOW-UK", "GBP"),
        ("MARLOW-DE", "EUR"),
    ]
    assert set(england.accounts) == set(germany.accounts)
    assert not set(england.accounts.values()) & set(germany.accounts.values())
    assert sorted(england.taxes) == ["GB-0", "GB-20"]
    assert sorted(germany.taxes) == ["DE-0", "DE-19"]


def test_what_is_booked_is_read_back_to_the_penny(erp: Erp, admin: Session) -> None:
    books = erp.firm.companies["MARLOW-UK"]
    hourline = as_hourline(erp)
    values = invoice_values(
        admin, books, customer="C-1001", tax="GB-20", reference="read-back"
    )

    created = hourline.create("account.invoice", values)
    posted = hourline.post("account.invoice", created, "number", "move.state")

    assert posted["move"]["state"] == "posted"
    (found,) = [
        invoice
        for invoice in read_books(admin, books.company).invoices
        if invoice.reference == "read-back"
    ]
    assert found.number == posted["number"]
    assert (found.net, found.tax, found.gross) == (
        Decimal("900.00"),
        Decimal("180.00"),
        Decimal("1080.00"),
    )
    assert [(line.account, line.taxes) for line in found.lines] == [
        ("40000", ("GB-20",))
    ]


def test_a_journal_that_does_not_balance_is_refused(erp: Erp, admin: Session) -> None:
    books = erp.firm.companies["MARLOW-UK"]
    hourline = as_hourline(erp)
    values = move_values(
        admin, books, debit="100.00", credit="99.99", description="unbalanced"
    )

    created = hourline.create("account.move", values)
    with pytest.raises(ErpRefused, match="must balance"):
        hourline.post("account.move", created)

    drafts = read_books(admin, books.company).open_drafts
    assert f"move {created} unbalanced" in drafts


def test_the_erp_itself_books_the_same_document_twice(erp: Erp, admin: Session) -> None:
    books = erp.firm.companies["MARLOW-DE"]
    hourline = as_hourline(erp, "MARLOW-DE")
    values = move_values(admin, books, debit="5.00", credit="5.00", description="twice")

    for _ in range(2):
        hourline.post("account.move", hourline.create("account.move", values))

    journals = read_books(admin, books.company).journals()
    assert [found.description for found in journals].count("twice") == 2


def test_the_keyed_erp_refuses_a_second_document_with_the_same_key(
    keyed_erp: Erp,
) -> None:
    admin = keyed_erp.admin()
    books = keyed_erp.firm.companies["MARLOW-UK"]
    hourline = as_hourline(keyed_erp)
    values = move_values(admin, books, debit="5.00", credit="5.00", description="keyed")

    hourline.create("account.move", {**values, "external_key": "key-1"})
    with pytest.raises(ErpRefused, match="Another document has this external key"):
        hourline.create("account.move", {**values, "external_key": "key-1"})
    for _ in range(2):
        hourline.create("account.move", values)

    found = hourline.find("account.move", [["external_key", "=", "key-1"]])
    assert len(found) == 1


def test_the_erp_survives_being_killed_and_started_again(
    erp: Erp, admin: Session
) -> None:
    books = erp.firm.companies["MARLOW-UK"]
    hourline = as_hourline(erp)
    values = move_values(admin, books, debit="7.00", credit="7.00", description="kept")
    created = hourline.create("account.move", values)
    posted = hourline.post("account.move", created, "number")
    address = erp.url

    erp.server.kill()
    with pytest.raises(ErpUnreachable):
        hourline.find("account.move", [])
    erp.server.restart()

    assert erp.url == address
    found = {move.id: move for move in read_books(admin, books.company).moves}
    assert (found[created].number, found[created].state) == (
        posted["number"],
        "posted",
    )


def test_a_server_killed_from_outside_is_seen_to_be_gone(erp: Erp) -> None:
    pid = int((erp.server.log_file.parent / "pid").read_text(encoding="utf-8"))

    os.killpg(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while erp.server.is_running() and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not erp.server.is_running()
    erp.server.restart()
    assert erp.server.is_running()
