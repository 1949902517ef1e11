"""Invent what people spend on projects: receipts in several currencies, with tax.

By the entity of who paid; most is for a customer's work, some of it resold with a
markup, some for fixed prices and the firm's own projects, a little for another entity.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal

from hourline.connectors.sandbox.engagements import FIXED_PRICE, TIME_AND_MATERIALS
from hourline.connectors.sandbox.expense_model import MonthOfExpenses, SourceExpense
from hourline.connectors.sandbox.model import (
    Assignment,
    Contract,
    Customer,
    Person,
    Project,
)
from hourline.connectors.sandbox.organisation import is_joiner
from hourline.connectors.sandbox.terms import domestic_hourly

RELEASED, DRAFT, WITHDRAWN = "released", "draft", "withdrawn"
# Percent on top, agreed on these contracts, by entity and place among its own.
_MARKUPS = {("US1", 2): 8, ("GB1", 2): 5, ("DE1", 1): 10}
_EVERY_NTH_BY_FILE = 4
_REPEATED = 4
_DRAFTS = 3

Pool = Literal["hourly", "marked", "fixed", "internal", "lent"]


@dataclass(frozen=True)
class _Kind:
    """What is paid for, between two amounts; the tax in it is per mille of the net."""

    purpose: str
    currency: str
    low_minor: int
    high_minor: int
    tax_per_mille: int = 0
    reclaimable: bool = False


# Tax of another country does not come back, nor does that on entertaining in the UK.
_KINDS: dict[str, tuple[_Kind, ...]] = {
    "US1": (
        _Kind("Flight", "USD", 24_000, 89_000),
        _Kind("Hotel", "USD", 18_000, 62_000),
        _Kind("Rental car", "USD", 4_100, 7_400),
        _Kind("Hotel in London", "GBP", 16_000, 48_000, 200),
        _Kind("Hotel in Tokyo", "JPY", 22_000, 58_000, 100),
    ),
    "GB1": (
        _Kind("Train", "GBP", 4_000, 19_000),
        _Kind("Hotel", "GBP", 9_000, 26_000, 200, reclaimable=True),
        _Kind("Dinner with the customer", "GBP", 6_000, 18_000, 200),
        _Kind("Taxi", "GBP", 900, 2_400),
        _Kind("Hotel in Berlin", "EUR", 11_000, 29_000, 70),
    ),
    "DE1": (
        _Kind("Train", "EUR", 5_000, 24_000, 70, reclaimable=True),
        _Kind("Hotel", "EUR", 8_900, 24_000, 70, reclaimable=True),
        _Kind("Test devices", "EUR", 19_000, 74_000, 190, reclaimable=True),
        _Kind("Hotel in Zurich", "CHF", 17_000, 39_000, 38),
        _Kind("Cloud services", "USD", 12_000, 90_000),
    ),
}
_POOLS: tuple[Pool, ...] = (
    *("hourly", "marked", "hourly", "fixed", "hourly", "marked", "hourly", "internal"),
    *("marked", "hourly", "fixed", "hourly", "marked", "hourly", "hourly", "lent"),
)


@dataclass(frozen=True)
class Workplaces:
    """Say who may work on what, and under which contract that is."""

    people: tuple[Person, ...]
    projects: tuple[Project, ...]
    contracts: tuple[Contract, ...]
    customers: tuple[Customer, ...]
    assignments: tuple[Assignment, ...]


def build_expenses(seed: int, work: Workplaces) -> MonthOfExpenses:
    """Return the month's expenses; drawn apart from time, which they leave as it is."""
    rng = Random(f"{seed} expenses")
    places = _Places(work)
    clean = tuple(
        _expense(rng, number, places.choose(rng, entity, pool), kind=kind)
        for number, (entity, pool, kind) in enumerate(_plan(), start=1)
    )
    released, changes = _soiled(clean)
    by_file = released[::_EVERY_NTH_BY_FILE]
    by_poll = tuple(one for one in released if one not in by_file)
    drafts = tuple(
        replace(one, id=f"EX-2610-9{number:02}", state=DRAFT, receipt=None)
        for number, one in enumerate(by_poll[:_DRAFTS])
    )
    return MonthOfExpenses(
        by_poll=(*by_poll, *by_file[-_REPEATED:]),
        by_file=by_file,
        repeated=_REPEATED,
        drafts=drafts,
        changes=changes,
    )


def _plan() -> list[tuple[str, Pool, _Kind]]:
    """Return whose money goes where for what, the entities in turn."""
    return [
        (entity, pool, kinds[position % len(kinds)])
        for position, pool in enumerate(_POOLS)
        for entity, kinds in _KINDS.items()
    ]


def _soiled(
    clean: tuple[SourceExpense, ...],
) -> tuple[tuple[SourceExpense, ...], tuple[SourceExpense, ...]]:
    """Take two receipts away, one of which is found; correct one, withdraw one."""
    found, lost = (
        next(one for one in clean if one.purpose == purpose)
        for purpose in ("Flight", "Test devices")
    )
    rest = [one for one in clean if one.receipt and one not in (found, lost)]
    corrected, withdrawn = rest[len(rest) // 3], rest[2 * len(rest) // 3]
    without = {one.id: replace(one, receipt=None) for one in (found, lost)}
    more = corrected.paid_minor // 10
    changes = (
        _later(found),
        _later(replace(corrected, paid_minor=corrected.paid_minor + more)),
        _later(replace(withdrawn, state=WITHDRAWN)),
    )
    return tuple(without.get(one.id, one) for one in clean), changes


def _later(expense: SourceExpense) -> SourceExpense:
    return replace(
        expense,
        version=expense.version + 1,
        changed_at=expense.changed_at + timedelta(days=2),
    )


class _Places:
    """Know who can spend on what, by the entity that employs them."""

    def __init__(self, work: Workplaces) -> None:
        self._people = {person.psa_id: person for person in work.people}
        self._contracts = {
            line.line: contract
            for contract in work.contracts
            for line in contract.lines
        }
        self._methods = {
            line.line: line.method
            for contract in work.contracts
            for line in contract.lines
        }
        self._markups = _markups(work)
        self._open = {p.project: p for p in work.projects if p.status == "open"}
        joiners = {p.psa_id for p in work.people if is_joiner(p)}
        self._pairs = [
            one
            for one in work.assignments
            if one.project in self._open and one.person not in joiners
        ]

    def choose(
        self, rng: Random, entity: str, pool: Pool
    ) -> tuple[Person, Project, int]:
        """Return a person of an entity, a project of the pool and its markup.

        Where nobody works on such a project, on one that is billed by time.
        """
        found = [one for one in self._pairs if self._is_of(one, entity, pool)]
        chosen = rng.choice(
            found or [one for one in self._pairs if self._is_of(one, entity, "hourly")]
        )
        project = self._open[chosen.project]
        contract = self._contracts[project.contract_line].contract
        return self._people[chosen.person], project, self._markups.get(contract, 0)

    def _is_of(self, assignment: Assignment, entity: str, pool: Pool) -> bool:
        if self._people[assignment.person].entity != entity:
            return False
        project = self._open[assignment.project]
        line = project.contract_line
        is_lent = project.entity != entity
        if is_lent or pool == "lent":
            return is_lent and pool == "lent"
        match pool:
            case "marked":
                return self._contracts[line].contract in self._markups
            case "hourly":
                return self._methods[line] == TIME_AND_MATERIALS and (
                    self._contracts[line].contract not in self._markups
                )
            case "fixed":
                return self._methods[line] == FIXED_PRICE
            case _:
                return self._methods[line] not in {TIME_AND_MATERIALS, FIXED_PRICE}


def _markups(work: Workplaces) -> Mapping[str, int]:
    return {
        domestic_hourly(work.contracts, work.customers, entity)[place].contract: percent
        for (entity, place), percent in _MARKUPS.items()
    }


def _expense(
    rng: Random, number: int, where: tuple[Person, Project, int], *, kind: _Kind
) -> SourceExpense:
    person, project, markup_percent = where
    paid_minor = rng.randrange(kind.low_minor, kind.high_minor)
    spent_on = date(2026, 10, rng.randrange(1, 29))
    approved_at = datetime.combine(
        spent_on + timedelta(days=7 - spent_on.weekday()), time(9, number % 60), UTC
    )
    expense_id = f"EX-2610-{number:03}"
    return SourceExpense(
        id=expense_id,
        version=1,
        state=RELEASED,
        employee_number=person.employee_number,
        project=project.project,
        spent_on=spent_on,
        purpose=kind.purpose,
        paid_minor=paid_minor,
        currency=kind.currency,
        tax_minor=_tax_in(paid_minor, kind.tax_per_mille),
        tax_reclaimable=kind.reclaimable,
        markup_percent=markup_percent,
        receipt=None
        if kind.purpose in {"Taxi", "Rental car"}
        else f"scan-{expense_id}",
        approved_at=approved_at,
        changed_at=approved_at,
    )


def _tax_in(paid_minor: int, per_mille: int) -> int:
    """Return the tax in an amount, rounded half up to the minor unit."""
    whole = 1_000 + per_mille
    return (2 * paid_minor * per_mille + whole) // (2 * whole)
