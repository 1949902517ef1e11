"""Read JSON lines: one record a line, kept byte for byte."""

from collections.abc import Iterator

from hourline.intake.table import Row, refused
from hourline.kernel.problems import ProblemCode

LINE_BYTES_MAX = 1024 * 1024
_UTF8_MARK = b"\xef\xbb\xbf"


def jsonl_rows(content: bytes) -> Iterator[Row]:
    """Yield the lines that are not empty; raises FileRefused for one beyond 1 MiB.

    A line that is no JSON is a record that will be refused by itself.
    """
    start = len(_UTF8_MARK) if content.startswith(_UTF8_MARK) else 0
    line = 0
    while start < len(content):
        line += 1
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        if end - start > LINE_BYTES_MAX:
            raise refused(
                ProblemCode.FILE_REFUSED,
                f"Line {line} is longer than {LINE_BYTES_MAX} bytes.",
                "Write one record a line.",
                line=str(line),
            )
        record = content[start:end].strip()
        if record:
            yield Row(line, record)
        start = end + 1
