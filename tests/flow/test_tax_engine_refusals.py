"""A tax engine that is slow, wrong or away: asked outside of billing, never guessed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.billing.reviewing import Reviewed
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.kernel.problems import Problem
from tests.flow.house import MARCH_END, House
from tests.flow.tax_server import (
    Answer,
    TaxServer,
    connect_engine,
    engines,
    tax_server,
    taxing,
)
from tests.flow.taxed_firm import amounts, bill, taxed_firm

pytestmark = pytest.mark.integration
WHY = Because(actor="M. Ito", reason="the customer asks")


@pytest.fixture
def engine() -> Iterator[TaxServer]:
    """Give an engine that taxes at 9 percent as US-CA."""
    with tax_server() as server:
        yield server


@pytest.fixture
def firm(database: Database, tenant: int, engine: TaxServer) -> House:
    """Give a firm with one open hour for 200.00, whose table says 5 percent."""
    return taxed_firm(database, tenant, engine)


def test_a_crash_between_asking_and_issuing_changes_nothing(
    firm: House, engine: TaxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(Exception):
        """Be the end of the process while it issues."""

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr("hourline.billing.issuing.use_answer", crash)
        with pytest.raises(Crash):
            bill(firm)
    assert len(engine.asked) == 1
    assert firm.billed_lines() == 0
    engine.answer = taxing("20")

    assert amounts(bill(firm)) == (200_00, 18_00)
    assert len(engine.asked) == 1


def test_work_that_changes_while_the_engine_thinks_is_asked_about_anew(
    firm: House, engine: TaxServer
) -> None:
    def late(asked: dict[str, Any]) -> object:
        if len(engine.asked) == 1:
            firm.approve(id="t2")
        return taxing("9")(asked)

    engine.answer = late

    assert amounts(bill(firm)) == (400_00, 36_00)
    assert [len(asked["lines"]) for asked in engine.asked] == [1, 2]


def test_work_that_never_rests_is_asked_about_three_times_at_most(
    firm: House, engine: TaxServer
) -> None:
    def restless(asked: dict[str, Any]) -> object:
        firm.approve(id=f"more-{len(engine.asked)}")
        return taxing("9")(asked)

    engine.answer = restless

    outcome = bill(firm)

    assert isinstance(outcome, Problem)
    assert "changed each time" in outcome.sentence
    assert len(engine.asked) == 3
    assert firm.codes() == ["tax_engine_refused"]


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        (taxing("9"), 503, "it answered with status 503"),
        (lambda _: b"<html>", 200, "its answer is not JSON"),
        (taxing("9", cents=2), 200, "the tax of line 1/1 does not follow"),
        (lambda _: {"reference": "r", "lines": []}, 200, "not those that were asked"),
        (taxing("9", code="ELSEWHERE"), 200, "has the code ELSEWHERE"),
    ],
)
def test_a_refusal_waits_for_the_tax_accountant_and_nothing_is_billed(
    firm: House,
    engine: TaxServer,
    answer: Answer,
    status: int,
    why: str,
) -> None:
    engine.answer, engine.status = answer, status
    before = firm.balances()

    outcome = bill(firm)

    assert isinstance(outcome, Problem)
    assert why in outcome.sentence
    [item] = firm.items()
    assert (item.code, item.queue) == ("tax_engine_refused", "tax")
    assert item.owner == "tax accountant"
    assert item.due_at - item.opened_at == timedelta(hours=24)
    assert (firm.billed_lines(), firm.balances()) == (0, before)


def test_a_refused_bill_goes_on_when_it_is_billed_again(
    firm: House, engine: TaxServer
) -> None:
    engine.status = 503
    bill(firm)
    engine.status = 200

    assert amounts(bill(firm)) == (200_00, 18_00)
    assert firm.codes() == []


def test_an_engine_that_is_not_there_or_not_set_up_bills_nothing(firm: House) -> None:
    connect_engine(firm, "http://127.0.0.1:1/")
    unreached = bill(firm)
    nameless = MasterChange("legal_entity", "US1", fields={"tax_engine": "gone"})
    firm.change(nameless)
    unknown = bill(firm)
    without = bill(firm, engines=None)

    assert isinstance(unreached, Problem)
    assert "it did not answer (connect_failed)" in unreached.sentence
    assert isinstance(unknown, Problem)
    assert "there is no such connection" in unknown.sentence
    assert isinstance(without, Problem)
    assert "was not given the connections" in without.sentence


def test_a_run_bills_the_others_where_an_engine_refuses_one(
    firm: House, engine: TaxServer
) -> None:
    second = [
        MasterChange("customer", "BETA", fields={"country": "US"}),
        MasterChange("contract", "C2", fields={"customer": "BETA", "entity": "US1"}),
        MasterChange(
            "contract_line",
            "C2.1",
            fields={"contract": "C2", "method": "time_and_materials"},
        ),
        MasterChange("project", "P2", fields={"contract_line": "C2.1"}),
    ]
    assert not firm.change(*second).refusals
    firm.approve(id="t2", project="P2")

    def picky(asked: dict[str, Any]) -> object:
        return {} if asked["contract"] == "C1" else taxing("9")(asked)

    engine.answer = picky

    refused, issued = flow.bill_due(
        firm.database,
        firm.tenant,
        through=MARCH_END,
        invoice_date=MARCH_END,
        engines=lambda: engines(firm),
    )

    assert isinstance(refused, Problem)
    assert amounts(issued) == (200_00, 18_00)
    assert len(engine.asked) == 2
    assert firm.codes() == ["tax_engine_refused"]


def test_the_work_can_be_reviewed_while_the_engine_thinks(
    firm: House, engine: TaxServer
) -> None:
    reviewed: list[object] = []

    def slow(asked: dict[str, Any]) -> object:
        named = firm.database, firm.tenant, flow.EntryName("t1"), WHY
        reviewed.append(flow.hold_entry(*named))
        reviewed.append(flow.release_entry(*named))
        return taxing("9")(asked)

    engine.answer = slow

    assert amounts(bill(firm)) == (200_00, 18_00)
    assert [type(one) for one in reviewed] == [Reviewed, Reviewed]
    assert len(engine.asked) == 1
