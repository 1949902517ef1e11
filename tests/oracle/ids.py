"""Name the records, currencies and days that generated firms and entries are of."""

from datetime import date

START = date(2025, 1, 1)


DAYS = 120


CURRENCIES = ("USD", "EUR", "JPY", "KWD")


ROLES = ("consultant", "senior", "lead")


ACTIVITIES = ("dev", "travel", "talk")


ENTITIES = ("E0", "E1")


CUSTOMERS = ("K0", "K1", "K2")


PEOPLE = ("p0", "p1", "p2", "p3")


CONTRACTS = ("C0", "C1", "C2")


LINES = ("L0", "L1", "L2", "L3")


PROJECTS = ("P0", "P1", "P2", "P3", "P4")


MONTHS = ("2025-01", "2025-02", "2025-03", "2025-04", "2025-05")


# Who and what a rate may be for: a person, a role, an activity.
DIMENSIONS = (
    (None, None, *PEOPLE),
    (None, None, *ROLES),
    (None, None, None, *ACTIVITIES),
)
