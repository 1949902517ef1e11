"""Value the receivables of an entity at a period end, in one transaction."""

from datetime import date

from hourline.billing import service as billing
from hourline.billing.revaluing import Revalued
from hourline.flow.transactions import (
    in_one_transaction,
    number_of,
    queued,
    snapshot_of,
)
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem


def revalue_receivables(
    database: Database, tenant: int, *, entity: str, through: date
) -> Revalued | Problem:
    """Book unrealised exchange differences through a day, reversed the month after.

    Run again, it books what is new only. A refusal books nothing and waits in its
    queue. Raises NotKnown for an unknown entity.
    """

    def work(session: Session) -> Revalued | Problem:
        snapshot = snapshot_of(session)
        entity_no = number_of(snapshot, "legal_entity", entity)
        outcome = billing.revalue(session, snapshot, entity_no, through)
        return queued(session, outcome, kind="revaluation", key=entity)

    return in_one_transaction(database, tenant, work)
