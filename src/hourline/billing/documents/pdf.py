"""Draw a document as a PDF that a customer can be sent, with its backup if asked."""

from collections.abc import Callable, Sequence

from babel import Locale

from hourline.billing.documents.model import (
    CustomerDocument,
    DocumentLine,
    Party,
)
from hourline.billing.documents.page import (
    MARGIN,
    PALE,
    Cell,
    Page,
    hours,
    instant_of,
    money,
    tax_number,
)
from hourline.billing.documents.pdf_backup import draw_backup
from hourline.billing.documents.pdf_totals import (
    draw_notes,
    draw_totals,
    height_of_totals,
)
from hourline.billing.rules.documents.backup import Layout
from hourline.billing.rules.documents.cii import cii
from hourline.billing.rules.documents.quantities import decimals_of, price_of
from hourline.billing.rules.documents.said import tax_name
from hourline.billing.rules.documents.xmp import FILE_NAME, title_of
from hourline.kernel.money import Currency

_NUMBER, _DATE, _HOURS, _RATE, _TAX, _NET = 10.0, 24.0, 17.0, 26.0, 14.0, 28.0
# Where an address has its postal code last: Redmond, WA 98052.
_CITY_FIRST = ("US", "CA", "AU", "NZ", "GB", "IE")
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
    for draw in (_head, _addresses, _heading, _lines, draw_totals, draw_notes):
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
    lines = [party.name or party.id, party.street or "", _place(party), _country(party)]
    return [line for line in lines if line]


def _place(party: Party) -> str:
    if party.country in _CITY_FIRST:
        end = " ".join(part for part in (party.region, party.postal_code) if part)
        return ", ".join(part for part in (party.city, end) if part)
    city = " ".join(part for part in (party.postal_code, party.city) if part)
    return ", ".join(part for part in (city, party.region) if part)


def _country(party: Party) -> str:
    return str(_ENGLISH.territories.get(party.country, party.country))


def _addresses(page: Page) -> None:
    document = page.document
    top = page.get_y()
    page.write_as(size=10)
    lines = _address(document.buyer)
    number = tax_number(document.buyer)
    for line in lines if number is None else [*lines, number]:
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
    told.append(("Period", _days(document)))
    told.append(("Contract", document.contract))
    if document.purchase_order:
        told.append(("Your order", document.purchase_order))
    return told


def _days(of: CustomerDocument | DocumentLine) -> str:
    if of.last_day == of.first_day:
        return f"{of.first_day}"
    return f"{of.first_day} to {of.last_day}"


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
    head = (
        "Line",
        "Date",
        "Description",
        "Hours",
        f"Rate {code}",
        "Tax",
        f"Net {code}",
    )

    def repeat() -> None:
        page.write_as(size=8, bold=True, colour=PALE)
        page.row(_columns(page, head), high=4.4, below=1.2)
        page.rule(colour=page.accent, wide=0.4)
        page.set_y(page.get_y() + 1.8)
        page.write_as(size=9)

    _repeating(page, repeat)
    lines = page.document.lines
    for line in lines:
        page.write_as(size=9)
        cells = _columns(page, _line(page.document, line))
        if line is lines[-1] and line is not lines[0]:
            _keep_with_totals(page, cells)
        page.row(cells, high=4.6, below=1.0)
        page.rule()
        page.set_y(page.get_y() + 1.4)
    page.on_next_page = lambda: None  # type: ignore[method-assign] # rows end here


def _keep_with_totals(page: Page, cells: Sequence[Cell]) -> None:
    """Begin a page with the last line where the sums would stand on it alone."""
    taken = page.height_of(cells, high=4.6) + 2.6
    if taken <= page.room < taken + height_of_totals(page.document):
        page.turn()


def _repeating(page: Page, repeat: Callable[[], None]) -> None:
    page.on_next_page = repeat  # type: ignore[method-assign] # what stands above the rows is theirs
    repeat()


def _line(document: CustomerDocument, line: DocumentLine) -> tuple[str, ...]:
    return (
        str(line.number),
        _days(line),
        line.name,
        hours(line.seconds) if line.seconds else "",
        _rate(line, document.currency) if line.seconds else "",
        "" if line.treatment is None else tax_name(document, line.treatment),
        money(line.net, document.currency),
    )


def _rate(line: DocumentLine, currency: Currency) -> str:
    """Return the price of an hour as exact as it is, or of so many hours."""
    agreed = price_of(line, currency)
    if agreed is None:
        return "agreed"
    price, base = agreed
    told = f"{price:,.{max(currency.decimals, decimals_of(price))}f}"
    return told if base == 1 else f"{told} / {base:f} h"
