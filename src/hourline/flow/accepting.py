"""Let a person with the right accept what an entity does not book by itself.

That is work that is too late, or of too much, and prices set by hand.
"""

from collections.abc import Sequence

from hourline.billing.model import Because
from hourline.decide import service as decide
from hourline.flow.allotting import working_snapshot
from hourline.flow.deciding import ACCEPTABLE
from hourline.flow.entries import try_again
from hourline.flow.reviews import EntryName, entry_no_of
from hourline.flow.soft_closed import right_missing
from hourline.flow.transactions import NotKnown, in_one_transaction, now, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot, has_right

_Because = tuple[EntryName, Because]
_FOR = {
    ProblemCode.LATE_WORK: "being late",
    ProblemCode.PRICE_NOT_ACCEPTED: "its price",
}
_ACTIONS = {
    ProblemCode.LATE_WORK: "late_work.accepted",
    ProblemCode.PRICE_NOT_ACCEPTED: "price.accepted",
}


def accept_late_work(
    database: Database, tenant: int, entry: EntryName, because: Because
) -> bool | Problem:
    """Book what waits of an entry although it is late; return whether it went on.

    It stays, and has to be accepted again, where it is refused for something else too.
    Who did it and why goes into the audit chain in the same transaction. Returns the
    problem `right_missing`, which waits in its queue, where the person may not.
    Raises NotKnown where nothing of the entry waits, and NotOne.
    """
    return _accept(database, tenant, ProblemCode.LATE_WORK, (entry, because))


def accept_price(
    database: Database, tenant: int, entry: EntryName, because: Because
) -> bool | Problem:
    """Book what waits of an entry at the price that was set by hand.

    As `accept_late_work`, with the right `set_prices`.
    """
    return _accept(database, tenant, ProblemCode.PRICE_NOT_ACCEPTED, (entry, because))


def may_set_amounts(
    snapshot: Snapshot, contract_no: int, because: Because
) -> Problem | None:
    """Return the problem `right_missing` where somebody may set no amount by hand."""
    entity = snapshot.entity(snapshot.contract(contract_no).entity_no)
    right, _ = ACCEPTABLE[ProblemCode.PRICE_NOT_ACCEPTED]
    if not entity.content.price_right:
        return None
    if has_right(
        snapshot, right, user=because.actor, entity=entity.id, on=now().date()
    ):
        return None
    return right_missing(because.actor, right, entity.id)


def _accept(
    database: Database, tenant: int, code: ProblemCode, said: _Because
) -> bool | Problem:
    entry, because = said

    def work(session: Session) -> bool | Problem:
        snapshot = working_snapshot(session)
        entry_no = entry_no_of(session, entry)
        waiting = decide.pending_of(session, [entry_no])
        entity = decide.refusing_entity(session, entry_no, code)
        if entity is None:
            raise NotKnown(f"Entry {entry.source_id} does not wait for {_FOR[code]}.")
        today = now().date()
        # What waits for two things goes on once somebody may accept both.
        accepted = [
            one
            for one, (right, _) in ACCEPTABLE.items()
            if decide.refusing_entity(session, entry_no, one) is not None
            and has_right(snapshot, right, user=because.actor, entity=entity, on=today)
        ]
        if code not in accepted:
            outcome: bool | Problem = right_missing(
                because.actor, ACCEPTABLE[code][0], entity
            )
        else:
            outcome = try_again(session, snapshot, waiting, accepted=accepted) == 1
            if outcome:
                _record(
                    session, entry, int(waiting.revision[0]), because, accepted=accepted
                )
        return queued(session, outcome, kind=str(code), key=entry.source_id)

    return in_one_transaction(database, tenant, work)


def _record(
    session: Session,
    entry: EntryName,
    revision: int,
    because: Because,
    *,
    accepted: Sequence[ProblemCode],
) -> None:
    for code in accepted:
        change = ManualChange(
            actor=because.actor,
            action=_ACTIONS[code],
            subject=f"entry {entry.source_id}",
            reason=because.reason,
            after={"revision": revision},
        )
        record_change(session, change)
