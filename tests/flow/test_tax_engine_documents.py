"""What an engine answers, however rounded, is a valid e-invoice and can be credited.

Three hours at 33.33 are 99.99. At 19 % each has a tax of 6.3327, their sum 18.9981.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import facturx
import pytest

from hourline.billing.documents.service import DocumentFile
from hourline.billing.model import CreditLine, Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from tests.flow.credits import credit_invoice
from tests.flow.house import House, found_house
from tests.flow.tax_server import TaxServer, connect_engine, tax_server, taxing
from tests.flow.taxed_firm import amounts, bill
from tests.flow.test_customer_documents import SELLER, accepted, germany, made

pytestmark = pytest.mark.integration
# It has no types.
read_factur_x: Any = facturx.get_xml_from_pdf


@pytest.fixture
def engine() -> Iterator[TaxServer]:
    """Give an engine that taxes every line at 19 percent and rounds it."""
    with tax_server() as server:
        server.answer = taxing("19", code="S")
        yield server


def firm(
    database: Database, tenant: int, engine: TaxServer, tax_rounding: str
) -> House:
    """Give a German firm that asks the engine about three hours at 33.33."""
    seller = {**SELLER, "tax_engine": "vertax", "tax_rounding": tax_rounding}
    rate = {"currency": "EUR", "rate": Decimal("33.33")}
    house = found_house(
        database,
        tenant,
        [
            *germany(seller=seller, tax=[("de", "S", "19", None)]),
            MasterChange("bill_rate", "card", fields=rate),
        ],
    )
    connect_engine(house, engine.url)
    for number in (1, 2, 3):
        house.approve(id=f"t{number}")
    return house


def credited(house: House, invoice: Issued, *entries: str) -> Issued:
    """Credit some entries of an invoice whole."""
    outcome = credit_invoice(
        house.database,
        house.tenant,
        document_no=invoice.document_no,
        lines=[
            CreditLine(entry_no=house.status(entry).story.entry_no) for entry in entries
        ],
        reason="",
        actor="carol",
    )
    assert isinstance(outcome, Issued), outcome
    return outcome


def valid(house: House, document: Issued) -> str:
    """Give the UBL of a document, which keeps the official rules; it has a Factur-X.

    The same rules are asked of Factur-X where the cases of documents are.
    """
    file = made(house, document, "factur-x")
    assert isinstance(file, DocumentFile), file
    assert read_factur_x(file.content, check_xsd=True)[0] == "factur-x.xml"
    return accepted(house, document).decode()


def test_lines_rounded_by_the_engine_though_the_entity_rounds_the_invoice(
    database: Database, tenant: int, engine: TaxServer
) -> None:
    house = firm(database, tenant, engine, "per_invoice")

    invoice = bill(house)

    assert amounts(invoice) == (99_99, 18_99)
    assert isinstance(invoice, Issued)
    xml = valid(house, invoice)
    assert '<cbc:TaxAmount currencyID="EUR">18.99<' in xml
    assert "<cbc:Note>The tax at 19 % holds -0.01 EUR of rounding:" in xml
    first = credited(house, invoice, "t1")
    last = credited(house, invoice, "t2", "t3")
    # 6.3327; then what is left of 18.99, though 12.6654 would be 12.67.
    assert (first.tax, last.tax) == (-6_33, -12_66)
    assert "Note>The tax" not in valid(house, first)
    assert "holds -0.01 EUR of rounding" in valid(house, last)
    assert house.unproven() == []


def test_one_tax_shared_by_the_engine_though_the_entity_rounds_every_line(
    database: Database, tenant: int, engine: TaxServer
) -> None:
    def shared(asked: dict[str, Any]) -> object:
        taxes = ("6.34", "6.33", "6.33")
        lines = [
            {"id": line["id"], "code": "S", "rate": "19", "tax": tax}
            for line, tax in zip(asked["lines"], taxes, strict=True)
        ]
        return {"reference": "whole", "lines": lines}

    engine.answer = shared
    house = firm(database, tenant, engine, "per_line")

    invoice = bill(house)

    assert amounts(invoice) == (99_99, 19_00)
    assert isinstance(invoice, Issued)
    assert "Note>The tax" not in valid(house, invoice)
    notes = [credited(house, invoice, entry) for entry in ("t1", "t2", "t3")]
    assert [note.tax for note in notes] == [-6_34, -6_33, -6_33]
    assert "holds 0.01 EUR of rounding" in valid(house, notes[0])
    assert house.unproven() == []
