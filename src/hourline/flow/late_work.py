"""Let a person with the right accept work that is too late to be booked by itself."""

from hourline.billing.model import Because
from hourline.decide import service as decide
from hourline.flow.allotting import working_snapshot
from hourline.flow.entries import try_again
from hourline.flow.reviews import EntryName, entry_no_of
from hourline.flow.soft_closed import right_missing
from hourline.flow.transactions import NotKnown, in_one_transaction, now, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import has_right

RIGHT = "accept_late_work"


def accept_late_work(
    database: Database, tenant: int, entry: EntryName, because: Because
) -> bool | Problem:
    """Book what waits of an entry although it is late; return whether it went on.

    It stays, and has to be accepted again, where it is refused for something else too.
    Who did it and why goes into the audit chain in the same transaction. Returns the
    problem `right_missing`, which waits in its queue, where the person may not.
    Raises NotKnown where nothing of the entry waits, and NotOne.
    """

    def work(session: Session) -> bool | Problem:
        snapshot = working_snapshot(session)
        entry_no = entry_no_of(session, entry)
        waiting = decide.pending_of(session, [entry_no])
        entity = decide.refusing_entity(session, entry_no, ProblemCode.LATE_WORK)
        if entity is None:
            raise NotKnown(f"Entry {entry.source_id} does not wait for being late.")
        today = now().date()
        if not has_right(snapshot, RIGHT, user=because.actor, entity=entity, on=today):
            outcome: bool | Problem = right_missing(because.actor, RIGHT, entity)
        else:
            outcome = try_again(session, snapshot, waiting, also_late=True) == 1
            if outcome:
                _record(session, entry, int(waiting.revision[0]), because)
        return queued(session, outcome, kind="late_work", key=entry.source_id)

    return in_one_transaction(database, tenant, work)


def _record(
    session: Session, entry: EntryName, revision: int, because: Because
) -> None:
    change = ManualChange(
        actor=because.actor,
        action="late_work.accepted",
        subject=f"entry {entry.source_id}",
        reason=because.reason,
        after={"revision": revision},
    )
    record_change(session, change)
