"""Let one entity invoice another for the work it lent, both sides in one commit."""

from collections.abc import Sequence
from datetime import date

from hourline.billing.intercompany import Between
from hourline.billing.intercompany import invoice_intercompany as issue
from hourline.billing.intercompany_model import IntercompanyIssued
from hourline.billing.tax_engine_model import Refusals
from hourline.flow.soft_closed import IntoSoftClosed, books_for, record_act
from hourline.flow.tax_engines import Opening, with_tax_engines
from hourline.flow.transactions import (
    in_one_transaction,
    number_of,
    queued,
    snapshot_of,
)
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot


def invoice_intercompany(
    database: Database,
    tenant: int,
    *,
    lender: str,
    borrower: str,
    through: date,
    invoice_date: date,
    into: IntoSoftClosed | None = None,
    engines: Opening | None = None,
) -> list[IntercompanyIssued] | Problem:
    """Issue what is open between two entities for work up to and including a day.

    A refusal changes nothing and waits in its queue. Nothing open issues nothing. With
    `into` it may be booked into soft-closed months of both, for somebody who has the
    right for both, and that is kept. `engines` opens the connections where the
    lender's tax engine is to be asked. Raises NotKnown for an unknown entity,
    ValueError where both are one.
    """
    if lender == borrower:
        raise ValueError(f"{lender} cannot invoice itself.")

    def work(
        session: Session, refusals: Refusals
    ) -> list[IntercompanyIssued] | Problem:
        snapshot = snapshot_of(session)
        between = Between(
            lender_no=number_of(snapshot, "legal_entity", lender),
            borrower_no=number_of(snapshot, "legal_entity", borrower),
            through=through,
            invoice_date=invoice_date,
        )
        pair = f"{lender} to {borrower}"
        books: Snapshot | Problem = snapshot
        for entity_no in (between.lender_no, between.borrower_no):
            if not isinstance(books, Problem):
                books = books_for(books, into, entity_no)
        if isinstance(books, Problem):
            return queued(session, books, kind="intercompany", key=pair)
        outcome = issue(session, books, between, refusals=refusals)
        if not isinstance(outcome, Problem) and outcome:
            record_act(session, into, f"entities {pair}", _told(outcome))
        return queued(session, outcome, kind="intercompany", key=pair)

    def run(refusals: Refusals) -> list[IntercompanyIssued] | Problem:
        return in_one_transaction(database, tenant, lambda one: work(one, refusals))

    return with_tax_engines(database, tenant, engines, run)


def _told(issued: Sequence[IntercompanyIssued]) -> dict[str, object]:
    return {
        "documents": [one.number for one in issued],
        "totals": [one.total for one in issued],
        "currencies": [one.currency for one in issued],
    }
