"""Gather what proves a simulated month: Hourline's books and the receivers' books."""

from collections import Counter
from dataclasses import asdict, dataclass

from hourline.billing.intercompany_model import IntercompanyListed
from hourline.billing.store_intercompany import list_intercompany
from hourline.connectors.sandbox.admin import read_books
from hourline.demo.advances import Advance, read_advances
from hourline.demo.expenses import (
    EntityExpenses,
    expense_equations,
    read_expenses,
    read_totals,
)
from hourline.demo.month import EXPENSES, PSA, Firmwide
from hourline.demo.posting import QUERIES, faults_that_bit
from hourline.demo.receivers import (
    balance_equations,
    between_equations,
    invoice_equations,
    ledger_equations,
    receivable_accounts,
    receiver_equations,
    told_equation,
)
from hourline.demo.result import ResultLine, month_results
from hourline.demo.subcontractors import (
    BilledWork,
    payable_equations,
    read_billed_work,
)
from hourline.demo.terms import TermAtWork, read_terms
from hourline.exceptions.model import WaitingEntry
from hourline.exceptions.store import QueueCount, queue_counts, waiting_entries
from hourline.kernel.codes import DocumentKind
from hourline.ledger.store_recognition import ListedRevenue, read_revenue
from hourline.proof.balances import role_balances
from hourline.proof.cross_charges import cross_charged
from hourline.proof.differences import Difference, differences
from hourline.proof.intercompany import report_intercompany
from hourline.proof.model import CrossChargedPair
from hourline.proof.statement import Equation, Statement, state_books

ERPS = ("atlas", "borealis")
RECEIVERS = ("billing", *ERPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Hold everything the closing tables and the facts are made of."""

    statement: Statement
    equations: list[Equation]
    differences: list[Difference]
    exceptions: list[QueueCount]
    waiting: list[WaitingEntry]
    bitten: Counter[str]
    examples: list[tuple[str, str]]
    between: list[IntercompanyListed]
    revenue: list[ListedRevenue]
    advances: list[Advance]
    expenses: list[EntityExpenses]
    billed_work: list[BilledWork]
    terms: list[TermAtWork]
    cross_charges: list[CrossChargedPair]
    results: list[ResultLine]

    @property
    def proven(self) -> bool:
        """Say whether every equation holds and nothing differs."""
        return not self.differences and all(one.holds for one in self.equations)

    def facts(self, wide: Firmwide) -> dict[str, object]:
        """Return the evidence as the facts file states it."""
        return {
            "tenant": wide.slug,
            "dirt": wide.firm.dirt,
            "statement": self.statement,
            "equations": [
                {**asdict(row), "holds": row.holds} for row in self.equations
            ],
            "differences": self.differences,
            "exceptions": self.exceptions,
            "waiting": self.waiting,
            "faults": dict(self.bitten),
            "between": self.between,
            "revenue": self.revenue,
            "advances": self.advances,
            "expenses": self.expenses,
            "billed_work": self.billed_work,
            "terms": self.terms,
            "cross_charges": self.cross_charges,
            "results": self.results,
            "proven": self.proven,
        }


def gather(wide: Firmwide) -> Evidence:
    """Read every book; nothing is printed, so it may be done again after a loss."""
    places = wide.systems.places()
    books = {name: read_books(places[name]) for name in (*RECEIVERS, PSA, EXPENSES)}
    totals = read_totals(places[EXPENSES])
    with wide.database.tenant(wide.tenant) as session:
        statement = state_books(session)
        found = differences(session)
        counts, waiting = queue_counts(session), waiting_entries(session)
        examples = session.tuples(
            QUERIES["example_entries"], invoice=DocumentKind.INVOICE
        )
        balances = role_balances(session)
        months = report_intercompany(session).months
        between, revenue = list_intercompany(session), read_revenue(session)
        advances = read_advances(session, wide.firm)
        expenses = read_expenses(session, balances)
        paid = expense_equations(session, totals)
        billed_work = read_billed_work(session, wide.firm)
        terms, charged = read_terms(session, wide.firm), cross_charged(session)
    told = [document["time_entry"] for document in books[PSA]]
    told += [document["expense"] for document in books[EXPENSES]]
    equations = [
        *statement.equations,
        *receiver_equations(statement, {name: books[name] for name in RECEIVERS}),
        *invoice_equations(
            statement, {name: books[name] for name in ERPS}, receivable_accounts()
        ),
        *ledger_equations({name: books[name] for name in ERPS}),
        *balance_equations(balances, {name: books[name] for name in ERPS}),
        *between_equations(months),
        *paid,
        *payable_equations(billed_work, balances),
        told_equation(statement, told),
    ]
    return Evidence(
        statement=statement,
        equations=equations,
        differences=found,
        exceptions=counts,
        waiting=waiting,
        bitten=faults_that_bit(wide),
        examples=[(source_id, why) for source_id, why in examples],
        between=between,
        revenue=revenue,
        advances=advances,
        expenses=expenses,
        billed_work=billed_work,
        terms=terms,
        cross_charges=charged,
        results=month_results(balances),
    )
