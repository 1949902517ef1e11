"""Answer where an entry stands: which revision counts and how much of it is billed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect, Fate, Outcome, PendingState, Role
from hourline.proof.story import PortionLine, Story, Version
from hourline.proof.trace import QUERIES, tell_story


class EntryState(StrEnum):
    """Name where an entry stands, each entry in exactly one."""

    NOT_APPROVED = "not_approved"
    RECALLED = "recalled"
    RECEIVED = "received"
    WAITING = "waiting"
    EXCEPTION = "exception"
    NOTHING_TO_BILL = "nothing_to_bill"
    HELD = "held"
    POSTPONED = "postponed"
    OPEN_TO_BILL = "open_to_bill"
    PARTLY_BILLED = "partly_billed"
    BILLED = "billed"


@dataclass(frozen=True, slots=True)
class Cost:
    """Hold what an entry cost: minor units of a currency by its ISO number."""

    amount: int
    currency: int


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """Hold where an entry stands: the revision that counts, and its whole story."""

    state: EntryState
    version: Version | None
    cost: Cost | None
    story: Story

    @property
    def portions(self) -> list[PortionLine]:
        """Give the portions that count; a recalled entry has none."""
        if self.version is None or self.state is EntryState.RECALLED:
            return []
        revision = self.version.revision
        return [one for one in self.story.portions if one.revision == revision]


def entry_status(
    session: Session, *, connection: str, source_id: str
) -> EntryStatus | None:
    """Return where an entry stands, by its source's name and the id it has there."""
    entry_no = session.value(
        QUERIES["status_entry"], int, connection=connection, source_id=source_id
    )
    if entry_no is None:
        return None
    story = tell_story(session, entry_no)
    version = story.versions[-1] if story.versions else None
    state = _state(story, version)
    cost = None
    if version is not None and state is not EntryState.RECALLED:
        cost = session.first(
            QUERIES["status_cost"],
            Cost,
            entry_no=entry_no,
            revision=version.revision,
            cause_entry=Cause.ENTRY,
            effect_cost=Effect.COST,
            input_tax=Role.INPUT_TAX,
        )
    return EntryStatus(state, version, cost, story)


def _state(story: Story, version: Version | None) -> EntryState:
    if version is None:
        return _never_approved({Outcome(one.outcome) for one in story.arrivals})
    if version.superseded_at is not None:
        return EntryState.RECALLED
    if version.pending_state is not None:
        return EntryState[PendingState(version.pending_state).name]
    portions = [one for one in story.portions if one.revision == version.revision]
    return _billed_state(portions)


def _never_approved(outcomes: set[Outcome]) -> EntryState:
    if Outcome.RECALL in outcomes:
        return EntryState.RECALLED
    if Outcome.KEPT in outcomes:
        return EntryState.EXCEPTION
    return EntryState.NOT_APPROVED


def _billed_state(portions: Iterable[PortionLine]) -> EntryState:
    # Of time the seconds count, of an expense its units.
    size: dict[int, int] = Counter()
    billed = 0
    for portion in portions:
        size[portion.fate] += portion.seconds + portion.units
        billed += portion.seconds_billed + portion.units_billed
    billable, held = size[Fate.BILLABLE], size[Fate.HELD] + size[Fate.POSTPONED]
    if billable + held == 0:
        return EntryState.NOTHING_TO_BILL
    if billed == 0:
        return EntryState.OPEN_TO_BILL if billable else _held_state(size)
    whole = billed == billable + held
    return EntryState.BILLED if whole else EntryState.PARTLY_BILLED


def _held_state(size: Mapping[int, int]) -> EntryState:
    return EntryState.POSTPONED if size[Fate.POSTPONED] else EntryState.HELD
