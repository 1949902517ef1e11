"""Prove that bombs and tricks inside a workbook are found before it is opened."""

import struct
import time
import zipfile
from io import BytesIO

import pytest

from hourline.intake.table import FileRefused
from hourline.intake.workbook_scan import scan_workbook

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = b'<worksheet><sheetData><row r="1"><c r="A1"/></row></sheetData></worksheet>'


def workbook(parts: dict[str, bytes], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", packed) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return stream.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        scan_workbook(content)
    return caught.value.problem.sentence


def test_a_plain_workbook_passes_and_its_formulas_are_seen() -> None:
    computed = PLAIN.replace(b'<c r="A1"/>', b'<c r="A1"><f>1+1</f></c>')

    assert scan_workbook(workbook({SHEET: PLAIN})) is False
    assert scan_workbook(workbook({SHEET: computed})) is True
    assert scan_workbook(workbook({SHEET: PLAIN}, packed=zipfile.ZIP_STORED)) is False


def test_a_bomb_is_found_while_unpacking_within_two_seconds() -> None:
    began = time.monotonic()
    sentence = refusal(workbook({"xl/sharedStrings.xml": b" " * 50_000_000}))

    assert sentence == "The file has a part that unpacks to over 100 times its size."
    assert time.monotonic() - began < 2


def test_the_sizes_of_all_parts_are_counted_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hourline.intake.workbook_scan.UNPACKED_BYTES_MAX", 1_000)
    parts = {f"xl/part{number}.bin": b"x" * 300 for number in range(4)}

    assert refusal(workbook(parts)) == "The file unpacks to more than 1000 bytes."


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = workbook({SHEET: PLAIN})
    real, lie = struct.pack("<L", len(PLAIN)), struct.pack("<L", 10)

    assert refusal(content.replace(real, lie)) == (
        "The file has a part that is not as large as it says."
    )


def test_too_many_parts_are_refused() -> None:
    parts = {f"xl/{number}": b"" for number in range(1_001)}

    assert refusal(workbook(parts)) == "The file has 1001 parts, the most is 1000."


@pytest.mark.parametrize("name", ["/etc/passwd", "xl/../../up.xml", "xl\\..\\up.xml"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    assert refusal(workbook({name: b""})).startswith(
        "The file has a part that is not plain"
    )


def test_links_and_encrypted_parts_are_refused() -> None:
    stream = BytesIO()
    link = zipfile.ZipInfo("xl/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(link, "target")
    sealed = bytearray(workbook({SHEET: PLAIN}))
    sealed[sealed.index(b"PK\x01\x02") + 8] |= 1

    assert "not plain" in refusal(stream.getvalue())
    assert "not plain" in refusal(bytes(sealed))


@pytest.mark.parametrize("inner", [b"PK\x03\x04...", b"\x1f\x8b...", b"Rar!..."])
def test_an_archive_inside_is_refused(inner: bytes) -> None:
    sentence = refusal(workbook({"xl/embeddings/inner.bin": inner}))

    assert sentence == "The file has an archive inside: xl/embeddings/inner.bin."


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b"<x/><!doctype y>",
        b'<!ENTITY % p SYSTEM "http://example.org/">',
    ],
)
def test_document_types_and_entities_are_refused(xml: bytes) -> None:
    assert refusal(workbook({"xl/workbook.xml": xml})) == (
        "The file has XML with a document type or an entity."
    )


@pytest.mark.parametrize(
    "xml",
    [
        '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?><x/>',
        b"<\x00x\x00/\x00>\x00",
    ],
)
def test_xml_in_another_encoding_is_refused(xml: bytes) -> None:
    assert refusal(workbook({"xl/workbook.xml": xml})) == (
        "The file has XML that is not UTF-8."
    )


@pytest.mark.parametrize("place", ["XFD1", "GS1", "A1000002", "CV1000000"])
def test_a_cell_far_out_does_not_blow_up_the_grid(place: str) -> None:
    sentence = refusal(workbook({SHEET: PLAIN.replace(b"A1", place.encode())}))

    assert "reaches to row" in sentence


def test_a_row_far_down_does_not_either() -> None:
    far = PLAIN.replace(b'<row r="1">', b"<row r = '99999999'>")

    assert "reaches to row 99999999" in refusal(workbook({SHEET: far}))


def test_a_method_of_packing_no_workbook_uses_is_refused() -> None:
    content = workbook({SHEET: PLAIN}, packed=zipfile.ZIP_LZMA)

    assert refusal(content) == (
        "The file has a part that is packed in a way no workbook uses."
    )


def test_a_broken_stream_and_a_lost_header_are_refused() -> None:
    content = bytearray(workbook({SHEET: PLAIN}))
    start = content.index(SHEET.encode()) + len(SHEET)
    content[start : start + 4] = b"\xff\xff\xff\xff"
    lost = bytearray(workbook({SHEET: PLAIN}))
    lost[:4] = b"xxxx"

    assert "cannot be unpacked" in refusal(bytes(content))
    assert "beginning is not where it should be" in refusal(bytes(lost))


def test_a_stream_that_breaks_off_is_refused() -> None:
    content = workbook({SHEET: PLAIN})
    packed = struct.pack("<LL", 0, 0)
    directory = content.index(b"PK\x01\x02")
    cut = content[: directory + 20] + packed[:4] + content[directory + 24 :]

    assert refusal(cut) == "The file has a part that is not as large as it says."


def test_what_is_no_zip_is_refused() -> None:
    assert refusal(b"id,person").startswith("The file is not a workbook")
