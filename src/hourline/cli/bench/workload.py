"""Generate the benchmark's firm and its entries, the same for the same seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

import msgspec

from hourline.master.model import (
    Activity,
    BillRate,
    Contract,
    ContractLine,
    CostRate,
    CrossReference,
    Customer,
    FxRate,
    HourType,
    LegalEntity,
    MasterVersion,
    Person,
    Project,
    Record,
    TaxRule,
)

CONNECTION = 1
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
_FX_TO_USD = (
    ("GBP", "1.25"),
    ("EUR", "1.0825"),
    ("JPY", "0.0067"),
    ("KWD", "3.25"),
    ("CHF", "1.12"),
)
_ROLES = ("consultant", "senior", "principal", "developer", "designer", "architect")
_ACTIVITIES = ("dev", "design", "travel", "meeting")
_METHODS: tuple[Literal["time_and_materials", "fixed_price", "non_billable"], ...] = (
    *(("time_and_materials",) * 8),
    "fixed_price",
    "non_billable",
)
_YEAR_START = date(2026, 1, 1)
_MID_YEAR = date(2026, 7, 1)


class WireEntry(msgspec.Struct, frozen=True, gc=False):
    """Be an approved entry as a source sends it; dates stay text until columns."""

    id: str
    revision: int
    status: str
    person: str
    project: str
    activity: str | None
    hour_type: str | None
    date: str
    seconds: int
    billable_seconds: int | None
    note: str
    approved_at: str
    updated_at: str


DECODER = msgspec.json.Decoder(WireEntry)


@dataclass(slots=True)
class Workload:
    """Hold the master data of the firm and entries as JSON lines."""

    versions: list[MasterVersion]
    references: list[CrossReference]
    lines: list[bytes]
    rate_rows: int

    @property
    def change_no(self) -> int:
        """Return the number of the last change of master data."""
        return len(self.versions)

    def records(self) -> list[WireEntry]:
        """Return the entries decoded."""
        return [DECODER.decode(line) for line in self.lines]


class _Recorder:
    def __init__(self) -> None:
        self.versions: list[MasterVersion] = []
        self.references: list[CrossReference] = []

    def add(
        self,
        record_id: str,
        record: Record,
        *,
        effective_from: date = date.min,
        effective_until: date = date.max,
    ) -> None:
        number = len(self.versions) + 1
        self.versions.append(
            MasterVersion(
                master_no=number,
                change_no=number,
                id=record_id,
                effective_from=effective_from,
                effective_until=effective_until,
                content=record,
            )
        )
        self.references.append(
            CrossReference(
                connection_no=CONNECTION,
                kind=record.kind,
                source_id=record_id,
                master_no=number,
            )
        )

    def add_rate(self, record_id: str, record: BillRate) -> None:
        """Add a rate in two versions: until mid-year and from then on."""
        spans = ((date.min, _MID_YEAR), (_MID_YEAR, date.max))
        for half, (start, end) in enumerate(spans):
            raised = msgspec.structs.replace(record, rate=record.rate + 5 * half)
            self.add(
                f"{record_id}.{half}",
                raised,
                effective_from=start,
                effective_until=end,
            )


def workload(entry_count: int, *, seed: int) -> Workload:
    """Return a firm and its entries; about 3 in 100 entries lack or break something."""
    random = Random(seed)  # noqa: S311 - the same figures on every run
    record = _Recorder()
    _parties(record, random)
    people_of = _people(record, random)
    projects = _contracts(record, random)
    _rates(record, random, projects)
    rate_rows = sum(isinstance(v.content, BillRate) for v in record.versions)
    lines = [
        _line(number, random, people_of=people_of, projects=projects)
        for number in range(entry_count)
    ]
    return Workload(record.versions, record.references, lines, rate_rows)


def _parties(record: _Recorder, random: Random) -> None:
    for entity_id, country, currency in _ENTITIES:
        record.add(entity_id, LegalEntity(country=country, currency=currency))
    countries = [country for _, country, _ in _ENTITIES]
    for number in range(CUSTOMERS):
        tax_id = f"X{number:08}" if random.random() < 0.8 else None  # noqa: PLR2004 - the share with a tax id
        customer = Customer(
            country=random.choice(countries), tax_id=tax_id, tax_id_check="as_stated"
        )
        record.add(f"CUST-{number:04}", customer)
    for code, rate in _FX_TO_USD:
        fx = FxRate(from_currency=code, to_currency="USD", rate=Decimal(rate))
        record.add(f"fx-{code}", fx)
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


def _people(record: _Recorder, random: Random) -> dict[str, list[str]]:
    people_of: dict[str, list[str]] = {}
    for number in range(PEOPLE):
        entity_id = _ENTITIES[number % len(_ENTITIES)][0]
        person_id = f"E-{number:05}"
        people_of.setdefault(entity_id, []).append(person_id)
        record.add(person_id, Person(entity=entity_id, role=random.choice(_ROLES)))
        cost = CostRate(person=person_id, rate=Decimal(random.randrange(30, 120)))
        record.add(f"cost-{number}", cost)
    return people_of


def _contracts(record: _Recorder, random: Random) -> list[tuple[str, str, str]]:
    for number in range(CONTRACTS):
        entity_id = _ENTITIES[number % len(_ENTITIES)][0]
        customer_id = f"CUST-{random.randrange(CUSTOMERS):04}"
        foreign = "USD" if number % 7 == 0 else None
        contract = Contract(customer=customer_id, entity=entity_id, currency=foreign)
        record.add(f"CT-{number:04}", contract)
        line = ContractLine(
            contract=f"CT-{number:04}", method=_METHODS[random.randrange(10)]
        )
        record.add(f"CT-{number:04}.1", line)
    projects = []
    activities = tuple(
        Activity(id=name, billable=name != "travel") for name in _ACTIVITIES
    )
    for number in range(PROJECTS):
        contract_number = number % CONTRACTS
        project = Project(
            contract_line=f"CT-{contract_number:04}.1",
            status="closed" if number % 200 == 0 else "open",
            activities=activities if number % 3 == 0 else (),
        )
        record.add(f"PRJ-{number:05}", project)
        entity_id, _, _ = _ENTITIES[contract_number % len(_ENTITIES)]
        projects.append((f"PRJ-{number:05}", f"CT-{contract_number:04}", entity_id))
    return projects


def _rates(
    record: _Recorder, random: Random, projects: list[tuple[str, str, str]]
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
            record.add_rate(f"{project_id}-{role}", rate)
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


def _rate(random: Random) -> Decimal:
    return Decimal(random.randrange(8_000, 30_000)).scaleb(-2).quantize(Decimal(1))


def _line(
    number: int,
    random: Random,
    *,
    people_of: dict[str, list[str]],
    projects: list[tuple[str, str, str]],
) -> bytes:
    project_id, _, entity_id = projects[random.randrange(len(projects))]
    person_id = random.choice(people_of[entity_id])
    if number % 97 == 0:
        person_id = "E-unknown"
    day = _YEAR_START + timedelta(days=random.randrange(365))
    seconds = random.randrange(1, 33) * 900
    entry = WireEntry(
        id=f"TE-{number:09}",
        revision=1,
        status="approved",
        person=person_id,
        project=project_id,
        activity=random.choice(_ACTIVITIES),
        hour_type="overtime" if number % 20 == 0 else None,
        date=day.isoformat(),
        seconds=seconds,
        billable_seconds=seconds // 2 if number % 50 == 0 else None,
        note="Worked through the open points of the list with the customer's team",
        approved_at=f"{day.isoformat()}T18:{number % 60:02}:00Z",
        updated_at=f"{day.isoformat()}T18:{number % 60:02}:30Z",
    )
    return msgspec.json.encode(entry)
