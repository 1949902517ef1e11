"""Decide one entry of each case on a day of choice: what rules would make of its like.

A case is what rules can tell apart: who works where, as what, at which kind of hour. So
a history of any length is a few thousand entries.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

import numpy as np

from hourline.decide.again import (
    Outcome,
    Work,
    outcome_of,
    standing_entries,
)
from hourline.decide.encode import encode
from hourline.decide.kernel import decide
from hourline.decide.model import Decided
from hourline.decide.rules.accounting_period import as_booked
from hourline.decide.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.columns import NOTHING, Ints, ints
from hourline.kernel.effective import day_number
from hourline.kernel.entries import NOT_STATED, EntryColumns
from hourline.kernel.quantity import HOUR_SECONDS
from hourline.master.snapshot import Snapshot

# So many cases are looked at, of the history the most frequent, and of what nobody
# worked yet as many.
CASES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Cases:
    """Hold an entry of each case, and how many of the history are like it.

    `since` is the first work date of the history, None where there is none. Of what
    nobody worked yet, `people` and `projects` are canonical ids, and counts are 0.
    """

    entries: EntryColumns
    counts: Ints
    since: date | None = None
    people: tuple[str, ...] | None = None
    projects: tuple[str, ...] | None = None

    def on(self, day: date, snapshot: Snapshot) -> tuple[Outcome, Decided]:
        """Return what would be decided of them, worked and booked on a day."""
        days = np.full(len(self.entries), day_number(day), dtype=np.int64)
        entries = replace(self.entries, work_date=days.astype("datetime64[D]"))
        batch = encode(entries, snapshot)
        if self.people is not None and self.projects is not None:
            kept = snapshot.catalogue
            batch = replace(
                batch,
                person=ints([kept.people.find(id_) for id_ in self.people]),
                project=ints([kept.projects.find(id_) for id_ in self.projects]),
            )
        decided = decide(batch, snapshot, booked=as_booked(days, days))
        return outcome_of(entries, decided), decided


def cases_of_history(session: Session) -> Cases | None:
    """Return the most frequent cases of the work in force, None where there is none."""
    rows = session.tuples(QUERIES["entries_by_case"], limit=CASES_MAX)
    if not rows:
        return None
    counted = {entry_no: count for entry_no, count, _ in rows}
    pages = standing_entries(
        session,
        (date.min, date.max),
        of=Work(entry_nos=tuple(counted)),
        limit=len(counted) + 1,
    )
    # One that was recalled since the cases were counted is not among the entries.
    page = next(pages, None)
    if page is None:
        return None
    counts = ints([counted[no] for no in page.entries.entry_no.tolist()])
    return Cases(page.entries, counts, rows[0][2])


def cases_to_come(snapshot: Snapshot, history: Cases | None) -> Cases | None:
    """Return the cases that could come: of projects, somebody of each entity and role.

    Of projects without history, and of one project of each contracting entity, so that
    every pair of lender and borrower is among them. None where there are none.
    """
    worked = set()
    if history is not None:
        worked = set(encode(history.entries, snapshot).project.tolist())
    people = list(_somebody(snapshot))
    pairs = [
        (person, project)
        for project in _projects(snapshot, worked)
        for person in people
    ]
    pairs = list(islice(pairs, CASES_MAX))
    if not pairs:
        return None
    activities = [_activity(snapshot, project) for _, project in pairs]
    return Cases(
        _hours(activities),
        np.zeros(len(pairs), dtype=np.int64),
        people=tuple(person for person, _ in pairs),
        projects=tuple(project for _, project in pairs),
    )


def _somebody(snapshot: Snapshot) -> Iterator[str]:
    """Yield a person of each entity and role, the one who is there longest."""
    people = snapshot.catalogue.people
    found: dict[tuple[str, str | None], str] = {}
    for span in sorted(people.spans, key=lambda one: one.effective_until, reverse=True):
        case = span.content.entity, span.content.role
        found.setdefault(case, people.id_of(span))
    yield from found.values()


def _projects(snapshot: Snapshot, worked: set[int]) -> Iterator[str]:
    kept = snapshot.catalogue
    entity_of = {
        kept.contracts.id_of(span): span.content.entity for span in kept.contracts.spans
    }
    contract_of = {
        kept.lines.id_of(span): span.content.contract for span in kept.lines.spans
    }
    entities = set()
    for span in kept.projects.spans:
        contract = contract_of.get(span.content.contract_line)
        entity = entity_of.get(contract or "")
        if span.content.status == "open" and (
            span.dense not in worked or entity not in entities
        ):
            entities.add(entity)
            yield kept.projects.id_of(span)


def _activity(snapshot: Snapshot, project: str) -> str | None:
    kept = snapshot.catalogue.projects
    allowed = [
        one.id
        for span in kept.of(kept.find(project))
        for one in span.content.activities
    ]
    return allowed[0] if allowed else None


def _hours(activities: list[str | None]) -> EntryColumns:
    """Return an hour of each activity, without what only a source says."""
    count = len(activities)
    nobody = [""] * count
    unstated: list[str | None] = [None] * count
    return EntryColumns(
        entry_no=np.arange(1, count + 1, dtype=np.int64),
        revision=np.ones(count, dtype=np.int32),
        connection_no=np.full(count, NOTHING, dtype=np.int32),
        source_id=nobody,
        person_ref=nobody,
        project_ref=nobody,
        activity_ref=activities,
        hour_type_ref=unstated,
        role_ref=unstated,
        work_date=np.zeros(count, dtype="datetime64[D]"),
        worked_seconds=np.full(count, HOUR_SECONDS, dtype=np.int64),
        billable_seconds=np.full(count, NOT_STATED, dtype=np.int64),
        approved_at=np.zeros(count, dtype="datetime64[us]"),
        price=np.full(count, NOT_STATED, dtype=np.int64),
    )
