"""Find price, tax, exchange rate and accounting date of one entry, one rule a time."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import iso4217

from hourline.master.model import (
    BillRate,
    Contract,
    ContractLine,
    CostRate,
    Customer,
    FxRate,
    HourType,
    LegalEntity,
    Person,
    PostingPeriod,
    Project,
    TaxRule,
)
from tests.entries import Entry
from tests.oracle.known import Held, Known

_SCOPES = ("contract_line", "contract", "project", "customer", "entity")


@dataclass(frozen=True)
class Terms:
    """Hold the records that an entry is billed under."""

    project: Held[Project]
    line: Held[ContractLine]
    contract: Held[Contract]
    entity: Held[LegalEntity]
    customer: Held[Customer]

    @property
    def currency(self) -> str:
        return self.contract.record.currency or self.entity.record.currency


@dataclass(frozen=True)
class Worker:
    """Hold a person, who employs them and who provides them."""

    person: Held[Person]
    employer: Held[LegalEntity]
    provider: Held[LegalEntity]


def minor_of(currency: str) -> int:
    """Return how many minor units a major one has."""
    exponent = iso4217.Currency(currency).exponent
    assert exponent is not None
    return int(10**exponent)


def worker_of(known: Known, entry: Entry) -> Worker | None:
    """Return who worked, where person, employer and provider hold that day."""
    person = known.by_source(Person, entry, entry.person)
    if person is None:
        return None
    employer = known.by_id(LegalEntity, person.record.entity, entry.work_date)
    named = person.record.resourcing_entity or person.record.entity
    provider = known.by_id(LegalEntity, named, entry.work_date)
    if employer is None or provider is None:
        return None
    return Worker(person, employer, provider)


def terms_of(known: Known, project: Held[Project], day: date) -> Terms | None:
    """Return the terms of a project, where all of them hold that day."""
    line = known.by_id(ContractLine, project.record.contract_line, day)
    if line is None:
        return None
    contract = known.by_id(Contract, line.record.contract, day)
    if contract is None:
        return None
    entity = known.by_id(LegalEntity, contract.record.entity, day)
    customer = known.by_id(Customer, contract.record.customer, day)
    if entity is None or customer is None:
        return None
    return Terms(project, line, contract, entity, customer)


def factors_of(known: Known, entry: Entry) -> tuple[Fraction, Fraction] | None:
    """Return bill and cost factor of the hour type, None where it is not known."""
    stated, day = entry.hour_type, entry.work_date
    found = known.by_source(HourType, entry, stated)
    if found is None and stated in {None, "regular"}:
        if not known.ever("hour_type", "regular"):
            return Fraction(1), Fraction(1)
        found = known.by_id(HourType, "regular", day)
    elif found is None and not known.calls(HourType, entry, stated):
        found = known.by_id(HourType, stated, day)
    if found is None:
        return None
    return Fraction(found.record.bill_factor), Fraction(found.record.cost_factor)


def accounting_date(
    known: Known, entity_id: str, day: date, ledger: str
) -> date | None:
    """Return the day, or the first day of the next open month within two years.

    A month is closed where it is for all subledgers or for this one.
    """
    status: dict[tuple[str, str | None], str] = {}
    for version in known.versions:
        period = version.content
        if isinstance(period, PostingPeriod) and period.entity == entity_id:
            status[period.period, period.ledger] = period.status
    year, month = day.year, day.month
    for step in range(25):
        name = f"{year:04}-{month:02}"
        if "closed" not in {status.get((name, None)), status.get((name, ledger))}:
            return day if step == 0 else date(year, month, 1)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def bill_rate(
    known: Known, entry: Entry, terms: Terms, worker: Worker
) -> Held[BillRate] | None:
    """Return the most specific row in the contract's currency on the work date."""
    ours = {
        "currency": terms.currency,
        "contract_line": terms.line.id,
        "contract": terms.contract.id,
        "project": terms.project.id,
        "customer": terms.customer.id,
        "entity": terms.entity.id,
        "person": worker.person.id,
        "role": entry.role or worker.person.record.role,
        "activity": entry.activity,
    }
    matching = [
        held
        for held in known.on(BillRate, entry.work_date)
        if all(
            getattr(held.record, name) in {None, value} for name, value in ours.items()
        )
    ]
    return min(matching, key=lambda held: _rank(held.record), default=None)


def _rank(row: BillRate) -> tuple[bool, int, bool, bool, bool]:
    named = [i for i, name in enumerate(_SCOPES) if getattr(row, name) is not None]
    scope = named[0] if named else len(_SCOPES)
    dimensions = row.person is None, row.role is None, row.activity is None
    return not row.blended, scope, *dimensions


def per_second(row: BillRate) -> Fraction:
    """Return the exact price of a second in minor units."""
    hours = Fraction(1) if row.per == "hour" else Fraction(row.hours_per_day or 0)
    return Fraction(row.rate) * minor_of(row.currency) / (hours * 3600)


def sold_at(row: BillRate, bill_factor: Fraction) -> Fraction:
    """Return the exact price of a second; a blended rate knows no factor."""
    return per_second(row) * (1 if row.blended else bill_factor)


def cost_rate(known: Known, worker: Worker, day: date) -> Held[CostRate] | None:
    """Return the person's cost rate."""
    return known.layered(
        CostRate, day, chosen=lambda row: row.person == worker.person.id
    )


def second_cost(
    known: Known, entry: Entry, worker: Worker, cost_factor: Fraction
) -> Fraction | None:
    """Return what a second costs in minor units of who provides the person.

    None where the cost cannot be translated on the day it is booked.
    """
    held = cost_rate(known, worker, entry.work_date)
    booked_on = accounting_date(known, worker.provider.id, entry.work_date, "costs")
    rate = Fraction(held.record.rate) * cost_factor if held else Fraction(0)
    if rate == 0 or booked_on is None:
        return Fraction(0)
    pair = worker.employer.record.currency, worker.provider.record.currency
    fx = exchange(known, pair, booked_on)
    return None if fx is None else rate * minor_of(pair[0]) * fx / 3600


def tax_rule(known: Known, terms: Terms, day: date) -> Held[TaxRule] | None:
    """Return the first rule by order whose given fields all match."""
    ours = {
        "entity_country": terms.entity.record.country,
        # The generated entities have an id that counts in one of their two countries.
        "entity_has_tax_id": terms.entity.record.country == "US",
        "customer_country": terms.customer.record.country,
        "customer_has_tax_id": _has_tax_id(terms.customer.record),
        "contract_line": terms.line.id,
        "customer": terms.customer.id,
        "service": terms.line.record.tax_service,
    }
    matching = [
        held
        for held in known.on(TaxRule, day)
        if all(
            getattr(held.record, name) in {None, value} for name, value in ours.items()
        )
    ]
    return min(matching, key=lambda held: (held.record.order, held.no), default=None)


def _has_tax_id(customer: Customer) -> bool:
    asked = customer.tax_id_check != "as_stated" and customer.country != "US"
    good = {"format": ("FR40303265045", "DE987654321")}
    ids = good.get(customer.tax_id_check, ("FR40303265045",))
    return customer.tax_id in ids if asked else bool(customer.tax_id)


def exchange(known: Known, currencies: tuple[str, str], day: date) -> Fraction | None:
    """Return what a minor unit of the first currency is worth in the second."""
    source, target = currencies
    scale = Fraction(minor_of(target), minor_of(source))
    if source == target:
        return Fraction(1)
    direct = _fx_row(known, source, target, day)
    if direct is not None:
        return Fraction(direct.record.rate) * scale
    inverse = _fx_row(known, target, source, day)
    return None if inverse is None else 1 / Fraction(inverse.record.rate) * scale


def _fx_row(known: Known, source: str, target: str, day: date) -> Held[FxRate] | None:
    return known.layered(
        FxRate,
        day,
        chosen=lambda row: (row.from_currency, row.to_currency) == (source, target),
    )


def rounded(exact: Fraction, entity: LegalEntity) -> int:
    """Round an amount that is never negative by the entity's policy."""
    whole = exact.numerator // exact.denominator
    rest = exact - whole
    if rest == Fraction(1, 2):
        up = {"half_up": True, "half_down": False, "half_even": whole % 2 == 1}
        return whole + up[entity.money_rounding]
    return whole + (rest > Fraction(1, 2))
