"""Invent who worked how long on what; the same seed gives the same month.

All hours are hundredths and all prices such that no product has to be rounded: what
is expected then follows from the data alone, and not from a policy of rounding.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.tryton.plan import (
    FirmPlan,
    PlannedCompany,
    PlannedCustomer,
    PlannedPerson,
    PlannedProject,
    PlannedTax,
)

FIRST_DAY, LAST_DAY = date(2025, 3, 1), date(2025, 3, 31)
ENTRIES = 520
_TASKS = ("Analysis", "Design", "Delivery")
_NOTES = (
    "Weekly call",
    'Draft, second round; see "open points"',
    "Workshop\nwith the owners of the process",
    "Prüfung der Übergabe",
    "",
)
_ENGLISH = (
    "Harbour Foods Ltd",
    "Pennine Rail Ltd",
    "Ashdown Clinics Ltd",
    "Wrekin Timber Ltd",
    "Solent Ferries Ltd",
    "Malvern Optics Ltd",
)
_GERMAN = ("Nordlicht Werft GmbH", "Altmark Saaten GmbH", "Donau Messtechnik GmbH")
_PEOPLE = (
    ("Imogen Hale", "Tobias Crane", "Priya Raman", "Owen Mistry", "Ada Whitlock"),
    ("Jonas Lindner", "Frieda Köhler", "Emre Aydin"),
)


@dataclass(frozen=True)
class Project:
    """Hold a project with the code that exports name it by."""

    code: str
    planned: PlannedProject
    company: str
    customer_name: str


@dataclass(frozen=True)
class Worked:
    """Hold an entry of time as the firm's people made it."""

    worked_on: date
    person: PlannedPerson
    project: Project
    task: str
    note: str
    hours: Decimal
    is_billable: bool
    is_approved: bool


@dataclass(frozen=True)
class Month:
    """Hold the firm and all that it worked."""

    plan: FirmPlan
    projects: tuple[Project, ...]
    entries: tuple[Worked, ...]


def invent_month(*, seed: int = 1, entries: int = ENTRIES) -> Month:
    """Return a month with that many approved entries, and some that are not."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    companies = _companies()
    projects = tuple(
        Project(f"P-{number + 101}", planned, company.code, _name(company, planned))
        for number, (company, planned) in enumerate(
            (company, planned) for company in companies for planned in company.projects
        )
    )
    people = {company.code: company.people for company in companies}
    worked = [
        _entry(chance, projects, people, is_approved=True) for _ in range(entries)
    ]
    # People do write down the same thing twice, and mean it.
    worked += worked[: entries // 50]
    drafts = entries // 25
    worked += [
        _entry(chance, projects, people, is_approved=False) for _ in range(drafts)
    ]
    chance.shuffle(worked)
    return Month(FirmPlan(name="month", companies=companies), projects, tuple(worked))


def _companies() -> tuple[PlannedCompany, ...]:
    return (
        PlannedCompany(
            code="MARLOW-UK",
            name="Marlow Advisory Ltd",
            currency="GBP",
            country="GB",
            taxes=(PlannedTax("GB-20", Decimal(20)),),
            customers=_customers("C-10", _ENGLISH, "Bristol"),
            people=_people("E-1", _PEOPLE[0], cost=40),
            projects=tuple(_projects("C-10", _ENGLISH, price=120)),
        ),
        PlannedCompany(
            code="MARLOW-DE",
            name="Marlow Beratung GmbH",
            currency="EUR",
            country="DE",
            taxes=(PlannedTax("DE-19", Decimal(19)),),
            customers=_customers("C-20", _GERMAN, "Kiel"),
            people=_people("E-2", _PEOPLE[1], cost=50),
            # A hundredth of 100 or 200 is whole, and so is 19 % of it in cents.
            projects=tuple(_projects("C-20", _GERMAN, price=100)),
        ),
    )


def _customers(
    prefix: str, names: tuple[str, ...], city: str
) -> tuple[PlannedCustomer, ...]:
    return tuple(
        PlannedCustomer(f"{prefix}{number:02}", name, city)
        for number, name in enumerate(names, 1)
    )


def _people(
    prefix: str, names: tuple[str, ...], *, cost: int
) -> tuple[PlannedPerson, ...]:
    return tuple(
        PlannedPerson(f"{prefix}{number}", name, Decimal(cost + 5 * number))
        for number, name in enumerate(names, 1)
    )


def _projects(
    prefix: str, names: tuple[str, ...], *, price: int
) -> Iterator[PlannedProject]:
    for number, name in enumerate(names, 1):
        customer, word = f"{prefix}{number:02}", name.split()[0]
        yield PlannedProject(f"{word} rollout", customer, Decimal(price), _TASKS)
        yield PlannedProject(f"{word} support", customer, Decimal(price * 2), _TASKS)


def _name(company: PlannedCompany, planned: PlannedProject) -> str:
    names = {customer.code: customer.name for customer in company.customers}
    return names[planned.customer]


def _entry(
    chance: random.Random,
    projects: tuple[Project, ...],
    people: dict[str, tuple[PlannedPerson, ...]],
    *,
    is_approved: bool,
) -> Worked:
    project = chance.choice(projects)
    days = (LAST_DAY - FIRST_DAY).days
    return Worked(
        worked_on=FIRST_DAY + timedelta(days=chance.randint(0, days)),
        person=chance.choice(people[project.company]),
        project=project,
        task=chance.choice(_TASKS),
        note=chance.choice(_NOTES),
        hours=Decimal(chance.randint(10, 900)) / 100,
        # One in ten is on the house.
        is_billable=chance.randrange(10) > 0,
        is_approved=is_approved,
    )
