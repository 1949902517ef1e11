"""Look through an XLSX file before it is opened: no bomb, no entity, no archive inside.

Sizes are counted while unpacking, because headers lie.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from hourline.intake.table import COLUMNS_MAX, ROWS_MAX, refused
from hourline.kernel.problems import ProblemCode

PARTS_MAX = 1_000
UNPACKED_BYTES_MAX = 512 * 1024 * 1024
RATIO_MAX = 100
RATIO_BYTES_FREE = 100 * 1024
# The reader makes a full grid of the used range, however few cells are filled.
CELLS_MAX = 20_000_000

_BLOCK = 256 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1
_SYMLINK = 0xA000
_MODE_MASK = 0xF000
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,8})["']""")
_FORBIDDEN_XML = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def scan_workbook(content: bytes) -> bool:
    """Return whether a sheet has formulas; raise FileRefused for what is not safe."""
    formulas = False
    unpacked = 0
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise _unsafe(f"is not a workbook: {fault}") from fault
    if len(parts) > PARTS_MAX:
        raise _unsafe(f"has {len(parts)} parts, the most is {PARTS_MAX}")
    for part in parts:
        _check_name(part)
        body = bytearray()
        for block in _unpacked(content, part):
            unpacked += len(block)
            body += block
            if unpacked > UNPACKED_BYTES_MAX:
                raise _unsafe(f"unpacks to more than {UNPACKED_BYTES_MAX} bytes")
        _check_part(part, body)
        if part.filename.startswith("xl/worksheets/"):
            _check_grid(body)
            formulas = formulas or _FORMULA.search(body) is not None
    return formulas


def _check_name(part: zipfile.ZipInfo) -> None:
    name = part.filename
    outside = name.startswith("/") or "\\" in name or ".." in name.split("/")
    link = (part.external_attr >> 16) & _MODE_MASK == _SYMLINK
    if outside or link or part.flag_bits & _ENCRYPTED:
        raise _unsafe(f"has a part that is not plain: {name[:60]}")


def _unpacked(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    start = part.header_offset
    header = content[start : start + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise _unsafe("has a part whose beginning is not where it should be")
    _, name_size, extra_size = _LOCAL_HEADER.unpack(header)
    start += _LOCAL_HEADER.size + name_size + extra_size
    packed = content[start : start + part.compress_size]
    total = 0
    for block in _blocks(packed, part):
        total += len(block)
        if total > RATIO_BYTES_FREE and total > RATIO_MAX * max(len(packed), 1):
            raise _unsafe(f"has a part that unpacks to over {RATIO_MAX} times its size")
        yield block
    if total != part.file_size:
        raise _unsafe("has a part that is not as large as it says")


def _blocks(packed: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise _unsafe("has a part that is packed in a way no workbook uses")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while not inflater.eof:
            block = inflater.decompress(packed, _BLOCK)
            packed = inflater.unconsumed_tail
            if not block:
                break
            yield block
    except zlib.error as fault:
        raise _unsafe(f"has a part that cannot be unpacked: {fault}") from fault


def _check_part(part: zipfile.ZipInfo, body: bytearray) -> None:
    if body.startswith(_ARCHIVES):
        raise _unsafe(f"has an archive inside: {part.filename[:60]}")
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        return
    encoding = _ENCODING.search(body[:200])
    known = encoding is None or encoding[1].lower() in {b"utf-8", b"us-ascii"}
    if not known or b"\x00" in body[:1000]:
        raise _unsafe("has XML that is not UTF-8")
    if _FORBIDDEN_XML.search(body):
        raise _unsafe("has XML with a document type or an entity")


def _check_grid(body: bytearray) -> None:
    rows = columns = 1
    for place in _PLACE.finditer(body):
        rows = max(rows, int(place[2]))
        columns = max(columns, _column_number(place[1]))
    if rows > ROWS_MAX + 1 or columns > COLUMNS_MAX or rows * columns > CELLS_MAX:
        raise _unsafe(
            f"reaches to row {rows} and column {columns}; the most is {ROWS_MAX} rows,"
            f" {COLUMNS_MAX} columns and {CELLS_MAX} cells"
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _unsafe(fault: str) -> Exception:
    return refused(
        ProblemCode.FILE_REFUSED,
        f"The file {fault}.",
        "Save the sheet anew as a plain XLSX workbook, or deliver it as CSV.",
    )
