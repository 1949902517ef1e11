"""Read the tables of files into rows in their one spelling, and tell every fault."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from hourline.kernel.decision_table import HitPolicy
from hourline.master.rulebook.columns import (
    ANY,
    FROM,
    ID,
    UNTIL,
    NotReadable,
    columns_of,
    header_of,
    needs_id,
    read_cell,
    read_day,
)
from hourline.master.rulebook.escalating import PERCENT, by_year
from hourline.master.rulebook.model import (
    Book,
    Finding,
    Formula,
    RuleRow,
    SourceRow,
    SourceTable,
    Table,
    error,
)
from hourline.master.rulebook.tables import TABLE_BY_NAME
from hourline.master.rules.sound import ID_LENGTH_MAX, unsound_id

_ROWS_MAX = 200_000


def read_book(
    sources: Sequence[SourceTable], standing: Book
) -> tuple[Book, list[Finding]]:
    """Return the rows by table and everything that is wrong with their cells.

    A table may stand in several files; its rows then come in the order of the files.
    Rows with a fault are left out of the book. Where rows are tried in order and none
    states its place, they get places beside those of `standing`, as they hold now.
    """
    findings: list[Finding] = []
    by_table: dict[str, list[SourceTable]] = {}
    for source in sources:
        if source.name in TABLE_BY_NAME:
            by_table.setdefault(source.name, []).append(source)
        else:
            findings.append(_unknown_table(source))
    book: Book = {}
    for name, parts in by_table.items():
        table = TABLE_BY_NAME[name]
        headed = []
        for part in parts:
            wrong = list(_wrong_header(table, part))
            findings += wrong
            if not wrong:
                headed.append(part)
        if headed:
            book[name] = _rows(table, headed, findings, standing.get(name, []))
    return book, findings


def _unknown_table(source: SourceTable) -> Finding:
    return error(
        source.name,
        source.place,
        f"There is no table '{source.name[:60]}'.",
        f"Name it as one of: {', '.join(TABLE_BY_NAME)}.",
    )


def _wrong_header(table: Table, source: SourceTable) -> Iterator[Finding]:
    known = header_of(table)
    named = list(source.columns)
    for name in dict.fromkeys(named):
        if name not in known:
            yield error(
                table.name,
                source.place,
                f"Table {table.name} has no column '{name[:60]}'.",
                f"Use the columns {', '.join(known)}.",
                column=name,
            )
        elif named.count(name) > 1:
            yield error(
                table.name,
                source.place,
                f"The column {name} is there twice.",
                "Keep one of them.",
                column=name,
            )
    required = [name for name, column in columns_of(table).items() if column.required]
    for name in (*([ID] if needs_id(table) else ()), *required):
        if name not in named:
            yield error(
                table.name,
                source.place,
                f"The column {name} is missing.",
                f"Add the column {name}; every row needs it.",
                column=name,
            )


def _rows(
    table: Table,
    parts: Sequence[SourceTable],
    findings: list[Finding],
    standing: Sequence[RuleRow],
) -> list[RuleRow]:
    sources = [row for part in parts for row in part.rows]
    if len(sources) > _ROWS_MAX:
        findings.append(
            error(
                table.name,
                parts[0].place,
                f"Table {table.name} has more than {_ROWS_MAX} rows.",
                "Keep what nobody needs any more out of it.",
            )
        )
        return []
    states_order = table.order is not None and any(
        row.cells.get(table.order) for row in sources
    )
    rows = []
    reader = _Reader(table)
    for number, source in enumerate(sources, start=1):
        row = _row(reader, source, findings, None if states_order else number)
        if row is not None:
            rows += _by_year(table, source, row, findings)
    if table.order is not None and not states_order:
        rows = in_places(table.order, rows, standing)
    return one_spelling(table, rows)


def _by_year(
    table: Table, source: SourceRow, row: RuleRow, findings: list[Finding]
) -> list[RuleRow]:
    try:
        return by_year(row)
    except NotReadable as fault:
        findings.append(_fault(table, source, PERCENT, fault))
        return []


def in_places(
    order: str, rows: Sequence[RuleRow], standing: Sequence[RuleRow]
) -> list[RuleRow]:
    """Return rows with places in their order, each its own where that fits.

    The places of rows that are gone stay theirs: those hold for earlier days.
    """
    own = {row.id: int(row.cell(order)) for row in standing}
    gone = {place for id_, place in own.items() if id_ not in {row.id for row in rows}}
    placed: list[RuleRow] = []
    last = 0
    for row in rows:
        last += 1
        while last in gone:
            last += 1
        last = max(last, own.get(row.id, 0))
        cells = dict(row.cells) | {order: str(last)}
        placed.append(replace(row, cells=tuple(cells.items())))
    return placed


class _Reader:
    """Read the cells of one table, what they say in many rows only once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = columns_of(table)
        self._said: dict[tuple[str, str], str] = {}

    def read(self, name: str, text: str) -> str:
        """Return what a cell says; raise NotReadable."""
        said = self._said.get((name, text))
        if said is None:
            said = self._said[name, text] = read_cell(self.columns[name], text)
        return said


def _row(
    reader: _Reader, source: SourceRow, findings: list[Finding], order: int | None
) -> RuleRow | None:
    table, faults = reader.table, list[Finding]()
    cells = {name: _cell(reader, source, name, faults) for name in reader.columns}
    starts = _day(table, source, (FROM, date.min), faults)
    ends = _day(table, source, (UNTIL, date.max), faults)
    if order is not None and table.order is not None:
        cells[table.order] = str(order)
    elif table.order is not None:
        _need_order(table.order, table, source, faults)
    if not faults:
        _check_days(table, source, (starts, ends), faults)
    id_ = _id(table, source, cells, faults)
    findings += faults
    if faults:
        return None
    return RuleRow(table.name, id_, starts, ends, tuple(cells.items()), source.place)


def _cell(reader: _Reader, source: SourceRow, name: str, faults: list[Finding]) -> str:
    try:
        return reader.read(name, _text(source, name))
    except NotReadable as fault:
        faults.append(_fault(reader.table, source, name, fault))
        return ""


def _text(source: SourceRow, name: str) -> str:
    cell = source.cells.get(name, "")
    if isinstance(cell, Formula):
        raise NotReadable(
            f"{name} is the formula {cell.text[:60]}",
            "Replace it by its value; what a formula gives is never taken.",
        )
    return cell


def _day(
    table: Table, source: SourceRow, wanted: tuple[str, date], faults: list[Finding]
) -> date:
    name, open_ = wanted
    try:
        return read_day(name, _text(source, name), open_=open_)
    except NotReadable as fault:
        faults.append(_fault(table, source, name, fault))
        return open_


def _check_days(
    table: Table, source: SourceRow, days: tuple[date, date], faults: list[Finding]
) -> None:
    starts, ends = days
    if starts < ends:
        return
    fault = NotReadable(
        f"it holds from {starts} until {ends}, which is not after it",
        "Let until be the first day the row does not hold any more.",
    )
    faults.append(_fault(table, source, UNTIL, fault))


def _need_order(
    name: str, table: Table, source: SourceRow, faults: list[Finding]
) -> None:
    if source.cells.get(name):
        return
    fault = NotReadable(
        f"{name} is empty, while other rows have it",
        f"Give every row its {name}, or none; then the rows count as they stand.",
    )
    faults.append(_fault(table, source, name, fault))


def _id(
    table: Table, source: SourceRow, cells: Mapping[str, str], faults: list[Finding]
) -> str:
    try:
        stated = _stated_id(table, source)
    except NotReadable as fault:
        faults.append(_fault(table, source, ID, fault))
        return ""
    return stated or derived_id(table, cells)


def _stated_id(table: Table, source: SourceRow) -> str:
    stated = _text(source, ID).strip()
    if not stated and needs_id(table):
        raise NotReadable("id is empty", "Give the row its id.")
    broken = unsound_id(stated or None)
    if broken is not None:
        raise NotReadable(broken, "Use another id.")
    return stated


def _fault(table: Table, source: SourceRow, column: str, fault: NotReadable) -> Finding:
    sentence = f"{fault.sentence[:1].upper()}{fault.sentence[1:]}."
    return error(table.name, source.place, sentence, fault.remedy, column=column)


def derived_id(table: Table, cells: Mapping[str, str]) -> str:
    """Return the id of a row that states none: what it matches, in a fixed order."""
    named = [
        f"{name}={cell}"
        for name in table.shape.columns
        if (cell := table.shape.cell(name, cells.get(name, "")))
    ]
    told = " ".join(named) or ANY
    if len(told) <= ID_LENGTH_MAX:
        return told
    return hashlib.sha256(told.encode()).hexdigest()


def one_spelling(table: Table, rows: Sequence[RuleRow]) -> list[RuleRow]:
    """Return rows as master data keeps them: of one id and the same cells joined.

    Where the row that began last holds, one ends where the next of its id begins.
    """
    by_id: dict[str, list[RuleRow]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    spelled = []
    for of_id in by_id.values():
        in_time = sorted(of_id, key=lambda row: row.starts)
        if table.shape.policy is HitPolicy.LATEST:
            in_time = _cut(in_time)
        spelled += joined(in_time)
    return spelled


def _cut(rows: Sequence[RuleRow]) -> list[RuleRow]:
    # Two that begin on one day stay as they are: the check tells that they tie.
    cut = [
        _until(row, min(row.ends, later.starts)) if row.starts < later.starts else row
        for row, later in pairwise(rows)
    ]
    return [*cut, rows[-1]]


def _until(row: RuleRow, ends: date) -> RuleRow:
    return replace(row, ends=ends)


def joined(rows: Sequence[RuleRow]) -> list[RuleRow]:
    """Return rows of one id, by date, those that meet and say the same as one."""
    kept: list[RuleRow] = []
    for row in rows:
        before = kept[-1] if kept else None
        if before and before.ends == row.starts and before.cells == row.cells:
            kept[-1] = _until(before, row.ends)
        else:
            kept.append(row)
    return kept
