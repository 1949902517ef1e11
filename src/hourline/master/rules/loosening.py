"""Rule: what opens a month of the books, or unlocks days of time, takes two persons.

A month is more open than before where it was closed and is soft-closed or open, or
where it was soft-closed and is open. Days are unlocked where something of them that is
kept out, for anybody, would come in then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from typing import Literal, TypeAlias

from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.closing import (
    ENTRY_LOCK_SHAPE,
    EntryLocks,
    Lock,
    entry_locks_of,
)

PeriodState: TypeAlias = Literal["open", "soft_closed", "closed"]
# An entity, a month, and the subledger whose month it is, None for all of them.
Month: TypeAlias = tuple[str, str, Subledger | None]
_HOW_OPEN: dict[str, int] = {"closed": 0, "soft_closed": 1, "open": 2}
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Loosened:
    """Name a month that is more open, or a lock that keeps less out, and say how.

    `subject` names the lock, or the month and the state it would be in.
    """

    subject: dict[str, str]
    sentence: str


def period_states(catalogue: Catalogue) -> dict[Month, PeriodState]:
    """Return the state of every month that was ever recorded; all others are open.

    It is that of a subledger's own month where the record names one. Of several records
    of a month the status of the one recorded last counts, and it is soft-closed where
    any says so: a system that records the month too does not know.
    """
    status: dict[Month, str] = {}
    soft: dict[tuple[Month, int], bool] = {}
    for span in sorted(catalogue.periods.spans, key=lambda span: span.change_no):
        month = (span.content.entity, span.content.period, span.content.ledger)
        status[month] = span.content.status
        soft[month, span.dense] = span.content.soft_closed
    softened = {month for (month, _), is_soft in soft.items() if is_soft}
    return {
        month: _state(is_closed=said == "closed", is_soft=month in softened)
        for month, said in status.items()
    }


def _state(*, is_closed: bool, is_soft: bool) -> PeriodState:
    if is_closed:
        return "closed"
    return "soft_closed" if is_soft else "open"


def loosened(before: Catalogue, after: Catalogue, *, now: datetime) -> list[Loosened]:
    """Return what is more open after a change than before it, for what comes from now.

    Raises UnusableRecord for entry locks that tie or hold from no instant.
    """
    return [*_opened(before, after), *_unlocked(before, after, now)]


def _opened(before: Catalogue, after: Catalogue) -> Iterator[Loosened]:
    then = period_states(after)
    for month, state in in_order(period_states(before)):
        new = then.get(month, "open")
        if _HOW_OPEN[new] > _HOW_OPEN[state]:
            entity, period, ledger = month
            of = "" if ledger is None else f" of {ledger}"
            yield Loosened(
                {
                    "entity": entity,
                    "period": period,
                    "ledger": ledger or "",
                    "would_be": new,
                },
                f"month {period}{of} of {entity} is {_word(state)} and would be"
                f" {_word(new)}",
            )


def in_order(
    states: Mapping[Month, PeriodState],
) -> list[tuple[Month, PeriodState]]:
    """Return states by entity and month, that of all subledgers before their own."""
    return sorted(states.items(), key=lambda one: (one[0][:2], one[0][2] or ""))


def is_as_open(catalogue: Catalogue, subject: Mapping[str, str]) -> bool:
    """Say whether the month of a subject is as open as it would have been, or more."""
    stated = subject.get("ledger")
    month = (
        subject.get("entity", ""),
        subject.get("period", ""),
        Subledger(stated) if stated else None,
    )
    state = period_states(catalogue).get(month)
    return state is not None and _HOW_OPEN[state] >= _HOW_OPEN[subject["would_be"]]


def _word(state: PeriodState) -> str:
    return state.replace("_", "-")


def _unlocked(before: Catalogue, after: Catalogue, now: datetime) -> Iterator[Loosened]:
    locks, then = entry_locks_of(before), entry_locks_of(after)
    told = set()
    for day, who in _cases(locks, then):
        lock = locks.lock_of(day, _NEVER, who)
        if lock is None or lock.id in told:
            continue
        if _lets_in(lock, then.lock_of(day, _NEVER, who), now):
            told.add(lock.id)
            yield Loosened(
                {"entry_lock": lock.id},
                f"entry lock {lock.id} would keep less out than it does",
            )


def _cases(
    locks: EntryLocks, then: EntryLocks
) -> Iterator[tuple[date, Mapping[str, str | None]]]:
    """Yield a day of every span of days, for everybody who can have a lock alone."""
    days = sorted({date.min} | locks.turning_days() | then.turning_days())
    columns = ENTRY_LOCK_SHAPE.columns
    named = [(None, *sorted(locks.named(one) | then.named(one))) for one in columns]
    for day in days:
        for cells in product(*named):
            yield day, dict(zip(columns, cells, strict=True))


def _lets_in(lock: Lock, then: Lock | None, now: datetime) -> bool:
    """Say whether days that a lock keeps as they are can change by what holds then.

    A lock that moves on holds from a later instant. As long as that is still to come,
    the days before would be open until then.
    """
    if then is None:
        return True
    since = lock.closes_at if then.through <= lock.through else max(lock.closes_at, now)
    return then.closes_at > since
