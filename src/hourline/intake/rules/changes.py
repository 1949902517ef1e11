"""Decide what a whole delivery changes, record by record, each entry in its order."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hourline.intake.model import (
    Statement,
    Superseded,
    TimeRecord,
    Unreadable,
    Withdrawal,
)
from hourline.intake.rules.keeping import KeepCheck, Kept
from hourline.intake.rules.versions import Effect, EntryState, step
from hourline.kernel.codes import Outcome


@dataclass(slots=True)
class Changes:
    """Hold what a delivery changes: a row per record, per version and per recall.

    `current` maps an entry to the position of its revision that is in force at the end
    and was not before. `openings` has the positions that speak of entries which were
    taken over as opening positions, `parts` those that use the id of a part of another
    entry, `kept` those that are kept apart; see `keeping`.
    `states` is what is known afterwards of the entries spoken of.

    `revisions` are the source's; `redecided` maps an entry to how far those that are
    kept are ahead of them, where they are. `projects` maps a position to the project
    its entry was transferred to.
    """

    outcomes: list[Outcome]
    entry_nos: list[int | None]
    revisions: list[int | None]
    accepted: list[int] = field(default_factory=list)
    recalls: list[int] = field(default_factory=list)
    current: dict[int, int] = field(default_factory=dict)
    superseded: list[Superseded] = field(default_factory=list)
    openings: set[int] = field(default_factory=set)
    parts: set[int] = field(default_factory=set)
    kept: dict[int, Kept] = field(default_factory=dict)
    states: dict[str, EntryState] = field(default_factory=dict)
    redecided: dict[int, int] = field(default_factory=dict)
    projects: dict[int, str] = field(default_factory=dict)

    def kept_revision(self, position: int) -> int | None:
        """Return the number under which the revision of a record is kept."""
        revision, entry_no = self.revisions[position], self.entry_nos[position]
        if revision is None or entry_no is None:
            return revision
        return revision + self.redecided.get(entry_no, 0)


def plan_changes(
    statements: Sequence[Statement],
    hashes: Sequence[bytes],
    known: Mapping[str, EntryState],
    *,
    numbers: Mapping[str, int],
    states_revisions: bool,
    check: KeepCheck | None = None,
) -> Changes:
    """Apply the records to what is known; `numbers` has the entries that are new.

    What `check` finds is kept apart and has no effect.
    """
    count = len(statements)
    changes = Changes([Outcome.REFUSED] * count, [None] * count, [None] * count)
    states = changes.states = dict(known)
    repeated = _repeated(statements)
    order: Iterable[int] = range(count)
    if repeated and not states_revisions:
        order = _by_change_time(statements, repeated)
    for position in order:
        statement = statements[position]
        if isinstance(statement, Unreadable):
            changes.outcomes[position] = statement.outcome
            continue
        source_id = statement.id
        state = states.get(source_id)
        if state is None:
            plain = check is None and source_id not in repeated
            if plain and isinstance(statement, TimeRecord):
                # The usual case: an entry never heard of, once. No state is needed.
                revision = (statement.revision or 1) if states_revisions else 1
                _accept(changes, position, numbers[source_id], revision)
                continue
            state = EntryState(numbers[source_id])
        after, effect = step(
            state, statement, hashes[position], states_revisions=states_revisions
        )
        found = check and check.kept(state.entry_no, statement, effect)
        if found:
            _keep(changes, position, (state.entry_no, effect.revision), found)
            continue
        states[source_id] = after
        _take(changes, position, state, effect)
    return changes


def _keep(
    changes: Changes,
    position: int,
    revision: tuple[int, int | None],
    found: Kept,
) -> None:
    changes.outcomes[position] = Outcome.KEPT
    changes.entry_nos[position], changes.revisions[position] = revision
    changes.kept[position] = found


def _accept(changes: Changes, position: int, entry_no: int, revision: int) -> None:
    changes.outcomes[position] = Outcome.ACCEPTED
    changes.entry_nos[position] = entry_no
    changes.revisions[position] = revision
    changes.accepted.append(position)
    changes.current[entry_no] = position


def _take(changes: Changes, position: int, state: EntryState, effect: Effect) -> None:
    entry_no = state.entry_no
    if state.redecided:
        changes.redecided[entry_no] = state.redecided
    if state.is_opening:
        changes.openings.add(position)
    if state.is_part:
        changes.parts.add(position)
    changes.outcomes[position] = effect.outcome
    changes.entry_nos[position] = entry_no
    changes.revisions[position] = effect.revision
    by_revision = None
    if effect.outcome is Outcome.ACCEPTED:
        by_revision = changes.kept_revision(position)
        changes.accepted.append(position)
        if effect.project is not None:
            changes.projects[position] = effect.project
        changes.current[entry_no] = position
    elif effect.recalls:
        changes.recalls.append(position)
        changes.current.pop(entry_no, None)
    if effect.supersedes is not None:
        ended = effect.supersedes + changes.redecided.get(entry_no, 0)
        superseded = Superseded(entry_no, ended, by_revision)
        changes.superseded.append(superseded)


def _repeated(statements: Sequence[Statement]) -> frozenset[str]:
    ids = [one.id for one in statements if not isinstance(one, Unreadable)]
    if len(set(ids)) == len(ids):
        return frozenset()
    return frozenset(source_id for source_id, n in Counter(ids).items() if n > 1)


def _by_change_time(
    statements: Sequence[Statement], repeated: frozenset[str]
) -> list[int]:
    """Return positions so that records of one entry stand in the order of their times.

    Where one of them states no time, those of its entry stay in the order they came.
    """
    order = list(range(len(statements)))
    places: dict[str, list[tuple[int, TimeRecord | Withdrawal]]] = {}
    for position, statement in enumerate(statements):
        if not isinstance(statement, Unreadable) and statement.id in repeated:
            places.setdefault(statement.id, []).append((position, statement))
    for group in places.values():
        timed = [
            (statement.changed_at, position)
            for position, statement in group
            if statement.changed_at is not None
        ]
        if len(timed) == len(group):
            slots = [position for position, _ in group]
            for slot, (_, position) in zip(slots, sorted(timed), strict=True):
                order[slot] = position
    return order
