"""Round the days of persons whose row of time rounding gathers them.

Entries are decided alone, in any order and partition; this is the second step, in the
same transaction, and it books only what is different from what stands.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

import numpy as np

from hourline.decide.mirroring import mirror_lines
from hourline.decide.model import JournalColumns
from hourline.decide.rules.person_day import DayEntry, carry
from hourline.decide.rules.time_rounding import rounded_time, terms_of
from hourline.decide.store import QUERIES, store_journal
from hourline.infra.bulk import Cell
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect, Fate, Role
from hourline.kernel.columns import ints
from hourline.kernel.money import round_fraction
from hourline.kernel.quantity import value_of
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class PersonDay:
    """Name a person's day by the row of time rounding that gathers it."""

    person_no: int
    work_date: date
    time_rounding_no: int


@dataclass(frozen=True, slots=True)
class _Rounded:
    """Hold a changed entry with the figures of its day, in seconds."""

    entry: DayEntry
    seconds: int
    day_worked: int
    day_billable: int

    @property
    def rest(self) -> int:
        return max(self.entry.worked_seconds - self.seconds, 0)

    @property
    def uplift_change(self) -> int:
        worked = self.entry.worked_seconds
        return max(self.seconds - worked, 0) - max(self.entry.seconds_now - worked, 0)


@dataclass(frozen=True, slots=True)
class _Part:
    of: _Rounded
    number: int
    fate: Fate
    seconds: int
    amount: int
    accrued: int


def days_of(
    session: Session, snapshot: Snapshot, revisions: Sequence[tuple[int, int]]
) -> list[PersonDay]:
    """Return the days that (entry, revision) pairs are gathered in, in order."""
    gathering = snapshot.columns.time_roundings.by_day
    if not gathering or not revisions:
        return []
    rows = session.tuples(
        QUERIES["days_of_revisions"],
        entry_nos=[entry_no for entry_no, _ in revisions],
        revisions=[revision for _, revision in revisions],
        time_rounding_nos=sorted(gathering),
    )
    table = snapshot.columns.time_roundings
    return [
        PersonDay(person_no, day, no)
        for person_no, day, no in rows
        if table.gathering_row(no, day) is not None
    ]


def lock_days(session: Session, days: Sequence[PersonDay]) -> list[int]:
    """Make other roundings of these days wait; return the contracts worked for."""
    keys = _keys(days)
    session.run(
        QUERIES["lock_days"],
        person_nos=keys["person_nos"],
        work_dates=keys["work_dates"],
    )
    rows = session.tuples(QUERIES["contracts_of_days"], **keys)
    return [contract_no for (contract_no,) in rows]


def round_days(
    session: Session,
    snapshot: Snapshot,
    days: Sequence[PersonDay],
    *,
    before_replacing: Callable[[Sequence[DayEntry]], None],
    recorded_at: datetime,
) -> int:
    """Let each day bill its rounded total; return how many entries change.

    Of the entries that change, `before_replacing` takes back what else depends on
    their parts. The caller holds the locks of the days and of their contracts. An
    entry that changes has its parts taken out of billing whole, their accrual mirrored
    exactly, and new parts with an accrual of their own. Raises NoOpenPeriod and
    FxRateMissing before anything is written.
    """
    entries = session.all(
        QUERIES["entries_of_days"],
        DayEntry,
        billable=int(Fate.BILLABLE),
        **_keys(days),
    )
    changed = [
        rounded
        for _, of_day in groupby(entries, key=_day_of)
        for rounded in _rounded(list(of_day), snapshot)
    ]
    if changed:
        before_replacing([one.entry for one in changed])
        _replace(session, snapshot, changed, recorded_at)
    return len(changed)


_day_of = attrgetter("person_no", "work_date", "time_rounding_no")


def _keys(days: Sequence[PersonDay]) -> dict[str, list[object]]:
    return {
        "person_nos": [day.person_no for day in days],
        "work_dates": [day.work_date for day in days],
        "time_rounding_nos": [day.time_rounding_no for day in days],
    }


def _rounded(entries: Sequence[DayEntry], snapshot: Snapshot) -> list[_Rounded]:
    worked = sum(entry.worked_seconds for entry in entries)
    of_day = entries[0]
    row = snapshot.columns.time_roundings.gathering_row(
        of_day.time_rounding_no, of_day.work_date
    )
    if row is None:
        return []
    total = int(rounded_time(ints([worked]), terms_of(ints([row]), snapshot))[0])
    return [
        _Rounded(one.entry, one.seconds, worked, total) for one in carry(entries, total)
    ]


def _replace(
    session: Session,
    snapshot: Snapshot,
    changed: Sequence[_Rounded],
    recorded_at: datetime,
) -> None:
    keys = {
        "entry_nos": [one.entry.entry_no for one in changed],
        "revisions": [one.entry.revision for one in changed],
    }
    parts = [part for one in changed for part in _parts(one, snapshot)]
    accruals = _accruals([part for part in parts if part.accrued], snapshot)
    taken_back = session.tuples(
        QUERIES["accruals_of_parts"],
        entry_cause=int(Cause.ENTRY),
        accrual=int(Effect.ACCRUAL),
        **keys,
    )
    mirrors = mirror_lines(taken_back, snapshot)
    session.run(QUERIES["replace_parts"], **keys)
    session.load("portion", _portion_table(parts))
    session.load("day_rounding", _act_table(changed, snapshot, recorded_at))
    for lines in (mirrors, accruals):
        store_journal(session, lines, recorded_at=recorded_at)


def _parts(one: _Rounded, snapshot: Snapshot) -> Iterable[_Part]:
    entry = one.entry
    rounding = snapshot.rounding(entry.entity_no)
    line = snapshot.contract_line(entry.contract_line_no, on=entry.work_date)
    number = entry.part_last
    for fate, seconds in (
        (Fate.BILLABLE, one.seconds),
        (Fate.NON_BILLABLE, one.rest),
    ):
        if not seconds:
            continue
        number += 1
        worth = value_of(
            seconds, rate_amount=entry.rate_amount, rate_seconds=entry.rate_seconds
        )
        amount = round_fraction(worth, rounding)
        accrues = fate == Fate.BILLABLE and line.content.accrue
        yield _Part(one, number, fate, seconds, amount, amount if accrues else 0)


def _portion_table(parts: Sequence[_Part]) -> dict[str, list[Cell]]:
    entries = [part.of.entry for part in parts]
    return {
        "entry_no": [entry.entry_no for entry in entries],
        "revision": [entry.revision for entry in entries],
        "part": [part.number for part in parts],
        "fate": [int(part.fate) for part in parts],
        "contract_no": [entry.contract_no for entry in entries],
        "contract_line_no": [entry.contract_line_no for entry in entries],
        "seconds": [part.seconds for part in parts],
        "rate_amount": [entry.rate_amount for entry in entries],
        "rate_seconds": [entry.rate_seconds for entry in entries],
        "currency": [entry.currency for entry in entries],
        "amount": [part.amount for part in parts],
        "accrued_amount": [part.accrued for part in parts],
    }


def _act_table(
    changed: Sequence[_Rounded], snapshot: Snapshot, recorded_at: datetime
) -> dict[str, list[Cell]]:
    entries = [one.entry for one in changed]
    return {
        "entry_no": [entry.entry_no for entry in entries],
        "revision": [entry.revision for entry in entries],
        "part": [entry.part_last + 1 for entry in entries],
        "time_rounding_no": [entry.time_rounding_no for entry in entries],
        "seconds_before": [entry.seconds_now for entry in entries],
        "seconds_after": [one.seconds for one in changed],
        "uplift_change": [one.uplift_change for one in changed],
        "day_worked_seconds": [one.day_worked for one in changed],
        "day_billable_seconds": [one.day_billable for one in changed],
        "change_no": [snapshot.change_no] * len(changed),
        "recorded_at": [recorded_at] * len(changed),
    }


def _accruals(parts: Sequence[_Part], snapshot: Snapshot) -> JournalColumns:
    """Return the accrual of new parts, where the entry's accounting month is open."""
    entries = [part.of.entry for part in parts]
    books = [snapshot.entity(entry.entity_no).currency for entry in entries]
    days = [
        snapshot.accounting_date(
            entry.entity_no, entry.accounting_date, Subledger.WORK_IN_PROGRESS
        )
        for entry in entries
    ]
    translated = [
        snapshot.translate(
            part.accrued,
            (part.of.entry.currency, currency),
            day,
            rounding=snapshot.rounding(part.of.entry.entity_no),
        )
        for part, currency, day in zip(parts, books, days, strict=True)
    ]
    count = len(parts)
    return JournalColumns(
        cause=np.full(count, Cause.ENTRY, dtype=np.int16),
        cause_no=ints([entry.entry_no for entry in entries]),
        cause_revision=np.array([one.revision for one in entries], dtype=np.int32),
        part=np.array([part.number for part in parts], dtype=np.int32),
        effect=np.full(count, Effect.ACCRUAL, dtype=np.int16),
        mirror=np.zeros(count, dtype=np.bool_),
        entity_no=np.array([one.entity_no for one in entries], dtype=np.int32),
        contract_no=np.array([one.contract_no for one in entries], dtype=np.int32),
        project_no=np.array([one.project_no for one in entries], dtype=np.int32),
        person_no=np.array([one.person_no for one in entries], dtype=np.int32),
        debit=np.full(count, Role.WIP, dtype=np.int16),
        credit=np.full(count, Role.ACCRUED_REVENUE, dtype=np.int16),
        currency=np.array([one.currency for one in entries], dtype=np.int16),
        amount=ints([part.accrued for part in parts]),
        entity_currency=np.array(books, dtype=np.int16),
        entity_amount=ints(translated),
        accounting_date=np.array(days, dtype="datetime64[D]"),
        document_date=np.array(
            [one.work_date for one in entries], dtype="datetime64[D]"
        ),
    )
