"""Read what the terms of single contracts made of the month's work."""

from collections.abc import Iterator
from dataclasses import dataclass

from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.model import Contract
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Fate
from hourline.kernel.money import currency_numbered, currency_of, major_units

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermAtWork:
    """Hold what a term of a contract comes to: hours in seconds, and minor units."""

    contract: str
    title: str
    term: str
    seconds: int
    amount: int
    currency: str


def read_terms(session: Session, firm: Firm) -> list[TermAtWork]:
    """Return every limit, withheld part and special price, in order of contracts."""
    by_fate = {
        (contract, fate): (seconds, amount, currency_numbered(number).code)
        for contract, fate, number, seconds, amount in session.tuples(
            QUERIES["fates_by_contract"]
        )
    }
    withheld = {
        contract: (0, amount, currency_numbered(number).code)
        for contract, number, amount in session.tuples(QUERIES["withheld_by_contract"])
    }
    blended = {rate.contract for rate in firm.bill_rates if rate.blended}
    found = []
    for contract in firm.contracts:
        nothing = (0, 0, contract.currency)
        over = by_fate.get((contract.contract, Fate.OVER_LIMIT), nothing)
        billable = by_fate.get((contract.contract, Fate.BILLABLE), nothing)
        terms = [(term, over) for term in _limits(contract)]
        terms += [(term, billable) for term in _prices(contract, blended)]
        if contract.retainage_percent is not None:
            term = f"{contract.retainage_percent} percent withheld by the customer"
            terms.append((term, withheld.get(contract.contract, nothing)))
        found += [
            TermAtWork(
                contract=contract.contract,
                title=contract.title,
                term=term,
                seconds=seconds,
                amount=amount,
                currency=currency,
            )
            for term, (seconds, amount, currency) in terms
        ]
    return found


def _limits(contract: Contract) -> Iterator[str]:
    if contract.limit_minor is not None:
        yield f"over the limit of {_spoken(contract.limit_minor, contract)}"
    if contract.month_limit_minor is not None:
        yield f"over {_spoken(contract.month_limit_minor, contract)} a month"
    if contract.person_day_limit_hours is not None:
        yield f"over {contract.person_day_limit_hours} hours of a person's day"


def _prices(contract: Contract, blended: set[str | None]) -> Iterator[str]:
    for line in contract.lines:
        if line.cost_plus_percent is not None:
            yield f"sold at cost plus {line.cost_plus_percent} percent"
        if line.discount_percent is not None:
            yield f"sold less {line.discount_percent} percent"
    if contract.contract in blended:
        yield "sold at one price for everybody"


def _spoken(minor: int, contract: Contract) -> str:
    amount = major_units(minor, currency_of(contract.currency))
    return f"{amount:,f} {contract.currency}"
