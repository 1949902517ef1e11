"""Store what was decided, and read what waits to be tried again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hourline.decide.model import (
    Decided,
    DecisionColumns,
    ExpenseWorths,
    JournalColumns,
    PortionColumns,
    Refusal,
    TransferColumns,
)
from hourline.decide.model_charges import CrossChargeColumns
from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.infra.queries import load_queries
from hourline.kernel.columns import NOTHING, Ints, ints, rows_where
from hourline.kernel.entries import (
    NO_EXPENSES,
    NOT_STATED,
    EntryColumns,
    ExpenseColumns,
)
from hourline.kernel.problems import ProblemCode

QUERIES = load_queries(__package__)
# What query pending_entries returns, and others begin with.
PENDING_COLUMNS = 20
_OPTIONAL = ("bill_rate_no", "cost_rate_no", "tax_rule_no", "time_rounding_no")

Table = Mapping[str, NDArray[np.generic]]


def store_decided(session: Session, decided: Decided, *, recorded_at: datetime) -> None:
    """Append decisions with portions, worths of expenses, charges, journal lines."""
    decisions = _table(decided.decisions, recorded_at)
    for part in _by_presence(decisions):
        session.load("decision", part)
    session.load("portion", _table(decided.portions))
    session.load(
        "priced_expense",
        {
            field.name: getattr(decided.expenses, field.name)
            for field in fields(ExpenseWorths)
        },
    )
    session.load(
        "transfer",
        {
            field.name: _plain(getattr(decided.transfers, field.name))
            for field in fields(TransferColumns)
        },
    )
    session.load("cross_charge", _table(decided.cross_charges))
    store_journal(session, decided.journal, recorded_at=recorded_at)


def store_journal(
    session: Session, lines: JournalColumns, *, recorded_at: datetime
) -> None:
    """Append journal lines."""
    session.load("journal_line", _table(lines, recorded_at))


def _table(
    columns: DecisionColumns | PortionColumns | CrossChargeColumns | JournalColumns,
    recorded_at: datetime | None = None,
) -> dict[str, NDArray[np.generic]]:
    table: dict[str, NDArray[np.generic]] = {
        field.name: getattr(columns, field.name) for field in fields(columns)
    }
    if recorded_at is not None:
        count = len(next(iter(table.values())))
        table["recorded_at"] = np.full(count, _instant(recorded_at))
    return table


def _plain(column: Ints | list[int | None]) -> list[int | None]:
    # There are few, and a column of fixed width could not say that a rate was missing.
    return column if isinstance(column, list) else column.tolist()


def _instant(moment: datetime) -> np.datetime64:
    if moment.tzinfo is None:
        msg = f"{moment} says no zone; pass an aware instant"
        raise ValueError(msg)
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


def _by_presence(decisions: Table) -> Iterator[Table]:
    # A binary COPY has no NULL in a column of fixed width, but a column left out is
    # NULL: so rows go in by which of the rule numbers they have.
    pattern = np.zeros(len(decisions["entry_no"]), dtype=np.int64)
    for bit, name in enumerate(_OPTIONAL):
        pattern |= (decisions[name] != NOTHING).astype(np.int64) << bit
    for present in np.unique(pattern).tolist():
        rows = rows_where(pattern == present)
        absent = {name for bit, name in enumerate(_OPTIONAL) if not present >> bit & 1}
        yield {
            name: column[rows]
            for name, column in decisions.items()
            if name not in absent
        }


def keep_pending(
    session: Session,
    entries: EntryColumns,
    refusals: Sequence[Refusal],
    *,
    change_no: int,
    recorded_at: datetime,
) -> None:
    """Store refused revisions with their problems; a later revision stays."""
    if not refusals:
        return
    rows = [refusal.index for refusal in refusals]
    session.run(
        QUERIES["keep_pending"],
        entry_nos=entries.entry_no[rows].tolist(),
        revisions=entries.revision[rows].tolist(),
        states=[int(refusal.state) for refusal in refusals],
        problems=[encode_json(refusal.problems).decode() for refusal in refusals],
        change_no=change_no,
        recorded_at=recorded_at,
    )


def forget_pending(session: Session, keys: tuple[list[int], list[int]]) -> None:
    """Remove revisions (entry numbers, revisions) and older ones from what waits."""
    if keys[0]:
        session.run(QUERIES["forget_pending"], entry_nos=keys[0], revisions=keys[1])


def pending_entries(
    session: Session, *, older_than_change_no: int, limit: int
) -> EntryColumns:
    """Return revisions last tried with older master data; locks them until commit."""
    rows = session.tuples(
        QUERIES["pending_entries"],
        older_than_change_no=older_than_change_no,
        limit=limit,
    )
    return entry_columns(rows)


def pending_of(session: Session, entry_nos: Sequence[int]) -> EntryColumns:
    """Return what is pending of some entries; locks it until commit."""
    rows = session.tuples(QUERIES["pending_of_entries"], entry_nos=list(entry_nos))
    return entry_columns(rows)


def refusing_entity(session: Session, entry_no: int, code: ProblemCode) -> str | None:
    """Return by whose books a pending entry is refused for a code, None if it is not.

    What is refused for it has its terms, and so an entity.
    """
    return session.value(
        QUERIES["refusing_entity"], str, entry_no=entry_no, code=str(code)
    )


def read_revision(session: Session, entry_no: int, revision: int) -> EntryColumns:
    """Return a revision as it came, whatever was decided of it."""
    rows = session.tuples(
        QUERIES["revisions_to_decide"], entry_no=entry_no, revision=revision
    )
    return entry_columns(rows)


def entry_columns(rows: Sequence[tuple[Any, ...]]) -> EntryColumns:
    """Return entries from rows that begin with the columns of query pending_entries."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [
        []
    ] * PENDING_COLUMNS
    return EntryColumns(
        entry_no=ints(columns[0]),
        revision=np.array(columns[1], dtype=np.int32),
        connection_no=np.array(columns[2], dtype=np.int32),
        source_id=columns[3],
        person_ref=columns[4],
        project_ref=columns[5],
        activity_ref=columns[6],
        hour_type_ref=columns[7],
        role_ref=columns[8],
        work_date=ints(columns[9]).astype("datetime64[D]"),
        worked_seconds=ints(columns[10]),
        billable_seconds=_stated(columns[11]),
        approved_at=ints(columns[12]).astype("datetime64[us]"),
        price=_stated(columns[13]),
        expenses=_expenses(columns[14:PENDING_COLUMNS]),
    )


def _expenses(columns: Sequence[Sequence[int | None]]) -> ExpenseColumns:
    """Return the expenses among the rows: those that have a cost."""
    stated = [
        (row, *of_expense)
        for row, of_expense in enumerate(zip(*columns, strict=True))
        if of_expense[0] is not None
    ]
    if not stated:
        return NO_EXPENSES
    return ExpenseColumns(*(ints(list(column)) for column in zip(*stated, strict=True)))


def _stated(seconds: Sequence[int | None]) -> Ints:
    return ints([NOT_STATED if item is None else item for item in seconds])
