"""Read and write exception items."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import msgspec
from psycopg.types.json import Jsonb

from hourline.exceptions.model import ExceptionItem, Subject, WaitingEntry
from hourline.exceptions.rules.routing import queue_of, route_of, route_of_queue
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import PendingState
from hourline.kernel.problems import Problem, ProblemCode, Queue
from hourline.master.model import ExceptionRoute

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class QueueCount:
    """Count the open items of one code in a queue."""

    queue: str
    code: str
    owner: str
    items: int
    due_at: datetime


def open_items(
    session: Session, found: Sequence[tuple[Subject, Problem]], *, at: datetime
) -> None:
    """Open an item for each code of a subject; its findings share the item."""
    if not found:
        return
    routes = read_routes(session, at.date())
    session.run_many(
        QUERIES["open_item"],
        [_item(one, routes, at) for one in _merged(found)],
    )


def _item(
    found: tuple[Subject, Problem],
    routes: Sequence[tuple[str, ExceptionRoute]],
    at: datetime,
) -> dict[str, object]:
    subject, problem = found
    owner, due_hours = route_of(problem, routes)
    return {
        "queue": queue_of(problem.code),
        "code": problem.code,
        "subject_kind": subject.kind,
        "subject_key": subject.key,
        "entry_no": subject.entry_no,
        "revision": subject.revision,
        "sentence": problem.sentence,
        "remedy": problem.remedy,
        "detail": Jsonb(problem.detail),
        "owner": owner,
        "opened_at": at,
        "due_at": at + timedelta(hours=due_hours),
    }


def read_routes(session: Session, on: date) -> list[tuple[str, ExceptionRoute]]:
    """Return the exception routes that hold on a day, with their ids."""
    return [
        (id_, msgspec.convert({**content, "entity": entity}, ExceptionRoute))
        for id_, content, entity in session.tuples(QUERIES["exception_routes"], on=on)
    ]


def _merged(
    found: Sequence[tuple[Subject, Problem]],
) -> list[tuple[Subject, Problem]]:
    merged: dict[tuple[Subject, ProblemCode], list[Problem]] = {}
    for subject, problem in found:
        merged.setdefault((subject, problem.code), []).append(problem)
    return [
        (subject, replace(problems[-1], sentence=_each_once(problems)))
        for (subject, _code), problems in merged.items()
    ]


def _each_once(problems: Sequence[Problem]) -> str:
    return " ".join(dict.fromkeys(problem.sentence for problem in problems))


def resolve_entries(
    session: Session,
    entry_nos: Sequence[int],
    *,
    resolution: str,
    at: datetime,
    keep_codes: Sequence[str] = (),
) -> int:
    """Close the open items of entries, except those of the codes to keep."""
    if not entry_nos:
        return 0
    return session.run(
        QUERIES["resolve_entries"],
        entry_nos=list(entry_nos),
        keep_codes=list(keep_codes),
        resolution=resolution,
        at=at,
    )


def resolve_subject(
    session: Session,
    subject: Subject,
    *,
    resolution: str,
    at: datetime,
    keep_codes: Sequence[str] = (),
) -> int:
    """Close the open items of a subject, except those of the codes to keep."""
    return session.run(
        QUERIES["resolve_subject"],
        subject_kind=subject.kind,
        subject_key=subject.key,
        keep_codes=list(keep_codes),
        resolution=resolution,
        at=at,
    )


def resolve_item(
    session: Session, item_no: int, *, resolution: str, at: datetime
) -> bool:
    """Close one open item; return whether it was open."""
    touched = session.run(
        QUERIES["resolve_item"], item_no=item_no, resolution=resolution, at=at
    )
    return touched == 1


def list_items(
    session: Session,
    *,
    state: str = "open",
    queue: str | None = None,
    code: str | None = None,
    entry_no: int | None = None,
    limit: int = 500,
) -> list[ExceptionItem]:
    """Return items, most urgent first."""
    return session.all(
        QUERIES["items"],
        ExceptionItem,
        state=state,
        queue=queue,
        code=code,
        entry_no=entry_no,
        limit=limit,
    )


def find_item(session: Session, item_no: int) -> ExceptionItem | None:
    """Return one item, whatever its state."""
    return session.first(QUERIES["item"], ExceptionItem, item_no=item_no)


def queue_counts(session: Session) -> list[QueueCount]:
    """Return how many items are open per queue and code."""
    return session.all(QUERIES["queue_counts"], QueueCount)


def resolve_subjects(
    session: Session, subjects: Sequence[Subject], *, resolution: str, at: datetime
) -> None:
    """Close the open items of many subjects of one kind or several."""
    session.run(
        QUERIES["resolve_subjects"],
        subject_kinds=[subject.kind for subject in subjects],
        subject_keys=[subject.key for subject in subjects],
        resolution=resolution,
        at=at,
    )


def waiting_entries(session: Session, *, limit: int = 500) -> list[WaitingEntry]:
    """Return entries that wait for master data, the longest waiting first."""
    # Which day it is makes no difference to who waits: the routes of the newest do.
    rows = session.tuples(
        QUERIES["waiting_entries"], state=PendingState.WAITING, limit=limit
    )
    if not rows:
        return []
    owner, due_hours = route_of_queue(
        Queue.MASTER_DATA,
        read_routes(session, max(since for *_, since, _ in rows).date()),
    )
    return [
        WaitingEntry(
            source_id=source_id,
            worked_seconds=worked_seconds,
            since=since,
            owner=owner,
            due_at=since + timedelta(hours=due_hours),
            lacks=" ".join(problem["sentence"] for problem in problems),
        )
        for source_id, worked_seconds, since, problems in rows
    ]
