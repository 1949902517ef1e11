"""Rule: a document in UBL 2.1, as EN 16931 binds its terms to it."""

from collections.abc import Iterator
from types import MappingProxyType

from hourline.billing.documents.model import (
    CustomerDocument,
    DocumentLine,
    Party,
    Seller,
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

_OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
_PARTS = MappingProxyType(
    {
        "cac": f"{_OASIS}CommonAggregateComponents-2",
        "cbc": f"{_OASIS}CommonBasicComponents-2",
    }
)


def ubl(document: CustomerDocument) -> bytes:
    """Return an invoice or credit note; nothing that it needs may be lacking."""
    name = "CreditNote" if document.is_credit else "Invoice"
    return root(
        name,
        {"": f"{_OASIS}{name}-2", **_PARTS},
        *_head(document),
        *_parties(document),
        *_payment(document),
        *_taxes(document),
        _totals(document),
        *(_line(document, line) for line in document.lines),
    )


def _head(document: CustomerDocument) -> Iterator[Element | None]:
    due = None if document.is_credit else document.due_on.isoformat()
    kind = "CreditNoteTypeCode" if document.is_credit else "InvoiceTypeCode"
    yield leaf("cbc:CustomizationID", SPECIFICATION)
    yield leaf("cbc:ID", document.number)
    yield leaf("cbc:IssueDate", document.issued_on.isoformat())
    yield leaf("cbc:DueDate", due)
    yield leaf(f"cbc:{kind}", type_code(document))
    yield leaf("cbc:Note", notes(document))
    yield leaf("cbc:DocumentCurrencyCode", document.currency.code)
    if tells_entity_tax(document):
        yield leaf("cbc:TaxCurrencyCode", document.entity_currency.code)
    yield _period(document)
    yield node("cac:OrderReference", leaf("cbc:ID", document.purchase_order))
    if document.credited is not None:
        yield node(
            "cac:BillingReference",
            node(
                "cac:InvoiceDocumentReference",
                leaf("cbc:ID", document.credited.number),
                leaf("cbc:IssueDate", document.credited.issued_on.isoformat()),
            ),
        )
    yield node("cac:ContractDocumentReference", leaf("cbc:ID", document.contract))


def _period(of: CustomerDocument | DocumentLine) -> Element | None:
    return node(
        "cac:InvoicePeriod",
        leaf("cbc:StartDate", of.first_day.isoformat()),
        leaf("cbc:EndDate", of.last_day.isoformat()),
    )


def _parties(document: CustomerDocument) -> Iterator[Element | None]:
    codes = _codes(document)
    yield node(
        "cac:AccountingSupplierParty",
        _party(document.seller.party, taxed=OUT_OF_SCOPE not in codes),
    )
    yield node(
        "cac:AccountingCustomerParty",
        _party(document.buyer, taxed=OUT_OF_SCOPE not in codes),
    )
    place = _address("cac:Address", document.buyer)
    yield node(
        "cac:Delivery",
        leaf("cbc:ActualDeliveryDate", document.last_day.isoformat()),
        node("cac:DeliveryLocation", place if INTRA_COMMUNITY in codes else None),
    )


def _codes(document: CustomerDocument) -> set[str]:
    treatments = [line.treatment for line in document.lines]
    return {one.code for one in treatments if one is not None}


def _party(party: Party, *, taxed: bool) -> Element | None:
    endpoint, scheme = party.endpoint_id, party.endpoint_scheme
    if not endpoint:
        endpoint, scheme = party.email, EMAIL
    return node(
        "cac:Party",
        leaf("cbc:EndpointID", endpoint, {"schemeID": scheme or ""}),
        node("cac:PartyName", leaf("cbc:Name", party.name)),
        _address("cac:PostalAddress", party),
        _tax_number(party) if taxed else None,
        node(
            "cac:PartyLegalEntity",
            leaf("cbc:RegistrationName", party.name),
            leaf("cbc:CompanyID", party.registration_number),
        ),
        node(
            "cac:Contact",
            leaf("cbc:Telephone", party.phone),
            leaf("cbc:ElectronicMail", party.email),
        ),
    )


def _tax_number(party: Party) -> Element | None:
    number = vat_number(party)
    if number is None:
        return None
    return node("cac:PartyTaxScheme", leaf("cbc:CompanyID", number), _VAT)


def _address(name: str, party: Party) -> Element | None:
    return node(
        name,
        leaf("cbc:StreetName", party.street),
        leaf("cbc:CityName", party.city),
        leaf("cbc:PostalZone", party.postal_code),
        leaf("cbc:CountrySubentity", party.region),
        node("cac:Country", leaf("cbc:IdentificationCode", party.country)),
    )


def _payment(document: CustomerDocument) -> Iterator[Element | None]:
    seller = document.seller
    if seller.iban and not document.is_credit:
        yield node(
            "cac:PaymentMeans",
            leaf("cbc:PaymentMeansCode", CREDIT_TRANSFER),
            leaf("cbc:PaymentID", document.number),
            _account(seller),
        )
    yield node("cac:PaymentTerms", leaf("cbc:Note", terms(document)))


def _account(seller: Seller) -> Element | None:
    return node(
        "cac:PayeeFinancialAccount",
        leaf("cbc:ID", plain_number(seller.iban)),
        leaf("cbc:Name", seller.party.name),
        node(
            "cac:FinancialInstitutionBranch",
            leaf("cbc:ID", plain_number(seller.bic)),
        ),
    )


def _taxes(document: CustomerDocument) -> Iterator[Element | None]:
    currency = document.currency
    yield node(
        "cac:TaxTotal",
        _money("cbc:TaxAmount", document.tax, currency),
        *(_group(group, currency) for group in tax_groups(document.lines)),
    )
    if tells_entity_tax(document):
        entity_tax, entity_currency = document.entity_tax, document.entity_currency
        yield node("cac:TaxTotal", _money("cbc:TaxAmount", entity_tax, entity_currency))


def _group(group: TaxGroup, currency: Currency) -> Element | None:
    assert group.treatment is not None  # noqa: S101 - `lacking` refuses what is not taxed
    return node(
        "cac:TaxSubtotal",
        _money("cbc:TaxableAmount", group.net, currency),
        _money("cbc:TaxAmount", group.tax, currency),
        _category("cac:TaxCategory", group.treatment, told=True),
    )


def _category(name: str, treatment: TaxTreatment, *, told: bool) -> Element | None:
    rate = percent(treatment.rate_ppm) if treatment.code != OUT_OF_SCOPE else None
    category = CATEGORIES[treatment.code]
    return node(
        name,
        leaf("cbc:ID", treatment.code),
        leaf("cbc:Percent", rate),
        leaf("cbc:TaxExemptionReasonCode", category.reason_code if told else None),
        leaf("cbc:TaxExemptionReason", reason_of(treatment) if told else None),
        _VAT,
    )


def _totals(document: CustomerDocument) -> Element | None:
    currency = document.currency
    paid = _money("cbc:PrepaidAmount", document.paid, currency)
    return node(
        "cac:LegalMonetaryTotal",
        _money("cbc:LineExtensionAmount", document.net, currency),
        _money("cbc:TaxExclusiveAmount", document.net, currency),
        _money("cbc:TaxInclusiveAmount", document.total, currency),
        paid if document.paid else None,
        _money("cbc:PayableAmount", document.payable, currency),
    )


def _line(document: CustomerDocument, line: DocumentLine) -> Element | None:
    kind = "Credited" if document.is_credit else "Invoiced"
    name = "CreditNote" if document.is_credit else "Invoice"
    says = priced(line, document.currency)
    unit = {"unitCode": says.unit}
    base = None if says.base == 1 else figure(says.base)
    assert line.treatment is not None  # noqa: S101 - `lacking` refuses what is not taxed
    return node(
        f"cac:{name}Line",
        leaf("cbc:ID", str(line.number)),
        leaf(f"cbc:{kind}Quantity", figure(says.quantity), unit),
        _money("cbc:LineExtensionAmount", line.net, document.currency),
        _period(line),
        node(
            "cac:Item",
            leaf("cbc:Description", detail(line)),
            leaf("cbc:Name", line.name),
            _category("cac:ClassifiedTaxCategory", line.treatment, told=False),
        ),
        node(
            "cac:Price",
            leaf(
                "cbc:PriceAmount",
                figure(says.price),
                {"currencyID": document.currency.code},
            ),
            leaf("cbc:BaseQuantity", base, unit),
        ),
    )


def _money(name: str, minor: int, currency: Currency) -> Element | None:
    return leaf(name, amount(minor, currency), {"currencyID": currency.code})


_VAT = node("cac:TaxScheme", leaf("cbc:ID", "VAT"))
