"""Documents can be archived: they keep what PDF/A-3b asks of files like them."""

from dataclasses import replace
from functools import cache

import pytest

from hourline.billing.documents.model import CustomerDocument
from hourline.billing.documents.pdf import factur_x, pdf
from hourline.billing.rules.documents.backup import Layout
from tests.billing.documents.archive import archive_faults
from tests.billing.documents.papers import CASES, SELLER, paper, time_line
from tests.billing.documents.test_pdf import logo

SEEN_THROUGH = replace(SELLER, logo=logo("PNG", "RGBA"), accent_colour="#00785a")
DOCUMENTS = {
    "invoice": CASES["prepaid in part"],
    "credit note": CASES["credit note"],
    "several pages": paper(*(time_line(number) for number in range(1, 41))),
    "logo that is seen through": paper(seller=SEEN_THROUGH),
    "grey logo": paper(seller=replace(SELLER, logo=logo("JPEG", "L"))),
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_with_an_invoice_inside_is_an_archive(
    document: CustomerDocument,
) -> None:
    content = factur_x(document, layout=Layout.PERSON)

    assert archive_faults(content, hybrid=True) == []


def test_a_file_to_be_damaged_has_no_fault() -> None:
    assert archive_faults(sound(), hybrid=True) == []


def test_a_plain_document_is_an_archive_and_claims_no_invoice_inside() -> None:
    assert archive_faults(pdf(DOCUMENTS["invoice"]), hybrid=False) == []


@cache
def sound() -> bytes:
    """Give a file without a fault, to be damaged."""
    return factur_x(DOCUMENTS["logo that is seen through"])


# Each puts as many bytes in place of others, so that the places of all objects hold.
@pytest.mark.parametrize(
    ("told", "instead", "fault"),
    [
        (b"%PDF-1.7", b"%PDF-2.0", "6.1.2: the header"),
        (b"%%EOF\n", b"%%EOF ", "6.1.3: something stands behind"),
        (b"/ID [<", b"/IX [<", "6.1.3: the trailer has no identifier"),
        (b"/GTS_PDFA1", b"/GTS_PDFX1", "6.2.3: there is not one output intent"),
        (b"/N 3", b"/N 4", "6.2.3: the output intent is no RGB"),
        (b"part>3<", b"part>1<", "6.6.4: it does not say"),
        (b"<fx:Version>1.0", b"<fx:Version>2.0", "Factur-X: the metadata says"),
        (b":name>Version<", b":name>version<", "6.6.2.3.3: properties of Factur-X"),
        (b"/AF [", b"/AG [", "6.8: what is embedded is not"),
        (b"/Alternative", b"/Unspecified", "6.8: the embedded files are"),
        (b"/text#2Fxml", b"/text#2Fcsv", "6.8: the embedded file has no kind"),
        (b"/ToUnicode", b"/TwUnicode", "6.2.11.7: a font does not say"),
        (b"/FontFile2", b"/FontFile9", "6.2.11.4: a font is not inside"),
        (b"/DeviceRGB\n/DecodeParms", b"/DeviceXYZ\n/DecodeParms", "6.2.4.3: a"),
        (b"/PageLayout /OneColumn", b"/AA << >> /P /OneColumn", "6.4 to 6.9: object"),
    ],
)
def test_what_breaks_an_archive_is_found(
    told: bytes, instead: bytes, fault: str
) -> None:
    content = sound()
    assert told in content

    faults = archive_faults(content.replace(told, instead), hybrid=True)

    assert any(one.startswith(fault) for one in faults), faults
