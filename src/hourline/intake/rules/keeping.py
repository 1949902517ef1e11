"""Rule: what may not have its effect by itself is kept apart and changes nothing.

That is what would change work of a locked day, and what would credit an invoice of an
entity whose credits somebody has to approve. A record that changes nothing anyway (a
repetition, an older one, a recall of what never came) is not kept. A correction or
recall is locked where the day it takes work from is, or the one it brings work to.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from hourline.intake.model import TimeRecord, Withdrawal
from hourline.intake.rules.versions import Effect
from hourline.kernel.codes import Outcome
from hourline.master.snapshot import Lock

# What locks the work of a person, as its connection calls them, on a day.
LockOf = Callable[[str, date], Lock | None]
# Which of some entries stand on invoices that are credited by approval only.
GuardedOf = Callable[[Sequence[int]], Collection[int]]


@dataclass(frozen=True, slots=True)
class Keeping:
    """Say what is kept apart: by locks of days, and to guard invoices.

    None where there are no locks, or no invoice is guarded.
    """

    lock_of: LockOf | None = None
    guarded_of: GuardedOf | None = None


@dataclass(frozen=True, slots=True)
class DayOfWork:
    """Say whose work of which day a revision is."""

    person_ref: str
    worked_on: date


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold why a record is kept apart: the lock, and the work it locks.

    Without a lock the work stands on an invoice that is credited by approval only.
    """

    lock: Lock | None
    work: DayOfWork

    @property
    def lock_id(self) -> str | None:
        """Give the id of the lock, if one keeps it."""
        return None if self.lock is None else self.lock.id


@dataclass(slots=True)
class KeepCheck:
    """Find what is kept apart among the records of a delivery, in their order.

    `standing` has the work of the revision in force, by entry, and follows the records;
    `guarded` the entries of guarded invoices.
    """

    lock_of: LockOf | None
    standing: dict[int, DayOfWork] = field(default_factory=dict)
    guarded: Collection[int] = frozenset()

    def kept(
        self, entry_no: int, statement: TimeRecord | Withdrawal, effect: Effect
    ) -> Kept | None:
        """Return why a record is kept apart, None where it has its effect."""
        if not changes_something(effect):
            return None
        brought = None
        if isinstance(statement, TimeRecord):
            brought = DayOfWork(statement.person, statement.date)
        taken = self.standing.get(entry_no) if effect.supersedes is not None else None
        found = self._locked(taken, brought)
        if found is None and taken is not None and entry_no in self.guarded:
            found = Kept(None, taken)
        if found is not None:
            return found
        if brought is None:
            self.standing.pop(entry_no, None)
        else:
            self.standing[entry_no] = brought
        return None

    def _locked(self, *days: DayOfWork | None) -> Kept | None:
        if self.lock_of is None:
            return None
        for work in days:
            if work is None:
                continue
            lock = self.lock_of(work.person_ref, work.worked_on)
            if lock is not None:
                return Kept(lock, work)
        return None


def changes_something(effect: Effect) -> bool:
    """Say whether a record is a new revision, or a recall that is new."""
    return effect.outcome is Outcome.ACCEPTED or effect.recalls
