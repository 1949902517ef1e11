"""Recognise revenue at the end of a period, contract by contract."""

from datetime import date

from hourline.billing import service as billing
from hourline.billing.positions import read_positions
from hourline.billing.store import lock_contracts
from hourline.billing.store_blocks import read_selling_contracts
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.transactions import (
    in_one_transaction,
    number_of,
    queued,
    snapshot_of,
)
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem
from hourline.ledger import recognition as ledger
from hourline.ledger.recognition import Recognised

_SUBJECT = "recognition"


def recognise_revenue(
    database: Database,
    tenant: int,
    *,
    entity: str,
    through: date,
    into: IntoSoftClosed | None = None,
) -> list[Recognised | Problem]:
    """Book the revenue an entity's contracts have earned through a day.

    One outcome for each contract whose revenue is recognised apart from its invoices.
    What is left of blocks of prepaid hours that have expired is earned as well.
    A contract that cannot be booked waits in its queue and holds up no other; where no
    period is open, the entity does. Twice is once. With `into` it may be booked into a
    soft-closed month, and that is kept. Raises NotKnown for the entity.
    """

    def run(session: Session) -> list[Recognised | Problem]:
        snapshot = snapshot_of(session)
        entity_no = number_of(snapshot, "legal_entity", entity)
        books = books_for(snapshot, into, entity_no)
        if isinstance(books, Problem):
            return [queued(session, books, kind=_SUBJECT, key=f"entity {entity}")]
        contract_nos = list(ledger.lines_to_recognise(snapshot, entity_no))
        selling = read_selling_contracts(session, entity_no)
        lock_contracts(session, [*contract_nos, *selling])
        expired = billing.earn_expired_blocks(session, books, entity_no, through)
        if isinstance(expired, Problem):
            return [queued(session, expired, kind=_SUBJECT, key=f"entity {entity}")]
        outcomes = ledger.recognise_revenue(
            session,
            books,
            entity_no,
            through=through,
            positions=read_positions(session, contract_nos),
        )
        queued(session, outcomes, kind=_SUBJECT, key=f"entity {entity}")
        if isinstance(outcomes, Problem):
            return [outcomes]
        if any(isinstance(one, Recognised) for one in outcomes.values()):
            record_act(session, into, f"entity {entity}", {"through": str(through)})
        return [
            queued(
                session,
                outcome,
                kind=_SUBJECT,
                key=f"contract {snapshot.contract(contract_no).id}",
            )
            for contract_no, outcome in outcomes.items()
        ]

    return in_one_transaction(database, tenant, run)
