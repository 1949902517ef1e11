"""Release what customers withhold of invoices, in the audit chain."""

from datetime import date
from decimal import Decimal

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.billing.retaining import Released
from hourline.flow.allotting import working_snapshot
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.transactions import in_one_transaction, number_of, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.money import currency_numbered, minor_units
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot


def release_retainage(
    database: Database,
    tenant: int,
    *,
    contract: str,
    because: Because,
    dated: date,
    amount: Decimal | None = None,
    customer: str | None = None,
    into: IntoSoftClosed | None = None,
) -> Released | Problem:
    """Make due what is withheld of a contract's invoices, by default all of it.

    The amount is in major units of the contract's currency, of one customer's invoices
    where one is named. A refusal changes nothing and waits in its queue. With `into` it
    may be booked into a soft-closed month. Raises NotKnown for an unknown contract or
    customer, AmountTooFine for an amount that its currency cannot have.
    """

    def work(session: Session, snapshot: Snapshot) -> Released | Problem:
        contract_no = number_of(snapshot, "contract", contract)
        found = snapshot.contract(contract_no)
        currency = currency_numbered(found.currency)
        books = books_for(snapshot, into, found.entity_no)
        if isinstance(books, Problem):
            return books
        return billing.release_retainage(
            session,
            books,
            contract_no,
            because,
            dated=dated,
            amount=None if amount is None else minor_units(amount, currency),
            customer_no=None
            if customer is None
            else number_of(snapshot, "customer", customer),
        )

    def run(session: Session) -> Released | Problem:
        outcome = work(session, working_snapshot(session))
        if isinstance(outcome, Released):
            _tell(session, contract, because, outcome)
            about = f"contract {contract}"
            record_act(session, into, about, {"released": outcome.amount})
        return queued(session, outcome, kind="contract", key=contract)

    return in_one_transaction(database, tenant, run)


def _tell(
    session: Session, contract: str, because: Because, released: Released
) -> None:
    change = ManualChange(
        actor=because.actor,
        action="retainage.released",
        subject=f"contract {contract}",
        reason=because.reason,
        after={part.number: part.amount for part in released.parts},
    )
    record_change(session, change)
