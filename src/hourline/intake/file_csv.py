"""Read CSV as exports write it: comma, semicolon or tab, BOM, quoted breaks."""

import csv
import io
from collections.abc import Iterator

from hourline.intake.model import SourceReading
from hourline.intake.table import Row, check_cells, check_header, refused, row_record
from hourline.kernel.problems import ProblemCode

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", ";", "\t")
_HEADER_CHARACTERS_MAX = 100_000


def csv_rows(content: bytes, reading: SourceReading) -> Iterator[Row]:
    """Yield the rows under the header; empty lines are none.

    A text that begins with = is a text: nothing is ever computed. Raises FileRefused.
    """
    text = decoded(content, reading)
    delimiter = max(_DELIMITERS, key=lambda mark: len(_first_row(text, mark)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if cells and header is None:
                header = [name.strip() for name in cells]
                check_header(header, reading)
            elif cells and header is not None:
                check_cells(cells, line)
                yield Row(line, row_record(header, cells))
            line = reader.line_num + 1
    except csv.Error as fault:
        raise refused(
            ProblemCode.FILE_REFUSED,
            f"The file is not CSV at line {line}: {fault}.",
            "Quote cells that contain the separator, a quote or a line break.",
            line=str(line),
        ) from fault
    if header is None:
        raise refused(
            ProblemCode.COLUMNS_WRONG,
            "The file is empty: it has no header.",
            "Deliver the file with its header, also where no row follows.",
        )


def decoded(content: bytes, reading: SourceReading) -> str:
    """Return the text of a file: UTF-8, or what the connection declares.

    Raises FileRefused where neither fits; no encoding is guessed.
    """
    if content.startswith(_UTF16_MARKS) and reading.encoding != "utf-16":
        raise _wrong_encoding("is UTF-16")
    try:
        return content.removeprefix(_UTF8_MARK).decode()
    except UnicodeDecodeError as fault:
        if reading.encoding == "utf-8":
            line = content.count(b"\n", 0, fault.start) + 1
            raise _wrong_encoding(f"is not UTF-8 at line {line}") from fault
    try:
        return content.decode(reading.encoding)
    except UnicodeDecodeError as fault:
        raise _wrong_encoding(f"is not {reading.encoding}") from fault


def _wrong_encoding(fault: str) -> Exception:
    return refused(
        ProblemCode.ENCODING_WRONG,
        f"The file {fault}.",
        "Export it as UTF-8, or declare its encoding in the connection's reading.",
    )


def _first_row(text: str, delimiter: str) -> list[str]:
    beginning = io.StringIO(text[:_HEADER_CHARACTERS_MAX], newline="")
    try:
        return next(csv.reader(beginning, delimiter=delimiter), [])
    except csv.Error:
        return []
