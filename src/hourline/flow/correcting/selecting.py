"""Find the entries of a bulk correction: by what they were decided on, or by name."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from hourline.decide.again import Standing, Work, standing_entries
from hourline.flow.correcting.acts import Act, Wish
from hourline.flow.correcting.otherwise import booked_otherwise, costs_otherwise
from hourline.flow.reviews import EntryName, entry_no_of
from hourline.flow.transactions import number_of
from hourline.infra.database import Session
from hourline.kernel.columns import Flags
from hourline.master.snapshot import Snapshot

ENTRIES_MAX = 2_000
_NUMBER_MAX = 2**63 - 1


class TooMany(ValueError):
    """Say that a selection is of more entries than can be approved together."""


class NamesRefused(ValueError):
    """Say why a file of entries cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Name work by its contract, project, person and days, or entry by entry.

    `since` is inclusive, `until` exclusive. What is None does not narrow it. A part of
    a selection is of entries with numbers `among`, first and last.
    """

    contract: str | None = None
    project: str | None = None
    person: str | None = None
    since: date | None = None
    until: date | None = None
    entries: tuple[EntryName, ...] | None = None
    among: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        """Refuse names together with anything that would narrow them."""
        if self.entries is None:
            return
        if any((self.contract, self.project, self.person, self.since, self.until)):
            msg = "Name entries, or say which work they are of; not both."
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Selected:
    """Hold entries by number, and how many stand on invoices that an act leaves.

    Of a repricing, the cost of these can be among what it concerns.
    """

    entry_nos: list[int]
    invoiced: int


def in_parts(
    session: Session, snapshot: Snapshot, wish: Wish, selection: Selection
) -> list[Selection]:
    """Return selections that are together this one, none with too many entries.

    Raises NotKnown and NotOne for a name.
    """
    found = _found(session, snapshot, wish, selection).entry_nos
    if len(found) <= ENTRIES_MAX:
        return [selection]
    parts = [found[at : at + ENTRIES_MAX] for at in range(0, len(found), ENTRIES_MAX)]
    return [replace(selection, among=(part[0], part[-1])) for part in parts]


def select(
    session: Session, snapshot: Snapshot, wish: Wish, selection: Selection
) -> Selected:
    """Return the entries of a selection that an act can concern.

    Of a repricing only those that would be decided otherwise, of what is invoiced by
    its cost. Raises NotKnown and NotOne for a name, TooMany.
    """
    found = _found(session, snapshot, wish, selection)
    count = len(found.entry_nos)
    if count > ENTRIES_MAX:
        msg = (
            f"{count:,} entries are more than the {ENTRIES_MAX:,} that can be"
            " corrected at once; take a contract, a person or some days at a time."
        )
        raise TooMany(msg)
    return found


def _found(
    session: Session, snapshot: Snapshot, wish: Wish, selection: Selection
) -> Selected:
    first, last = selection.among or (0, _NUMBER_MAX)
    named = None
    if selection.entries is not None:
        named = sorted({entry_no_of(session, one) for one in selection.entries})
        if wish.act is not Act.REPRICE:
            return Selected([one for one in named if first <= one <= last], 0)
    found: list[int] = []
    invoiced = 0
    dates = (selection.since or date.min, selection.until or date.max)
    work = _work(snapshot, selection, named)
    for standing, concerned, left in _wanted(session, snapshot, wish, (work, dates)):
        numbers = standing.entries.entry_no
        among = (numbers >= first) & (numbers <= last)
        invoiced += int((among & left).sum())
        found += numbers[among & concerned].tolist()
    return Selected(found, invoiced)


def read_names(content: bytes) -> tuple[EntryName, ...]:
    """Return the entries of a CSV file: columns `entry` and, optional, `source`.

    Raises NamesRefused.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NamesRefused("The file is not UTF-8 text.") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if "entry" not in (rows.fieldnames or []):
        raise NamesRefused("The file lacks the column entry.")
    names = []
    for row in rows:
        entry = (row["entry"] or "").strip()
        if not entry:
            raise NamesRefused(f"Row {rows.line_num} of the file names no entry.")
        names.append(EntryName(entry, (row.get("source") or "").strip() or None))
    if not names:
        raise NamesRefused("The file has no rows.")
    return tuple(names)


def _work(snapshot: Snapshot, selection: Selection, named: list[int] | None) -> Work:
    def number(kind: str, id_: str | None) -> int | None:
        return None if id_ is None else number_of(snapshot, kind, id_)

    return Work(
        contract_no=number("contract", selection.contract),
        project_no=number("project", selection.project),
        person_no=number("person", selection.person),
        entry_nos=None if named is None else tuple(named),
    )


def _wanted(
    session: Session,
    snapshot: Snapshot,
    wish: Wish,
    of: tuple[Work, tuple[date, date]],
) -> Iterator[tuple[Standing, Flags, Flags]]:
    """Yield work in force, what of it an act concerns, and what it leaves invoiced."""
    work, dates = of
    if wish.act is Act.REPRICE:
        for found in booked_otherwise(session, snapshot, work, dates):
            invoiced = found.standing.invoiced
            concerned = found.whole & ~invoiced
            if invoiced.any():
                _, costs = costs_otherwise(found.standing, snapshot)
                concerned |= costs & invoiced
            yield found.standing, concerned, found.apart_from_cost & invoiced
        return
    for standing in standing_entries(session, dates, of=work):
        outcome = standing.outcome
        is_write_off = wish.act is Act.WRITE_OFF
        wanted = outcome.billable > 0 if is_write_off else outcome.accepted
        yield standing, wanted & ~standing.invoiced, wanted & standing.invoiced
