"""Charge work between departments of an entity the slow and obvious way."""

from dataclasses import dataclass
from fractions import Fraction

import iso4217

from hourline.kernel.codes import Effect, Role
from hourline.master.model import CrossCharge
from tests.entries import Entry
from tests.oracle.findings import Terms, Worker, minor_of, rounded, second_cost
from tests.oracle.known import Held, Known


@dataclass(frozen=True)
class Crossed:
    """Hold what the department of a person charges that of a project."""

    row: Held[CrossCharge]
    own: int
    theirs: int
    amount: int


def crossed(
    known: Known,
    entry: Entry,
    terms: Terms,
    worker: Worker,
    cost_factor: Fraction,
) -> Crossed | None:
    """Return the charge; None within a department, or where no row says one."""
    own = worker.person.record.cost_centre
    theirs = terms.project.record.cost_centre
    if entry.cost is not None or worker.provider.id != terms.entity.id or own == theirs:
        return None
    numbers = [_number(known, department) for department in (own, theirs)]
    if None in numbers:
        return None
    matching = [
        held
        for held in known.on(CrossCharge, entry.work_date)
        if held.record.entity == terms.entity.id
        and held.record.person_cost_centre in {None, own}
        and held.record.project_cost_centre in {None, theirs}
    ]
    if not matching:
        return None
    row = min(
        matching,
        key=lambda held: (
            held.record.person_cost_centre is None,
            held.record.project_cost_centre is None,
        ),
    )
    books = terms.entity.record
    exact = _second(known, entry, worker, row.record, cost_factor) * entry.seconds
    amount = rounded(exact, books)
    return Crossed(row, numbers[0] or 0, numbers[1] or 0, amount)


def _number(known: Known, department: str | None) -> int | None:
    found = [
        version.master_no
        for version in known.versions
        if version.content.kind == "cost_centre" and version.id == department
    ]
    return found[0] if found else None


def _second(
    known: Known,
    entry: Entry,
    worker: Worker,
    charge: CrossCharge,
    cost_factor: Fraction,
) -> Fraction:
    if charge.model == "unit_price":
        return Fraction(charge.value) * minor_of(worker.provider.record.currency) / 3600
    cost = second_cost(known, entry, worker, cost_factor) or Fraction(0)
    return cost * (100 + Fraction(charge.value)) / 100


def charge_row(entry: Entry, terms: Terms, found: Crossed) -> dict[str, object]:
    """Return the row of table cross_charge."""
    return {
        "entry_no": entry.entry_no,
        "revision": entry.revision,
        "contract_no": terms.contract.no,
        "entity_no": terms.entity.no,
        "person_cost_centre_no": found.own,
        "project_cost_centre_no": found.theirs,
        "rule_no": found.row.no,
        "seconds": entry.seconds,
        "currency": iso4217.Currency(terms.entity.record.currency).number,
        "amount": found.amount,
    }


def charge_line(terms: Terms, found: Crossed) -> dict[str, object]:
    """Return what is particular of the journal line of a charge."""
    currency = iso4217.Currency(terms.entity.record.currency).number
    return {
        "part": 0,
        "effect": int(Effect.CROSS_CHARGE),
        "entity_no": terms.entity.no,
        "debit": int(Role.CROSS_CHARGE),
        "credit": int(Role.CROSS_CHARGE_RECOVERY),
        "currency": currency,
        "amount": found.amount,
        "entity_currency": currency,
        "entity_amount": found.amount,
    }
