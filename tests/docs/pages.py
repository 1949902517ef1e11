"""Read the pages of the documentation and the code blocks in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.linters.source import ROOT

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<body>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^#{1,6} +(?P<title>.+?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one fenced block of a page, with the line its fence stands on."""

    language: str
    body: str
    line_number: int


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one Markdown page; `place` is its path below the repository."""

    place: str
    text: str

    @property
    def blocks(self) -> list[Block]:
        """List the page's fenced blocks in order, without the fence's indentation."""
        return [
            Block(
                found["language"].strip(),
                re.sub(rf"^{found['indent']}", "", found["body"], flags=re.MULTILINE),
                self.text.count("\n", 0, found.start()) + 1,
            )
            for found in _FENCE.finditer(self.text)
        ]

    @property
    def prose(self) -> str:
        """Give the page without its fenced blocks."""
        return _FENCE.sub("", self.text)

    @property
    def titles(self) -> list[str]:
        """List the headings in order."""
        return [found["title"] for found in _HEADING.finditer(self.prose)]


def pages() -> list[Page]:
    """Return every page of the documentation, those at the top included."""
    return [
        Page(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for folder in ("", "docs/**/", "changelog.d/")
        for path in sorted(ROOT.glob(f"{folder}*.md"))
    ]


def page(place: str) -> Page:
    """Return one page by its path below the repository."""
    return Page(place, (ROOT / place).read_text(encoding="utf-8"))


def blocks_in(*languages: str) -> Iterator[tuple[Page, Block]]:
    """Yield every block of the languages with its page."""
    for one in pages():
        for block in one.blocks:
            if block.language in languages:
                yield one, block
