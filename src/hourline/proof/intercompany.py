"""Report what entities owe each other, and what a group statement eliminates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Role

QUERIES = load_queries(__package__)
CODES = {
    "ic_wip": Role.IC_WIP,
    "ic_receivable": Role.IC_RECEIVABLE,
    "ic_payable": Role.IC_PAYABLE,
    "ic_revenue": Role.IC_REVENUE,
    "ic_cost": Role.IC_COST,
    "cause_intercompany": Cause.INTERCOMPANY_INVOICE,
}


@dataclass(frozen=True, slots=True)
class PairMonth:
    """Hold what both entities booked against each other in one month of their books.

    Amounts are minor units of the documents' currency, those of `_books` of the
    lender's (revenue, receivable) or the borrower's own (cost, payable).
    """

    lender: str
    borrower: str
    currency: int
    lender_currency: int
    borrower_currency: int
    period: date
    revenue: int
    cost: int
    receivable: int
    payable: int
    revenue_books: int
    cost_books: int
    receivable_books: int
    payable_books: int

    @property
    def matches(self) -> bool:
        """Say whether the two sides agree; in different open months they do not yet."""
        return self.revenue == self.cost and self.receivable == self.payable


@dataclass(frozen=True, slots=True)
class OpenBetween:
    """Hold what of a pair is on no intercompany invoice yet, or is to take back.

    What is to take back is negative. `accrued` is in the lender's currency.
    """

    lender: str
    borrower: str
    currency: int
    lender_currency: int
    taken_back: bool
    transfers: int
    first_day: date
    last_day: date
    amount: int
    accrued: int


@dataclass(frozen=True, slots=True)
class Elimination:
    """Hold one side of what a group statement takes out: debit is above zero.

    `amount` is in the documents' currency, `books_amount` in the entity's own.
    """

    period: date
    entity: str
    against: str
    role: str
    currency: int
    amount: int
    books_currency: int
    books_amount: int


@dataclass(frozen=True, slots=True)
class IntercompanyReport:
    """Hold the months of every pair, what is open, and the eliminations."""

    months: list[PairMonth]
    open: list[OpenBetween]
    eliminations: list[Elimination]

    @property
    def unmatched(self) -> list[PairMonth]:
        """Return the months in which the two sides do not agree."""
        return [month for month in self.months if not month.matches]


def report_intercompany(session: Session) -> IntercompanyReport:
    """Return what entities owe each other, by pair, currency and month."""
    months = session.all(QUERIES["ic_pairs"], PairMonth, **CODES)
    return IntercompanyReport(
        months,
        session.all(QUERIES["ic_open"], OpenBetween),
        list(eliminations_of(months)),
    )


def eliminations_of(months: Sequence[PairMonth]) -> Iterator[Elimination]:
    """Yield what takes revenue against cost, and payable against receivable.

    Each month by what its own side booked, so that nothing is left of either.
    """
    for one in months:
        lender, borrower = (one.lender, one.borrower), (one.borrower, one.lender)
        for (entity, against), role, amount, books_currency, books_amount in (
            (
                lender,
                Role.IC_REVENUE,
                one.revenue,
                one.lender_currency,
                one.revenue_books,
            ),
            (borrower, Role.IC_COST, -one.cost, one.borrower_currency, -one.cost_books),
            (
                borrower,
                Role.IC_PAYABLE,
                one.payable,
                one.borrower_currency,
                one.payable_books,
            ),
            (
                lender,
                Role.IC_RECEIVABLE,
                -one.receivable,
                one.lender_currency,
                -one.receivable_books,
            ),
        ):
            if amount or books_amount:
                yield Elimination(
                    period=one.period,
                    entity=entity,
                    against=against,
                    role=role.name.lower(),
                    currency=one.currency,
                    amount=amount,
                    books_currency=books_currency,
                    books_amount=books_amount,
                )
