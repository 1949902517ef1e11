"""Hold who works, as columns: people by version and where they are assigned."""

from dataclasses import dataclass

import numpy as np

from hourline.kernel.columns import Ints, ended, ints
from hourline.kernel.effective import Effective, day_number, effective, layered_ends
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.master.model import Assignment, CostCentre, LegalEntity, Person, Project
from hourline.master.snapshot.timelines import Timeline


@dataclass(frozen=True, slots=True)
class PersonColumns:
    """Hold people by version; role is a code of `Snapshot.roles`.

    `entity` employs and `resourcing` provides the person, both dense ids; where
    `is_provided_elsewhere` is false, they are the same for everybody.
    """

    no: Ints
    rows: Effective
    entity: Ints
    resourcing: Ints
    is_provided_elsewhere: bool
    role: Ints
    cost_centre: Ints


@dataclass(frozen=True, slots=True)
class Assignments:
    """Say on which days a person may record time on a project."""

    pairs: KeyIndex
    spans: Effective

    def at(self, people: Ints, projects: Ints, days: Ints) -> Ints:
        """Return something other than NOTHING where the person is assigned."""
        return self.spans.at(self.pairs.of([people, projects]), days)


def person_columns(
    people: Timeline[Person],
    *,
    entities: Timeline[LegalEntity],
    cost_centres: Timeline[CostCentre],
    roles: dict[str | None, int],
) -> PersonColumns:
    """Return people as columns; roles are numbered by the given codes."""
    contents = [span.content for span in people.spans]
    provided_by = [content.resourcing for content in contents]
    return PersonColumns(
        no=people.no_column(),
        rows=people.rows(),
        entity=ended([entities.find(content.entity) for content in contents]),
        resourcing=ended([entities.find(entity) for entity in provided_by]),
        is_provided_elsewhere=provided_by != [item.entity for item in contents],
        role=ended([roles[content.role] for content in contents]),
        cost_centre=ended([cost_centres.find(item.cost_centre) for item in contents]),
    )


def assignments_of(
    assignments: Timeline[Assignment],
    *,
    people: Timeline[Person],
    projects: Timeline[Project],
) -> Assignments:
    """Return the days of each person and project; overlapping records are one."""
    known = [
        (people.find(span.content.person), projects.find(span.content.project), span)
        for span in assignments.spans
    ]
    known = [row for row in known if row[0] >= 0 and row[1] >= 0]
    pairs, keys = key_index(
        [ints([person for person, _, _ in known]), ints([row[1] for row in known])],
        [len(people.ids), len(projects.ids)],
    )
    starts = ints([day_number(span.effective_from) for _, _, span in known])
    ends = ints([day_number(span.effective_until) for _, _, span in known])
    return Assignments(pairs, _united(keys, starts, ends, key_count=pairs.count))


def _united(keys: Ints, starts: Ints, ends: Ints, *, key_count: int) -> Effective:
    # The days of one record inside those of another stay assigned after it ends:
    # every span lasts as long as the longest one that began before it.
    order = np.lexsort((starts, keys))
    keys, starts, ends = keys[order], starts[order], ends[order].copy()
    for row in range(1, len(keys)):
        if keys[row] == keys[row - 1]:
            reached = ends[row - 1]
            if starts[row] <= reached:
                ends[row] = max(ends[row], reached)
    ends = layered_ends(keys, starts, ends)
    held = starts < ends
    values = np.arange(int(held.sum()), dtype=np.int64)
    spans = (starts[held], ends[held])
    return effective(keys[held], spans, values, key_count=key_count)
