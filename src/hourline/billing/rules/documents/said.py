"""Rule: what both syntaxes of EN 16931 say of a document, in the same words."""

from collections.abc import Callable
from decimal import Decimal

from hourline.billing.documents.model import (
    CustomerDocument,
    DocumentLine,
    TaxTreatment,
)
from hourline.billing.rules.documents.tax_groups import tax_groups, tax_rounding
from hourline.kernel.money import Currency, major_units

# What the document claims to follow (BT-24): the standard itself, no national profile.
SPECIFICATION = "urn:cen.eu:en16931:2017"
INVOICE = "380"
CREDIT_NOTE = "381"
CREDIT_TRANSFER = "30"
# The standard has no finer amounts, in whichever currency.
AMOUNT_DECIMALS_MAX = 2
# A percent is ten thousand millionths.
_PERCENT_DECIMALS = 4
# The scheme of an e-mail address as electronic address.
EMAIL = "EM"


def percent(rate_ppm: int) -> str:
    """Return a rate in percent, without zeros at its end: 19, 8.1."""
    figure = Decimal(rate_ppm).scaleb(-_PERCENT_DECIMALS).normalize()
    return f"{figure:f}"


def tax_name(document: CustomerDocument, treatment: TaxTreatment) -> str:
    """Return what a tax is called on the document: its rate, and its code if need be.

    The code is needed where two groups have one rate, as reverse charge and zero have.
    """
    name = f"{percent(treatment.rate_ppm)} %"
    codes = {
        one.treatment.code
        for one in document.lines
        if one.treatment is not None and one.treatment.rate_ppm == treatment.rate_ppm
    }
    return f"{name} {treatment.code}" if len(codes) > 1 else name


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
    """Return how it is to be paid, in words (BT-20).

    What is withheld was not paid in advance (BT-113), and it is asked for, but later:
    the standard has no term for that, so the amount due for payment (BT-115) has it,
    and these words say which part of that is to be paid when.
    """
    code = document.currency.code
    withheld = f"{amount(document.retained, document.currency)} {code}"
    if document.credited is not None:
        lowers = f"; {withheld} of it lower what is withheld as retainage"
        told = f"Credited against invoice {document.credited.number}"
        return told + (lowers if document.retained else "")
    if document.retained:
        now = f"{amount(document.due_now, document.currency)} {code}"
        return (
            f"{now} payable without deduction until {document.due_on}; {withheld}"
            " withheld as retainage and payable when it is released"
        )
    return f"Payable without deduction until {document.due_on}"


def tells_entity_tax(document: CustomerDocument) -> bool:
    """Tell whether the tax is also told in the currency it is declared in (BT-111).

    Member states ask for it; none of their currencies is too fine for the standard.
    """
    declared = document.entity_currency
    if declared.decimals > AMOUNT_DECIMALS_MAX:
        return False
    return bool(document.tax) and declared != document.currency


def notes(document: CustomerDocument) -> str:
    """Return what no term of the standard holds, in words (BT-22); "" for nothing."""

    def tell(minor: int) -> str:
        return f"{amount(minor, document.currency)} {document.currency.code}"

    return " ".join([*set_off(document, tell), *tax_roundings(document)])


def set_off(document: CustomerDocument, tell: Callable[[int], str]) -> list[str]:
    """Return a sentence for each earlier invoice that this one sets off in part.

    Its tax was charged there, and must not be taken for tax of both.
    """
    return [
        f"{tell(one.gross)} of invoice {one.number} are set off: {tell(one.net)} net,"
        f" and {tell(one.tax)} of tax that it charged already."
        if one.tax
        else f"{tell(one.gross)} of invoice {one.number} are set off."
        for one in document.advances
    ]


def tax_roundings(document: CustomerDocument) -> list[str]:
    """Return a sentence for each rate whose tax is not the tax on the sum of its lines.

    The standard has no term for what lies between the two, so a note says it (BT-22).
    """
    currency = document.currency
    return [
        f"The tax at {percent(group.treatment.rate_ppm)} % holds"
        f" {amount(tax_rounding(group), currency)} {currency.code} of rounding: it is"
        " the sum of the taxes of its lines, not the tax on their sum."
        for group in tax_groups(document.lines)
        if group.treatment is not None and tax_rounding(group)
    ]


def detail(line: DocumentLine) -> str | None:
    """Return what the evidence of a line adds to its name (BT-154)."""
    notes = dict.fromkeys(one.note for one in line.evidence if one.note)
    return "; ".join(notes) or None
