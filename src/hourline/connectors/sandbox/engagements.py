"""Invent the customers, their contracts, and the projects people work on."""

from datetime import date
from itertools import cycle
from random import Random

from hourline.connectors.sandbox.model import (
    Assignment,
    Contract,
    ContractLine,
    Customer,
    LegalEntity,
    Milestone,
    Person,
    Project,
)
from hourline.connectors.sandbox.organisation import ENTITIES, SERVICE_LINES, is_joiner

TIME_AND_MATERIALS = "time_and_materials"
FIXED_PRICE = "fixed_price"
NON_BILLABLE = "non_billable"
YEAR_START = date(2026, 1, 1)

# Customers by the entity that serves them first: name, country, tax id.
_CUSTOMERS: dict[str, tuple[tuple[str, str, str | None], ...]] = {
    "US1": (
        ("Harrow Point Logistics LLC", "US", None),
        ("Bluestem Dairy Cooperative", "US", None),
        ("Tamarack Insurance Group", "US", None),
        ("Cobalt Ridge Mining Corp.", "US", None),
        ("Fennel & Oak Retail Inc.", "US", None),
        ("Marrowstone Health", "US", None),
        ("Caribou Lake Timber Ltd.", "CA", "CA-738291044RT0001"),
    ),
    "GB1": (
        ("Penhallow Rail plc", "GB", "GB529871340"),
        ("Ashdown Breweries Ltd", "GB", "GB601284957"),
        ("Wexcombe Council Services", "GB", "GB730195826"),
        ("Thistledown Media Ltd", "GB", "GB814620593"),
        ("Kilbrannan Ferries DAC", "IE", "IE6829107TA"),
        ("Larkspur Analytics Inc.", "US", None),
    ),
    "DE1": (
        ("Rabenfels Maschinenbau GmbH", "DE", "DE271940386"),
        ("Ostwind Energie AG", "DE", "DE305817264"),
        ("Kranich Verlag KG", "DE", "DE289461073"),
        ("Lindauer Molkerei eG", "DE", "DE314720958"),
        ("Almtaler Sportgeräte GmbH", "AT", "ATU73910264"),
        ("Ateliers Beauvallon SAS", "FR", "FR58829174603"),
        ("Gletscherblick Bahnen AG", "CH", "CHE-318.402.957"),
    ),
}
_FIXED_PRICE_COUNT = {"US1": 2, "GB1": 2, "DE1": 1}
_INTERNAL = frozenset({"US1", "GB1"})
_PROJECTS = {"US1": 15, "GB1": 12, "DE1": 13}
_CLOSED = {"US1": 1, "DE1": 1}
_THEMES = """Ledger Harbour Compass Beacon Orchard Tideline Granite Meadow Signal
Lantern Mosaic Quarry Saffron Juniper Estuary Cinder Willow Keystone Drumlin Plover
Anvil Bramble Cascade Delta Ember Fjord Gable Heron Isthmus Jetty Kelp Lattice Moraine
Nettle Osprey Parapet Quill Rampart Shale Thicket Umber Vellum""".split()


def build_customers() -> tuple[Customer, ...]:
    """Return the customers, each entity's own internal one last."""
    rows = [
        (name, country, tax_id, False)
        for entity in ENTITIES
        for name, country, tax_id in _CUSTOMERS[entity.entity]
    ] + [
        (f"{entity.name} (internal)", entity.country, entity.tax_id, True)
        for entity in ENTITIES
        if entity.entity in _INTERNAL
    ]
    return tuple(
        Customer(
            customer=f"0015A00002K{number:03d}QAE",
            name=name,
            country=country,
            tax_id=tax_id,
            payment_days=(30, 14, 45)[number % 3],
            internal=internal,
        )
        for number, (name, country, tax_id, internal) in enumerate(rows, start=1)
    )


def build_contracts(
    rng: Random, customers: tuple[Customer, ...]
) -> tuple[Contract, ...]:
    """Return one contract for each customer and a second for one in each entity."""
    by_name = {customer.name: customer for customer in customers}
    contracts: list[Contract] = []
    for entity in ENTITIES:
        own = [by_name[name] for name, _, _ in _CUSTOMERS[entity.entity]]
        methods = [FIXED_PRICE] * _FIXED_PRICE_COUNT[entity.entity]
        methods += [TIME_AND_MATERIALS] * (len(own) + 1 - len(methods))
        rng.shuffle(methods)
        engaged = list(zip([*own, own[0]], methods, strict=True))
        if entity.entity in _INTERNAL:
            engaged.append((by_name[f"{entity.name} (internal)"], NON_BILLABLE))
        for customer, method in engaged:
            number = len(contracts) + 1
            contracts.append(
                _contract(rng, number, entity, customer=customer, method=method)
            )
    return tuple(contracts)


def build_projects(contracts: tuple[Contract, ...]) -> tuple[Project, ...]:
    """Return the projects known from the start, the closed ones among them."""
    projects: list[Project] = []
    for entity in ENTITIES:
        lines = [
            line
            for contract in contracts
            if contract.entity == entity.entity
            for line in contract.lines
        ]
        turn = cycle(lines)
        still_closed = _CLOSED.get(entity.entity, 0)
        for position in range(_PROJECTS[entity.entity]):
            line = next(turn)
            # Only a second project of its line is closed, so no contract is left bare.
            repeats = position >= len(lines) and line.method == TIME_AND_MATERIALS
            closed = repeats and still_closed > 0
            still_closed -= closed
            projects.append(
                _project(len(projects) + 1, entity, line.line, closed=closed)
            )
    return tuple(projects)


def build_late_projects(
    contracts: tuple[Contract, ...], known: int
) -> tuple[Project, ...]:
    """Return two projects that reach the master data only after their first hours."""
    found = []
    for number, entity in enumerate((ENTITIES[0], ENTITIES[2]), start=known + 1):
        line = next(
            contract.lines[0]
            for contract in contracts
            if contract.entity == entity.entity
            and contract.lines[0].method == TIME_AND_MATERIALS
        )
        found.append(_project(number, entity, line.line, closed=False))
    return tuple(found)


def hourly_lines(contracts: tuple[Contract, ...]) -> frozenset[str]:
    """Return the contract lines that are billed by time."""
    return frozenset(
        line.line
        for contract in contracts
        for line in contract.lines
        if line.method == TIME_AND_MATERIALS
    )


def build_assignments(
    rng: Random,
    people: tuple[Person, ...],
    projects: tuple[Project, ...],
    hourly: frozenset[str],
) -> tuple[Assignment, ...]:
    """Assign each person to two to five open projects of the own entity.

    The joiner gets projects billed by time only, so that the missing price is missed.
    """
    found: list[Assignment] = []
    for person in people:
        open_ones = [
            project
            for project in projects
            if project.entity == person.entity
            and project.status == "open"
            and (project.contract_line in hourly or not is_joiner(person))
        ]
        found.extend(
            Assignment(person.psa_id, project.project, YEAR_START, None)
            for project in rng.sample(open_ones, rng.randint(2, 5))
        )
    return tuple(found)


def _contract(
    rng: Random, number: int, entity: LegalEntity, *, customer: Customer, method: str
) -> Contract:
    contract_id = f"8005A00000Q{number:03d}"
    double = method == TIME_AND_MATERIALS and number % 3 == 0
    return Contract(
        contract=contract_id,
        title=f"{customer.name.split()[0]} {_THEMES[-number]}",
        customer=customer.customer,
        entity=entity.entity,
        currency=entity.currency,
        effective_from=YEAR_START,
        effective_until=date(2027, 7, 1),
        lines=tuple(
            _contract_line(rng, f"{contract_id}-{position}", method)
            for position in range(1, 3 if double else 2)
        ),
    )


def _contract_line(rng: Random, line: str, method: str) -> ContractLine:
    service_line = rng.choice(SERVICE_LINES).service_line
    if method != FIXED_PRICE:
        return ContractLine(line, method, service_line, None, ())
    price_minor = rng.randrange(40, 121) * 100_000
    shares = (("Kick-off", 30, 5), ("Delivery", 50, 23), ("Acceptance", 20, 0))
    return ContractLine(
        line,
        method,
        service_line,
        price_minor,
        tuple(
            Milestone(
                milestone=f"{line}-M{position}",
                name=name,
                amount_minor=price_minor * percent // 100,
                due_on=date(2026, 10, day) if day else date(2026, 12, 15),
            )
            for position, (name, percent, day) in enumerate(shares, start=1)
        ),
    )


def _project(number: int, entity: LegalEntity, line: str, *, closed: bool) -> Project:
    return Project(
        project=f"p-{number}",
        name=f"{_THEMES[(number - 1) % len(_THEMES)]} {number}",
        entity=entity.entity,
        contract_line=line,
        status="closed" if closed else "open",
        closed_on=date(2026, 9, 30) if closed else None,
        cost_centre=_department(number, entity),
    )


def _department(number: int, entity: LegalEntity) -> str | None:
    """Return whose project it is; only US1 keeps its projects by department."""
    if entity.entity != "US1":
        return None
    return "CC-US1-20" if number % 3 == 0 else "CC-US1-10"
