"""Cancel issued invoices and give up what is due of them, in the audit chain."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from hourline.billing import service as billing
from hourline.billing.model import Because, Issued
from hourline.billing.rules.write_off_due import WrittenOff
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.transactions import in_one_transaction, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot

T = TypeVar("T")


def cancel_invoice(
    database: Database,
    tenant: int,
    *,
    document_no: int,
    because: Because,
    cancel_date: date | None = None,
) -> Issued | Problem:
    """Cancel an invoice whole; a refusal changes nothing and waits in its queue."""

    def work(session: Session, snapshot: Snapshot) -> Issued | Problem:
        outcome = billing.cancel(
            session, snapshot, document_no, because, cancel_date=cancel_date
        )
        if isinstance(outcome, Issued):
            allot(session, snapshot, [outcome.contract_no])
            _tell(
                session,
                document_no,
                because,
                action="invoice.cancelled",
                after={"credit_note": outcome.number},
            )
        return outcome

    return _corrected(database, tenant, document_no, work)


def write_off_invoice(
    database: Database,
    tenant: int,
    *,
    document_no: int,
    because: Because,
    dated: date,
    amount: int | None = None,
) -> WrittenOff | Problem:
    """Give up an amount of an invoice in minor units, by default all that is due.

    A refusal changes nothing and waits in its queue.
    """

    def work(session: Session, snapshot: Snapshot) -> WrittenOff | Problem:
        outcome = billing.write_off_invoice(
            session, snapshot, document_no, because, dated=dated, amount=amount
        )
        if isinstance(outcome, WrittenOff):
            due = billing.amounts_due(session, document_no)
            _tell(
                session,
                document_no,
                because,
                action="invoice.written_off",
                after={"written_off": outcome.amount, "due": due.due},
            )
        return outcome

    return _corrected(database, tenant, document_no, work)


def _corrected(
    database: Database,
    tenant: int,
    document_no: int,
    work: Callable[[Session, Snapshot], T],
) -> T:
    def run(session: Session) -> T:
        outcome = work(session, working_snapshot(session))
        return queued(session, outcome, kind="invoice", key=str(document_no))

    return in_one_transaction(database, tenant, run)


def _tell(
    session: Session,
    document_no: int,
    because: Because,
    *,
    action: str,
    after: dict[str, str] | dict[str, int],
) -> None:
    change = ManualChange(
        actor=because.actor,
        action=action,
        subject=f"document {document_no}",
        reason=because.reason,
        after=after,
    )
    record_change(session, change)
