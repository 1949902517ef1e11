"""Price work lent to another entity the slow and obvious way."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import iso4217

from hourline.kernel.codes import Effect, Role, TransferModel
from hourline.kernel.problems import ProblemCode
from hourline.master.model import BillRate, TransferPrice
from tests.entries import Entry
from tests.oracle.findings import (
    Terms,
    Worker,
    accounting_date,
    bill_rate,
    exchange,
    minor_of,
    rounded,
    second_cost,
    sold_at,
)
from tests.oracle.known import Held, Known

_FROM_BILL_RATE = {
    "percent_of_bill_rate",
    "bill_rate_less_amount",
    "contribution_ratio",
}


@dataclass(frozen=True)
class Charged:
    """Hold what the lender charges: in the price's currency and in both books."""

    row: Held[TransferPrice]
    currency: str
    amount: int
    lender_amount: int
    borrower_amount: int | None


@dataclass(frozen=True)
class Loan:
    """Hold who lends whose time to whom, and both factors of the hour type."""

    known: Known
    entry: Entry
    terms: Terms
    worker: Worker
    factors: tuple[Fraction, Fraction]

    @property
    def lender_date(self) -> date | None:
        lender, day = self.worker.provider.id, self.entry.work_date
        return accounting_date(self.known, lender, day, "intercompany")

    @property
    def costs_date(self) -> date | None:
        lender, day = self.worker.provider.id, self.entry.work_date
        return accounting_date(self.known, lender, day, "costs")

    @property
    def borrower_date(self) -> date | None:
        entity = self.terms.entity.id
        day = self.entry.work_date
        return accounting_date(self.known, entity, day, "work_in_progress")

    @property
    def row(self) -> Held[TransferPrice] | None:
        """Return the row that matches: person before role before neither."""
        role = self.entry.role or self.worker.person.record.role
        matching = [
            held
            for held in self.known.on(TransferPrice, self.entry.work_date)
            if held.record.lender == self.worker.provider.id
            and held.record.borrower == self.terms.entity.id
            and held.record.person in {None, self.worker.person.id}
            and held.record.role in {None, role}
        ]
        return min(
            matching,
            key=lambda held: (held.record.person is None, held.record.role is None),
            default=None,
        )

    @property
    def cost(self) -> Fraction:
        """Return what a second costs, in the lender's minor units."""
        worker, factor = self.worker, self.factors[1]
        return second_cost(self.known, self.entry, worker, factor) or Fraction(0)

    @property
    def bill(self) -> Fraction | None:
        """Return what a second is sold for, in minor units of the contract.

        Time that is priced by cost has no bill rate.
        """
        if self.entry.price is not None:
            return Fraction(self.entry.price) * minor_of(self.terms.currency) / 3600
        if self.terms.line.record.cost_plus_percent is not None:
            return None
        held: Held[BillRate] | None = bill_rate(
            self.known, self.entry, self.terms, self.worker
        )
        return None if held is None else sold_at(held.record, self.factors[0])


def is_loan(entry: Entry, terms: Terms, worker: Worker) -> bool:
    """Say whether somebody else than the contracting entity provides the person."""
    return entry.cost is None and worker.provider.id != terms.entity.id


def charged(loan: Loan) -> Charged | set[ProblemCode]:
    """Return what the lender charges, or all that stands against it."""
    row, lender_date = loan.row, loan.lender_date
    problems = set()
    if lender_date is None:
        problems.add(ProblemCode.PERIOD_CLOSED)
    if row is None:
        problems.add(ProblemCode.TRANSFER_PRICE_NOT_FOUND)
    elif row.record.model in _FROM_BILL_RATE and loan.bill is None:
        problems.add(ProblemCode.PRICE_NOT_FOUND)
    if problems or row is None or lender_date is None:
        return problems
    return _priced(loan, row, lender_date)


def _priced(
    loan: Loan, row: Held[TransferPrice], on: date
) -> Charged | set[ProblemCode]:
    price, lender = row.record, loan.worker.provider.record
    currency = _currency(loan, price)
    exact = _per_second(loan, price, currency, on)
    books = exchange(loan.known, (currency, lender.currency), on)
    if exact is None:
        return {ProblemCode.FX_RATE_NOT_FOUND}
    if exact * loan.entry.seconds < 0:
        return {ProblemCode.TRANSFER_PRICE_NOT_FOUND}
    amount = rounded(exact * loan.entry.seconds, lender)
    if price.accrue and amount and books is None:
        return {ProblemCode.FX_RATE_NOT_FOUND}
    there = None
    borrower, borrower_date = loan.terms.entity.record, loan.borrower_date
    if borrower_date is not None:
        there = exchange(loan.known, (currency, borrower.currency), borrower_date)
    return Charged(
        row,
        currency,
        amount,
        rounded(amount * (books or Fraction(0)), lender) if price.accrue else 0,
        None if there is None else rounded(amount * there, borrower),
    )


def written(loan: Loan, price: Charged) -> dict[str, object]:
    """Return the row of table transfer."""
    lender, borrower = loan.worker.provider, loan.terms.entity
    return {
        "entry_no": loan.entry.entry_no,
        "revision": loan.entry.revision,
        "contract_no": loan.terms.contract.no,
        "lender_no": lender.no,
        "borrower_no": borrower.no,
        "rule_no": price.row.no,
        "model": int(TransferModel[price.row.record.model.upper()]),
        "work_date": loan.entry.work_date,
        "seconds": loan.entry.seconds,
        "currency": iso4217.Currency(price.currency).number,
        "amount": price.amount,
        "accrues": price.row.record.accrue,
        "lender_currency": iso4217.Currency(lender.record.currency).number,
        "lender_amount": price.lender_amount,
        "lender_date": loan.lender_date,
        "borrower_currency": iso4217.Currency(borrower.record.currency).number,
        "borrower_amount": price.borrower_amount,
        "borrower_date": loan.borrower_date,
    }


def accrued(loan: Loan, price: Charged) -> dict[str, object]:
    """Return what is particular of the journal line of the lender's accrual."""
    lender = loan.worker.provider
    return {
        "part": 0,
        "effect": int(Effect.IC_ACCRUAL),
        "entity_no": lender.no,
        "debit": int(Role.IC_WIP),
        "credit": int(Role.IC_ACCRUED_REVENUE),
        "currency": iso4217.Currency(price.currency).number,
        "amount": price.amount,
        "entity_currency": iso4217.Currency(lender.record.currency).number,
        "entity_amount": price.lender_amount,
        "accounting_date": loan.lender_date,
    }


def _currency(loan: Loan, price: TransferPrice) -> str:
    lender = loan.worker.provider.record.currency
    match price.model:
        case "unit_price":
            return price.currency or lender
        case "percent_of_bill_rate" | "bill_rate_less_amount":
            return loan.terms.currency
        case _:
            return lender


def _per_second(
    loan: Loan, price: TransferPrice, currency: str, on: date
) -> Fraction | None:
    """Return the exact price; None where a rate of exchange is missing."""
    share = Fraction(price.value) / 100
    stated = price.currency or currency
    money = _worth(
        loan, Fraction(price.value) * minor_of(stated) / 3600, (stated, currency), on
    )
    bill = loan.bill or Fraction(0)
    sold = None
    if share:
        sold = _worth(loan, bill, (loan.terms.currency, currency), on)
    found = {
        "unit_price": money,
        "cost_plus_amount": None if money is None else loan.cost + money,
        "cost_plus_percent": loan.cost + loan.cost * share,
        "percent_of_bill_rate": bill * share,
        "bill_rate_less_amount": None if money is None else bill - money,
        "contribution_ratio": None
        if sold is None
        else loan.cost + share * (sold - loan.cost),
    }
    if price.model == "contribution_ratio" and not share:
        return loan.cost
    return found[price.model]


def _worth(
    loan: Loan, amount: Fraction, pair: tuple[str, str], on: date
) -> Fraction | None:
    """Translate an amount; nothing needs no rate of exchange."""
    if amount == 0:
        return amount
    rate = exchange(loan.known, pair, on)
    return None if rate is None else amount * rate
