"""The proxy hurts the connection in the ways that matter, and says what it did."""

from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from tests.tryton.documents import move_values
from tools.tryton.books import read_books
from tools.tryton.erp import Erp
from tools.tryton.proxy import Chances, Fault, FaultProxy
from tools.tryton.rest import Rest
from tools.tryton.rpc import ErpUnreachable, Session

pytestmark = pytest.mark.integration


@pytest.fixture
def proxy(erp: Erp) -> Iterator[FaultProxy]:
    with closing(FaultProxy(erp.server.port, seed=7)) as opened:
        yield opened


@pytest.fixture
def hourline(erp: Erp, proxy: FaultProxy) -> Rest:
    company = erp.firm.companies["MARLOW-UK"].company
    return Rest(proxy.url, erp.database, erp.firm.key, company)


def booked(erp: Erp, admin: Session, description: str) -> list[str]:
    books = read_books(admin, erp.firm.companies["MARLOW-UK"].company)
    return [move.state for move in books.moves if move.description == description]


def journal(erp: Erp, admin: Session, description: str) -> dict[str, object]:
    books = erp.firm.companies["MARLOW-UK"]
    return move_values(
        admin, books, debit="3.00", credit="3.00", description=description
    )


def test_what_is_not_hurt_goes_through_whole(
    erp: Erp, admin: Session, proxy: FaultProxy, hourline: Rest
) -> None:
    created = hourline.create("account.move", journal(erp, admin, "whole"))
    posted = hourline.post("account.move", created, "state")

    assert posted["state"] == "posted"
    assert proxy.counts == {Fault.NONE: 2}


def test_a_reply_is_lost_after_the_erp_has_committed(
    erp: Erp, admin: Session, proxy: FaultProxy, hourline: Rest
) -> None:
    proxy.next_time(Fault.DROPPED, "account.move ")

    with pytest.raises(ErpUnreachable):
        hourline.create("account.move", journal(erp, admin, "lost reply"))

    assert booked(erp, admin, "lost reply") == ["draft"]
    assert [fault for fault, _ in proxy.bitten] == [Fault.DROPPED]


def test_the_reply_to_a_posting_is_lost_after_it_was_posted(
    erp: Erp, admin: Session, proxy: FaultProxy, hourline: Rest
) -> None:
    created = hourline.create("account.move", journal(erp, admin, "lost posting"))
    proxy.next_time(Fault.DROPPED, "/post")

    with pytest.raises(ErpUnreachable):
        hourline.post("account.move", created)

    assert booked(erp, admin, "lost posting") == ["posted"]


def test_a_refused_connection_never_reaches_the_erp(
    erp: Erp, admin: Session, proxy: FaultProxy, hourline: Rest
) -> None:
    proxy.next_time(Fault.REFUSED, "account.move ")

    with pytest.raises(ErpUnreachable):
        hourline.create("account.move", journal(erp, admin, "never"))

    assert booked(erp, admin, "never") == []


def bitten(erp: Erp, seed: int) -> list[Fault]:
    company = erp.firm.companies["MARLOW-UK"].company
    with closing(FaultProxy(erp.server.port, seed=seed)) as opened:
        opened.misbehave(
            Chances(drop_percent=30, refuse_percent=20, marks=("GET ", "POST "))
        )
        hourline = Rest(opened.url, erp.database, erp.firm.key, company)
        for _ in range(12):
            with suppress(ErpUnreachable):
                hourline.find("account.period", [["name", "=", "2026-03"]])
        return [fault for fault, _ in opened.bitten]


def test_the_same_seed_hurts_the_same_requests(erp: Erp) -> None:
    first, second = bitten(erp, seed=3), bitten(erp, seed=3)

    refused, dropped = Fault.REFUSED, Fault.DROPPED
    assert first == second == [refused, dropped, refused, dropped, dropped]


def test_a_dead_erp_is_a_closed_connection(erp: Erp, hourline: Rest) -> None:
    erp.server.kill()

    with pytest.raises(ErpUnreachable):
        hourline.find("account.period", [])

    erp.server.restart()
    assert hourline.find("account.period", [["name", "=", "2026-03"]]) != []
