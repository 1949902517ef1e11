"""Draw what a document comes to, and what must be told of it."""

from hourline.billing.documents.model import CustomerDocument, DocumentLine, TaxGroup
from hourline.billing.documents.page import MARGIN, Cell, Page, money
from hourline.billing.rules.documents.categories import reason_of
from hourline.billing.rules.documents.quantities import price_of, priced
from hourline.billing.rules.documents.said import (
    percent,
    set_off,
    tax_name,
    tax_roundings,
)
from hourline.billing.rules.documents.tax_groups import tax_groups, tax_rounding

_TOTALS, _LABEL = 82.0, 51.0
_ROW = 6.0
# What stands below the rows of sums, in millimetres.
_BAR = 24.0
# Four decimals of an hour tell every ninth second.
_EXACT_SECONDS = 9


def height_of_totals(document: CustomerDocument) -> float:
    """Return how much room the sums take, in millimetres."""
    return len(_sums(document)) * _ROW + _BAR


def draw_totals(page: Page) -> None:
    """Draw the sums under the lines, all of them on one page."""
    document = page.document
    if page.room < height_of_totals(document):
        page.add_page()
    page.set_y(page.get_y() + 3)
    for label, minor in _sums(document):
        page.set_x(MARGIN + page.epw - _TOTALS)
        page.write_as(size=9, bold=label == "Total")
        cells = [
            Cell(label, _LABEL),
            Cell(money(minor, document.currency), _TOTALS - _LABEL, "R"),
        ]
        page.row(cells, high=4.6, below=_ROW - 4.6)
    _bar(page)


def _sums(document: CustomerDocument) -> list[tuple[str, int]]:
    rows = [("Net", document.net)]
    for group in tax_groups(document.lines):
        rounding = tax_rounding(group)
        rows.append((_tax_label(document, group), group.tax - rounding))
        if rounding:
            rows.append((f"Rounding of tax at {_rate(group)} %", rounding))
    rows.append(("Total", document.total))
    if document.paid:
        rows.append(("Paid in advance", -document.paid))
    if document.retained and not document.is_credit:
        rows.append(("Withheld as retainage", -document.retained))
    return rows


def _tax_label(document: CustomerDocument, group: TaxGroup) -> str:
    name = "0 %" if group.treatment is None else tax_name(document, group.treatment)
    return f"Tax {name} of {money(group.net, document.currency)}"


def _rate(group: TaxGroup) -> str:
    return percent(0 if group.treatment is None else group.treatment.rate_ppm)


def _bar(page: Page) -> None:
    document = page.document
    page.set_y(page.get_y() + 1)
    page.set_fill_color(*page.accent)
    page.set_x(MARGIN + page.epw - _TOTALS)
    page.write_as(size=11, bold=True, colour=(255, 255, 255))
    word = "Credited" if document.is_credit else "Amount due"
    page.cell(_TOTALS / 2, 9, f"  {word}", fill=True)
    due = f"{document.currency.code} {money(document.due_now, document.currency)}"
    page.cell(_TOTALS / 2, 9, f"{due}  ", align="R", fill=True)
    page.set_xy(MARGIN, page.get_y() + 16)


def draw_notes(page: Page) -> None:
    """Draw what must be told below the sums."""
    for note in _told(page.document):
        page.write_as(size=9)
        page.row([Cell(note, page.epw)], high=4.8, below=1.5)


def _told(document: CustomerDocument) -> list[str]:
    return [
        *_told_of_tax(document),
        *_told_set_off(document),
        *_told_withheld(document),
        *_told_of_payment(document),
        *_told_of_rounding(document),
    ]


def _told_of_tax(document: CustomerDocument) -> list[str]:
    notes = []
    for group in tax_groups(document.lines):
        reason = None if group.treatment is None else reason_of(group.treatment)
        if group.treatment is not None and reason:
            name = tax_name(document, group.treatment)
            code = name.partition(" % ")[2]
            notes.append(f"Tax {code}: {reason}." if code else f"Tax: {reason}.")
    if document.tax and document.entity_currency != document.currency:
        told = money(document.entity_tax, document.entity_currency)
        notes.append(f"Tax in {document.entity_currency.code}: {told}.")
    return notes + tax_roundings(document)


def _told_set_off(document: CustomerDocument) -> list[str]:
    def tell(minor: int) -> str:
        return f"{document.currency.code} {money(minor, document.currency)}"

    return set_off(document, tell)


def _told_withheld(document: CustomerDocument) -> list[str]:
    if not document.retained:
        return []
    told = f"{document.currency.code} {money(document.retained, document.currency)}"
    if document.is_credit:
        return [f"{told} of this was withheld as retainage, and is no longer."]
    return [f"{told} are withheld as retainage, and are due when they are released."]


def _told_of_payment(document: CustomerDocument) -> list[str]:
    if document.credited is not None:
        invoice = document.credited
        told = f"This credits invoice {invoice.number} of {invoice.issued_on}"
        return [f"{told}; what was paid of it is refunded or set off."]
    if document.due_now <= 0:
        return []
    seller = document.seller
    notes = [f"Please pay by {document.due_on}, stating {document.number}."]
    if seller.iban:
        bic = f", BIC {seller.bic}" if seller.bic else ""
        notes.append(f"Bank account: IBAN {seller.iban}{bic}.")
    return notes


def _told_of_rounding(document: CustomerDocument) -> list[str]:
    notes = []
    if any(line.seconds % _EXACT_SECONDS for line in document.lines):
        notes.append(
            "Hours are shown with four decimals; amounts are those of the exact time."
        )
    if any(_is_stepped(document, line) for line in document.lines):
        notes.append(
            "Amounts are rounded on the running total of the contract, so that a line"
            " can be a cent away from hours times rate."
        )
    return notes


def _is_stepped(document: CustomerDocument, line: DocumentLine) -> bool:
    if not line.seconds or price_of(line, document.currency) is None:
        return False
    return not priced(line, document.currency).at_rate
