"""A document as PDF: what a person reads on it, and that it can be archived."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import facturx
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from hourline.billing.documents.model import CustomerDocument, TaxTreatment
from hourline.billing.documents.page import CannotPrint
from hourline.billing.documents.pdf import factur_x, pdf
from hourline.billing.documents.service import (
    DocumentFile,
    Format,
    Wanted,
    made,
)
from hourline.billing.rules.documents.backup import Layout
from hourline.billing.rules.documents.cii import cii
from hourline.billing.rules.documents.consolidate import Gathered
from hourline.kernel.problems import Problem
from tests.billing.documents.papers import CASES, LYON, SELLER, paper, time_line

# Neither has types.
PdfDocument: Any = pypdfium2.PdfDocument
read_factur_x: Any = facturx.get_xml_from_pdf


# A document is drawn once, however often its pages are read.
drawn = cache(pdf)


def pages_of(content: bytes) -> list[str]:
    """Give the text of every page."""
    return [page.get_textpage().get_text_bounded() for page in PdfDocument(content)]


def text_of(content: bytes) -> str:
    """Give the text of all pages, with single blanks."""
    return " ".join(" ".join(pages_of(content)).split())


def opened(content: bytes) -> Any:  # noqa: ANN401 - a PDF is dictionaries in dictionaries
    """Give what a file holds, as another program reads it."""
    return PdfReader(BytesIO(content))


def logo(kind: str = "PNG", mode: str = "RGBA") -> bytes:
    """Give a red square."""
    written = BytesIO()
    Image.new(mode, (40, 40), "red").save(written, kind)
    return written.getvalue()


def many() -> CustomerDocument:
    """Give ninety lines, more than a page holds."""
    return paper(*(time_line(number) for number in range(1, 91)))


def test_an_invoice_says_what_is_billed_and_how_it_is_paid() -> None:
    told = text_of(drawn(CASES["prepaid in part"]))

    for said in (
        "Invoice DE1-000001",
        "Atelier Rhône SAS 12 rue de la République 69002 Lyon France VAT FR40303265045",
        "Due 2025-04-30",
        "Your order PO-77",
        "1 2025-03-05 Ann Example, Website, design 8.00 150.00 19 % 1,200.00",
        "Net 1,200.00 Tax 19 % of 1,200.00 228.00 Total 1,428.00",
        "Paid in advance -1,000.00 Amount due EUR 428.00",
        "Bank account: IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX.",
        "Musterwerk Beratung GmbH · HRB 12345 B · VAT DE 123456789",
        "Invoice DE1-000001 · Page 1 of 1",
    ):
        assert said in told


def test_what_is_withheld_is_not_asked_for_yet() -> None:
    told = text_of(drawn(CASES["withheld in part"]))

    assert (
        "Total 1,428.00 Withheld as retainage -142.80 Amount due EUR 1,285.20" in told
    )
    assert "EUR 142.80 are withheld as retainage, and are due when they are" in told
    assert "EUR 142.80 of this was withheld as retainage, and is no longer." in text_of(
        drawn(CASES["withheld no longer"])
    )


def test_a_credit_note_says_what_it_takes_back_and_asks_for_nothing() -> None:
    told = text_of(drawn(CASES["credit note"]))

    assert "Credit note DE1-000001" in told
    assert "This credits invoice DE1-000001 of 2025-03-31" in told
    assert "Credited EUR 1,428.00" in told
    assert "Please pay" not in told


def test_why_there_is_no_tax_is_told() -> None:
    assert "Tax: Reverse charge." in text_of(drawn(CASES["reverse charge"]))


def test_tax_is_told_in_the_entitys_currency_too() -> None:
    told = text_of(drawn(CASES["dollars of a German entity"]))

    assert "Tax in EUR: 209.88." in told


def test_a_cent_between_hours_and_amount_is_explained() -> None:
    sentence = "a line can be a cent away from hours times rate"

    assert sentence in text_of(drawn(CASES["endless hours"]))
    assert sentence not in text_of(drawn(CASES["standard rate"]))


def test_an_amount_set_by_hand_shows_no_rate() -> None:
    told = text_of(drawn(CASES["price by hand"]))

    assert "8.00 agreed 19 % 999.99" in told


def test_lines_go_on_over_pages_under_their_headings() -> None:
    pages = pages_of(drawn(many()))

    assert len(pages) == 4
    assert ["Rate EUR" in page for page in pages] == [True, True, True, True]
    assert "Page 4 of 4" in pages[3]
    assert "Amount due" in pages[3]


# The title and the sum of the one task name it once more each.
@pytest.mark.parametrize(
    ("layout", "named"), [(Layout.PERSON, 90), (Layout.DAY, 90), (Layout.TASK, 92)]
)
def test_the_backup_shows_each_hour_and_the_sum_of_the_invoice(
    layout: Layout, named: int
) -> None:
    told = text_of(drawn(many(), layout=layout))

    backup = told.partition(f"Backup of DE1-000001 by {layout}")[2]
    assert backup.count("Website, design") == named
    assert "Net of DE1-000001 720.00 108,000.00" in backup


def test_the_logo_and_colour_of_the_entity_are_used() -> None:
    branded = replace(SELLER, logo=logo(), accent_colour="#00ff00")

    picture = PdfDocument(pdf(paper(seller=branded)))[0].render(scale=1).to_pil()

    colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20)}
    assert {(255, 0, 0), (0, 255, 0)} <= colours


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("PNG", "P")])
def test_a_logo_of_other_colours_is_taken(kind: str, mode: str) -> None:
    branded = replace(SELLER, logo=logo(kind, mode))

    assert len(PdfDocument(pdf(paper(seller=branded)))) == 1


def test_a_logo_that_is_no_picture_is_refused() -> None:
    branded = paper(seller=replace(SELLER, logo=b"GIF89a"))

    with pytest.raises(CannotPrint, match="logo of legal entity DE1 is no PNG or JPEG"):
        pdf(branded)


def test_a_logo_larger_than_a_page_can_show_is_refused_unread() -> None:
    written = BytesIO()
    Image.new("1", (4_000, 2_001)).save(written, "PNG")
    branded = paper(seller=replace(SELLER, logo=written.getvalue()))

    with pytest.raises(CannotPrint, match="DE1 has 4000 x 2001 pixels, more than"):
        pdf(branded)


def test_signs_without_a_shape_are_refused_and_not_left_out() -> None:
    document = paper(buyer=replace(LYON, name="日本 KK"))

    outcome = made(document, Wanted(format=Format.PDF))

    assert isinstance(outcome, Problem)
    assert outcome.code == "document_incomplete"
    assert "the font of the pages has no sign for: 日 本" in outcome.sentence
    assert isinstance(made(document, Wanted(format=Format.UBL)), DocumentFile)


@pytest.mark.parametrize("layout", [None, *Layout])
def test_the_bytes_of_a_document_are_always_equal(layout: Layout | None) -> None:
    branded = paper(seller=replace(SELLER, logo=logo()))

    assert factur_x(branded, layout=layout) == factur_x(branded, layout=layout)


# What is embedded is the CII of every case, which the official schema is asked about.
@pytest.mark.parametrize("case", ["standard rate", "credit note", "set off"])
def test_another_program_finds_the_embedded_invoice_valid(case: str) -> None:
    content = factur_x(CASES[case])

    name, xml = read_factur_x(content, check_xsd=True)

    assert name == "factur-x.xml"
    assert xml == cii(CASES[case])


def test_the_file_says_that_it_is_an_archive_with_an_invoice_inside() -> None:
    reader = opened(factur_x(CASES["standard rate"]))

    catalogue = reader.trailer["/Root"].get_object()
    metadata = catalogue["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in metadata
    assert ">Invoice DE1-000001</rdf:li>" in metadata
    assert "2025-03-31T00:00:00+00:00" in metadata
    [file] = [one.get_object() for one in catalogue["/AF"]]
    assert file["/AFRelationship"] == "/Alternative"
    [intent] = [one.get_object() for one in catalogue["/OutputIntents"]]
    assert intent["/S"] == "/GTS_PDFA1"
    assert reader.pdf_header == "%PDF-1.7"


def test_every_font_is_inside_the_file() -> None:
    reader = opened(drawn(many(), layout=Layout.DAY))

    fonts = [
        font.get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    inside = [
        "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for font in fonts
    ]
    assert len(inside) >= 2
    assert all(inside)


def test_a_plain_pdf_has_no_invoice_for_programs_inside() -> None:
    reader = opened(drawn(paper()))

    assert "/AF" not in reader.trailer["/Root"].get_object()


def test_a_letter_goes_on_letter_paper_where_that_is_usual() -> None:
    american = replace(SELLER, party=replace(SELLER.party, country="US"))

    [page] = opened(drawn(paper(seller=american))).pages

    assert (float(page.mediabox.width), float(page.mediabox.height)) == (612, 792)


@pytest.mark.parametrize(
    ("wanted", "name", "media_type"),
    [
        (Wanted(format=Format.PDF), "DE1-000001.pdf", "application/pdf"),
        (Wanted(format=Format.FACTUR_X), "DE1-000001.pdf", "application/pdf"),
        (Wanted(format=Format.UBL), "DE1-000001.xml", "application/xml"),
        (Wanted(format=Format.CSV), "DE1-000001.csv", "text/csv"),
    ],
)
def test_a_file_bears_the_number_of_its_document(
    wanted: Wanted, name: str, media_type: str
) -> None:
    file = made(paper(), wanted)

    assert isinstance(file, DocumentFile)
    assert (file.name, file.media_type) == (name, media_type)


def test_a_number_with_a_slash_is_no_folder() -> None:
    file = made(replace(paper(), number="Ré/2025 1"), Wanted(format=Format.UBL))

    assert isinstance(file, DocumentFile)
    assert file.name == "R__2025_1.xml"


def test_a_wrong_account_is_refused_whatever_the_format() -> None:
    wrong = paper(seller=replace(SELLER, iban="DE88370400440532013000"))

    outcome = made(wrong, Wanted(format=Format.PDF))

    assert isinstance(outcome, Problem)
    assert outcome.sentence == (
        "DE1-000001 cannot be written in this format. It lacks or has wrong: the"
        " account DE88370400440532013000 is no IBAN: its check digits are wrong."
    )


def test_what_the_standard_asks_for_is_not_asked_of_a_pdf() -> None:
    untaxed = paper(time_line(tax=0, treatment=None), buyer=replace(LYON, name=""))

    assert isinstance(made(untaxed, Wanted(format=Format.PDF)), DocumentFile)
    assert isinstance(made(untaxed, Wanted(format=Format.FACTUR_X)), Problem)


def test_notes_are_shown_only_if_asked() -> None:
    document = paper(time_line(note="Sprint 12"))
    wanted = Wanted(format=Format.UBL, lines=Gathered.PERSON)

    silent, told = made(document, wanted), made(document, replace(wanted, notes=True))

    assert isinstance(silent, DocumentFile)
    assert isinstance(told, DocumentFile)
    assert b"Sprint 12" not in silent.content
    assert b"<cbc:Description>Sprint 12</cbc:Description>" in told.content


def test_a_tax_code_of_the_firms_own_is_no_hindrance_for_a_pdf() -> None:
    own = TaxTreatment(rule="us", code="NYC", rate_ppm=88_750, reason="City tax")

    told = text_of(drawn(paper(time_line(tax=10_650, treatment=own))))

    assert "Tax 8.875 % of 1,200.00 106.50" in told
    assert "Tax: City tax." in told


def test_long_texts_go_on_below_and_on_the_next_page() -> None:
    words = [f"word{number}" for number in range(1_500)]
    party = replace(LYON, name="Donaudampfschifffahrtsgesellschaft" * 4)
    footed = replace(SELLER, footer="A foot that is far too long. " * 20)
    document = paper(
        time_line(note=" ".join(words)), time_line(2), seller=footed, buyer=party
    )

    told = text_of(drawn(document, layout=Layout.PERSON))

    assert [word for word in words if word not in told] == []
    assert "Donaudampf" in told
    assert "Net of DE1-000001 16.00 2,400.00" in told


@pytest.mark.parametrize("count", range(20, 27))
def test_the_sums_stand_together_on_one_page(count: int) -> None:
    content = pdf(paper(*(time_line(number) for number in range(1, count + 1))))

    [page] = [one for one in pages_of(content) if "Amount due" in one]
    assert "Total" in page
    assert "Tax 19 %" in page
    # They do not stand there alone.
    assert f"{count} 2025-03-05 Ann Example" in " ".join(page.split())


def test_a_title_of_the_backup_is_not_parted_from_its_work() -> None:
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(40)]
    lines = [time_line(number, day=day) for number, day in enumerate(days)]

    pages = pages_of(drawn(paper(*lines), layout=Layout.DAY))

    backup = [page for page in pages if "Person" in page]
    assert len(backup) > 1
    for day in days:
        # The title, the row, and the sum of the day.
        assert max(page.count(f"{day}") for page in backup) == 3
