"""Lend some people to the other entities, as firms with shared teams do."""

from collections import defaultdict
from dataclasses import dataclass, replace

from hourline.connectors.sandbox.engagements import YEAR_START
from hourline.connectors.sandbox.model import (
    Assignment,
    Person,
    Project,
    SourceTimeEntry,
)

# Lender and borrower, and how many of the lender's people work for the other.
_LENT = (("GB1", "US1", 3), ("GB1", "DE1", 2), ("DE1", "US1", 3), ("DE1", "GB1", 2))
# DE1 employs the first whom it lends to US1, but they are in a team of GB1.
_EMPLOYED, _BORROWED, _PROVIDED_BY = "DE1", "US1", "GB1"
_PROJECTS_EACH = 2
_EVERY_NTH_ENTRY = 3
# These have a price on the standard card of every currency.
_LENT_ROLES = frozenset({"consultant", "senior", "developer"})


@dataclass(frozen=True)
class Loan:
    """Name the projects of another entity that a person works on."""

    person: str
    projects: tuple[str, ...]


def build_loans(
    people: tuple[Person, ...],
    projects: tuple[Project, ...],
    external: frozenset[str],
) -> tuple[Loan, ...]:
    """Return who is lent where; `external` names the lines that a customer pays."""
    free: dict[str, list[str]] = defaultdict(list)
    for person in people:
        if person.role in _LENT_ROLES:
            free[person.entity].append(person.psa_id)
    loans: list[Loan] = []
    for lender, borrower, count in _LENT:
        open_ones = [
            project.project
            for project in projects
            if project.entity == borrower
            and project.status == "open"
            and project.contract_line in external
        ]
        for _ in range(count):
            # Each entity has more projects than are taken from it in turn here.
            start = _PROJECTS_EACH * len(loans) % (len(open_ones) - 1)
            chosen = tuple(open_ones[start : start + _PROJECTS_EACH])
            loans.append(Loan(free[lender].pop(0), chosen))
    return tuple(loans)


def with_providers(
    people: tuple[Person, ...], projects: tuple[Project, ...], loans: tuple[Loan, ...]
) -> tuple[Person, ...]:
    """Return the people, one of them being in a team of another entity."""
    borrower_of = {project.project: project.entity for project in projects}
    lent = {loan.person for loan in loans if borrower_of[loan.projects[0]] == _BORROWED}
    chosen = next(
        person
        for person in people
        if person.entity == _EMPLOYED and person.psa_id in lent
    )
    return tuple(
        replace(person, provided_by=_PROVIDED_BY) if person is chosen else person
        for person in people
    )


def loan_assignments(loans: tuple[Loan, ...]) -> tuple[Assignment, ...]:
    """Return the assignments across entities."""
    return tuple(
        Assignment(loan.person, project, YEAR_START, None)
        for loan in loans
        for project in loan.projects
    )


def lend_time(
    entries: tuple[SourceTimeEntry, ...], loans: tuple[Loan, ...]
) -> tuple[SourceTimeEntry, ...]:
    """Return the entries, every third of those lent being for another entity."""
    projects_of = {loan.person: loan.projects for loan in loans}
    counted: dict[str, int] = defaultdict(int)
    found = []
    for entry in entries:
        lent_to = projects_of.get(entry.person, ())
        counted[entry.person] += 1
        turn, rest = divmod(counted[entry.person], _EVERY_NTH_ENTRY)
        if lent_to and rest == 0:
            project = lent_to[turn % len(lent_to)]
            found.append(replace(entry, project=project))
        else:
            found.append(entry)
    return tuple(found)
