"""Decide one entry at a time, the slow and obvious way: the kernel must agree.

Nothing here is shared with the kernel but the records and the codes: plain loops over
recorded versions, integers and fractions.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from hourline.kernel.problems import ProblemCode
from hourline.master.model import (
    Assignment,
    Project,
    TaxRule,
    ValidationSeverity,
)
from tests.entries import Entry
from tests.oracle.booked import Accepted, Answer, booked, divided
from tests.oracle.expenses import (
    is_sold,
    lacks_exchange,
    recovery_of,
    value,
    with_recovered_tax,
)
from tests.oracle.findings import (
    Terms,
    Worker,
    accounting_date,
    exchange,
    factors_of,
    minor_of,
    rounded,
    second_cost,
    tax_rule,
    terms_of,
    worker_of,
)
from tests.oracle.known import Held, Known
from tests.oracle.problems import problems_of_dimensions, problems_of_price
from tests.oracle.transfers import (
    Charged,
    Loan,
    charged,
    is_loan,
)

_NO_FACTORS = (Fraction(1), Fraction(1))


def answer(known: Known, entry: Entry) -> Answer:
    """Return what becomes of an entry."""
    worker = worker_of(known, entry)
    project = known.by_source(Project, entry, entry.project)
    terms = terms_of(known, project, entry.work_date) if project else None
    recovery = recovery_of(known, entry, terms)
    entry = with_recovered_tax(entry, recovery)
    factors = factors_of(known, entry)
    if entry.cost is not None:
        factors = Fraction(1), Fraction(1)
    problems = set(_of_project(known, entry, project, worker))
    if worker is None:
        problems.add(ProblemCode.PERSON_NOT_KNOWN)
    if factors is None:
        problems.add(ProblemCode.HOUR_TYPE_NOT_KNOWN)
    booked_on = costs_on = None
    if terms is not None:
        booked_on, costs_on = _days(known, terms, entry.work_date)
        problems |= set(_of_terms(known, entry, terms, worker))
        problems |= set(_of_cost(known, entry, worker, factors))
        if worker is not None and is_loan(entry, terms, worker):
            loan = Loan(known, entry, terms, worker, factors or _NO_FACTORS)
            problems |= _of_loan(loan)
    elif project is not None:
        problems.add(ProblemCode.CONTRACT_LINE_NOT_KNOWN)
    problems = _stopping(known, entry, terms, problems)
    if problems or not terms or not worker or not factors:
        return Answer(problems=[code for code in ProblemCode if code in problems])
    assert booked_on is not None
    assert costs_on is not None
    accepted = Accepted(entry, terms, worker, factors, booked_on, costs_on, recovery)
    return booked(known, accepted)


def _days(known: Known, terms: Terms, day: date) -> tuple[date | None, date | None]:
    """Return when work is accrued and when its costs are booked, None for never."""
    entity = terms.entity.id
    return (
        accounting_date(known, entity, day, "work_in_progress"),
        accounting_date(known, entity, day, "costs"),
    )


def _of_cost(
    known: Known,
    entry: Entry,
    worker: Worker | None,
    factors: tuple[Fraction, Fraction] | None,
) -> Iterator[ProblemCode]:
    if worker is None or entry.cost is not None or not entry.seconds:
        return
    if second_cost(known, entry, worker, (factors or _NO_FACTORS)[1]) is None:
        yield ProblemCode.FX_RATE_NOT_FOUND


def _of_loan(loan: Loan) -> set[ProblemCode]:
    price = charged(loan)
    closed = set() if loan.costs_date else {ProblemCode.PERIOD_CLOSED}
    return closed if isinstance(price, Charged) else closed | set(price)


def _stopping(
    known: Known, entry: Entry, terms: Terms | None, problems: set[ProblemCode]
) -> set[ProblemCode]:
    """Return the problems, none where the firm lets all of them pass."""
    if terms is None:
        return problems
    passes = (_passes(known, code, terms, entry.work_date) for code in problems)
    return set() if all(passes) else problems


def _passes(known: Known, code: ProblemCode, terms: Terms, day: date) -> bool:
    """Say whether the firm lets a problem pass: the entity's own row comes first."""
    said = {
        held.record.entity: held.record.severity
        for held in known.on(ValidationSeverity, day)
        if held.record.code == code
    }
    return said.get(terms.entity.id, said.get(None)) == "warning"


def _of_project(
    known: Known, entry: Entry, project: Held[Project] | None, worker: Worker | None
) -> Iterator[ProblemCode]:
    if project is None:
        yield ProblemCode.PROJECT_NOT_KNOWN
        return
    if project.record.status == "closed":
        yield ProblemCode.PROJECT_CLOSED
    if project.record.assigned_only and worker is not None:
        pairs = [
            (held.record.person, held.record.project)
            for held in known.on(Assignment, entry.work_date)
        ]
        if (worker.person.id, project.id) not in pairs:
            yield ProblemCode.NOT_ASSIGNED
    listed = [activity.id for activity in project.record.activities]
    unasked = entry.cost is not None and entry.activity is None
    if listed and entry.activity not in listed and not unasked:
        yield ProblemCode.ACTIVITY_NOT_ALLOWED


def _of_terms(
    known: Known, entry: Entry, terms: Terms, worker: Worker | None
) -> Iterator[ProblemCode]:
    day = entry.work_date
    yield from problems_of_dimensions(known, terms, worker)
    booked_on, costs_on = _days(known, terms, day)
    if booked_on is None or costs_on is None:
        yield ProblemCode.PERIOD_CLOSED
    timed = divided(known, entry, terms)[0] > 0
    sold = timed or is_sold(entry, terms)
    if worker and timed and entry.price is None:
        yield from problems_of_price(known, entry, terms, worker)
    taxed = any(isinstance(version.content, TaxRule) for version in known.versions)
    if sold and taxed and tax_rule(known, terms, day) is None:
        yield ProblemCode.TAX_NOT_DETERMINED
    pair = (terms.currency, terms.entity.record.currency)
    accrues = timed and terms.line.record.accrue
    if accrues and booked_on and exchange(known, pair, booked_on) is None:
        yield ProblemCode.FX_RATE_NOT_FOUND
    if entry.cost is not None:
        yield from _of_expense(known, entry, terms, booked_on)


def _of_expense(
    known: Known, entry: Entry, terms: Terms, booked_on: date | None
) -> Iterator[ProblemCode]:
    if lacks_exchange(known, entry, terms, booked_on):
        yield ProblemCode.FX_RATE_NOT_FOUND
    if _lacks_receipt(known, entry, terms):
        yield ProblemCode.RECEIPT_MISSING


def _lacks_receipt(known: Known, entry: Entry, terms: Terms) -> bool:
    entity = terms.entity.record
    if entry.receipt is not None or entity.receipts_above is None:
        return False
    paid = rounded(value(known, entry, terms).paid, entity)
    return paid > entity.receipts_above * minor_of(entity.currency)
