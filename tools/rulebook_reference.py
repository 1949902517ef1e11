"""Write docs/reference/rulebook-tables.md from the declarations of the tables.

Run it with `python -m tools.rulebook_reference` after a table changed; a test compares
the page with what this program would write.
"""

from collections.abc import Iterator

from hourline.master.rulebook.columns import Column, columns_of, needs_id, text_of
from hourline.master.rulebook.model import Table
from hourline.master.rulebook.tables import TABLES
from tools.linters.source import ROOT

PAGE = "docs/reference/rulebook-tables.md"
_HEAD = """# Tables of a rulebook

This page is written by `python -m tools.rulebook_reference`; do not edit it.

A table is a CSV file of its name, a sheet of a workbook, or a list in a YAML file.
How they are used stands under \
[change rates and rules](../how-to/change-rates-and-rules.md).

Every table has these columns too:

| Column | Holds |
|---|---|
| `id` | the name of the row; where it is empty, what the row matches is its name |
| `from` | the first day the row holds; empty for always |
| `until` | the first day it does not hold any more; empty for no end |

In columns a row is matched by, an empty cell or `*` is any.
Days are written 2026-10-31, numbers with a point: 1250.50.
A formula is refused, whatever it gives.
"""


def page() -> str:
    """Return the whole page."""
    return _HEAD + "".join(_section(table) for table in TABLES)


def _section(table: Table) -> str:
    return (
        f"\n## {table.name}\n\n{table.about}\n"
        f"Master data keeps its rows as `{table.kind.kind}`.\n\n"
        + "".join(f"{line}\n" for line in _matching(table))
        + "\n| Column | Matched by | Holds | Needed | Default |\n"
        + "|---|---|---|---|---|\n"
        + "".join(_row(table, column) for column in columns_of(table).values())
    )


def _matching(table: Table) -> Iterator[str]:
    shape = table.shape
    yield f"Of several rows: {shape.policy.value}."
    if table.order:
        yield (
            f"Rows are tried by `{table.order}`; without that column, as they stand in"
            " the file."
        )
    if shape.scopes:
        yield f"A row names at most one of {_names(shape.scopes)}, the narrower first."
    if shape.flag:
        yield f"A row that is `{shape.flag}` comes before every row that is not."
    if shape.dimensions and not table.order:
        yield (
            "The more specific row names"
            f" {', before '.join(f'`{name}`' for name in shape.dimensions)}."
        )
    if needs_id(table):
        yield "Rows are matched by their `id`, which every row states."


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _row(table: Table, column: Column) -> str:
    matched = ""
    if column.matched:
        exact = column.name in table.shape.exact
        apart = [
            f"`{value}`" for name, value in table.shape.apart if name == column.name
        ]
        any_but = f"yes, empty is any but {', '.join(apart)}" if apart else ""
        matched = any_but or ("exactly" if exact else "yes, empty is any")
    default = f"`{text_of(column.default)}`" if column.default is not None else ""
    needed = "yes" if column.required else ""
    return f"| `{column.name}` | {matched} | {column.takes} | {needed} | {default} |\n"


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
