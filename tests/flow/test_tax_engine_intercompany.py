"""An external engine decides the tax of what one entity invoices another, or nobody.

Bob's hour is charged at 120.00 USD; a dollar is 0.80 GBP in the books of GB1.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from hourline.billing.intercompany_model import IntercompanyIssued
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind, Role
from hourline.kernel.problems import Problem
from tests.flow.house import House, found_house
from tests.flow.lent import BOB, LENDER, LENT, PRICE, books_of, charge
from tests.flow.tax_server import (
    Answer,
    TaxServer,
    connect_engine,
    engines,
    tax_server,
    taxing,
)
from tests.flow.test_explain import explained

pytestmark = pytest.mark.integration
ASKS = MasterChange(
    "legal_entity", "GB1", fields={**LENDER.fields, "intercompany_tax_engine": "vertax"}
)
# Says 5 percent where no engine decides.
TABLE = MasterChange(
    "tax_rule",
    "lent",
    fields={
        "order": 1,
        "rate": Decimal(5),
        "code": "TABLE",
        "entity_country": "GB",
        "customer_country": "US",
        "service": "intercompany",
    },
)
LOCAL = MasterChange(
    "tax_rule", "local", fields={"order": 2, "rate": Decimal(20), "code": "VAT"}
)
_LINES = Query(
    "lines",
    "Row, rate, tax and its part that is cost, of every intercompany line.",
    "SELECT r.id, l.tax_rate_ppm, l.tax, l.cost_tax FROM hourline.intercompany_line l"
    " JOIN hourline.master_identity r ON r.master_no = l.tax_rule_no"
    " ORDER BY l.document_no, l.line_no",
)


@pytest.fixture
def engine() -> Iterator[TaxServer]:
    """Give an engine that taxes at 20 percent as VAT."""
    with tax_server() as server:
        server.answer = taxing("20", code="VAT")
        yield server


@pytest.fixture
def lending(database: Database, tenant: int, engine: TaxServer) -> House:
    """Give a firm in which bob of GB1 worked an hour for US1."""
    house = found_house(database, tenant, [*LENT, TABLE, LOCAL, ASKS])
    connect_engine(house, engine.url)
    house.approve(person="bob")
    return house


def asking(house: House) -> list[IntercompanyIssued] | Problem:
    """Let GB1 invoice US1 with its engine at hand."""
    return charge(house, engines=lambda: engines(house))


def issued(house: House) -> IntercompanyIssued:
    """Give the one document that was issued."""
    outcome = asking(house)
    assert not isinstance(outcome, Problem), outcome
    [document] = outcome
    return document


def rows(house: House) -> list[tuple[object, ...]]:
    with house.database.tenant(house.tenant) as session:
        return session.tuples(_LINES)


def test_both_sides_book_the_tax_that_the_engine_answered(
    lending: House, engine: TaxServer
) -> None:
    document = issued(lending)
    again = asking(lending)

    assert (document.net, document.tax, document.total) == (120_00, 24_00, 144_00)
    lender, borrower = books_of(lending, "GB1"), books_of(lending, "US1")
    # 144.00 USD are 115.20 GBP.
    assert lender[Role.IC_RECEIVABLE] == 115_20
    assert (lender[Role.IC_REVENUE], lender[Role.TAX_PAYABLE]) == (-96_00, -19_20)
    assert borrower[Role.IC_PAYABLE] == -144_00
    assert (borrower[Role.IC_COST], borrower[Role.TAX_PAYABLE]) == (120_00, 24_00)
    assert rows(lending) == [("local", 200_000, 24_00, 0)]
    assert again == []
    assert len(engine.asked) == 1
    assert lending.unproven() == []


def test_the_engine_is_told_who_lent_what_to_whom(
    lending: House, engine: TaxServer
) -> None:
    issued(lending)

    address = dict.fromkeys(("region", "postal_code", "city", "street", "tax_id"))
    assert engine.asked == [
        {
            "contract": None,
            "date": "2025-03-31",
            "currency": "USD",
            "supplier": {"id": "GB1", "country": "GB", **address},
            "lines": [
                {
                    "id": "1",
                    "net": "120.00",
                    "customer": {"id": "US1", "country": "US", **address},
                    "contract": "C1",
                    "contract_line": "C1.1",
                    "service": "intercompany",
                    "project": "P1",
                    "activity": None,
                    "work": "t1",
                    "revision": 1,
                    "tax_point": "2025-03-05",
                }
            ],
        }
    ]


def test_the_table_decides_where_the_lender_names_no_engine_for_it(
    lending: House, engine: TaxServer
) -> None:
    for_customers_alone = {**LENDER.fields, "tax_engine": "vertax"}
    unnamed = {"intercompany_tax_engine": None}
    lending.change(
        MasterChange("legal_entity", "GB1", fields=for_customers_alone | unnamed)
    )

    assert issued(lending).tax == 6_00
    assert engine.asked == []


def test_what_the_borrower_does_not_recover_of_the_answer_is_its_cost(
    lending: House,
) -> None:
    lending.change(
        MasterChange(
            "legal_entity",
            "US1",
            fields={
                "country": "US",
                "currency": "USD",
                "intercompany_tax_recoverable_percent": Decimal("62.51"),
            },
        )
    )

    issued(lending)

    # 37.49 % of 24.00 is 8.9976.
    assert rows(lending) == [("local", 200_000, 24_00, 9_00)]
    borrower = books_of(lending, "US1")
    assert (borrower[Role.IC_COST], borrower[Role.TAX_PAYABLE]) == (129_00, 15_00)
    assert lending.unproven() == []


def test_a_row_for_intercompany_goes_before_one_of_the_same_code_for_all(
    lending: House,
) -> None:
    fields = {**TABLE.fields, "order": 3, "code": "VAT", "recoverable_percent": 0}
    lending.change(MasterChange("tax_rule", "lost", fields=fields))

    issued(lending)

    assert rows(lending) == [("lost", 200_000, 24_00, 24_00)]


def test_a_correction_takes_the_old_tax_back_and_asks_for_its_replacement_alone(
    lending: House, engine: TaxServer
) -> None:
    issued(lending)
    lending.approve(person="bob", revision=2, seconds=7_200)
    engine.answer = taxing("10", code="VAT")

    document = issued(lending)

    # 240.00 and 24.00 of new tax, less 120.00 and 24.00.
    assert (document.net, document.tax, document.lines) == (120_00, 0, 2)
    assert [
        (line["id"], line["revision"], line["net"]) for line in engine.asked[1]["lines"]
    ] == [("2", 2, "240.00")]
    assert books_of(lending, "GB1")[Role.TAX_PAYABLE] == -19_20
    assert books_of(lending, "US1")[Role.IC_PAYABLE] == -264_00
    assert lending.unproven() == []


def test_a_credit_note_alone_asks_nobody(lending: House, engine: TaxServer) -> None:
    issued(lending)
    lending.recall()
    engine.status = 503

    document = issued(lending)

    assert (document.kind, document.total) == (DocumentKind.CREDIT_NOTE, -144_00)
    assert books_of(lending, "GB1") == {}
    assert books_of(lending, "US1") == {}
    assert len(engine.asked) == 1
    assert lending.unproven() == []


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        (taxing("20", code="VAT"), 503, "it answered with status 503"),
        (taxing("20", code="VAT", cents=2), 200, "the tax of line 1 does not follow"),
        (taxing("20", code="ELSEWHERE"), 200, "has the code ELSEWHERE it gave line 1"),
    ],
)
def test_a_refusal_waits_for_the_tax_accountant_and_nothing_is_booked(
    lending: House, engine: TaxServer, answer: Answer, status: int, why: str
) -> None:
    engine.answer, engine.status = answer, status
    before = books_of(lending, "GB1"), books_of(lending, "US1")

    refused = asking(lending)

    assert isinstance(refused, Problem)
    assert refused.sentence.startswith("GB1 does not invoice US1, because tax engine")
    assert why in refused.sentence
    assert [(one.code, one.queue, one.subject_key) for one in lending.items()] == [
        ("tax_engine_refused", "tax", "GB1 to US1")
    ]
    assert (books_of(lending, "GB1"), books_of(lending, "US1")) == before


def test_a_refused_invoice_goes_on_under_the_first_number(
    lending: House, engine: TaxServer
) -> None:
    engine.status = 503
    asking(lending)
    engine.status = 200

    assert issued(lending).number == "GB1-IC-000001"
    assert lending.codes() == []


def test_of_two_currencies_none_is_invoiced_while_one_has_no_tax(
    lending: House, engine: TaxServer
) -> None:
    cat = {**BOB.fields, "role": "tester"}
    in_pounds = {**PRICE.fields, "currency": "GBP", "value": 80, "person": "cat"}
    lending.change(MasterChange("person", "cat", fields=cat))
    lending.change(MasterChange("transfer_price", "cat", fields=in_pounds))
    lending.approve(id="t2", person="cat")

    def picky(asked: dict[str, Any]) -> object:
        return {} if asked["currency"] == "GBP" else taxing("20", code="VAT")(asked)

    engine.answer = picky
    refused = asking(lending)
    engine.answer = taxing("10", code="VAT")
    documents = asking(lending)

    assert isinstance(refused, Problem)
    assert isinstance(documents, list)
    assert {one.currency: one.tax for one in documents} == {"USD": 24_00, "GBP": 8_00}
    assert len(engine.asked) == 3
    assert lending.unproven() == []


def test_work_that_comes_while_the_engine_thinks_is_asked_about_too(
    lending: House, engine: TaxServer
) -> None:
    def late(asked: dict[str, Any]) -> object:
        if len(engine.asked) == 1:
            lending.approve(id="t2", person="bob")
        return taxing("20", code="VAT")(asked)

    engine.answer = late

    assert (issued(lending).tax, len(engine.asked)) == (48_00, 2)


def test_a_crash_after_the_answer_books_nothing_and_asks_no_second_time(
    lending: House, engine: TaxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(Exception):
        """Be the end of the process while it issues."""

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr("hourline.billing.intercompany.use_intercompany_answer", crash)
        with pytest.raises(Crash):
            asking(lending)
    assert Role.IC_RECEIVABLE not in books_of(lending, "GB1")
    engine.answer = taxing("10", code="VAT")

    assert (issued(lending).tax, len(engine.asked)) == (24_00, 1)


def test_the_line_explains_that_the_engine_decided(lending: House) -> None:
    issued(lending)

    steps = explained(lending).steps
    [step] = [one for one in steps if one.about == "intercompany invoice"]
    assert step.sentences[-1].endswith(
        "Tax engine vertax decided its tax, under its reference calc-1."
    )
