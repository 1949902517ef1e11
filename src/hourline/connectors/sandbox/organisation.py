"""Invent the legal entities of the firm, its people, calendars and cost rates."""

from datetime import date, timedelta
from random import Random

from hourline.connectors.sandbox.model import (
    CostCentre,
    CostRate,
    Leave,
    LegalEntity,
    Person,
    ServiceLine,
    WorkingCalendar,
)

MONTH_START = date(2026, 10, 1)
MONTH_END = date(2026, 11, 1)
JOINED_ON = date(2026, 10, 28)

ENTITIES = (
    LegalEntity("US1", "Hollis & Crane Inc.", "US", "USD", None, "atlas", 75),
    LegalEntity("GB1", "Hollis & Crane Ltd", "GB", "GBP", "GB417239865", "atlas", 25),
    LegalEntity(
        "DE1", "Hollis & Crane GmbH", "DE", "EUR", "DE318640275", "borealis", 0
    ),
)
SERVICE_LINES = (
    ServiceLine("SL-ADV", "Advisory"),
    ServiceLine("SL-ENG", "Engineering"),
    ServiceLine("SL-DES", "Design"),
)
CALENDARS = (
    WorkingCalendar("us-full", (480,) * 5 + (0, 0), (date(2026, 10, 12),)),
    WorkingCalendar("gb-full", (450,) * 5 + (0, 0), ()),
    WorkingCalendar("de-full", (480,) * 5 + (0, 0), (date(2026, 10, 3),)),
    WorkingCalendar("us-four-days", (480,) * 4 + (0, 0, 0), (date(2026, 10, 12),)),
    WorkingCalendar("gb-four-days", (450,) * 4 + (0, 0, 0), ()),
    WorkingCalendar("de-four-days", (480,) * 4 + (0, 0, 0), (date(2026, 10, 3),)),
)

_HEADCOUNT = {"US1": 24, "GB1": 18, "DE1": 18}
# One cycle of six; the designer who joins late in GB1 comes on top of it.
_ROLES = ("consultant", "senior", "developer", "consultant", "principal", "developer")
_COST_MINOR = {
    "consultant": 5200,
    "senior": 6900,
    "principal": 9800,
    "developer": 6100,
    "designer": 5600,
}
_GIVEN = """Ada Bruno Carla Dario Elsa Femi Greta Hugo Ines Jonas Kira Luis Mara Nils
Olga Pavel Quinn Rosa Sven Tilda Umar Vera Wim Xenia Yusuf Zoe""".split()
_FAMILY = """Abbot Berg Castell Dunmore Ekberg Farrow Gallo Haverly Ilves Jessop
Kestrel Lindqvist Marlowe Norden Okafor Prentice Quist Ravn Söderholm Thorne Ueda
Vasquez Winslow Yardley Zeller Ó Briain""".replace("Ó Briain", "Ó-Briain").split()


def build_cost_centres() -> tuple[CostCentre, ...]:
    """Return one cost centre for delivery and one for management in each entity."""
    return tuple(
        CostCentre(f"CC-{entity.entity}-{number}", entity.entity, name)
        for entity in ENTITIES
        for number, name in (("10", "Delivery"), ("20", "Practice leads"))
    )


def build_people(rng: Random) -> tuple[Person, ...]:
    """Return about sixty people; the last of GB1 is a designer who joined late."""
    names = [f"{given} {family}" for given in _GIVEN for family in _FAMILY]
    chosen = iter(rng.sample(names, sum(_HEADCOUNT.values())))
    people: list[Person] = []
    for entity in ENTITIES:
        for position in range(_HEADCOUNT[entity.entity]):
            role = _ROLES[position % len(_ROLES)]
            if position >= _HEADCOUNT[entity.entity] - 2:
                role = "designer"
            people.append(
                _person(rng, entity, len(people), name=next(chosen), role=role)
            )
    return tuple(people)


def is_joiner(person: Person) -> bool:
    """Say whether this is the designer for whose role and currency no price exists."""
    return person.employed_from == JOINED_ON


def _person(
    rng: Random, entity: LegalEntity, number: int, *, name: str, role: str
) -> Person:
    joiner = number + 1 == _HEADCOUNT["US1"] + _HEADCOUNT["GB1"]
    full_time = joiner or rng.random() >= 0.1
    country = entity.country.lower()
    return Person(
        employee_number=f"E-{1001 + number}",
        psa_id=f"r-{number + 1}",
        name=name,
        entity=entity.entity,
        role=role,
        cost_centre=f"CC-{entity.entity}-{'20' if role == 'principal' else '10'}",
        calendar=f"{country}-{'full' if full_time else 'four-days'}",
        employed_from=JOINED_ON if joiner else date(2019 + number % 7, 3, 1),
        cost_rates=_cost_rates(rng, role, joiner=joiner),
        leave=() if joiner else _leave(rng),
    )


def _cost_rates(rng: Random, role: str, *, joiner: bool) -> tuple[CostRate, ...]:
    first = _COST_MINOR[role] + 25 * rng.randrange(-20, 21)
    if joiner:
        return (CostRate(first, JOINED_ON, None),)
    if rng.random() < 0.15:  # a raise in the middle of the month
        raised_on = date(2026, 10, 16)
        return (
            CostRate(first, date(2026, 1, 1), raised_on),
            CostRate(first * 104 // 100, raised_on, None),
        )
    return (CostRate(first, date(2026, 1, 1), None),)


def _leave(rng: Random) -> tuple[Leave, ...]:
    if rng.random() >= 0.3:
        return ()
    start = MONTH_START + timedelta(days=rng.randrange(0, 28))
    kind = rng.choice(("vacation", "vacation", "illness"))
    return (Leave(kind, start, start + timedelta(days=rng.randrange(1, 6))),)
