"""Bill contracts, and open and issue their drafts."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from hourline.billing import service as billing
from hourline.billing.model import Assembled, Issued, NothingToBill
from hourline.billing.tax_engine_model import Refusals
from hourline.flow.accepting import may_set_amounts
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.reviews import Adjusting, adjustments_of, record_adjusting
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.tax_engines import Opening, with_tax_engines
from hourline.flow.transactions import (
    in_one_transaction,
    number_of,
    queued,
)
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot

T = TypeVar("T")


def bill_contract(
    database: Database,
    tenant: int,
    *,
    contract: str,
    through: date,
    invoice_date: date,
    adjusting: Adjusting | None = None,
    into: IntoSoftClosed | None = None,
    engines: Opening | None = None,
) -> Issued | NothingToBill | Problem:
    """Bill all open work of a contract up to and including a day.

    What a person adjusts of it, and that one books `into` a soft-closed month, goes
    into the audit chain in the same transaction. `engines` opens the connections where
    the entity's tax engine is to be asked. Raises NotKnown for an unknown contract or
    entry.
    """

    def work(
        session: Session, snapshot: Snapshot, refusals: Refusals
    ) -> Issued | NothingToBill | Problem:
        contract_no = number_of(snapshot, "contract", contract)
        books = _books(snapshot, into, contract_no)
        if isinstance(books, Problem):
            return books
        refused = _may_not_adjust(snapshot, contract_no, adjusting)
        if refused is not None:
            return refused
        outcome = billing.bill(
            session,
            books,
            contract_no,
            through=through,
            invoice_date=invoice_date,
            adjustments=adjustments_of(session, snapshot, contract_no, adjusting),
            refusals=refusals,
        )
        if isinstance(outcome, Issued):
            allot(session, snapshot, [contract_no])
            record_adjusting(session, contract, adjusting, action="invoice.adjusted")
            record_act(session, into, f"contract {contract}", _billed(outcome))
        return outcome

    return _issuing((database, tenant, ("contract", contract)), engines, work)


def bill_due(
    database: Database,
    tenant: int,
    *,
    through: date,
    invoice_date: date,
    engines: Opening | None = None,
) -> list[Issued | NothingToBill | Problem]:
    """Bill every contract with open work; `engines` as in `bill_contract`."""

    def work(
        session: Session, snapshot: Snapshot, refusals: Refusals
    ) -> list[Issued | NothingToBill | Problem]:
        outcomes = billing.bill_due(
            session,
            snapshot,
            through=through,
            invoice_date=invoice_date,
            refusals=refusals,
        )
        allot(session, snapshot, outcomes)
        return [
            queued(
                session, outcome, kind="contract", key=snapshot.contract(contract_no).id
            )
            for contract_no, outcome in outcomes.items()
        ]

    return _issuing((database, tenant, ("run", str(through))), engines, work)


def open_draft(
    database: Database,
    tenant: int,
    *,
    contract: str,
    through: date,
    invoice_date: date,
    adjusting: Adjusting | None = None,
) -> Assembled | NothingToBill | Problem:
    """Open or replace the draft of a contract; the books do not change.

    What a person adjusts is kept with the draft, and in the audit chain.
    """

    def work(
        session: Session, snapshot: Snapshot
    ) -> Assembled | NothingToBill | Problem:
        contract_no = number_of(snapshot, "contract", contract)
        refused = _may_not_adjust(snapshot, contract_no, adjusting)
        if refused is not None:
            return refused
        outcome = billing.open_draft(
            session,
            snapshot,
            contract_no,
            through=through,
            invoice_date=invoice_date,
            adjustments=adjustments_of(session, snapshot, contract_no, adjusting),
        )
        if isinstance(outcome, Assembled):
            record_adjusting(session, contract, adjusting, action="draft.adjusted")
        return outcome

    # Somebody still has to approve it.
    keep = (ProblemCode.DRAFT_NOT_APPROVED,)
    subject = ("contract", contract)
    return _with_snapshot(database, tenant, work, subject=subject, keep=keep)


def issue_draft(
    database: Database,
    tenant: int,
    *,
    contract: str,
    into: IntoSoftClosed | None = None,
    engines: Opening | None = None,
) -> Issued | NothingToBill | Problem:
    """Issue the open draft of a contract; `into`, `engines` as in `bill_contract`."""

    def work(
        session: Session, snapshot: Snapshot, refusals: Refusals
    ) -> Issued | NothingToBill | Problem:
        contract_no = number_of(snapshot, "contract", contract)
        books = _books(snapshot, into, contract_no)
        if isinstance(books, Problem):
            return books
        outcome = billing.issue_draft(session, books, contract_no, refusals=refusals)
        allot(session, snapshot, [contract_no])
        if isinstance(outcome, Issued):
            record_act(session, into, f"contract {contract}", _billed(outcome))
        return outcome

    return _issuing((database, tenant, ("contract", contract)), engines, work)


def _may_not_adjust(
    snapshot: Snapshot, contract_no: int, adjusting: Adjusting | None
) -> Problem | None:
    """Return what stands against amounts set by hand; hours may be set by anybody."""
    if adjusting is None or all(one.amount is None for one in adjusting.entries):
        return None
    return may_set_amounts(snapshot, contract_no, adjusting.because)


def _books(
    snapshot: Snapshot, into: IntoSoftClosed | None, contract_no: int
) -> Snapshot | Problem:
    if into is None:
        return snapshot
    return books_for(snapshot, into, snapshot.contract(contract_no).entity_no)


def _billed(invoice: Issued) -> dict[str, object]:
    return {
        "invoices": [one.number for one in invoice.all],
        "net": invoice.net,
        "tax": invoice.tax,
        "currency": invoice.currency,
    }


def _issuing(
    place: tuple[Database, int, tuple[str, str]],
    engines: Opening | None,
    work: Callable[[Session, Snapshot, Refusals], T],
) -> T:
    database, tenant, subject = place

    def run(refusals: Refusals) -> T:
        def issue(session: Session, snapshot: Snapshot) -> T:
            return work(session, snapshot, refusals)

        return _with_snapshot(database, tenant, issue, subject=subject)

    return with_tax_engines(database, tenant, engines, run)


def _with_snapshot(
    database: Database,
    tenant: int,
    work: Callable[[Session, Snapshot], T],
    *,
    subject: tuple[str, str],
    keep: tuple[ProblemCode, ...] = (),
) -> T:
    def run(session: Session) -> T:
        outcome = work(session, working_snapshot(session))
        return queued(session, outcome, kind=subject[0], key=subject[1], keep=keep)

    return in_one_transaction(database, tenant, run)
