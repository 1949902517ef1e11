"""Decide who owns an exception and by when it must be done (one owner per queue).

The rows of table exception_routes come first, the most specific of those that match;
without one, the owner of the queue holds.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from hourline.kernel.decision_table import matching
from hourline.kernel.problems import QUEUE_OF, Problem, ProblemCode, Queue
from hourline.master.model import ExceptionRoute
from hourline.master.snapshot.exception_routes import (
    EXCEPTION_ROUTE_SHAPE,
    exception_route_row,
)

# Owners are roles; hours run on the clock because a month-end does not wait.
OWNER_OF: dict[Queue, tuple[str, int]] = {
    Queue.MASTER_DATA: ("master data steward", 24),
    Queue.PRICING: ("pricing controller", 24),
    Queue.TAX: ("tax accountant", 24),
    Queue.POSTING: ("ledger accountant", 8),
    Queue.APPROVAL: ("project controller", 24),
    Queue.PERIOD: ("finance lead", 8),
    Queue.LIMIT: ("project controller", 24),
    Queue.CONFLICT: ("integration engineer", 8),
    Queue.CONNECTIVITY: ("integration engineer", 4),
}


def queue_of(code: ProblemCode) -> Queue:
    """Return the queue a problem waits in."""
    return QUEUE_OF[code]


def owner_of(queue: Queue) -> str:
    """Return the role that owns a queue."""
    return OWNER_OF[queue][0]


def due_at(queue: Queue, opened_at: datetime) -> datetime:
    """Return the instant by which an item of a queue must be done."""
    return opened_at + timedelta(hours=OWNER_OF[queue][1])


def route_of(
    problem: Problem, routes: Sequence[tuple[str, ExceptionRoute]]
) -> tuple[str, int]:
    """Return the owner of a problem and the hours until it is due.

    `routes` are the rows that hold, with their ids. A row of an entity matches what
    says that it is about it.
    """
    queue = QUEUE_OF[problem.code]
    return _routed(
        {
            "code": str(problem.code),
            "queue": str(queue),
            "entity": problem.detail.get("entity"),
        },
        queue,
        routes,
    )


def route_of_queue(
    queue: Queue, routes: Sequence[tuple[str, ExceptionRoute]]
) -> tuple[str, int]:
    """Return the owner of what waits in a queue without a code of its own."""
    case = {"code": None, "queue": str(queue), "entity": None}
    return _routed(case, queue, routes)


def _routed(
    case: dict[str, str | None],
    queue: Queue,
    routes: Sequence[tuple[str, ExceptionRoute]],
) -> tuple[str, int]:
    rows = [exception_route_row(id_, route) for id_, route in routes]
    found = matching(EXCEPTION_ROUTE_SHAPE, rows, case, date.min)
    if not found:
        return OWNER_OF[queue]
    holding = routes[found[0]][1]
    return holding.owner, holding.due_hours
