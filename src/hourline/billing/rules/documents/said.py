"""Rule: what both syntaxes of EN 16931 say of a document, in the same words."""

from decimal import Decimal

from hourline.billing.documents.model import CustomerDocument, DocumentLine
from hourline.kernel.money import Currency, major_units

# What the document claims to follow (BT-24): the standard itself, no national profile.
SPECIFICATION = "urn:cen.eu:en16931:2017"
INVOICE = "380"
CREDIT_NOTE = "381"
CREDIT_TRANSFER = "30"
# The scheme of an e-mail address as electronic address.
EMAIL = "EM"


def amount(minor: int, currency: Currency) -> str:
    """Return an amount as it is written in a document: 1234.50."""
    return f"{major_units(minor, currency):f}"


def figure(number: Decimal) -> str:
    """Return a quantity or price in plain digits."""
    return f"{number:f}"


def type_code(document: CustomerDocument) -> str:
    """Return the kind of document (BT-3)."""
    return CREDIT_NOTE if document.is_credit else INVOICE


def terms(document: CustomerDocument) -> str:
    """Return how it is to be paid, in words (BT-20)."""
    if document.credited is not None:
        return f"Credited against invoice {document.credited.number}"
    return f"Payable without deduction until {document.due_on}"


def tells_entity_tax(document: CustomerDocument) -> bool:
    """Tell whether the tax is also told in the currency it is declared in (BT-111)."""
    return bool(document.tax) and document.entity_currency != document.currency


def detail(line: DocumentLine) -> str | None:
    """Return what the evidence of a line adds to its name (BT-154)."""
    notes = dict.fromkeys(one.note for one in line.evidence if one.note)
    return "; ".join(notes) or None
