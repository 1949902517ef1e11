"""Release what customers withhold of invoices, in the audit chain."""

from datetime import date
from decimal import Decimal

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.billing.retaining import Released
from hourline.flow.allotting import working_snapshot
from hourline.flow.transactions import in_one_transaction, number_of, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.money import currency_numbered, minor_units
from hourline.kernel.problems import Problem


def release_retainage(
    database: Database,
    tenant: int,
    *,
    contract: str,
    because: Because,
    dated: date,
    amount: Decimal | None = None,
    customer: str | None = None,
) -> Released | Problem:
    """Make due what is withheld of a contract's invoices, by default all of it.

    The amount is in major units of the contract's currency, of one customer's invoices
    where one is named. A refusal changes nothing and waits in its queue. Raises
    NotKnown for an unknown contract or customer, AmountTooFine for an amount that its
    currency cannot have.
    """

    def run(session: Session) -> Released | Problem:
        snapshot = working_snapshot(session)
        contract_no = number_of(snapshot, "contract", contract)
        currency = currency_numbered(snapshot.contract(contract_no).currency)
        outcome = billing.release_retainage(
            session,
            snapshot,
            contract_no,
            because,
            dated=dated,
            amount=None if amount is None else minor_units(amount, currency),
            customer_no=None
            if customer is None
            else number_of(snapshot, "customer", customer),
        )
        if isinstance(outcome, Released):
            _tell(session, contract, because, outcome)
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
