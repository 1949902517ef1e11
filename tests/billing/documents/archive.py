"""Read a PDF by what ISO 19005-3 (PDF/A-3, level B) and Factur-X 1.0 ask of one.

No validator of PDF/A can be had from the registries that development reaches, so these
are the clauses that a file like ours could break, each read from the standard and asked
of the bytes with another program's eyes. What it does not read: forms, layers, movies
and annotations, of which it asks that there are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeAlias

from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # no types
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import ContentStream

# A PDF is dictionaries in dictionaries.
Pdf: TypeAlias = Any
_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    "fx": _FX,
}
_FACTUR_X = {
    "DocumentType": "INVOICE",
    "DocumentFileName": "factur-x.xml",
    "Version": "1.0",
    "ConformanceLevel": "EN 16931",
}
_FORBIDDEN_KEYS = frozenset(
    ("/AA", "/AcroForm", "/OCProperties", "/Requirements", "/Perms", "/Alternates")
)


@dataclass
class _Used:
    """Hold a font and the CIDs that pages show of it."""

    font: Pdf
    cids: set[int] = field(default_factory=set)


def archive_faults(content: bytes, *, hybrid: bool) -> list[str]:
    """Return what of a file is not PDF/A-3b, and not Factur-X where it is hybrid."""
    reader: Pdf = PdfReader(BytesIO(content), strict=True)
    catalogue = reader.trailer["/Root"]
    faults = [
        *_file(content, reader),
        *_objects(reader),
        *_intent(catalogue),
        *_metadata(catalogue, hybrid=hybrid),
        *_attached(catalogue, hybrid=hybrid),
    ]
    fonts: dict[str, _Used] = {}
    for page in reader.pages:
        faults += _page(page, reader, fonts)
    return faults + [fault for font in fonts.values() for fault in _font(font)]


def _file(content: bytes, reader: Pdf) -> Iterator[str]:
    head = re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4,}\n", content)
    if head is None:
        yield "6.1.2: the header is not a version and four bytes above 127"
    if not content.endswith(b"%%EOF\n"):
        yield "6.1.3: something stands behind the end"
    ids = reader.trailer.get("/ID", [])
    if [len(one.original_bytes) for one in ids] != [16, 16]:
        yield "6.1.3: the trailer has no identifier"
    if "/Encrypt" in reader.trailer:
        yield "6.1.3: it is encrypted"


def _objects(reader: Pdf) -> Iterator[str]:
    for number in range(1, reader.trailer["/Size"]):
        one = reader.get_object(number)
        if not isinstance(one, dict):
            continue
        for key in _FORBIDDEN_KEYS & one.keys():
            yield f"6.4 to 6.9: object {number} has {key}"
        if {"/F", "/FFilter"} & one.keys() and hasattr(one, "get_data"):
            yield f"6.1.7.1: stream {number} lies outside of the file"
        if one.get("/Filter") not in {None, "/FlateDecode", "/DCTDecode"}:
            yield f"6.1.7.2: stream {number} is packed by {one['/Filter']}"
        if one.get("/S") in {"/JavaScript", "/Launch", "/Movie", "/Sound"}:
            yield f"6.5.1: object {number} is an action {one['/S']}"
        if one.get("/Interpolate"):
            yield f"6.2.8: image {number} is interpolated"


def _intent(catalogue: Pdf) -> Iterator[str]:
    intents = [one.get_object() for one in catalogue.get("/OutputIntents", [])]
    if [one.get("/S") for one in intents] != ["/GTS_PDFA1"]:
        yield "6.2.3: there is not one output intent for PDF/A"
        return
    profile = intents[0]["/DestOutputProfile"]
    header = profile.get_data()[:128]
    told = (header[12:16], header[16:20], header[36:40])
    if told != (b"mntr", b"RGB ", b"acsp") or profile["/N"] != 3 or header[8] > 4:
        yield "6.2.3: the output intent is no RGB profile of ICC up to version 4"


def _metadata(catalogue: Pdf, *, hybrid: bool) -> Iterator[str]:
    stream = catalogue.get("/Metadata")
    if stream is None or stream.get("/Subtype") != "/XML" or "/Filter" in stream:
        yield "6.6.2.1: the catalogue has no plain XMP metadata"
        return
    packet = stream.get_data()
    if re.match(rb'<\?xpacket begin="\xef\xbb\xbf" id="[^"]+"\?>', packet) is None:
        yield "6.6.2.1: the metadata is no packet of XMP"
    said = etree.fromstring(packet)

    def told(path: str) -> list[str]:
        return [str(one.text) for one in said.iterfind(path, _NAMES)]

    if (told(".//pdfaid:part"), told(".//pdfaid:conformance")) != (["3"], ["B"]):
        yield "6.6.4: it does not say that it is PDF/A-3B"
    stated = {name: told(f".//fx:{name}") for name in _FACTUR_X}
    wanted = {name: [text] if hybrid else [] for name, text in _FACTUR_X.items()}
    if stated != wanted:
        yield f"Factur-X: the metadata says {stated}"
    described = ".//pdfaExtension:schemas/rdf:Bag/rdf:li[pdfaSchema:prefix='fx']"
    schemas = said.findall(described, _NAMES)
    named = [
        str(one.text)
        for schema in schemas
        for one in schema.iterfind(
            "pdfaSchema:property/rdf:Seq/rdf:li/pdfaProperty:name", _NAMES
        )
    ]
    if sorted(named) != (sorted(_FACTUR_X) if hybrid else []):
        yield f"6.6.2.3.3: properties of Factur-X are described as {named}"


def _attached(catalogue: Pdf, *, hybrid: bool) -> Iterator[str]:
    files = [one.get_object() for one in catalogue.get("/AF", [])]
    names = catalogue.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", [])
    if names[1::2] != catalogue.get("/AF", []):
        yield "6.8: what is embedded is not what belongs to the document"
    told = [
        (one["/F"], one["/UF"], one.get("/AFRelationship"), bool(one.get("/Desc")))
        for one in files
    ]
    wanted = [("factur-x.xml", "factur-x.xml", "/Alternative", True)] if hybrid else []
    if told != wanted:
        yield f"6.8: the embedded files are {told}"
    for one in files:
        stream = one["/EF"]["/F"]
        if stream.get("/Subtype") != "/text/xml" or "/ModDate" not in stream["/Params"]:
            yield "6.8: the embedded file has no kind or no date"
        if stream["/Params"]["/Size"] != len(stream.get_data()):
            yield "6.8: the embedded file has another size than it says"


def _page(page: Pdf, reader: Pdf, fonts: dict[str, _Used]) -> Iterator[str]:
    if "/Annots" in page or "/Trans" in page:
        yield "6.3: a page has annotations or transitions"
    resources = page["/Resources"]
    for picture in resources.get("/XObject", {}).values():
        if picture["/ColorSpace"] not in {"/DeviceRGB", "/DeviceGray"}:
            yield f"6.2.4.3: a picture is in {picture['/ColorSpace']}"
    used: Pdf = None
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in {b"k", b"K"}:
            yield "6.2.4.3: a page draws in CMYK"
        if operator == b"Tf":
            font = resources["/Font"][operands[0]]
            used = fonts.setdefault(str(font["/BaseFont"]), _Used(font))
        if operator in {b"Tj", b"TJ"}:
            used.cids |= _shown(operands[0])


def _shown(text: Pdf) -> set[int]:
    """Return the CIDs of a text; they are two bytes each."""
    parts = text if isinstance(text, list) else [text]
    shown = b"".join(getattr(part, "original_bytes", b"") for part in parts)
    return {int.from_bytes(shown[at : at + 2]) for at in range(0, len(shown), 2)}


def _font(used: _Used) -> Iterator[str]:
    font = used.font
    below = font["/DescendantFonts"][0]
    kinds = (font["/Subtype"], font["/Encoding"], below["/Subtype"])
    if kinds != ("/Type0", "/Identity-H", "/CIDFontType2"):
        yield f"6.2.11: a font is {kinds}"
    if "/ToUnicode" not in font:
        yield "6.2.11.7: a font does not say which letters it shows"
    inside = below["/FontDescriptor"].get("/FontFile2")
    if inside is None:
        yield "6.2.11.4: a font is not inside the file"
        return
    program = TTFont(BytesIO(inside.get_data()))
    glyphs, widths = below["/CIDToGIDMap"].get_data(), dict(_widths(below["/W"]))
    for cid in sorted(used.cids):
        number = int.from_bytes(glyphs[2 * cid : 2 * cid + 2])
        if number == 0:
            yield "6.2.11.8: a text has a sign without a shape"
        advance, _ = program["hmtx"][program.getGlyphName(number)]
        drawn = advance * 1_000 / program["head"].unitsPerEm
        if abs(drawn - widths.get(cid, below["/DW"])) > 1:
            yield f"6.2.11.5: sign {cid} is {drawn} wide, and said to be otherwise"


def _widths(listed: Pdf) -> Iterator[tuple[int, int]]:
    """Yield each CID with its width, of an array as `first [w w] first last w`."""
    left = list(listed)
    while left:
        first, second = int(left.pop(0)), left.pop(0).get_object()
        if isinstance(second, list):
            yield from ((first + at, int(one)) for at, one in enumerate(second))
        else:
            width = int(left.pop(0))
            yield from ((cid, width) for cid in range(first, int(second) + 1))
