"""Draw on pages: fonts, colours, a footer on every page, and rows of cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Literal

import ttf_opensans
from fpdf import FPDF
from fpdf.fonts import TTFFont
from PIL import Image, UnidentifiedImageError

from hourline.billing.documents.model import CustomerDocument, Party
from hourline.billing.rules.documents.requirements import vat_number
from hourline.billing.rules.documents.xmp import PROGRAM, title_of, xmp
from hourline.kernel.money import Currency, major_units
from hourline.kernel.quantity import HOUR_SECONDS

Align = Literal["L", "R"]
Rgb = tuple[int, int, int]
MARGIN = 20.0
INK: Rgb = (33, 37, 41)
PALE: Rgb = (108, 117, 125)
RULE: Rgb = (206, 212, 218)
_ACCENT = "#1f3a5f"
_FAMILY = "opensans"
_FONTS = {"": ttf_opensans.OPENSANS_REGULAR, "B": ttf_opensans.OPENSANS_SEMIBOLD}
_BOTTOM = 24.0
# So many lines of a row are not parted by a page that ends.
_TOGETHER = 4
# What stays free between a text and the next column.
_GAP = 2.0
_LETTER_COUNTRIES = ("US", "CA", "MX", "PH", "CL", "CO")
# A hundredth of an hour.
_HUNDREDTH_SECONDS = 36
_PICTURES = ("PNG", "JPEG")
_PIXELS_MAX = 8_000_000


class CannotPrint(ValueError):
    """Say what of a document cannot be shown on a page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold the text of a cell, how wide it is, and where in it the text stands."""

    text: str
    width: float
    align: Align = "L"


class Page(FPDF):
    """Be the pages of one document, in the colours of who sends it."""

    def __init__(self, document: CustomerDocument, *, hybrid: bool) -> None:
        """Prepare empty pages; a hybrid document gets an XML invoice embedded."""
        wide = document.seller.party.country in _LETTER_COUNTRIES
        super().__init__(
            format="letter" if wide else "A4", enforce_compliance="PDF/A-3B"
        )
        self.document = document
        self.accent = rgb(document.seller.accent_colour or _ACCENT)
        self.missing: set[str] = set()
        self._widths: dict[tuple[str, float, str], float] = {}
        for style, font in _FONTS.items():
            self.add_font(_FAMILY, style, font.path)
        drawn = [font for font in self.fonts.values() if isinstance(font, TTFFont)]
        self._signs = frozenset.intersection(*(frozenset(one.cmap) for one in drawn))
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0.0
        self.set_auto_page_break(auto=True, margin=_BOTTOM)
        self._describe(hybrid=hybrid)

    def _describe(self, *, hybrid: bool) -> None:
        # Every date in the file is the document's, so that its bytes are always equal.
        self.set_creation_date(instant_of(self.document))
        self.set_title(title_of(self.document))
        self.set_author(self.document.seller.party.name)
        self.set_creator(PROGRAM)
        self.set_producer(PROGRAM)
        self.set_lang("en")
        self.set_xmp_metadata(xmp(self.document, hybrid=hybrid))

    def finished(self) -> bytes:
        """Return the file; raise CannotPrint where a text could not be shown."""
        if self.missing:
            signs = " ".join(sorted(self.missing))
            raise CannotPrint(f"the font of the pages has no sign for: {signs}")
        return bytes(self.output())

    def close_fonts(self) -> None:
        """Close the files of the fonts, which are read as their signs are needed."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    @property
    def room(self) -> float:
        """Return how far down the page there is still room, in millimetres."""
        return float(self.page_break_trigger - self.get_y())

    def write_as(self, *, size: float, bold: bool = False, colour: Rgb = INK) -> None:
        """Choose how the next text looks."""
        self.set_font(_FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def plain(self, text: str) -> str:
        """Return a text as one line, and note what the font has no sign for."""
        line = " ".join(text.split())
        self.missing |= {sign for sign in line if ord(sign) not in self._signs}
        return line

    def put(self, text: str, width: float, *, align: Align = "L", high: float) -> None:
        """Write a text in a cell and stay on the same line."""
        self.cell(width, high, self.plain(text), align=align)

    def lines_of(self, text: str, width: float) -> list[str]:
        """Return a text as the lines it takes in a width; long words are parted."""
        lines, line = [], ""
        for word in self._parts(self.plain(text), width):
            longer = f"{line} {word}" if line else word
            if self._width(longer) <= width:
                line = longer
            else:
                lines.append(line)
                line = word
        return [*lines, line]

    def _width(self, text: str) -> float:
        """Return how wide a text is; dates, rates and names come again and again."""
        looks = (self.font_style, self.font_size_pt, text)
        if looks not in self._widths:
            self._widths[looks] = self.get_string_width(text)
        return self._widths[looks]

    def _parts(self, text: str, width: float) -> Iterator[str]:
        """Yield the words of a text, those wider than a line in pieces of it."""
        if self._width(text) <= width:
            yield text
            return
        for word in text.split():
            piece = ""
            for sign in word:
                if self._width(piece + sign) > width:
                    yield piece
                    piece = ""
                piece += sign
            yield piece

    def height_of(self, cells: Sequence[Cell], *, high: float) -> float:
        """Return how much room a row takes, in the looks of now."""
        texts = [self.lines_of(cell.text, cell.width - _GAP) for cell in cells]
        return max(len(lines) for lines in texts) * high

    def row(self, cells: Sequence[Cell], *, high: float, below: float = 1.4) -> None:
        """Write one row of cells; a text too long for its cell goes on below.

        A row that the page has no room for goes on, or begins, on the next one.
        """
        texts = [self.lines_of(cell.text, cell.width - _GAP) for cell in cells]
        left = max(len(lines) for lines in texts)
        if self.room < min(left, _TOGETHER) * high:
            self.turn()
        while left:
            fits = min(left, int(self.room // high))
            done = [lines[:fits] for lines in texts]
            texts = [lines[fits:] for lines in texts]
            self._write(cells, done, high)
            left -= fits
            if left:
                self.turn()
        self.set_y(self.get_y() + below)

    def _write(
        self, cells: Sequence[Cell], texts: Sequence[Sequence[str]], high: float
    ) -> None:
        top, left = self.get_y(), self.get_x()
        for cell, lines in zip(cells, texts, strict=True):
            for position, line in enumerate(lines):
                self.set_xy(left, top + position * high)
                if line:
                    self.cell(cell.width, high, line, align=cell.align)
            left += cell.width
        self.set_xy(MARGIN, top + max(len(lines) for lines in texts) * high)

    def turn(self) -> None:
        """Go on on the next page, in the looks of this one."""
        style, size, colour = self.font_style, self.font_size_pt, self.text_color
        self.add_page()
        self.on_next_page()
        self.set_font(_FAMILY, style, size)
        self.text_color = colour

    def block(
        self, text: str, width: float, *, align: Align = "L", high: float
    ) -> None:
        """Write a text over as many lines as it takes, and stand below it."""
        left = self.get_x()
        for line in self.lines_of(text, width):
            self.cell(width, high, line, align=align)
            self.set_xy(left, self.get_y() + high)

    def on_next_page(self) -> None:
        """Repeat what stands above rows that go on; set by who draws them."""

    def rule(self, *, colour: Rgb = RULE, wide: float = 0.2) -> None:
        """Draw a line across the page."""
        self.set_draw_color(*colour)
        self.set_line_width(wide)
        self.line(MARGIN, self.get_y(), MARGIN + self.epw, self.get_y())

    def footer(self) -> None:
        """Write who sends the document and which page this is."""
        seller = self.document.seller
        party = seller.party
        told = [party.name or party.id, party.registration_number, tax_number(party)]
        self.set_y(-_BOTTOM + 8)
        self.rule()
        self.set_y(self.get_y() + 1.5)
        self.write_as(size=7, colour=PALE)
        text = "  ·  ".join(one for one in told if one)
        # How many pages there are is written in last; a digit stands for it until then.
        page = f"{title_of(self.document)}  ·  Page {self.page_no()} of "
        wide = self.epw - self.get_string_width(f"{page}0")
        self.put(self.lines_of(text, wide - _GAP)[0], wide, high=4)
        self.cell(self.epw - wide, 4, f"{page}{{nb}}")
        for line in self.lines_of(seller.footer or "", self.epw)[:2]:
            self.set_xy(MARGIN, self.get_y() + 4)
            self.put(line, self.epw, high=4)

    def picture(self, content: bytes, *, wide: float, high: float) -> None:
        """Put a picture at the current place; raise CannotPrint where it is none."""
        logo = f"the logo of legal entity {self.document.seller.party.id}"
        try:
            with Image.open(BytesIO(content), formats=_PICTURES) as found:
                across, down = found.size
                if across * down > _PIXELS_MAX:
                    size = f"{across} x {down} pixels"
                    raise CannotPrint(f"{logo} has {size}, more than a page can show")
                found.load()
                picture = found.convert("RGBA" if found.mode != "RGB" else "RGB")
        except (UnidentifiedImageError, OSError) as error:
            raise CannotPrint(f"{logo} is no PNG or JPEG picture") from error
        scale = min(wide / across, high / down)
        self.image(picture, w=across * scale, h=down * scale)


def rgb(colour: str) -> Rgb:
    """Return a colour written as #1f3a5f as its three parts."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def instant_of(document: CustomerDocument) -> datetime:
    """Return the instant a file of the document bears: its day, at midnight UTC."""
    return datetime.combine(document.issued_on, time(), UTC)


def money(minor: int, currency: Currency) -> str:
    """Return an amount as people read it, without its currency: 1,234.50."""
    return f"{major_units(minor, currency):,f}"


def hours(seconds: int) -> str:
    """Return seconds in hours, for reading: two decimals, or four if two miss it."""
    decimals = 4 if seconds % _HUNDREDTH_SECONDS else 2
    return f"{Decimal(seconds) / HOUR_SECONDS:,.{decimals}f}"


def tax_number(party: Party) -> str | None:
    """Return the tax number of a party with what it is called, None without one."""
    if not party.tax_id:
        return None
    return f"{'VAT' if vat_number(party) else 'Tax id'} {party.tax_id}"
