"""Compare the rows of a rulebook with what holds, and say what a publication does.

A table of a rulebook is the whole table: a row that is not in it ends on the day the
publication takes effect, or where a row for the same cases takes its place. A row that
had not begun is withdrawn. Nothing recorded is changed: new versions say it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hourline.master.rulebook.columns import columns_of, text_of
from hourline.master.rulebook.model import Book, RuleRow, Table
from hourline.master.rulebook.reading import joined
from hourline.master.rulebook.tables import TABLE_BY_NAME
from hourline.master.snapshot import Snapshot

Cells = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDifference:
    """Hold what a rule says before and after, by date, and in which columns it differs.

    `word` is added, ended, withdrawn or changed; `since` the first day that differs.
    """

    table: str
    id: str
    word: str
    since: date
    columns: tuple[str, ...]
    before: tuple[RuleRow, ...]
    after: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """Hold the versions to record of a rule: withdrawn from a day on, then rows.

    `said_last` is the last row before or after; it stands for what is withdrawn.
    """

    table: str
    id: str
    withdrawn_from: date | None
    rows: tuple[RuleRow, ...]
    said_last: RuleRow


def current_rows(snapshot: Snapshot, table: Table) -> list[RuleRow]:
    """Return the rows of a table as master data holds them, also those that ended.

    Rows that are tried in order come in it.
    """
    kept = snapshot.catalogue.of_kind(table.kind.kind)
    names = tuple(columns_of(table))
    rows: list[RuleRow] = []
    for dense, id_ in enumerate(kept.ids):
        of_record = [
            RuleRow(
                table.name,
                id_,
                span.effective_from,
                span.effective_until,
                tuple((name, text_of(getattr(span.content, name))) for name in names),
            )
            for span in kept.of(dense)
        ]
        rows += joined(of_record)
    order = table.order
    return rows if order is None else sorted(rows, key=lambda row: int(row.cell(order)))


def current_book(snapshot: Snapshot, names: Sequence[str]) -> Book:
    """Return the rows of tables as master data holds them."""
    return {name: current_rows(snapshot, TABLE_BY_NAME[name]) for name in names}


def compare(before: Book, after: Book, *, effective_on: date) -> list[RowDifference]:
    """Return what becomes different in the tables of `after`, in their order.

    Where both are versions, pass date.min: then what is not in `after` is gone.
    """
    return [
        difference
        for name in after
        for difference in _of_table(
            TABLE_BY_NAME[name], before.get(name, []), after[name], effective_on
        )
    ]


def _of_table(
    table: Table,
    before: Sequence[RuleRow],
    after: Sequence[RuleRow],
    effective_on: date,
) -> Iterator[RowDifference]:
    old, new = _by_id(before), _by_id(after)
    first_day = _first_days(table, after)
    for id_ in sorted({*old, *new}):
        was = old.get(id_, ())
        if id_ in new:
            becomes = new[id_]
        else:
            becomes = tuple(_ended(table, was, first_day, effective_on))
        since = first_difference(was, becomes)
        if since is not None:
            yield RowDifference(
                table=table.name,
                id=id_,
                word=_word(was, becomes, in_book=id_ in new),
                since=since,
                columns=_changed_columns(was, becomes),
                before=was,
                after=becomes,
            )


def _by_id(rows: Sequence[RuleRow]) -> dict[str, tuple[RuleRow, ...]]:
    by_id: dict[str, list[RuleRow]] = {}
    for row in sorted(rows, key=lambda row: row.starts):
        by_id.setdefault(row.id, []).append(row)
    return {id_: tuple(of_id) for id_, of_id in by_id.items()}


def _key(table: Table, row: RuleRow) -> tuple[str, ...]:
    cells = {**dict(row.cells), "id": row.id}
    return tuple(cells[name] for name in table.shape.columns)


def _first_days(
    table: Table, rows: Sequence[RuleRow]
) -> dict[tuple[str, ...], list[tuple[date, date]]]:
    found: dict[tuple[str, ...], list[tuple[date, date]]] = {}
    for row in rows:
        found.setdefault(_key(table, row), []).append((row.starts, row.ends))
    return found


def _ended(
    table: Table,
    rows: Sequence[RuleRow],
    first_days: Mapping[tuple[str, ...], list[tuple[date, date]]],
    effective_on: date,
) -> Iterator[RuleRow]:
    for row in rows:
        taken = [
            starts
            for starts, ends in first_days.get(_key(table, row), [])
            if starts < row.ends and row.starts < ends
        ]
        ends = min(row.ends, effective_on, *taken)
        if row.starts < ends:
            yield replace(row, ends=ends)


def first_difference(
    before: Sequence[RuleRow], after: Sequence[RuleRow]
) -> date | None:
    """Return the first day on which the rows of one rule say different things."""
    days = sorted({day for row in (*before, *after) for day in (row.starts, row.ends)})
    for day in days:
        if _said(before, day) != _said(after, day):
            return day
    return None


def _said(rows: Sequence[RuleRow], day: date) -> Cells | None:
    for row in rows:
        if row.starts <= day < row.ends:
            return row.cells
    return None


def _word(before: Sequence[RuleRow], after: Sequence[RuleRow], *, in_book: bool) -> str:
    if not before:
        return "added"
    if not after:
        return "withdrawn"
    return "changed" if in_book else "ended"


def _changed_columns(
    before: Sequence[RuleRow], after: Sequence[RuleRow]
) -> tuple[str, ...]:
    if not before or not after:
        return ()
    old, new = dict(before[-1].cells), dict(after[-1].cells)
    columns = [name for name, text in new.items() if old.get(name) != text]
    if (before[0].starts, len(before)) != (after[0].starts, len(after)):
        columns.append("from")
    if before[-1].ends != after[-1].ends:
        columns.append("until")
    return tuple(columns)


def steps_of(difference: RowDifference) -> Steps:
    """Return what to record so that a rule says what it says after.

    A version recorded later holds from its own date on, so nothing before the first
    day that differs is said again.
    """
    since = difference.since
    rows = tuple(
        replace(row, starts=max(row.starts, since))
        for row in difference.after
        if row.ends > since
    )
    covered = bool(rows) and rows[0].starts == since
    cut = difference.before and any(row.ends > since for row in difference.before)
    return Steps(
        difference.table,
        difference.id,
        since if cut and not covered else None,
        rows,
        (*difference.after, *difference.before)[-1],
    )
