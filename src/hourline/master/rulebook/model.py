"""Describe rulebooks: declared tables, their rows, what is found wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from hourline.kernel.decision_table import Shape, TableRow
from hourline.master.model import Record


class Severity(StrEnum):
    """Say whether a finding stops a publication."""

    ERROR = "error"
    WARNING = "warning"


# A declaration is itself and nothing else, so that its columns are read once.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Declare a table: the kind its rows become, and how they match.

    `choices` are the words a column may hold where its type allows any, `currencies`
    the columns with a code of ISO 4217, `countries` with one of ISO 3166, `order` the
    column that says in which order rows are tried. What takes `two_persons` nothing but
    a rulebook changes once one has published it; the others are agreements and facts
    that systems go on bringing. `about` is what the reference says, one sentence a
    line.
    """

    name: str
    kind: type[Record]
    shape: Shape
    about: str
    order: str | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    two_persons: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Say where a row stands: `row 3`, `sheet tax, row 3` or `line 12` of a file."""

    file: str
    row: str = ""

    def __str__(self) -> str:
        """Return the place as it is told."""
        return f"{self.file}, {self.row}" if self.row else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Hold one thing that is wrong, where, and what to do about it."""

    severity: Severity
    table: str
    place: Place
    column: str | None
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Formula:
    """Stand for a cell that computes; its result is never taken."""

    text: str


Cell: TypeAlias = str | Formula


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Hold a row as a file has it; cells by column, an empty one is an empty text."""

    place: Place
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Hold a table as a file has it, under the columns of its header."""

    name: str
    place: Place
    columns: tuple[str, ...]
    rows: tuple[SourceRow, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """Hold a row in its one spelling: every field of the kind as text, empty for none.

    `ends` is exclusive, date.max is without end. Two rows are equal where they say the
    same, wherever they stand.
    """

    table: str
    id: str
    starts: date
    ends: date
    cells: tuple[tuple[str, str], ...]
    place: Place = field(default_factory=lambda: Place("master data"), compare=False)

    def cell(self, column: str) -> str:
        """Return the text of a field; raise KeyError."""
        return dict(self.cells)[column]


Book: TypeAlias = dict[str, list[RuleRow]]


def as_table_row(table: Table, row: RuleRow) -> TableRow:
    """Return a row as the checks of decision tables take it."""
    cells = {**dict(row.cells), "id": row.id}
    order = int(cells[table.order]) if table.order else 0
    return TableRow(
        row.id,
        tuple(table.shape.cell(name, cells[name]) for name in table.shape.columns),
        row.starts,
        row.ends,
        order,
    )


def error(
    table: str, place: Place, sentence: str, remedy: str, *, column: str | None = None
) -> Finding:
    """Return a finding that stops a publication."""
    return Finding(
        severity=Severity.ERROR,
        table=table,
        place=place,
        column=column,
        sentence=sentence,
        remedy=remedy,
    )


def warning(
    table: str, place: Place, sentence: str, remedy: str, *, column: str | None = None
) -> Finding:
    """Return a finding that a person should look at."""
    return Finding(
        severity=Severity.WARNING,
        table=table,
        place=place,
        column=column,
        sentence=sentence,
        remedy=remedy,
    )
