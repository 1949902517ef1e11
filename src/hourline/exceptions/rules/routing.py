"""Decide who owns an exception and by when it must be done (one owner per queue)."""

from datetime import datetime, timedelta

from hourline.kernel.problems import QUEUE_OF, ProblemCode, Queue

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
