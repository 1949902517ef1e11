"""Make up the benchmark's firm: its master data, the same for the same seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Literal

import msgspec

from hourline.cli.bench.arrangements import (
    arrange_lending,
    limit_of,
    prepay,
    round_time,
)
from hourline.cli.bench.recorder import Recorder
from hourline.master.model import (
    Activity,
    BillRate,
    Contract,
    ContractLine,
    CostRate,
    Customer,
    FxRate,
    HourType,
    LegalEntity,
    Person,
    Project,
    TaxRule,
)

PEOPLE = 5_000
PROJECTS = 2_000
CONTRACTS = 1_000
CUSTOMERS = 600
_ENTITIES = (
    ("US1", "US", "USD"),
    ("US2", "US", "USD"),
    ("GB1", "GB", "GBP"),
    ("DE1", "DE", "EUR"),
    ("FR1", "FR", "EUR"),
    ("JP1", "JP", "JPY"),
    ("KW1", "KW", "KWD"),
    ("CH1", "CH", "CHF"),
)
# What a unit of each currency is worth in dollars at the start of the year.
_WORTH = {
    "USD": Decimal(1),
    "GBP": Decimal("1.25"),
    "EUR": Decimal("1.0825"),
    "JPY": Decimal("0.0067"),
    "KWD": Decimal("3.25"),
    "CHF": Decimal("1.12"),
}
_ROLES = ("consultant", "senior", "principal", "developer", "designer", "architect")
ACTIVITIES = ("dev", "design", "travel", "meeting")
_METHODS: tuple[Literal["time_and_materials", "fixed_price", "non_billable"], ...] = (
    *(("time_and_materials",) * 8),
    "fixed_price",
    "non_billable",
)
YEAR_START = date(2026, 1, 1)
YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class FirmMade:
    """Hold who may work on what: people by entity, and (project, entity) pairs."""

    people_of: dict[str, list[str]]
    projects: list[tuple[str, str]]


def make_firm(record: Recorder, random: Random, *, entry_count: int) -> FirmMade:
    """Record a firm whose limits and prepaid hours are used up by so many entries."""
    _parties(record, random)
    _exchange(record)
    arrange_lending(record, [entity_id for entity_id, _, _ in _ENTITIES])
    people_of = _people(record, random)
    projects = _contracts(record, random, Decimal(entry_count) / CONTRACTS)
    _rates(record, random, projects)
    return FirmMade(people_of, [(project, entity) for project, _, entity in projects])


def _parties(record: Recorder, random: Random) -> None:
    for entity_id, country, currency in _ENTITIES:
        record.add(entity_id, LegalEntity(country=country, currency=currency))
    countries = [country for _, country, _ in _ENTITIES]
    for number in range(CUSTOMERS):
        tax_id = f"X{number:08}" if random.random() < 0.8 else None  # noqa: PLR2004 - the share with a tax id
        customer = Customer(
            country=random.choice(countries), tax_id=tax_id, tax_id_check="as_stated"
        )
        record.add(f"CUST-{number:04}", customer)
    record.add("overtime", HourType(bill_factor=Decimal("1.5")))
    for order, country in enumerate(sorted(set(countries))):
        domestic = TaxRule(
            order=order,
            rate=Decimal(19),
            code="S",
            entity_country=country,
            customer_country=country,
        )
        record.add(f"tax-{country}", domestic)
    record.add("tax-export", TaxRule(order=99, rate=Decimal(0), code="O"))


def _exchange(record: Recorder) -> None:
    """Add a rate of every pair of currencies for every day, to four digits."""
    for source, target in combinations(_WORTH, 2):
        worth = _WORTH[source] / _WORTH[target]
        digits = 3 - worth.adjusted()
        for day in range(YEAR_DAYS):
            rate = round(worth * (1 + Decimal(day * 37 % 101 - 50) / 2_500), digits)
            record.add(
                f"fx-{source}-{target}-{day}",
                FxRate(from_currency=source, to_currency=target, rate=rate),
                effective_from=YEAR_START + timedelta(days=day),
            )


def _people(record: Recorder, random: Random) -> dict[str, list[str]]:
    people_of: dict[str, list[str]] = {}
    for number in range(PEOPLE):
        entity_id = _ENTITIES[number % len(_ENTITIES)][0]
        person_id = f"E-{number:05}"
        people_of.setdefault(entity_id, []).append(person_id)
        record.add(person_id, Person(entity=entity_id, role=random.choice(_ROLES)))
        cost = CostRate(person=person_id, rate=Decimal(random.randrange(30, 120)))
        record.add(f"cost-{number}", cost)
    return people_of


def _contracts(
    record: Recorder, random: Random, entries_mean: Decimal
) -> list[tuple[str, str, str]]:
    for number in range(CONTRACTS):
        entity_id = _ENTITIES[number % len(_ENTITIES)][0]
        customer_id = f"CUST-{random.randrange(CUSTOMERS):04}"
        foreign = "USD" if number % 7 == 0 else None
        contract = Contract(
            customer=customer_id,
            entity=entity_id,
            currency=foreign,
            limit=limit_of(number, entries_mean),
            over_limit="block" if number % 16 == 0 else "split",
        )
        record.add(f"CT-{number:04}", contract)
        line = ContractLine(
            contract=f"CT-{number:04}", method=_METHODS[random.randrange(10)]
        )
        record.add(f"CT-{number:04}.1", line)
        if number % 10 == 0 and line.method == "time_and_materials":
            prepay(record, f"CT-{number:04}.1", entries_mean)
    projects = []
    activities = tuple(
        Activity(id=name, billable=name != "travel") for name in ACTIVITIES
    )
    for number in range(PROJECTS):
        contract_number = number % CONTRACTS
        project = Project(
            contract_line=f"CT-{contract_number:04}.1",
            status="closed" if number % 200 == 0 else "open",
            activities=activities if number % 3 == 0 else (),
        )
        record.add(f"PRJ-{number:05}", project)
        if number % 5 == 0:
            round_time(record, f"PRJ-{number:05}", number)
        entity_id, _, _ = _ENTITIES[contract_number % len(_ENTITIES)]
        projects.append((f"PRJ-{number:05}", f"CT-{contract_number:04}", entity_id))
    return projects


def _rates(
    record: Recorder, random: Random, projects: list[tuple[str, str, str]]
) -> None:
    currency_of = {entity_id: currency for entity_id, _, currency in _ENTITIES}
    currencies = sorted(set(currency_of.values()))
    for currency in currencies:
        # Nobody sells architects in dinars: some entries must lack a price.
        for role in _ROLES[:-1] if currency == "KWD" else _ROLES:
            standard = BillRate(currency=currency, rate=_rate(random), role=role)
            record.add_rate(f"std-{currency}-{role}", standard)
    for project_id, contract_id, entity_id in projects:
        foreign = int(contract_id[3:]) % 7 == 0
        currency = "USD" if foreign else currency_of[entity_id]
        for role in random.sample(_ROLES, 3):
            rate = BillRate(
                currency=currency, rate=_rate(random), project=project_id, role=role
            )
            record.add_rate(f"{project_id}-{role}", _as_agreed(rate, project_id))
        if int(project_id[4:]) < CONTRACTS:
            for role in _ROLES[:-1]:
                rate = BillRate(
                    currency=currency,
                    rate=_rate(random),
                    contract=contract_id,
                    role=role,
                )
                record.add_rate(f"{contract_id}-{role}", rate)
    for number in range(1_000):
        rate = BillRate(
            currency=random.choice(currencies),
            rate=_rate(random),
            person=f"E-{number:05}",
            customer=f"CUST-{number % CUSTOMERS:04}",
        )
        record.add_rate(f"own-{number}", rate)


def _as_agreed(hourly: BillRate, project_id: str) -> BillRate:
    """Return a rate, for every fourth project as one for a day of eight hours."""
    if int(project_id[4:]) % 4 != 1:
        return hourly
    return msgspec.structs.replace(
        hourly, rate=8 * hourly.rate, per="day", hours_per_day=Decimal(8)
    )


def _rate(random: Random) -> Decimal:
    return Decimal(random.randrange(8_000, 30_000)).scaleb(-2).quantize(Decimal(1))
