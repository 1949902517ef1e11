"""Read decided work by the days of persons, each whole, to round the days again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from hourline.decide.again import Standing, Work, standing_entries
from hourline.decide.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.columns import Ints
from hourline.kernel.entries import EntryColumns

_Key = tuple[int, int, date]
_day_of = itemgetter(1, 2)


@dataclass(frozen=True, slots=True)
class OfDay:
    """Say what an entry bills with what it carries of its day, and if it is settled.

    `seconds` is None where the day made nothing else of it than was decided alone.
    """

    seconds: int | None
    settled: bool


def standing_days(
    session: Session, dates: tuple[date, date], *, at_once: int
) -> Iterator[Standing]:
    """Yield the entries in force of work dates as `standing_entries`, whole days each.

    About so many `at_once`; a page is never without what else a person worked that day.
    """
    for keys in _whole_days(session, dates, at_once=at_once):
        numbers = tuple(sorted({entry_no for entry_no, _, _ in keys}))
        yield from standing_entries(
            session, dates, of=Work(entry_nos=numbers), limit=len(numbers) + 1
        )


def _whole_days(
    session: Session, dates: tuple[date, date], *, at_once: int
) -> Iterator[Sequence[_Key]]:
    held: list[_Key] = []
    for rows in session.stream(
        QUERIES["entries_by_day"], at_once=at_once, since=dates[0], until=dates[1]
    ):
        held += [(entry_no, person_no, day) for entry_no, person_no, day in rows]
        last = _day_of(held[-1])
        begun = len(held)
        while begun and _day_of(held[begun - 1]) == last:
            begun -= 1
        if begun:
            yield held[:begun]
            held = held[begun:]
    if held:
        yield held


def days_were_rounded(session: Session) -> bool:
    """Tell whether the rounding of a person's day ever made something of an entry."""
    return bool(session.value(QUERIES["days_were_rounded"], bool))


def with_their_days(session: Session, standing: Standing) -> Standing:
    """Return entries in force with all else in force that their persons worked then."""
    rows = session.tuples(
        QUERIES["entries_of_same_days"], entry_nos=standing.entries.entry_no.tolist()
    )
    numbers = tuple(entry_no for (entry_no,) in rows)
    if not numbers:
        return standing
    (whole,) = standing_entries(
        session,
        (date.min, date.max),
        of=Work(entry_nos=numbers),
        limit=len(numbers) + 1,
    )
    return whole


def of_their_days(
    session: Session, entries: EntryColumns, places: Ints
) -> dict[int, OfDay]:
    """Return what days made of the entries at some places, by place."""
    rows = session.tuples(
        QUERIES["standing_of_days"],
        entry_nos=entries.entry_no[places].tolist(),
        revisions=entries.revision[places].tolist(),
    )
    made = {entry_no: OfDay(seconds, settled) for entry_no, seconds, settled in rows}
    return {
        place: made[entry_no]
        for place, entry_no in zip(
            places.tolist(), entries.entry_no[places].tolist(), strict=True
        )
    }
