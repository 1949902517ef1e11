"""Read one row of an export: an entry with its key, or why it is none.

The key is what names an entry whose tool exports no id: person, day, project, task and
start to the minute. A note is not in it, and neither is the duration, so a changed note
is nothing new and changed hours are a correction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import cast

import msgspec

from hourline.intake.model import ExportReading, TimeRecord, Unreadable
from hourline.intake.rules.answers import answer_of
from hourline.intake.rules.columns import Columns
from hourline.intake.rules.content import content_hash
from hourline.intake.rules.fields import Fields
from hourline.intake.rules.hours import hours_text
from hourline.intake.rules.identity import recipe_key
from hourline.intake.rules.quantities import TimeOfDay, clock_seconds, time_of_day
from hourline.intake.rules.spelling import clean, fold
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem, ProblemCode

# A clock that shows no seconds, or a duration in hundredths of an hour, is this exact.
_MINUTE = 60
_NAMES = ("person", "project", "task")


@dataclass(frozen=True, slots=True)
class ExportRow:
    """Hold a finished row: its key, its content, and what the tool says of it."""

    key: str
    record: TimeRecord
    approved: bool
    content: bytes
    invoiced: bool = False


@dataclass(frozen=True, slots=True)
class ToolClock:
    """Say how rows of a connection are read, and by which clock."""

    reading: ExportReading
    zone: tzinfo | None = None


def read_row(
    row: Mapping[str, object], columns: Columns, clock: ToolClock
) -> ExportRow | Unreadable:
    """Return what a row says; all that is wrong with it is told at once."""
    return _RowReader(row, columns, clock).read()


class _RowReader:
    """Read the cells of one row."""

    def __init__(
        self, row: Mapping[str, object], columns: Columns, clock: ToolClock
    ) -> None:
        self._columns = columns
        self._clock = clock
        self._cells = columns.cells(row)
        for field in _NAMES:
            self._clean(field)
        self._fields = Fields(self._cells, columns.reading, cells=True)

    def read(self) -> ExportRow | Unreadable:
        fields = self._fields
        person = fields.identifier("person", required=True)
        project = fields.identifier("project", required=True)
        task = fields.identifier("activity", required=False)
        worked_on = fields.day("date")
        start = self._time("start_time")
        key = self._key((person, project, task), worked_on, start)
        if self._is_running():
            return Unreadable(key, (), Outcome.RUNNING)
        seconds = fields.duration("seconds", required=True)
        billable = self._answer("billable")
        approved = self._approved()
        invoiced = self._answer("invoiced")
        self._compare_times(worked_on, start, seconds)
        note = fields.text("note")
        if fields.problems:
            return Unreadable(key, tuple(fields.problems))
        # Each of these is None only together with a problem.
        record = TimeRecord(
            id=cast("str", key),
            status="approved",
            person=cast("str", person),
            project=cast("str", project),
            date=cast("date", worked_on),
            seconds=cast("int", seconds),
            activity=task,
            billable_seconds=None if billable else 0,
            note=note,
        )
        content = content_of(record)
        return ExportRow(record.id, record, bool(approved), content, bool(invoiced))

    def _key(
        self,
        names: tuple[str | None, str | None, str | None],
        worked_on: date | None,
        start: TimeOfDay | None,
    ) -> str | None:
        person, project, task = names
        blank_start = start is None and self._says("start_time")
        if person is None or project is None or worked_on is None or blank_start:
            return None
        minute = "" if start is None else str(start.seconds // _MINUTE)
        parts = (fold(person), worked_on.isoformat(), fold(project), fold(task or ""))
        return recipe_key([self._clock.reading.layout, *parts, minute])

    def _clean(self, field: str) -> None:
        label = self._columns.labels[field]
        found = self._cells[label]
        if isinstance(found, str):
            by_email = field == "person" and self._clock.reading.person_key == "email"
            self._cells[label] = fold(found) if by_email else clean(found)

    def _says(self, field: str) -> bool:
        label = self._columns.labels.get(field)
        if label is None:
            return False
        found = self._cells[label]
        return bool(found.strip()) if isinstance(found, str) else found is not None

    def _is_running(self) -> bool:
        has_end = "end_time" in self._columns.labels
        return has_end and not (self._says("end_time") or self._says("end_date"))

    def _time(self, field: str) -> TimeOfDay | None:
        if not self._says(field):
            return None
        found = self._cells[self._columns.labels[field]]
        read = time_of_day(found.strip()) if isinstance(found, str) else None
        if read is None:
            self._fields.wrong(field, found, "is not a time of day")
        return read

    def _approved(self) -> bool | None:
        if self._clock.reading.approval == "every_row":
            return True
        return self._answer("approved", required=True)

    def _answer(self, field: str, *, required: bool = False) -> bool | None:
        if field == "billable" or required:
            found = self._fields.present(field)
        else:
            found = self._cells.get(self._columns.labels.get(field, ""))
        if found is None or found == "":
            return None
        words = self._clock.reading.words
        answer = answer_of(found, words) if isinstance(found, str) else None
        if answer is None:
            fault = "is no word for yes or no that is known"
            self._fields.wrong(field, found, fault, setting="words")
        return answer

    def _compare_times(
        self, worked_on: date | None, start: TimeOfDay | None, seconds: int | None
    ) -> None:
        end = self._time("end_time")
        if worked_on is None or start is None or end is None or seconds is None:
            return
        ended_on = self._ended_on(worked_on, start, end)
        if ended_on is None:
            return
        passed = _between(
            _moment(worked_on, start), _moment(ended_on, end), self._clock.zone
        )
        if abs(passed - seconds) > self._tolerance(start, end):
            self._fields.problems.append(_not_as_times(self._columns, seconds, passed))

    def _ended_on(
        self, worked_on: date, start: TimeOfDay, end: TimeOfDay
    ) -> date | None:
        if self._says("end_date"):
            return self._fields.day("end_date")
        # Over midnight, where only the times say so.
        return worked_on + timedelta(days=1 if end.seconds < start.seconds else 0)

    def _tolerance(self, start: TimeOfDay, end: TimeOfDay) -> int:
        stated = self._cells[self._columns.labels["seconds"]]
        clock = isinstance(stated, str) and clock_seconds(stated.strip()) is not None
        exact = clock and start.shows_seconds and end.shows_seconds
        return 1 if exact else _MINUTE


def content_of(record: TimeRecord) -> bytes:
    """Return the hash of a row's content, in which all spellings of a name are one."""
    return content_hash(
        msgspec.structs.replace(
            record,
            person=fold(record.person),
            project=fold(record.project),
            activity=None if record.activity is None else fold(record.activity),
        )
    )


def invoiced_problem(record: TimeRecord) -> Problem:
    """Return why a row that was invoiced at the tool is not billed a second time."""
    return Problem(
        ProblemCode.INVOICED_ELSEWHERE,
        f"{hours_text(record.seconds)} h of {record.person} on {record.project} on"
        f" {record.date} are new here and marked as invoiced at the tool.",
        "If they were billed there, leave them out of the export; if they are to be"
        " billed here, set invoiced to take in the connection's reading. Then deliver"
        " again.",
        {"field": "invoiced"},
    )


def _moment(day: date, at: TimeOfDay) -> datetime:
    return datetime.combine(day, time()) + timedelta(seconds=at.seconds)


def _between(start: datetime, end: datetime, zone: tzinfo | None) -> int:
    passed = end - start
    if zone is not None:
        # What a change of the clocks adds or takes is no part of the work.
        shift = start.replace(tzinfo=zone).utcoffset()
        later = end.replace(tzinfo=zone).utcoffset()
        passed += (shift or timedelta()) - (later or timedelta())
    return passed.days * 86_400 + passed.seconds


def _not_as_times(columns: Columns, seconds: int, passed: int) -> Problem:
    name = columns.labels["seconds"]
    return Problem(
        ProblemCode.DURATION_NOT_AS_TIMES,
        f"{name} is {hours_text(seconds)} h, but start and end are"
        f" {hours_text(passed)} h apart.",
        "Correct the times or the duration at the tool, or export without rounding;"
        " where the clocks were changed in between, set time_zone in the connection's"
        " reading.",
        {"field": "seconds", "source_field": name},
    )
