"""Rule: what would change work of a locked day is kept apart and changes nothing.

A record that changes nothing anyway (a repetition, an older one, a recall of what never
came) is not kept. A correction or recall is kept where the day it takes work from is
locked, or the one it brings work to.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from hourline.intake.model import TimeRecord, Withdrawal
from hourline.intake.rules.versions import Effect
from hourline.kernel.codes import Outcome
from hourline.master.snapshot import Lock

# What locks the work of a person, as its connection calls them, on a day.
LockOf = Callable[[str, date], Lock | None]


@dataclass(frozen=True, slots=True)
class DayOfWork:
    """Say whose work of which day a revision is."""

    person_ref: str
    worked_on: date


@dataclass(frozen=True, slots=True)
class Locked:
    """Hold why a record is kept apart: the lock, and the work it locks."""

    lock: Lock
    work: DayOfWork


@dataclass(slots=True)
class LockCheck:
    """Find what is locked among the records of a delivery, in their order.

    `standing` has the work of the revision in force, by entry, and follows the records.
    """

    lock_of: LockOf
    standing: dict[int, DayOfWork] = field(default_factory=dict)

    def locked(
        self, entry_no: int, statement: TimeRecord | Withdrawal, effect: Effect
    ) -> Locked | None:
        """Return why a record is kept apart, None where it has its effect."""
        if not changes_something(effect):
            return None
        brought = None
        if isinstance(statement, TimeRecord):
            brought = DayOfWork(statement.person, statement.date)
        taken = self.standing.get(entry_no) if effect.supersedes is not None else None
        for work in (taken, brought):
            if work is None:
                continue
            lock = self.lock_of(work.person_ref, work.worked_on)
            if lock is not None:
                return Locked(lock, work)
        if brought is None:
            self.standing.pop(entry_no, None)
        else:
            self.standing[entry_no] = brought
        return None


def changes_something(effect: Effect) -> bool:
    """Say whether a record is a new revision, or a recall that is new."""
    return effect.outcome is Outcome.ACCEPTED or effect.recalls
