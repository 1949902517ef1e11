"""Value the receivables of an entity at a period end, in one transaction."""

from datetime import date

from hourline.billing import service as billing
from hourline.billing.revaluing import Revalued
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.transactions import (
    in_one_transaction,
    number_of,
    queued,
    snapshot_of,
)
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem


def revalue_receivables(
    database: Database,
    tenant: int,
    *,
    entity: str,
    through: date,
    into: IntoSoftClosed | None = None,
) -> Revalued | Problem:
    """Book unrealised exchange differences through a day, reversed the month after.

    Run again, it books what is new only. A refusal books nothing and waits in its
    queue. With `into` it may be booked into a soft-closed month, and that is kept.
    Raises NotKnown for an unknown entity.
    """

    def work(session: Session) -> Revalued | Problem:
        snapshot = snapshot_of(session)
        entity_no = number_of(snapshot, "legal_entity", entity)
        books = books_for(snapshot, into, entity_no)
        if isinstance(books, Problem):
            return queued(session, books, kind="revaluation", key=entity)
        outcome = billing.revalue(session, books, entity_no, through)
        if isinstance(outcome, Revalued) and outcome.run_no is not None:
            record_act(session, into, f"entity {entity}", {"through": str(through)})
        return queued(session, outcome, kind="revaluation", key=entity)

    return in_one_transaction(database, tenant, work)
