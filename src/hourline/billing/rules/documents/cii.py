"""Rule: a document in the UN/CEFACT syntax CII, as Factur-X carries it in a PDF."""

from collections.abc import Iterator
from datetime import date

from hourline.billing.documents.model import (
    CustomerDocument,
    DocumentLine,
    Party,
    TaxGroup,
    TaxTreatment,
)
from hourline.billing.rules.documents.categories import (
    CATEGORIES,
    INTRA_COMMUNITY,
    OUT_OF_SCOPE,
    reason_of,
)
from hourline.billing.rules.documents.quantities import priced
from hourline.billing.rules.documents.requirements import (
    plain_number,
    vat_number,
)
from hourline.billing.rules.documents.said import (
    CREDIT_TRANSFER,
    EMAIL,
    SPECIFICATION,
    amount,
    detail,
    figure,
    notes,
    percent,
    tells_entity_tax,
    terms,
    type_code,
)
from hourline.billing.rules.documents.tax_groups import tax_groups
from hourline.billing.rules.documents.xml import Element, leaf, node, root
from hourline.kernel.money import Currency

_UNECE = "urn:un:unece:uncefact:data:standard:"
_NAMESPACES = {
    "rsm": f"{_UNECE}CrossIndustryInvoice:100",
    "ram": f"{_UNECE}ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{_UNECE}QualifiedDataType:100",
    "udt": f"{_UNECE}UnqualifiedDataType:100",
}
_DAY = {"format": "102"}


def cii(document: CustomerDocument) -> bytes:
    """Return an invoice or credit note; nothing that it needs may be lacking."""
    return root(
        "rsm:CrossIndustryInvoice",
        _NAMESPACES,
        node(
            "rsm:ExchangedDocumentContext",
            node(
                "ram:GuidelineSpecifiedDocumentContextParameter",
                leaf("ram:ID", SPECIFICATION),
            ),
        ),
        node(
            "rsm:ExchangedDocument",
            leaf("ram:ID", document.number),
            leaf("ram:TypeCode", type_code(document)),
            _day("ram:IssueDateTime", document.issued_on),
            node(
                "ram:IncludedNote",
                leaf("ram:Content", notes(document)),
            ),
        ),
        node(
            "rsm:SupplyChainTradeTransaction",
            *(_line(document, line) for line in document.lines),
            _agreement(document),
            _delivery(document),
            _settlement(document),
        ),
    )


def _day(name: str, day: date, part: str = "udt") -> Element | None:
    return node(name, leaf(f"{part}:DateTimeString", f"{day:%Y%m%d}", _DAY))


def _line(document: CustomerDocument, line: DocumentLine) -> Element | None:
    says = priced(line, document.currency)
    unit = {"unitCode": says.unit}
    base = None if says.base == 1 else figure(says.base)
    assert line.treatment is not None  # noqa: S101 - `lacking` refuses what is not taxed
    return node(
        "ram:IncludedSupplyChainTradeLineItem",
        node(
            "ram:AssociatedDocumentLineDocument", leaf("ram:LineID", str(line.number))
        ),
        node(
            "ram:SpecifiedTradeProduct",
            leaf("ram:Name", line.name),
            leaf("ram:Description", detail(line)),
        ),
        node(
            "ram:SpecifiedLineTradeAgreement",
            node(
                "ram:NetPriceProductTradePrice",
                leaf("ram:ChargeAmount", figure(says.price)),
                leaf("ram:BasisQuantity", base, unit),
            ),
        ),
        node(
            "ram:SpecifiedLineTradeDelivery",
            leaf("ram:BilledQuantity", figure(says.quantity), unit),
        ),
        node(
            "ram:SpecifiedLineTradeSettlement",
            node(
                "ram:ApplicableTradeTax",
                leaf("ram:TypeCode", "VAT"),
                leaf("ram:CategoryCode", line.treatment.code),
                leaf("ram:RateApplicablePercent", _rate(line.treatment)),
            ),
            _period(line),
            node(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                leaf("ram:LineTotalAmount", amount(line.net, document.currency)),
            ),
        ),
    )


def _rate(treatment: TaxTreatment) -> str | None:
    return None if treatment.code == OUT_OF_SCOPE else percent(treatment.rate_ppm)


def _period(of: CustomerDocument | DocumentLine) -> Element | None:
    return node(
        "ram:BillingSpecifiedPeriod",
        _day("ram:StartDateTime", of.first_day),
        _day("ram:EndDateTime", of.last_day),
    )


def _agreement(document: CustomerDocument) -> Element | None:
    taxed = OUT_OF_SCOPE not in _codes(document)
    return node(
        "ram:ApplicableHeaderTradeAgreement",
        _party("ram:SellerTradeParty", document.seller.party, taxed=taxed),
        _party("ram:BuyerTradeParty", document.buyer, taxed=taxed),
        node(
            "ram:BuyerOrderReferencedDocument",
            leaf("ram:IssuerAssignedID", document.purchase_order),
        ),
        node(
            "ram:ContractReferencedDocument",
            leaf("ram:IssuerAssignedID", document.contract),
        ),
    )


def _codes(document: CustomerDocument) -> set[str]:
    treatments = [line.treatment for line in document.lines]
    return {one.code for one in treatments if one is not None}


def _party(name: str, party: Party, *, taxed: bool) -> Element | None:
    endpoint, scheme = party.endpoint_id, party.endpoint_scheme
    if not endpoint:
        endpoint, scheme = party.email, EMAIL
    number = vat_number(party) if taxed else None
    return node(
        name,
        leaf("ram:Name", party.name),
        node(
            "ram:SpecifiedLegalOrganization", leaf("ram:ID", party.registration_number)
        ),
        node(
            "ram:DefinedTradeContact",
            node(
                "ram:TelephoneUniversalCommunication",
                leaf("ram:CompleteNumber", party.phone),
            ),
            node("ram:EmailURIUniversalCommunication", leaf("ram:URIID", party.email)),
        ),
        _address(party),
        node(
            "ram:URIUniversalCommunication",
            leaf("ram:URIID", endpoint, {"schemeID": scheme or ""}),
        ),
        node(
            "ram:SpecifiedTaxRegistration", leaf("ram:ID", number, {"schemeID": "VA"})
        ),
    )


def _address(party: Party) -> Element | None:
    return node(
        "ram:PostalTradeAddress",
        leaf("ram:PostcodeCode", party.postal_code),
        leaf("ram:LineOne", party.street),
        leaf("ram:CityName", party.city),
        leaf("ram:CountryID", party.country),
        leaf("ram:CountrySubDivisionName", party.region),
    )


def _delivery(document: CustomerDocument) -> Element | None:
    shipped = INTRA_COMMUNITY in _codes(document)
    return node(
        "ram:ApplicableHeaderTradeDelivery",
        node("ram:ShipToTradeParty", _address(document.buyer) if shipped else None),
        node(
            "ram:ActualDeliverySupplyChainEvent",
            _day("ram:OccurrenceDateTime", document.last_day),
        ),
    )


def _settlement(document: CustomerDocument) -> Element | None:
    tax_currency = document.entity_currency.code if tells_entity_tax(document) else None
    due = None if document.is_credit else document.due_on
    return node(
        "ram:ApplicableHeaderTradeSettlement",
        leaf("ram:PaymentReference", None if document.is_credit else document.number),
        leaf("ram:TaxCurrencyCode", tax_currency),
        leaf("ram:InvoiceCurrencyCode", document.currency.code),
        _payment(document),
        *(_group(group, document.currency) for group in tax_groups(document.lines)),
        _period(document),
        node(
            "ram:SpecifiedTradePaymentTerms",
            leaf("ram:Description", terms(document)),
            None if due is None else _day("ram:DueDateDateTime", due),
        ),
        _totals(document),
        _credited(document),
    )


def _payment(document: CustomerDocument) -> Element | None:
    seller = document.seller
    if not seller.iban or document.is_credit:
        return None
    return node(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        leaf("ram:TypeCode", CREDIT_TRANSFER),
        node(
            "ram:PayeePartyCreditorFinancialAccount",
            leaf("ram:IBANID", plain_number(seller.iban)),
            leaf("ram:AccountName", seller.party.name),
        ),
        node(
            "ram:PayeeSpecifiedCreditorFinancialInstitution",
            leaf("ram:BICID", plain_number(seller.bic)),
        ),
    )


def _group(group: TaxGroup, currency: Currency) -> Element | None:
    treatment = group.treatment
    assert treatment is not None  # noqa: S101 - `lacking` refuses what is not taxed
    return node(
        "ram:ApplicableTradeTax",
        leaf("ram:CalculatedAmount", amount(group.tax, currency)),
        leaf("ram:TypeCode", "VAT"),
        leaf("ram:ExemptionReason", reason_of(treatment)),
        leaf("ram:BasisAmount", amount(group.net, currency)),
        leaf("ram:CategoryCode", treatment.code),
        leaf("ram:ExemptionReasonCode", CATEGORIES[treatment.code].reason_code),
        leaf("ram:RateApplicablePercent", _rate(treatment)),
    )


def _totals(document: CustomerDocument) -> Element | None:
    currency = document.currency
    return node(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        leaf("ram:LineTotalAmount", amount(document.net, currency)),
        leaf("ram:TaxBasisTotalAmount", amount(document.net, currency)),
        *_tax_totals(document),
        leaf("ram:GrandTotalAmount", amount(document.total, currency)),
        leaf(
            "ram:TotalPrepaidAmount",
            amount(document.paid, currency) if document.paid else None,
        ),
        leaf("ram:DuePayableAmount", amount(document.payable, currency)),
    )


def _tax_totals(document: CustomerDocument) -> Iterator[Element | None]:
    told = [(document.tax, document.currency)]
    if tells_entity_tax(document):
        told.append((document.entity_tax, document.entity_currency))
    for tax, currency in told:
        yield leaf(
            "ram:TaxTotalAmount", amount(tax, currency), {"currencyID": currency.code}
        )


def _credited(document: CustomerDocument) -> Element | None:
    if document.credited is None:
        return None
    return node(
        "ram:InvoiceReferencedDocument",
        leaf("ram:IssuerAssignedID", document.credited.number),
        _day("ram:FormattedIssueDateTime", document.credited.issued_on, "qdt"),
    )
