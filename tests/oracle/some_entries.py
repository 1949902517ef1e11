"""Generate entries full of edges for generated firms, from a seed."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from tests.entries import Entry
from tests.oracle.ids import (
    ACTIVITIES,
    CURRENCIES,
    DAYS,
    PEOPLE,
    PROJECTS,
    ROLES,
    START,
)

T = TypeVar("T")
_EXPENSES_PERCENT = 20


def some_entries(seed: int, *, count: int) -> list[Entry]:
    """Return entries for any of the firms; some ids are known to none."""
    random = Random(seed)
    odd = random.choice([0, 10, 50])
    return [_entry(random, number + 1, odd=odd) for number in range(count)]


def _day(random: Random) -> date:
    return START + timedelta(days=random.randrange(DAYS))


def _entry(random: Random, number: int, *, odd: int) -> Entry:
    def rarely(usual: T, unusual: T) -> T:
        return unusual if random.randrange(100) < odd else usual

    if random.randrange(100) < _EXPENSES_PERCENT:
        return _expense(random, number, odd=odd)
    seconds = random.choice([0, 1, 60, 900, 3_599, 3_600, 27_000, 86_400, 2_678_400])
    less = max(0, seconds - 1)
    stated = random.choice([None, None, None, 0, less, seconds // 2, seconds + 450])
    return Entry(
        entry_no=number,
        revision=random.choice([1, 1, 2]),
        source_id=f"t{number}",
        connection_no=rarely(1, 2),
        person=rarely(random.choice(PEOPLE), "nobody"),
        project=rarely(random.choice(PROJECTS), "nowhere"),
        activity=random.choice([None, *ACTIVITIES, rarely(None, "unheard")]),
        hour_type=random.choice([None, "overtime", "regular", rarely(None, "holy")]),
        role=random.choice([None, None, None, *ROLES, "unheard"]),
        work_date=_day(random),
        seconds=seconds,
        billable_seconds=None if stated is None else min(stated, 2_678_400),
        price=random.choice([None, None, None, Decimal("180.5"), Decimal("0.0001")]),
    )


def _expense(random: Random, number: int, *, odd: int) -> Entry:
    usual = random.randrange(100) >= odd
    cost = random.choice([0, 1, 99, 3_333, 10_000, random.randrange(10**11)])
    return Entry(
        entry_no=number,
        revision=random.choice([1, 1, 2]),
        source_id=f"t{number}",
        connection_no=1 if usual else 2,
        person=random.choice(PEOPLE) if usual else "nobody",
        project=random.choice(PROJECTS) if usual else "nowhere",
        activity=random.choice([None, None, *ACTIVITIES]),
        work_date=_day(random),
        seconds=0,
        cost=cost,
        tax=random.choice([0, 0, cost // 6, cost]),
        recoverable=random.choice([True, True, False]),
        recovery_stated=number % 3 == 0,
        receipt=random.choice([None, "r-1"]),
        cost_currency=random.choice([*CURRENCIES, "GBP" if odd else "EUR"]),
        markup_ppm=random.choice([0, 0, 100_000, 123_456, -1, -500_000, -1_000_000]),
    )
