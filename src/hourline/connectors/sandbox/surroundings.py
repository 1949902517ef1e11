"""Know around each entry who works where, and which projects they could name."""

from dataclasses import dataclass

from hourline.connectors.sandbox.model import (
    Assignment,
    Person,
    Project,
    SourceTimeEntry,
)
from hourline.connectors.sandbox.organisation import is_joiner


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Hold the people and projects of the firm as the dirt looks them up."""

    people: dict[str, Person]
    projects: tuple[Project, ...]
    late_projects: tuple[Project, ...]
    hourly: frozenset[str]
    assigned: frozenset[tuple[str, str]]

    @property
    def joiners(self) -> frozenset[str]:
        """Return the PSA ids of those for whom no price exists."""
        return frozenset(p.psa_id for p in self.people.values() if is_joiner(p))

    @property
    def late_of(self) -> dict[str, str]:
        """Return the late project of each entity that has one."""
        return {project.entity: project.project for project in self.late_projects}

    @property
    def closed_of(self) -> dict[str, str]:
        """Return the closed project of each entity that has one."""
        return {p.entity: p.project for p in self.projects if p.status == "closed"}

    def entity(self, entry: SourceTimeEntry) -> str:
        """Return the legal entity that employs the person of an entry."""
        return self.people[entry.person].entity

    def foreign_project(self, entry: SourceTimeEntry) -> str:
        """Return a billable open project of the own entity without an assignment."""
        return next(
            project.project
            for project in self.projects
            if project.entity == self.entity(entry)
            and project.status == "open"
            and project.project in self.hourly
            and (entry.person, project.project) not in self.assigned
        )


def surroundings(
    *,
    people: tuple[Person, ...],
    projects: tuple[Project, ...],
    late_projects: tuple[Project, ...],
    assignments: tuple[Assignment, ...],
    hourly: frozenset[str],
) -> Surroundings:
    """Return the surroundings; `hourly` names the contract lines billed by time."""
    return Surroundings(
        people={person.psa_id: person for person in people},
        projects=projects,
        late_projects=late_projects,
        hourly=frozenset(p.project for p in projects if p.contract_line in hourly),
        assigned=frozenset((a.person, a.project) for a in assignments),
    )
