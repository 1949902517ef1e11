"""Give some contracts the terms of real ones: caps, retainers, fees, another currency.

Which contract has which is settled by its place among its entity's, so every seed has
all of them. The CRM tells these terms with the contract.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hourline.connectors.sandbox.engagements import FIXED_PRICE, TIME_AND_MATERIALS
from hourline.connectors.sandbox.model import (
    Contract,
    ContractLine,
    Customer,
    Milestone,
)
from hourline.connectors.sandbox.organisation import ENTITIES

RETAINER = "retainer"
RECURRING = "recurring"
_ESTIMATE_HOURS = 900
_ESTIMATE_COST_MINOR = 4_000_000

Change = Callable[[Contract], Contract]


def with_terms(
    contracts: tuple[Contract, ...], customers: tuple[Customer, ...]
) -> tuple[Contract, ...]:
    """Return the contracts, some of them with more terms than a method and a price."""
    fixed = [c for c in contracts if c.lines[0].method == FIXED_PRICE]
    changed = {
        contract.contract: _first_line(contract, **terms)
        for contract, terms in zip(fixed, _RECOGNITIONS, strict=True)
    }
    held = changed[fixed[0].contract]
    changed[held.contract] = replace(held, retainage_percent=10)
    for (entity, place), change in _CHANGES.items():
        contract = domestic_hourly(contracts, customers, entity)[place]
        changed[contract.contract] = change(contract)
    return tuple(changed.get(c.contract, c) for c in contracts)


def domestic_hourly(
    contracts: tuple[Contract, ...], customers: tuple[Customer, ...], entity: str
) -> list[Contract]:
    """Return an entity's contracts by time with customers of its own country."""
    domestic = _domestic(customers, entity)
    return [one for one in _hourly(contracts, entity) if one.customer in domestic]


def foreign_hourly(
    contracts: tuple[Contract, ...], customers: tuple[Customer, ...], entity: str
) -> list[Contract]:
    """Return an entity's contracts by time with customers of other countries.

    Of DE1 there are at least two, whatever the seed.
    """
    domestic = _domestic(customers, entity)
    return [one for one in _hourly(contracts, entity) if one.customer not in domestic]


def _domestic(customers: tuple[Customer, ...], entity: str) -> set[str]:
    country = next(e.country for e in ENTITIES if e.entity == entity)
    return {c.customer for c in customers if c.country == country}


def _hourly(contracts: tuple[Contract, ...], entity: str) -> list[Contract]:
    return [
        contract
        for contract in contracts
        if contract.entity == entity and contract.lines[0].method == TIME_AND_MATERIALS
    ]


def _first_line(contract: Contract, **terms: object) -> Contract:
    first, *others = contract.lines
    changed = replace(first, **terms)  # type: ignore[arg-type]  # the tables below name its fields
    return replace(contract, lines=(changed, *others))


def _capped(contract: Contract) -> Contract:
    return replace(contract, limit_minor=2_000_000)


def _in_euros_by_cost(contract: Contract) -> Contract:
    return replace(_first_line(contract, cost_plus_percent=130), currency="EUR")


def _discounted(contract: Contract) -> Contract:
    return _first_line(contract, discount_percent=10)


def _limited(change: Change, **limits: int) -> Change:
    """Return a change that also limits months or people's days."""

    def changed(contract: Contract) -> Contract:
        return replace(change(contract), **limits)  # type: ignore[arg-type]  # the tables below name its fields

    return changed


def _with_line(method: str, **terms: object) -> Change:
    """Return what adds a line without projects to a contract."""

    def change(contract: Contract) -> Contract:
        line = ContractLine(
            line=f"{contract.contract}-{len(contract.lines) + 1}",
            method=method,
            service_line=contract.lines[0].service_line,
            price_minor=None,
            milestones=(),
        )
        added = replace(line, **terms)  # type: ignore[arg-type]  # the tables below name its fields
        return replace(contract, lines=(*contract.lines, added))

    return change


def _with_package(contract: Contract) -> Contract:
    """Add a package that is earned as its milestones are reached."""
    line = f"{contract.contract}-{len(contract.lines) + 1}"
    parts = (("Migration", 800_000, date(2026, 10, 16)), ("Training", 400_000, None))
    return _with_line(
        FIXED_PRICE,
        price_minor=1_200_000,
        recognition="milestone",
        milestones=tuple(
            Milestone(f"{line}-M{number}", name, amount, due or date(2026, 12, 4))
            for number, (name, amount, due) in enumerate(parts, start=1)
        ),
    )(contract)


_RECOGNITIONS: tuple[dict[str, object], ...] = (
    {},
    {"recognition": "percent_hours", "estimate_hours": _ESTIMATE_HOURS},
    {
        "recognition": "straight_line",
        "starts_on": date(2026, 10, 1),
        "ends_on": date(2026, 12, 31),
    },
    {"recognition": "completed"},
    {"recognition": "percent_cost", "estimate_cost_minor": _ESTIMATE_COST_MINOR},
)
_CHANGES: dict[tuple[str, int], Change] = {
    ("US1", 0): _capped,
    ("US1", 1): _in_euros_by_cost,
    ("US1", 2): _with_line(RETAINER, amount_minor=30_000_000),
    ("US1", 3): _limited(
        _with_line(
            RECURRING,
            amount_minor=250_000,
            starts_on=date(2026, 10, 1),
            ends_on=date(2027, 6, 30),
        ),
        month_limit_minor=10_000_000,
    ),
    ("US1", 4): _discounted,
    ("GB1", 1): _with_package,
    ("DE1", 0): _with_line(RETAINER, amount_minor=2_000_000),
    ("DE1", 3): _limited(
        _with_line(
            RECURRING,
            amount_minor=310_000,
            starts_on=date(2026, 10, 16),
            ends_on=date(2027, 6, 30),
        ),
        person_day_limit_hours=6,
    ),
}
