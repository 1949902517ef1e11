"""Keep paths of one machine out of everything that is committed.

Why: such a path works for its author only and tells strangers about the author.
Escape: `lint-skip: machine-paths - reason` anywhere on the line.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.linters.source import ROOT, Finding, Source

_FOLDERS = ("src", "tests", "docs", "tools", "changelog.d", ".ci", "requirements")
# A root-level home, temporary or working folder followed by a name of its own.
_PATH = re.compile(
    r"(?<![\w.<>{}*)\]/-])(?:/(?:work|root|home|tmp|Users)(?=/[\w.])|[A-Z]:\\Users)"
)


def check(source: Source) -> Iterator[Finding]:
    """Find absolute paths of one machine in a Python file."""
    yield from find(source.place, source.text)


def check_repository() -> Iterator[Finding]:
    """Find them in every other text file: documents, SQL, settings, top-level files."""
    for path in _files():
        text = _text(path)
        if path.suffix != ".py" and text:
            yield from find(path.relative_to(ROOT).as_posix(), text)


def find(place: str, text: str) -> Iterator[Finding]:
    """Yield the lines of a text that hold an absolute path of one machine."""
    for line_number, line in enumerate(text.splitlines(), start=1):
        found = _PATH.search(line)
        if found and "lint-skip: machine-paths - " not in line:
            remedy = f"{found[0]} exists on one machine only; use a relative path"
            yield Finding("machine-paths", place, line_number, remedy)


def _files() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*"))
    for folder in _FOLDERS:
        yield from sorted((ROOT / folder).rglob("*"))


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # a spreadsheet or an image holds no path a reader could follow
