"""Write docs/reference/connectors.md from what the connectors declare.

Run it with `python -m tools.connector_reference` after a connector changed what it
declares; a test compares the page with what this program would write.
"""

from collections.abc import Iterator

from hourline.cli.connector import Declared, declared
from tools.linters.source import ROOT

PAGE = "docs/reference/connectors.md"
_HEAD = """# Connectors

This page is written by `python -m tools.connector_reference`; do not edit it.
`hourline connector list` shows the same table.

*Reads*: the kinds of master data, and `time_entries`, that Hourline can read there.
*Owns*: the kinds that a connection of it alone may write, once it is set up.
*Books*: the documents it takes, each with the class of its promise about a lost reply.
*Shows*: the documents whose books can be read, so that they can be compared with in \
[shadow mode](../how-to/run-in-shadow.md).
The classes are explained under \
[posting, and what "once" means](../explanation/posting-and-once.md).

| Connector | Reads | Owns | Books | Shows |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    return _HEAD + "".join(_rows())


def _rows() -> Iterator[str]:
    for row in declared():
        books, shows = (
            ", ".join(kinds) or "nothing" for kinds in (row.books, row.shows)
        )
        cells = (_cell(row.reads), _cell(row.owns), books, shows)
        yield f"| {_name(row)} | {' | '.join(cells)} |\n"


def _name(row: Declared) -> str:
    return f"`{row.name}`: {row.title}"


def _cell(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
