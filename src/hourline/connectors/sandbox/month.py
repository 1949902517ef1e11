"""Invent the approved time of the month: what everyone did on each working day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from hourline.connectors.sandbox.model import (
    Assignment,
    Person,
    SourceTimeEntry,
    WorkingCalendar,
)
from hourline.connectors.sandbox.organisation import (
    CALENDARS,
    MONTH_END,
    MONTH_START,
    is_joiner,
)

ENTRIES_MAX = 5000
_JOINER_ENTRIES_A_DAY = 4
_ENTRIES_A_DAY = ((1, 2, 3, 4, 5), (1, 1, 2, 9, 20))
_ACTIVITIES = ("act-dev", "act-dev", "act-advice", "act-review", "act-design", None)
_NOTES = (
    "Sprint planning with the customer's team",
    "Reviewed the migration plan, open points listed",
    "Interviews: finance, sales & warehouse",
    'Fixed the "late dispatch" report',
    "Workshop, second day\nfollow-up by mail",
    "Prüfung der Schnittstellen",
    "Data model; draft 3",
    "=SUM of last week's loose ends",
    "Pairing on the import",
    "会議の準備",
    "",
)


@dataclass(frozen=True)
class WorkingDay:
    """A day on which a person works, and for how long."""

    person: Person
    worked_on: date
    minutes: int


def working_days(people: tuple[Person, ...]) -> Iterator[WorkingDay]:
    """Yield each person's working days of the month, in order of person and day."""
    calendars = {calendar.calendar: calendar for calendar in CALENDARS}
    for person in people:
        for offset in range((MONTH_END - MONTH_START).days):
            day = MONTH_START + timedelta(days=offset)
            minutes = _minutes_on(day, person, calendars[person.calendar])
            if minutes:
                yield WorkingDay(person, day, minutes)


def build_entries(
    rng: Random, people: tuple[Person, ...], assignments: tuple[Assignment, ...]
) -> tuple[SourceTimeEntry, ...]:
    """Return the month's entries without any dirt, in order of person and day.

    The joiner's come first and are all kept; of the others, the surplus over
    ENTRIES_MAX is dropped at random, as people do forget to record some time.
    """
    projects_of: dict[str, list[str]] = {}
    for assignment in assignments:
        projects_of.setdefault(assignment.person, []).append(assignment.project)
    days = sorted(working_days(people), key=lambda day: not is_joiner(day.person))
    drafts = [
        (day, seconds)
        for day in days
        for seconds in _durations(rng, day.minutes, count=_count(rng, day))
    ]
    certain = sum(is_joiner(day.person) for day, _ in drafts)
    kept = list(range(certain)) + sorted(
        rng.sample(range(certain, len(drafts)), ENTRIES_MAX - certain)
    )
    return tuple(
        _entry(
            rng,
            number,
            drafts[position][0],
            seconds=drafts[position][1],
            project=rng.choice(projects_of[drafts[position][0].person.psa_id]),
        )
        for number, position in enumerate(kept, start=1)
    )


def _minutes_on(day: date, person: Person, calendar: WorkingCalendar) -> int:
    absent = any(
        leave.effective_from <= day < leave.effective_until for leave in person.leave
    )
    if absent or day < person.employed_from or day in calendar.holidays:
        return 0
    return calendar.weekday_minutes[day.weekday()]


def _count(rng: Random, day: WorkingDay) -> int:
    if is_joiner(day.person):
        return _JOINER_ENTRIES_A_DAY
    values, weights = _ENTRIES_A_DAY
    return rng.choices(values, weights)[0]


def _durations(rng: Random, minutes: int, *, count: int) -> Iterator[int]:
    """Yield the seconds of each entry of a day; most are quarters of an hour."""
    left = minutes + rng.choice((-30, -15, 0, 0, 0, 0, 15, 45))
    for remaining in range(count, 0, -1):
        share = left // remaining
        spent = share if remaining == 1 else rng.randint(share // 2, share * 3 // 2)
        spent = max(15, spent if rng.random() < 0.1 else spent // 15 * 15)
        left -= spent
        yield spent * 60 + (rng.randrange(1, 60) if rng.random() < 0.03 else 0)


def _entry(
    rng: Random, number: int, day: WorkingDay, *, seconds: int, project: str
) -> SourceTimeEntry:
    approved_at = _approved_at(rng, day.worked_on)
    return SourceTimeEntry(
        id=f"TE-2610-{number:05d}",
        revision=1,
        status="approved",
        person=day.person.psa_id,
        project=project,
        activity=rng.choice(_ACTIVITIES),
        hour_type=None,
        worked_on=day.worked_on,
        seconds=seconds,
        billable_seconds=None,
        note=rng.choice(_NOTES),
        approved_at=approved_at,
        updated_at=approved_at,
    )


def _approved_at(rng: Random, worked_on: date) -> datetime:
    """Return a moment on the Monday after the work."""
    monday = worked_on + timedelta(days=7 - worked_on.weekday())
    return datetime.combine(monday, time(8), UTC) + timedelta(
        seconds=rng.randrange(0, 10 * 3600)
    )
