"""Draw a document as a PDF that a customer can be sent, with its backup if asked."""

from collections.abc import Callable, Sequence

from babel import Locale

from hourline.billing.documents.model import (
    CustomerDocument,
    DocumentLine,
    Party,
    TaxGroup,
)
from hourline.billing.documents.page import (
    MARGIN,
    PALE,
    Cell,
    Page,
    hours,
    instant_of,
    money,
)
from hourline.billing.documents.pdf_backup import draw_backup
from hourline.billing.rules.documents.backup import Layout
from hourline.billing.rules.documents.categories import reason_of
from hourline.billing.rules.documents.cii import cii
from hourline.billing.rules.documents.quantities import priced, rate_of
from hourline.billing.rules.documents.requirements import percent
from hourline.billing.rules.documents.tax_groups import tax_groups
from hourline.billing.rules.documents.xmp import FILE_NAME, title_of
from hourline.kernel.money import Currency

_NUMBER, _DATE, _HOURS, _RATE, _TAX, _NET = 10.0, 24.0, 17.0, 22.0, 14.0, 31.0
_TOTALS = 82.0
_ENGLISH = Locale("en")


def pdf(document: CustomerDocument, *, layout: Layout | None = None) -> bytes:
    """Return the document as PDF/A-3; raise CannotPrint."""
    return _drawn(document, layout=layout, embedded=None)


def factur_x(document: CustomerDocument, *, layout: Layout | None = None) -> bytes:
    """Return the PDF with the document in CII inside; raise CannotPrint.

    Nothing that a standard invoice needs may be lacking.
    """
    return _drawn(document, layout=layout, embedded=cii(document))


def _drawn(
    document: CustomerDocument, *, layout: Layout | None, embedded: bytes | None
) -> bytes:
    page = Page(document, hybrid=embedded is not None)
    try:
        return _filled(page, layout=layout, embedded=embedded)
    finally:
        page.close_fonts()


def _filled(page: Page, *, layout: Layout | None, embedded: bytes | None) -> bytes:
    if embedded is not None:
        page.embed_file(
            bytes=embedded,
            basename=FILE_NAME,
            mime_type="text/xml",
            associated_file_relationship="Alternative",
            desc=f"{title_of(page.document)} in the syntax CII of EN 16931",
            modification_date=instant_of(page.document),
            compress=True,
        )
    page.add_page()
    for draw in (_head, _addresses, _heading, _lines, _totals, _notes):
        draw(page)
    if layout is not None:
        draw_backup(page, layout)
    return page.finished()


def _head(page: Page) -> None:
    seller = page.document.seller
    top = page.get_y()
    if seller.logo:
        page.picture(seller.logo, wide=70, high=18)
        page.set_y(top)
    else:
        page.write_as(size=15, bold=True, colour=page.accent)
        page.block(seller.party.name or seller.party.id, page.epw * 0.55, high=8)
    lowest = page.get_y()
    page.write_as(size=8, colour=PALE)
    contacts = [seller.party.phone, seller.party.email]
    told = _address(seller.party) + [one for one in contacts if one]
    page.set_xy(MARGIN + page.epw * 0.6, top)
    for line in told:
        page.block(line, page.epw * 0.4, align="R", high=4)
    page.set_xy(MARGIN, max(top + 22.0, lowest + 3, page.get_y() + 4))
    page.rule(colour=page.accent, wide=0.7)
    page.set_y(page.get_y() + 9)


def _address(party: Party) -> list[str]:
    city = " ".join(part for part in (party.postal_code, party.city) if part)
    place = ", ".join(part for part in (city, party.region) if part)
    lines = [party.name or party.id, party.street or "", place, _country(party)]
    return [line for line in lines if line]


def _country(party: Party) -> str:
    return str(_ENGLISH.territories.get(party.country, party.country))


def _addresses(page: Page) -> None:
    document = page.document
    top = page.get_y()
    page.write_as(size=10)
    lines = _address(document.buyer)
    if document.buyer.tax_id:
        lines.append(f"VAT {document.buyer.tax_id}")
    for line in lines:
        page.block(line, page.epw / 2, high=5)
    lowest = page.get_y()
    page.set_y(top)
    for label, told in _facts(document):
        page.set_x(MARGIN + page.epw / 2 + 5)
        page.write_as(size=9, colour=PALE)
        page.put(label, 32, high=5)
        page.write_as(size=9)
        page.block(told, page.epw / 2 - 37, align="R", high=5)
    page.set_xy(MARGIN, max(lowest, page.get_y()) + 10)


def _facts(document: CustomerDocument) -> list[tuple[str, str]]:
    told = [
        ("Number", document.number),
        ("Date", f"{document.issued_on}"),
    ]
    if document.credited is not None:
        told.append(("Credits invoice", document.credited.number))
        told.append(("Invoice date", f"{document.credited.issued_on}"))
    else:
        told.append(("Due", f"{document.due_on}"))
    told.append(("Period", f"{document.first_day} to {document.last_day}"))
    told.append(("Contract", document.contract))
    if document.purchase_order:
        told.append(("Your order", document.purchase_order))
    return told


def _heading(page: Page) -> None:
    page.write_as(size=17, bold=True, colour=page.accent)
    page.put(title_of(page.document), page.epw, high=9)
    page.set_xy(MARGIN, page.get_y() + 14)


def _columns(page: Page, texts: Sequence[str]) -> list[Cell]:
    name = page.epw - _NUMBER - _DATE - _HOURS - _RATE - _TAX - _NET
    widths = (_NUMBER, _DATE, name, _HOURS, _RATE, _TAX, _NET)
    return [
        Cell(text, width, "L" if position < 3 else "R")  # noqa: PLR2004 - the first three columns are words
        for position, (text, width) in enumerate(zip(texts, widths, strict=True))
    ]


def _lines(page: Page) -> None:
    code = page.document.currency.code
    head = ("", "Date", "Description", "Hours", f"Rate {code}", "Tax", f"Net {code}")

    def repeat() -> None:
        page.write_as(size=8, bold=True, colour=PALE)
        page.row(_columns(page, head), high=4.4, below=1.2)
        page.rule(colour=page.accent, wide=0.4)
        page.set_y(page.get_y() + 1.8)
        page.write_as(size=9)

    _repeating(page, repeat)
    for line in page.document.lines:
        page.write_as(size=9)
        page.row(_columns(page, _line(page.document, line)), high=4.6, below=1.0)
        page.rule()
        page.set_y(page.get_y() + 1.4)
    page.on_next_page = lambda: None  # type: ignore[method-assign] # rows end here


def _repeating(page: Page, repeat: Callable[[], None]) -> None:
    page.on_next_page = repeat  # type: ignore[method-assign] # what stands above the rows is theirs
    repeat()


def _line(document: CustomerDocument, line: DocumentLine) -> tuple[str, ...]:
    rate = rate_of(line, document.currency) if line.seconds else None
    days = f"{line.first_day}"
    if line.last_day != line.first_day:
        days = f"{line.first_day} to {line.last_day}"
    tax = "" if line.treatment is None else f"{percent(line.treatment.rate_ppm)} %"
    if line.seconds and rate is None:
        told = "agreed"
    else:
        told = "" if rate is None else f"{rate:,.{document.currency.decimals}f}"
    return (
        str(line.number),
        days,
        line.name,
        hours(line.seconds) if line.seconds else "",
        told,
        tax,
        money(line.net, document.currency),
    )


def _totals(page: Page) -> None:
    document = page.document
    code, currency = document.currency.code, document.currency
    rows = [("Net", money(document.net, currency))]
    rows += [
        (
            _tax_label(group, currency),
            money(group.tax, currency),
        )
        for group in tax_groups(document.lines)
    ]
    rows.append(("Total", money(document.total, currency)))
    if document.paid:
        rows.append(("Paid in advance", money(-document.paid, currency)))
    if document.retained and not document.is_credit:
        rows.append(("Withheld as retainage", money(-document.retained, currency)))
    if page.room < len(rows) * 6 + 24:
        page.add_page()
    page.set_y(page.get_y() + 3)
    for label, amount in rows:
        _total(page, label, amount, bold=label == "Total")
    page.set_y(page.get_y() + 1)
    page.set_fill_color(*page.accent)
    page.set_x(MARGIN + page.epw - _TOTALS)
    page.write_as(size=11, bold=True, colour=(255, 255, 255))
    word = "Credited" if document.is_credit else "Amount due"
    page.cell(_TOTALS / 2, 9, f"  {word}", fill=True)
    page.cell(
        _TOTALS / 2,
        9,
        f"{code} {money(document.due_now, currency)}  ",
        align="R",
        fill=True,
    )
    page.set_xy(MARGIN, page.get_y() + 16)


def _tax_label(group: TaxGroup, currency: Currency) -> str:
    rate = 0 if group.treatment is None else group.treatment.rate_ppm
    return f"Tax {percent(rate)} % of {money(group.net, currency)}"


def _total(page: Page, label: str, amount: str, *, bold: bool) -> None:
    page.set_x(MARGIN + page.epw - _TOTALS)
    page.write_as(size=9, bold=bold)
    page.put(label, _TOTALS * 0.62, high=6)
    page.put(amount, _TOTALS * 0.38, align="R", high=6)
    page.set_xy(MARGIN, page.get_y() + 6)


def _notes(page: Page) -> None:
    for note in _told(page.document):
        page.write_as(size=9)
        page.row([Cell(note, page.epw)], high=4.8, below=1.5)


def _told(document: CustomerDocument) -> list[str]:
    seller, notes = document.seller, []
    for group in tax_groups(document.lines):
        reason = None if group.treatment is None else reason_of(group.treatment)
        if reason:
            notes.append(f"Tax: {reason}.")
    if document.tax and document.entity_currency != document.currency:
        told = money(document.entity_tax, document.entity_currency)
        notes.append(f"Tax in {document.entity_currency.code}: {told}.")
    notes += _told_withheld(document)
    if document.credited is not None:
        invoice = document.credited
        notes.append(
            f"This credits invoice {invoice.number} of {invoice.issued_on}; what was"
            " paid of it is refunded or set off."
        )
    elif document.due_now > 0:
        notes.append(f"Please pay by {document.due_on}, stating {document.number}.")
        if seller.iban:
            bic = f", BIC {seller.bic}" if seller.bic else ""
            notes.append(f"Bank account: IBAN {seller.iban}{bic}.")
    if any(_is_stepped(document, line) for line in document.lines):
        notes.append(
            "Amounts are rounded on the running total of the contract, so that a line"
            " can be a cent away from hours times rate."
        )
    return notes


def _told_withheld(document: CustomerDocument) -> list[str]:
    if not document.retained:
        return []
    told = f"{document.currency.code} {money(document.retained, document.currency)}"
    if document.is_credit:
        return [f"{told} of this was withheld as retainage, and is no longer."]
    return [f"{told} are withheld as retainage, and are due when they are released."]


def _is_stepped(document: CustomerDocument, line: DocumentLine) -> bool:
    if not line.seconds or rate_of(line, document.currency) is None:
        return False
    return not priced(line, document.currency).at_rate
