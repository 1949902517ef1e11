"""An issued invoice is read as its customer gets it, and stays as it was issued."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.documents.model import Advance, Credited, CustomerDocument, Kind
from hourline.billing.documents.read import read_customer_document
from hourline.billing.documents.service import (
    DocumentFile,
    Format,
    Wanted,
    document_file,
)
from hourline.billing.model import CreditLine, Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem
from tests.billing.documents.official import broken_rules, schema_errors
from tests.flow.credits import credit_invoice
from tests.flow.house import HOUR, MARCH_END, House, found_house

pytestmark = pytest.mark.integration

SELLER: dict[str, object] = {
    "country": "DE",
    "currency": "EUR",
    "name": "Musterwerk Beratung GmbH",
    "tax_id": "DE123456789",
    "registration_number": "HRB 12345 B",
}
BUYER: dict[str, object] = {
    "country": "FR",
    "name": "Atelier Rhône SAS",
    "tax_id": "FR40303265045",
}


def germany(
    *,
    seller: dict[str, object] | None = None,
    buyer: dict[str, object] | None = None,
    currency: str = "EUR",
    tax: Sequence[tuple[str, str, str, str | None]] = (("fr", "AE", "0", None),),
) -> list[MasterChange]:
    """Give a German firm that works for a French one; taxes: id, code, rate, line."""
    rules = [
        MasterChange(
            "tax_rule",
            id_,
            fields={
                "order": order,
                "rate": Decimal(rate),
                "code": code,
                "contract_line": line,
            },
        )
        for order, (id_, code, rate, line) in enumerate(tax, start=1)
    ]
    return [
        MasterChange("legal_entity", "DE1", fields=seller or SELLER),
        MasterChange("customer", "LYON", fields={**BUYER, **(buyer or {})}),
        MasterChange("person", "ann", fields={"entity": "DE1", "name": "Ann Example"}),
        MasterChange(
            "contract",
            "C1",
            fields={"customer": "LYON", "entity": "DE1", "currency": currency},
        ),
        MasterChange(
            "contract_line",
            "C1.1",
            fields={"contract": "C1", "method": "time_and_materials"},
        ),
        MasterChange(
            "contract_line",
            "C1.2",
            fields={
                "contract": "C1",
                "method": "fixed_price",
                "price": Decimal(10_000),
                "name": "Launch",
                "milestones": [{"id": "M1", "amount": 2500, "date": "2025-03-31"}],
            },
        ),
        MasterChange(
            "project", "P1", fields={"contract_line": "C1.1", "name": "Website"}
        ),
        MasterChange(
            "bill_rate", "card", fields={"currency": currency, "rate": Decimal(150)}
        ),
        *rules,
    ]


def read(house: House, issued: Issued) -> CustomerDocument:
    """Read a document."""
    with house.database.tenant(house.tenant) as session:
        return read_customer_document(session, issued.document_no)


def made(
    house: House, issued: Issued, as_format: str = "ubl"
) -> DocumentFile | Problem:
    """Make a file of a document."""
    with house.database.tenant(house.tenant) as session:
        wanted = Wanted(format=Format(as_format))
        return document_file(session, issued.document_no, wanted)


def accepted(house: House, issued: Issued) -> bytes:
    """Give the UBL of a document, which the official rules accept."""
    file = made(house, issued)
    assert isinstance(file, DocumentFile), file
    assert schema_errors(file.content) == []
    assert broken_rules(file.content, "ubl") == []
    return file.content


def test_a_reverse_charge_invoice_of_time_expense_and_milestone(
    database: Database, tenant: int
) -> None:
    house = found_house(database, tenant, germany())
    house.approve(seconds=8 * HOUR, activity="design", note="Sprint 12")
    house.approve(id="x1", kind="expense", seconds=None, cost="84.17", currency="EUR")
    flow.reach_milestone(
        database, tenant, contract_line="C1.2", milestone="M1", reached_on=MARCH_END
    )

    issued = house.bill()

    document = read(house, issued)
    assert [(one.kind, one.name, one.net) for one in document.lines] == [
        (Kind.TIME, "Ann Example, Website, design", 120_000),
        (Kind.EXPENSE, "Ann Example, Website, expense", 8_417),
        (Kind.AMOUNT, "Launch, milestone M1", 250_000),
    ]
    assert [one.note for _, one in document.evidence] == ["Sprint 12", "", ""]
    assert document.evidence[2][1].entry == "M1"
    assert (document.total, document.payable) == (378_417, 378_417)
    assert (document.first_day, document.last_day) == (date(2025, 3, 5), MARCH_END)
    xml = accepted(house, issued)
    assert b"<cbc:CompanyID>FR40303265045</cbc:CompanyID>" in xml
    assert b"VATEX-EU-AE" in xml


def test_standard_and_zero_rated_lines_on_one_invoice(
    database: Database, tenant: int
) -> None:
    taxes = [("zero", "Z", "0", "C1.2"), ("de", "S", "19", None)]
    house = found_house(
        database, tenant, germany(tax=taxes, buyer={"country": "DE", "tax_id": None})
    )
    house.approve(seconds=119_999)
    flow.reach_milestone(
        database, tenant, contract_line="C1.2", milestone="M1", reached_on=MARCH_END
    )

    issued = house.bill()

    # 119,999 s at 150 an hour are 4,999.96; 19 % of it 949.99.
    xml = accepted(house, issued)
    assert b'<cbc:TaxableAmount currencyID="EUR">4999.96<' in xml
    assert b'<cbc:TaxAmount currencyID="EUR">949.99<' in xml
    assert b'<cbc:TaxableAmount currencyID="EUR">2500.00<' in xml
    assert b'<cbc:PayableAmount currencyID="EUR">8449.95<' in xml


def test_a_credit_note_says_positive_amounts_and_which_invoice(
    database: Database, tenant: int
) -> None:
    taxes = [("de", "S", "19", None)]
    house = found_house(database, tenant, germany(tax=taxes))
    house.approve(seconds=8 * HOUR)
    invoice = house.bill()
    entry_no = house.status().story.entry_no

    credit = credit_invoice(
        database,
        tenant,
        document_no=invoice.document_no,
        lines=[CreditLine(entry_no=entry_no, seconds=2 * HOUR)],
        reason="double entry",
        actor="carol",
    )

    assert isinstance(credit, Issued)
    document = read(house, credit)
    assert document.kind is DocumentKind.CREDIT_NOTE
    assert document.credited == Credited(number=invoice.number, issued_on=MARCH_END)
    assert (document.net, document.tax, document.entity_tax) == (30_000, 5_700, 5_700)
    [line] = document.lines
    assert line.name == "Ann Example, Website - credited: double entry"
    assert line.seconds == 2 * HOUR
    accepted(house, credit)
    assert read(house, invoice).payable == 142_800


def test_what_was_paid_by_the_date_of_the_invoice_is_prepaid(
    database: Database, tenant: int
) -> None:
    house = found_house(database, tenant, germany())
    house.approve(seconds=8 * HOUR)
    issued = house.bill()
    for reference, paid_on, amount in (
        ("in time", MARCH_END, 1_000),
        ("later", date(2025, 4, 1), 50),
    ):
        payment = flow.StatedPayment(
            number=issued.number,
            paid_on=paid_on,
            amount=Decimal(amount),
            currency=None,
            reference=reference,
        )
        flow.record_payments(database, tenant, [payment])

    assert (read(house, issued).paid, read(house, issued).payable) == (100_000, 20_000)
    xml = accepted(house, issued)
    assert b'<cbc:PrepaidAmount currencyID="EUR">1000.00<' in xml


def test_an_issued_document_keeps_what_it_said_and_gains_what_was_empty(
    database: Database, tenant: int
) -> None:
    house = found_house(database, tenant, germany(seller={**SELLER, "tax_id": None}))
    house.approve()
    issued = house.bill()
    before = made(house, issued)
    house.change(
        MasterChange(
            "legal_entity",
            "DE1",
            fields={**SELLER, "name": "New Name GmbH", "street": "Lindenallee 7"},
        ),
        MasterChange("person", "ann", fields={"entity": "DE1", "name": "Ann Married"}),
    )

    document = read(house, issued)

    assert isinstance(before, Problem)
    assert "the VAT number of legal entity DE1 (BT-31): field tax_id" in before.sentence
    assert document.seller.party.name == "Musterwerk Beratung GmbH"
    assert document.seller.party.street == "Lindenallee 7"
    assert document.lines[0].name == "Ann Example, Website"
    accepted(house, issued)


def test_a_document_of_yen_is_accepted_and_one_of_dinars_refused(
    database: Database, tenant: int
) -> None:
    fx = [
        MasterChange(
            "fx_rate",
            f"{code}-EUR",
            fields={"from_currency": code, "to_currency": "EUR", "rate": Decimal(rate)},
        )
        for code, rate in (("JPY", "0.0061"), ("KWD", "3"))
    ]
    taxes = [("de", "S", "19", None)]
    house = found_house(database, tenant, [*germany(currency="JPY", tax=taxes), *fx])
    house.approve(seconds=8 * HOUR)
    issued = house.bill()

    # 1,200 yen, 19 % of it 228, which are 1.39 euros.
    xml = accepted(house, issued)
    assert b'<cbc:PayableAmount currencyID="JPY">1428</cbc:PayableAmount>' in xml
    assert b'<cbc:TaxAmount currencyID="EUR">1.39</cbc:TaxAmount>' in xml


def test_dinars_have_more_decimals_than_the_standard_knows(
    database: Database, tenant: int
) -> None:
    seller = {**SELLER, "currency": "KWD"}
    house = found_house(database, tenant, germany(seller=seller, currency="KWD"))
    house.approve()
    issued = house.bill()

    refused = made(house, issued)

    assert isinstance(refused, Problem)
    assert "amounts in KWD have 3 decimals" in refused.sentence
    assert isinstance(made(house, issued, "pdf"), DocumentFile)


def test_a_firm_without_a_tax_table_can_still_send_a_pdf(house: House) -> None:
    house.approve()
    issued = house.bill()

    refused = made(house, issued, "factur-x")

    assert isinstance(refused, Problem)
    assert refused.code == "document_incomplete"
    assert "there is no tax table" in refused.sentence
    assert isinstance(made(house, issued, "pdf"), DocumentFile)


def test_no_document_is_made_of_nothing(house: House) -> None:
    with (
        house.database.tenant(house.tenant) as session,
        pytest.raises(LookupError, match="customer_document found no row"),
    ):
        read_customer_document(session, 4711)


@pytest.mark.parametrize(
    ("field", "value"),
    [("accent_colour", "red"), ("logo", "no base64!"), ("iban", 5)],
)
def test_a_brand_that_no_page_could_show_is_not_taken_over(
    house: House, field: str, value: object
) -> None:
    change = MasterChange("legal_entity", "US1", fields={field: value})

    applied = house.change(change)

    [refusal] = applied.refusals
    assert refusal.problem.code == "master_record_invalid"
    assert f"$.{field}" in refusal.problem.sentence


def test_a_logo_comes_as_base64_and_stays_what_it_was(house: House) -> None:
    house.change(MasterChange("legal_entity", "US1", fields={"logo": "aGFsbG8="}))
    again = house.change(
        MasterChange("legal_entity", "US1", fields={"logo": "aGFsbG8="})
    )
    house.approve()

    document = read(house, house.bill())

    assert document.seller.logo == b"hallo"
    assert (again.changed, again.unchanged) == (0, 1)


def test_a_retainer_that_is_drawn_and_a_month_that_is_billed_are_told_in_full(
    database: Database, tenant: int
) -> None:
    terms: list[dict[str, object]] = [
        {"method": "retainer", "amount": 1_000},
        {
            "method": "recurring",
            "amount": 100,
            "every": "month",
            "start": "2025-03-01",
            "end": "2025-03-31",
        },
    ]
    lines = [
        MasterChange("contract_line", f"C1.{no}", fields={"contract": "C1", **fields})
        for no, fields in enumerate(terms, start=3)
    ]
    house = found_house(
        database, tenant, [*germany(tax=[("de", "S", "19", None)]), lines[0]]
    )
    retainer = house.bill()
    house.change(lines[1])
    house.approve(seconds=8 * HOUR)

    issued = house.bill()

    document = read(house, issued)
    # 1,300.00 and 247.00 of tax, less the gross of the retainer.
    assert (document.total, document.payable) == (154_700, 35_700)
    assert document.advances == (
        Advance(number=retainer.number, gross=119_000, net=100_000, tax=19_000),
    )
    [fee] = [one for one in document.lines if one.kind is Kind.AMOUNT]
    assert (fee.first_day, fee.last_day) == (date(2025, 3, 1), MARCH_END)
    assert b"190.00 EUR of tax that it charged already." in accepted(house, issued)
