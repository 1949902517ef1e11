"""Hold the values of posting: a stored intent, what became of it, what a run did."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from hourline.kernel.codes import DocumentKind, IntentState
from hourline.kernel.problems import Problem
from hourline.posting.rules.events import Intent


class CallStep(IntEnum):
    """Number the calls that one epoch of an intent can make."""

    BOOK = 1
    POST = 2
    LOOK_UP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIntent:
    """Hold a row of posting_intent and the database's time at which it was read.

    `identity` is what the document is in the terms of the business, where its number is
    none of them.
    """

    intent_no: int
    connection_no: int
    kind: int
    document_no: int
    identity: str | None
    generation: int
    key: str
    payload: str
    state: int
    epoch: int
    unresolved: int
    attempts: int
    probes: int
    first_sent_at: datetime | None
    due_at: datetime
    settle_until: datetime | None
    lease_until: datetime | None
    external_id: str | None
    external_number: str | None
    draft_id: str | None
    barrier: bool
    now: datetime

    @property
    def document_kind(self) -> DocumentKind:
        """Return the kind of document this intent books."""
        return DocumentKind(self.kind)

    def intent(self) -> Intent:
        """Return what the state machine knows of this row."""
        return Intent(
            state=IntentState(self.state),
            due_at=self.due_at,
            epoch=self.epoch,
            unresolved=self.unresolved,
            attempts=self.attempts,
            probes=self.probes,
            first_sent_at=self.first_sent_at,
            settle_until=self.settle_until,
            lease_until=self.lease_until,
            draft_id=self.draft_id,
            external_id=self.external_id,
            external_number=self.external_number,
            barrier=self.barrier,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Say that an intent has come to rest, and the problem if a person is needed.

    In state READY it is not at rest but stuck: its target takes nothing for long.
    """

    intent_no: int
    connection_no: int
    kind: DocumentKind
    document_no: int
    state: IntentState
    external_id: str | None
    external_number: str | None
    problem: Problem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Say which intent books a document, and whether it was planned just now."""

    intent_no: int
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Count what one run did.

    `pause_seconds` is the longest wait a target asked for, 0 if none did.
    """

    calls: int = 0
    lookups: int = 0
    settled: tuple[Settled, ...] = ()
    fenced: int = 0
    pause_seconds: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Summary") -> "Summary":
        """Return what this run and another one did together."""
        outcomes = Counter(self.outcomes)
        outcomes.update(other.outcomes)
        return Summary(
            calls=self.calls + other.calls,
            lookups=self.lookups + other.lookups,
            settled=self.settled + other.settled,
            fenced=self.fenced + other.fenced,
            pause_seconds=max(self.pause_seconds, other.pause_seconds),
            outcomes=dict(outcomes),
        )

    @property
    def confirmed(self) -> int:
        """Return how many documents were proven booked."""
        return sum(item.state is IntentState.CONFIRMED for item in self.settled)

    @property
    def problems(self) -> tuple[Settled, ...]:
        """Return the intents that need a person, or wait for a target to be well."""
        return tuple(item for item in self.settled if item.problem)
