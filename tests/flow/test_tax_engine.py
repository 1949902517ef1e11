"""An external engine decides the tax of an entity's invoices, once, or nobody does."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from hourline import flow
from hourline.billing.documents.read import read_customer_document
from hourline.billing.model import (
    Assembled,
    CreditLine,
    Issued,
)
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, MASTER, House, found_house
from tests.flow.tax_server import (
    TaxServer,
    engines,
    tax_server,
    taxing,
)
from tests.flow.taxed_firm import TABLE, amounts, bill, taxed_firm
from tests.flow.test_explain import explained

pytestmark = pytest.mark.integration
LINE_CODES = Query(
    "line_codes",
    "The rate of each invoice line and the id of its row of the tax table.",
    "SELECT l.tax_rate_ppm, m.id FROM hourline.invoice_line l"
    " JOIN hourline.master_identity m ON m.master_no = l.tax_rule_no"
    " ORDER BY l.document_no, l.line_no",
)
ENTRY = Query(
    "entry", "The one entry.", "SELECT max(entry_no) FROM hourline.time_entry"
)


@pytest.fixture
def engine() -> Iterator[TaxServer]:
    """Give an engine that taxes at 9 percent as US-CA."""
    with tax_server() as server:
        yield server


@pytest.fixture
def firm(database: Database, tenant: int, engine: TaxServer) -> House:
    """Give a firm with one open hour for 200.00, whose table says 5 percent."""
    return taxed_firm(database, tenant, engine)


def test_the_answer_takes_the_place_of_the_table(
    firm: House, engine: TaxServer
) -> None:
    assert amounts(bill(firm)) == (200_00, 18_00)

    with firm.database.tenant(firm.tenant) as session:
        assert session.tuples(LINE_CODES) == [(90_000, "US-CA")]
    assert firm.balances()[Role.TAX_PAYABLE] == -18_00
    assert firm.balances()[Role.RECEIVABLE] == 218_00
    assert firm.unproven() == []
    assert len(engine.asked) == 1


def test_the_engine_is_told_who_sells_what_to_whom_and_when(
    firm: House, engine: TaxServer
) -> None:
    firm.change(
        MasterChange("customer", "ADATUM", fields={"country": "US", "region": "CA"})
    )
    firm.change(
        MasterChange("contract_line", "C1.1", fields={"tax_service": "training"})
    )
    firm.approve(id="t2", activity="dev", date="2025-03-07", seconds=1_800)

    bill(firm)

    party = dict.fromkeys(("region", "postal_code", "city", "street", "tax_id"))
    line = {
        "contract_line": "C1.1",
        "service": "time",
        "tax_service": "training",
        "project": "P1",
        "customer": {"id": "ADATUM", "country": "US", **party, "region": "CA"},
    }
    assert engine.asked == [
        {
            "contract": "C1",
            "date": "2025-03-31",
            "currency": "USD",
            "supplier": {"id": "US1", "country": "US", **party},
            "lines": [
                {
                    **line,
                    "id": "1/1",
                    "net": "200.00",
                    "activity": None,
                    "work": "t1",
                    "tax_point": "2025-03-05",
                },
                {
                    **line,
                    "id": "1/2",
                    "net": "100.00",
                    "activity": "dev",
                    "work": "t2",
                    "tax_point": "2025-03-07",
                },
            ],
        }
    ]
    [headers] = engine.headers
    assert headers["Authorization"] == "Bearer engine-key"
    assert len(headers["Idempotency-Key"]) == 64


def test_a_code_means_its_row_for_the_service_that_is_sold(firm: House) -> None:
    rows = [
        MasterChange(
            "tax_rule",
            f"US-CA {service}",
            fields={"order": 9, "rate": 9, "code": "US-CA", "service": service},
        )
        for service in ("books", "training")
    ]
    line = MasterChange("contract_line", "C1.1", fields={"tax_service": "training"})
    firm.change(*rows, line)

    assert amounts(bill(firm)) == (200_00, 18_00)

    with firm.database.tenant(firm.tenant) as session:
        assert session.tuples(LINE_CODES) == [(90_000, "US-CA training")]


def test_the_invoice_explains_that_the_engine_decided(firm: House) -> None:
    bill(firm)

    (step,) = [one for one in explained(firm).steps if one.about == "invoice"]
    assert step.sentences[-1] == (
        "Its tax at 9 % is 18.00 USD. Tax engine vertax decided the tax of the invoice,"
        " under its reference calc-1."
    )


def test_a_draft_shows_the_tax_of_the_table_until_it_is_issued(
    firm: House, engine: TaxServer
) -> None:
    draft = flow.open_draft(
        firm.database,
        firm.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
    )
    assert isinstance(draft, Assembled)
    assert (draft.tax, len(engine.asked)) == (10_00, 0)

    issued = flow.issue_draft(
        firm.database, firm.tenant, contract="C1", engines=lambda: engines(firm)
    )
    assert amounts(issued) == (200_00, 18_00)


def test_a_credit_takes_back_what_the_engine_decided_and_asks_nobody(
    firm: House, engine: TaxServer
) -> None:
    issued = bill(firm)
    assert isinstance(issued, Issued)
    with firm.database.tenant(firm.tenant) as session:
        half = CreditLine(entry_no=session.value(ENTRY, int), seconds=1_800)
    credit: dict[str, Any] = {"reason": "agreed", "actor": "M. Ito"}
    place = firm.database, firm.tenant

    first = credit_invoice(
        *place, document_no=issued.document_no, lines=[half], **credit
    )
    rest = credit_invoice(*place, document_no=issued.document_no, **credit)

    assert amounts(first) == (-100_00, -9_00)
    assert amounts(rest) == (-100_00, -9_00)
    assert isinstance(rest, Issued)
    with firm.database.tenant(firm.tenant) as session:
        [line] = read_customer_document(session, rest.document_no).lines
    assert line.treatment is not None
    assert (line.treatment.code, line.treatment.rate_ppm) == ("US-CA", 90_000)
    assert len(engine.asked) == 1
    assert firm.balances().get(Role.TAX_PAYABLE) is None
    assert firm.unproven() == []


def test_what_is_billed_again_alike_is_not_asked_again(
    firm: House, engine: TaxServer
) -> None:
    issued = bill(firm)
    assert isinstance(issued, Issued)
    credit_invoice(
        firm.database,
        firm.tenant,
        document_no=issued.document_no,
        reason="wrong address",
        actor="M. Ito",
    )
    engine.answer = taxing("20")

    assert amounts(bill(firm)) == (200_00, 18_00)
    assert len(engine.asked) == 1
    assert firm.unproven() == []


def test_a_retainer_and_what_draws_it_are_both_taxed_by_the_engine(
    firm: House, engine: TaxServer
) -> None:
    advance = MasterChange(
        "contract_line",
        "C1.9",
        fields={"contract": "C1", "method": "retainer", "amount": Decimal(100)},
    )
    assert not firm.change(advance).refusals
    first = bill(firm)
    firm.approve(id="t2", date="2025-03-20")
    engine.answer = taxing("20")

    second = bill(firm)

    assert amounts(first) == (300_00, 27_00)
    assert amounts(second) == (200_00, 40_00)
    assert [line["service"] for line in engine.asked[0]["lines"]] == [
        "time",
        "retainer",
    ]
    # Both invoices, less the 109.00 that the retainer paid of the second.
    assert firm.balances()[Role.RECEIVABLE] == 327_00 + 240_00 - 109_00
    assert firm.unproven() == []


def test_each_customer_of_a_shared_contract_has_the_tax_answered_for_it(
    firm: House, engine: TaxServer
) -> None:
    shared = [
        MasterChange("customer", "BETA", fields={"country": "US"}),
        *(
            MasterChange(
                "contract_customer",
                f"C1-{customer}",
                fields={
                    "contract": "C1",
                    "customer": customer,
                    "share": Decimal(share),
                    "order": order,
                },
            )
            for order, (customer, share) in enumerate([("ADATUM", 75), ("BETA", 25)])
        ),
    ]
    assert not firm.change(*shared).refusals

    def by_customer(asked: dict[str, Any]) -> object:
        said: Any = taxing("9")(asked)
        assert said["lines"][1]["id"] == "2/1"
        said["lines"][1] |= {"code": "TABLE", "rate": 20, "tax": 10}
        return said

    engine.answer = by_customer

    outcome = bill(firm)

    assert isinstance(outcome, Issued)
    assert [(one.net, one.tax) for one in outcome.all] == [
        (150_00, 13_50),
        (50_00, 10_00),
    ]
    assert len(engine.asked) == 1
    assert firm.unproven() == []


def test_an_entity_without_an_engine_is_taxed_by_the_table(
    database: Database, tenant: int, engine: TaxServer
) -> None:
    house = found_house(database, tenant, [*MASTER, TABLE])
    house.approve()

    assert amounts(bill(house)) == (200_00, 10_00)
    assert engine.asked == []
