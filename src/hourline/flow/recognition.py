"""Recognise revenue at the end of a period, and provide for losses, by contract."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hourline.billing import service as billing
from hourline.billing.positions import read_positions
from hourline.billing.store import lock_contracts
from hourline.billing.store_blocks import read_selling_contracts
from hourline.flow.best_guess import guess_revenue
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.transactions import (
    in_one_transaction,
    number_of,
    queued,
    snapshot_of,
)
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem
from hourline.kernel.subledgers import Subledger
from hourline.ledger import recognition as ledger
from hourline.ledger.onerous import lines_with_estimate, provide_for_losses
from hourline.ledger.recognition import Recognised
from hourline.master.snapshot import Snapshot

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
    What is left of blocks of prepaid hours that have expired is earned as well, and
    contracts that cost more than they bring are provided for. Lines that are guessed at
    approval go on with the month after.
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
        estimated = list(lines_with_estimate(session, snapshot, entity_no))
        lock_contracts(session, [*contract_nos, *selling, *estimated])
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
        provided = _with_provisions(
            session, books, entity_no, through=through, outcomes=outcomes
        )
        guess_revenue(session, snapshot, contract_nos)
        if any(isinstance(one, Recognised) for one in provided.values()):
            record_act(session, into, f"entity {entity}", {"through": str(through)})
        return [
            queued(
                session,
                outcome,
                kind=_SUBJECT,
                key=f"contract {snapshot.contract(contract_no).id}",
            )
            for contract_no, outcome in provided.items()
        ]

    return in_one_transaction(database, tenant, run)


def _with_provisions(
    session: Session,
    snapshot: Snapshot,
    entity_no: int,
    *,
    through: date,
    outcomes: Mapping[int, Recognised | Problem],
) -> dict[int, Recognised | Problem]:
    """Return what was recognised, with what is provided for losses after it.

    A contract whose revenue could not be booked is left as it is.
    """
    lines = {
        contract_no: of
        for contract_no, of in lines_with_estimate(session, snapshot, entity_no).items()
        if not isinstance(outcomes.get(contract_no), Problem)
    }
    provided = provide_for_losses(
        session,
        snapshot,
        entity_no,
        lines,
        through=through,
        positions=read_positions(session, list(lines)),
    )
    found = dict(outcomes)
    for contract_no, outcome in provided.items():
        if isinstance(outcome, Problem):
            found[contract_no] = outcome
            continue
        before = found.get(contract_no) or Recognised(
            contract_no=contract_no,
            accounting_date=snapshot.accounting_date(
                entity_no, through, Subledger.REVENUE
            ),
            lines=(),
        )
        if isinstance(before, Recognised):
            found[contract_no] = replace(before, provision=outcome)
    return found
