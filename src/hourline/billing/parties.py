"""Ask the master data who bills whom, by which policies, at which rate and when."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hourline.billing.rules.assemble import Seller
from hourline.kernel.money import Currency, Rounding, currency_numbered, round_fraction
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.subledgers import Subledger
from hourline.master.model import LegalEntity
from hourline.master.snapshot import (
    FxRateMissing,
    LineInForce,
    NoOpenPeriod,
    NoTable,
    RecordNotKnown,
    Snapshot,
)

_PPM_PER_PERCENT = 10_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """Translate amounts of a document into the entity's currency on its day.

    An invoice takes work in progress off the books on `accrual_date`.
    """

    accounting_date: date
    rate: Fraction
    rounding: Rounding
    accrual_date: date | None = None

    def translate(self, amount: int) -> int:
        """Return minor units of the entity's currency for those of the document's."""
        return round_fraction(amount * self.rate, self.rounding)


def seller_of(
    snapshot: Snapshot, contract_no: int, customer_nos: tuple[int, ...]
) -> Seller:
    """Return who bills a contract to whom and how; raise RecordNotKnown."""
    contract = snapshot.contract(contract_no)
    entity = snapshot.entity(contract.entity_no).content
    return Seller(
        entity_no=contract.entity_no,
        customer_nos=customer_nos,
        currency=currency_numbered(contract.currency),
        tax_rounding=entity.tax_rounding,
        rounding=snapshot.rounding(contract.entity_no),
    )


def currency_of_contract(snapshot: Snapshot, contract_no: int) -> Currency:
    """Return the currency a contract is billed in; raise RecordNotKnown."""
    return currency_numbered(snapshot.contract(contract_no).currency)


def invoice_prefix(entity_id: str, entity: LegalEntity) -> str:
    """Return what an entity's invoice numbers begin with."""
    return entity.invoice_prefix or entity_id


def booking_day(
    snapshot: Snapshot, entity_no: int, day: date, ledger: Subledger
) -> date | Problem:
    """Return the accounting date of a document's day in a subledger.

    Returns the problem `period_closed` where no month is open soon enough.
    """
    try:
        return snapshot.accounting_date(entity_no, day, ledger)
    except NoOpenPeriod as error:
        return Problem(
            ProblemCode.PERIOD_CLOSED,
            f"A document of {day} cannot be booked: {error}.",
            "Open a posting period of the entity, then try again.",
            {"date": day.isoformat()},
        )


def exchange_on(
    snapshot: Snapshot,
    place: tuple[int, Subledger],
    currency: int,
    day: date,
) -> Exchange | Problem:
    """Return when a document of a day is booked in an entity's subledger, and the rate.

    Returns the problem `period_closed` where no month is open soon enough,
    `fx_rate_not_found` where the accounting date has no rate.
    """
    entity_no, ledger = place
    booked_on = booking_day(snapshot, entity_no, day, ledger)
    if isinstance(booked_on, Problem):
        return booked_on
    entity_currency = snapshot.entity(entity_no).currency
    try:
        rate = snapshot.minor_fx(currency, entity_currency, booked_on)
    except FxRateMissing as error:
        return Problem(
            ProblemCode.FX_RATE_NOT_FOUND,
            f"A document booked on {booked_on} cannot be translated: {error}.",
            "Add the rate of exchange, then try again.",
            {"date": booked_on.isoformat()},
        )
    return Exchange(booked_on, rate, snapshot.rounding(entity_no))


def invoice_exchange(
    snapshot: Snapshot, entity_no: int, currency: int, day: date
) -> Exchange | Problem:
    """Return when an invoice of a day is booked, what it accrued too, and the rate.

    Returns the problems of `exchange_on`.
    """
    place = (entity_no, Subledger.RECEIVABLES)
    exchange = exchange_on(snapshot, place, currency, day)
    accrual = booking_day(snapshot, entity_no, day, Subledger.WORK_IN_PROGRESS)
    if isinstance(exchange, Problem):
        return exchange
    if isinstance(accrual, Problem):
        return accrual
    return replace(exchange, accrual_date=accrual)


def tax_rate_ppm(snapshot: Snapshot, tax_rule_no: int | None, day: date) -> int:
    """Return the rate of a tax rule on the tax point; 0 where nothing is taxed."""
    if tax_rule_no is None:
        return 0
    try:
        rule = snapshot.tax_rule(tax_rule_no, on=day)
    except RecordNotKnown:
        # The row was withdrawn for that day after the work was decided by it.
        rule = snapshot.tax_rule(tax_rule_no)
    # No snapshot holds a rate finer than a millionth of the whole.
    return int(Fraction(rule.content.rate) * _PPM_PER_PERCENT)


def tax_rule_on(
    snapshot: Snapshot, line: LineInForce, day: date
) -> int | Problem | None:
    """Return the tax rule of a line's milestone or fee; None without a tax table.

    Returns the problem `tax_not_determined` where no row matches.
    """
    customer_no = snapshot.contract(line.contract_no).customer_no
    return tax_rule_of(snapshot, line, customer_no, day)


def _of_service(snapshot: Snapshot, line_no: int, day: date) -> str:
    service = snapshot.contract_line(line_no, on=day).content.tax_service
    return "" if service is None else f" of the tax service {service}"


def tax_rule_of(
    snapshot: Snapshot, line: LineInForce, customer_no: int, day: date
) -> int | Problem | None:
    """Return what taxes a contract line's amounts for a customer, as `tax_rule_on`."""
    contract = snapshot.contract(line.contract_no)
    rule = snapshot.tax_rule_for(contract.entity_no, customer_no, line.no, day)
    if isinstance(rule, NoTable):
        return None
    if rule is None:
        return Problem(
            ProblemCode.TAX_NOT_DETERMINED,
            f"No row of the tax table matches contract line {line.id}"
            f"{_of_service(snapshot, line.no, day)} for customer"
            f" {snapshot.customer(customer_no).id} on {day}.",
            "Add a row for the countries of its entity and customer, then report the"
            " milestone, or bill the contract, again.",
            {"contract_line": line.id, "date": day.isoformat()},
        )
    return rule.no
