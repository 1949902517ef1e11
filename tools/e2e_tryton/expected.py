"""Work out what must be in the ERP's books, from the month alone."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from tools.e2e_tryton.work import Month, Worked
from tools.tryton.plan import PlannedCompany

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Totals:
    """Hold what a customer is billed, over all invoices less credits."""

    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """Return what the customer pays."""
        return self.net + self.tax


@dataclass(frozen=True)
class Expected:
    """Hold what one company's books must say when all is billed and booked."""

    company: str
    currency: str
    customers: dict[str, Totals]
    """By the customer's code."""
    cost: Decimal
    """What the approved hours cost, billable or not."""

    @property
    def net(self) -> Decimal:
        """Return what all customers are billed before tax."""
        return sum((found.net for found in self.customers.values()), Decimal())

    @property
    def tax(self) -> Decimal:
        """Return the tax on it."""
        return sum((found.tax for found in self.customers.values()), Decimal())

    def balances(self) -> dict[str, Decimal]:
        """Return the balance of each account the month ends with: debits positive."""
        return {
            "1.2.1": self.net + self.tax,
            "20600": -self.tax,
            "40000": -self.net,
            "50000": self.cost,
            "50900": -self.cost,
        }


def expect(month: Month) -> dict[str, Expected]:
    """Return what each company's books must say."""
    return {
        company.code: _company(
            company,
            [
                entry
                for entry in month.entries
                if entry.project.company == company.code and entry.is_approved
            ],
        )
        for company in month.plan.companies
    }


def _company(company: PlannedCompany, entries: list[Worked]) -> Expected:
    nets: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if entry.is_billable:
            planned = entry.project.planned
            nets[planned.customer] += entry.hours * planned.hourly_price
    percent = company.taxes[0].percent
    return Expected(
        company=company.code,
        currency=company.currency,
        customers={
            code: Totals(_exact(net), _exact(net * percent / _HUNDRED))
            for code, net in nets.items()
        },
        cost=_exact(
            sum(
                (entry.hours * entry.person.hourly_cost for entry in entries), Decimal()
            )
        ),
    )


def _exact(amount: Decimal) -> Decimal:
    """Return an amount in whole cents.

    Raises:
        ValueError: it has a fraction of a cent, so rounding would decide about it.
    """
    cents = amount.quantize(Decimal("0.01"))
    if cents != amount:
        raise ValueError(f"{amount} is no whole number of cents")
    return cents
