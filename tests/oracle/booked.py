"""Book an accepted entry the slow and obvious way: decision, portions and journal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import iso4217

from hourline.kernel.codes import (
    Cause,
    Effect,
    Fate,
    PendingState,
    Role,
)
from hourline.kernel.problems import WAITED_FOR, ProblemCode
from hourline.master.model import (
    TimeRounding,
)
from tests.entries import Entry
from tests.oracle.cross_charges import charge_line, charge_row, crossed
from tests.oracle.expenses import (
    Value,
    fate_of_expense,
    is_sold,
    net_of,
    value,
)
from tests.oracle.findings import (
    Terms,
    Worker,
    accounting_date,
    bill_rate,
    cost_rate,
    exchange,
    minor_of,
    rounded,
    second_cost,
    sold_at,
    tax_rule,
)
from tests.oracle.known import Held, Known
from tests.oracle.line_terms import hour_by_cost, line_factor
from tests.oracle.rounding import rounded as rounded_time
from tests.oracle.rounding import rounding_row
from tests.oracle.transfers import (
    Charged,
    Loan,
    accrued,
    charged,
    is_loan,
    written,
)

Row = dict[str, object]


@dataclass
class Answer:
    """Hold what became of one entry."""

    decision: Row | None = None
    portions: list[Row] = field(default_factory=list)
    expense: Row | None = None
    transfer: Row | None = None
    cross_charge: Row | None = None
    journal: list[Row] = field(default_factory=list)
    problems: list[ProblemCode] = field(default_factory=list)

    @property
    def state(self) -> PendingState:
        waits = WAITED_FOR.intersection(self.problems)
        return PendingState.WAITING if waits else PendingState.EXCEPTION


@dataclass(frozen=True)
class Accepted:
    """Hold what an accepted entry is booked with."""

    entry: Entry
    terms: Terms
    worker: Worker
    factors: tuple[Fraction, Fraction]
    booked_on: date
    costs_on: date
    recovery: tuple[int, int] | None = None

    @property
    def places(self) -> Row:
        return {
            "contract_no": self.terms.contract.no,
            "project_no": self.terms.project.no,
            "person_no": self.worker.person.no,
        }


def divided(known: Known, entry: Entry, terms: Terms) -> tuple[int, int, Fate]:
    """Return billable seconds, the rest, and the fate of the rest."""
    if entry.cost is not None:
        return 0, 0, fate_of_expense(entry, terms)
    project, method = terms.project.record, terms.line.record.method
    worked, stated = entry.seconds, entry.billable_seconds
    if not project.billable or method == "non_billable":
        return 0, worked, Fate.NON_BILLABLE
    if method in {"fixed_price", "retainer", "recurring"}:
        return 0, worked, Fate.COVERED
    by_nature = _is_billable(entry, terms)
    used = _rounding(known, entry, terms)
    ruled = worked if used is None else rounded_time(worked, used.record)
    billable = (ruled if by_nature else 0) if stated is None else stated
    empty = worked == 0 and billable == 0 and by_nature
    rest_fate = Fate.BILLABLE if empty else Fate.NON_BILLABLE
    return billable, max(0, worked - billable), rest_fate


def _is_billable(entry: Entry, terms: Terms) -> bool:
    activities = terms.project.record.activities
    return not activities or any(
        activity.billable for activity in activities if activity.id == entry.activity
    )


def _rounding(known: Known, entry: Entry, terms: Terms) -> Held[TimeRounding] | None:
    """Return the row of time rounding an entry is billed by."""
    billed_by_time = (
        entry.cost is None
        and entry.seconds > 0
        and entry.billable_seconds is None
        and terms.project.record.billable
        and terms.line.record.method == "time_and_materials"
    )
    if not billed_by_time or not _is_billable(entry, terms):
        return None
    return rounding_row(known, entry, terms)


def booked(known: Known, case: Accepted) -> Answer:
    """Return what an accepted entry is booked as."""
    entry, terms, worker = case.entry, case.terms, case.worker
    if entry.cost is not None:
        return _expensed(known, case, value(known, entry, terms))
    billable = divided(known, entry, terms)[0]
    used = _rounding(known, entry, terms)
    costing = cost_rate(known, worker, entry.work_date)
    exact_cost = second_cost(known, entry, worker, case.factors[1]) or Fraction(0)
    cost = rounded(exact_cost * entry.seconds, worker.provider.record)
    by_hand = entry.price is not None
    by_cost = terms.line.record.cost_plus_percent is not None
    by_rate = not by_hand and not by_cost
    rated = bill_rate(known, entry, terms, worker) if by_rate else None
    taxed = tax_rule(known, terms, entry.work_date) if billable else None
    decision: Row = {
        **_decision(known, case, cost),
        "uplift_seconds": max(0, billable - entry.seconds),
        "bill_rate_no": rated.no if rated else -1,
        "cost_rate_no": costing.no if costing else -1,
        "tax_rule_no": taxed.no if taxed else -1,
        "time_rounding_no": used.no if used else -1,
    }
    price = sold_at(rated.record, case.factors[0]) if rated else Fraction(0)
    price *= line_factor(terms)
    if by_cost:
        hour = hour_by_cost(known, entry, terms, worker) or 0
        price = Fraction(hour, 36_000_000)
    if entry.price is not None:
        price = Fraction(entry.price) / 3600 * minor_of(terms.currency)
    portions = list(_portions(known, case, price))
    lines = [*_cost_line(known, case, cost), *_accruals(known, case, portions)]
    if not is_loan(entry, terms, worker):
        return _crossed(known, case, Answer(decision, portions, journal=lines))
    loan = Loan(known, entry, terms, worker, case.factors)
    charge = charged(loan)
    assert isinstance(charge, Charged)
    if charge.row.record.accrue and charge.amount:
        lines.append({**_line(case), **accrued(loan, charge)})
    row = written(loan, charge)
    return Answer(decision, portions, transfer=row, journal=lines)


def _crossed(known: Known, case: Accepted, found: Answer) -> Answer:
    """Return what is booked, with what one department charges another for it."""
    charge = crossed(known, case.entry, case.terms, case.worker, case.factors[1])
    if charge is not None:
        found.cross_charge = charge_row(case.entry, case.terms, charge)
        if charge.amount:
            line = {**_line(case), "accounting_date": case.costs_on}
            found.journal.append({**line, **charge_line(case.terms, charge)})
    return found


def _decision(known: Known, case: Accepted, cost: int) -> Row:
    entry, terms = case.entry, case.terms
    return {
        "entry_no": entry.entry_no,
        "revision": entry.revision,
        **case.places,
        "contract_line_no": terms.line.no,
        "entity_no": terms.entity.no,
        "employing_entity_no": case.worker.employer.no,
        "resourcing_entity_no": case.worker.provider.no,
        "work_date": entry.work_date,
        "accounting_date": case.booked_on,
        "late": {case.booked_on, case.costs_on} != {entry.work_date},
        "worked_seconds": entry.seconds,
        "currency": iso4217.Currency(terms.currency).number,
        "cost_amount": cost,
        "change_no": known.change_no,
    }


def _expensed(known: Known, case: Accepted, found: Value) -> Answer:
    entry, terms = case.entry, case.terms
    tax = rounded(found.input_tax, terms.entity.record)
    cost = rounded(found.paid, terms.entity.record) - tax
    sold = is_sold(entry, terms)
    taxed = tax_rule(known, terms, entry.work_date) if sold else None
    decision: Row = {
        **_decision(known, case, cost),
        "uplift_seconds": 0,
        "bill_rate_no": -1,
        "cost_rate_no": -1,
        "tax_rule_no": taxed.no if taxed else -1,
        "time_rounding_no": -1,
    }
    [portion] = _portions(known, case, Fraction(0), worth=found.worth)
    expense: Row = {
        "entry_no": entry.entry_no,
        "revision": entry.revision,
        "contract_no": terms.contract.no,
        "amount": portion["amount"],
        "input_tax": tax,
        "worth": found.worth,
        "recovery_rule_no": case.recovery[0] if case.recovery else None,
        "recovered_ppm": case.recovery[1] if case.recovery else None,
    }
    lines = [*_expense_lines(case, cost, tax), *_accruals(known, case, [portion])]
    return Answer(decision, [portion], expense, journal=lines)


def _expense_lines(case: Accepted, books_cost: int, books_tax: int) -> Iterator[Row]:
    entry, entity = case.entry, case.terms.entity
    net, tax = net_of(entry), entry.recoverable_tax
    parts = [
        (0, Role.EXPENSE_COST, net, books_cost),
        (1, Role.INPUT_TAX, tax, books_tax),
    ]
    for part, debit, amount, books_amount in parts:
        if amount:
            yield {
                **_line(case),
                "accounting_date": case.costs_on,
                "part": part,
                "effect": int(Effect.COST),
                "entity_no": entity.no,
                "debit": int(debit),
                "credit": int(Role.EXPENSE_CLEARING),
                "currency": iso4217.Currency(entry.cost_currency).number,
                "amount": amount,
                "entity_currency": iso4217.Currency(entity.record.currency).number,
                "entity_amount": books_amount,
            }


def _portions(
    known: Known, case: Accepted, price: Fraction, *, worth: Fraction = Fraction(0)
) -> Iterator[Row]:
    entry, terms = case.entry, case.terms
    billable, rest, rest_fate = divided(known, entry, terms)
    pieces = [(billable, Fate.BILLABLE)] if billable else []
    if rest or not billable:
        pieces.append((rest, rest_fate))
    for part, (seconds, fate) in enumerate(pieces):
        amount = rounded(price * seconds + worth, terms.entity.record)
        accrues = fate == Fate.BILLABLE and terms.line.record.accrue
        yield {
            "entry_no": entry.entry_no,
            "revision": entry.revision,
            "part": part,
            "fate": int(fate),
            "contract_no": terms.contract.no,
            "contract_line_no": terms.line.no,
            "seconds": seconds,
            "price": price * 10_000,
            "currency": iso4217.Currency(terms.currency).number,
            "amount": amount,
            "accrued_amount": amount if accrues else 0,
        }


def _line(case: Accepted) -> Row:
    return {
        "cause": int(Cause.ENTRY),
        "cause_no": case.entry.entry_no,
        "cause_revision": case.entry.revision,
        "mirror": False,
        **case.places,
        "accounting_date": case.booked_on,
        "document_date": case.entry.work_date,
    }


def _cost_line(known: Known, case: Accepted, cost: int) -> Iterator[Row]:
    if cost:
        provider = case.worker.provider
        own_books = accounting_date(known, provider.id, case.entry.work_date, "costs")
        currency = iso4217.Currency(provider.record.currency).number
        yield {
            **_line(case),
            "part": 0,
            "effect": int(Effect.COST),
            "entity_no": provider.no,
            "debit": int(Role.COST),
            "credit": int(Role.PAYROLL_ALLOCATION),
            "currency": currency,
            "amount": cost,
            "entity_currency": currency,
            "entity_amount": cost,
            "accounting_date": own_books,
        }


def _accruals(known: Known, case: Accepted, portions: Sequence[Row]) -> Iterator[Row]:
    entity = case.terms.entity
    pair = (case.terms.currency, entity.record.currency)
    for portion in portions:
        accrued = portion["accrued_amount"]
        assert isinstance(accrued, int)
        if accrued:
            fx = exchange(known, pair, case.booked_on)
            assert fx is not None
            yield {
                **_line(case),
                "part": portion["part"],
                "effect": int(Effect.ACCRUAL),
                "entity_no": entity.no,
                "debit": int(Role.WIP),
                "credit": int(Role.ACCRUED_REVENUE),
                "currency": portion["currency"],
                "amount": accrued,
                "entity_currency": iso4217.Currency(pair[1]).number,
                "entity_amount": rounded(accrued * fx, entity.record),
            }
