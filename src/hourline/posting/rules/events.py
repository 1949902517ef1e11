"""Name the state of an intent, what can happen to it and what follows from that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from hourline.kernel.codes import IntentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Hold how far a document is that shall exist once.

    `unresolved` counts calls whose effect nobody knows, `first_sent_at` is when the
    first of them may have left, `settle_until` when the last has surely landed or died.
    While `barrier` is up, a draft is created but not posted.
    """

    state: IntentState
    due_at: datetime
    epoch: int = 0
    unresolved: int = 0
    attempts: int = 0
    probes: int = 0
    first_sent_at: datetime | None = None
    settle_until: datetime | None = None
    lease_until: datetime | None = None
    draft_id: str | None = None
    external_id: str | None = None
    external_number: str | None = None
    barrier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Say that the document stands at the target with the content we sent."""

    external_id: str
    external_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """Say that what stands at the target is not what we sent, or stands there twice."""

    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Say that the target definitely did not book this call."""


@dataclass(frozen=True, slots=True)
class Later:
    """Say that this call had no effect and may be tried after so many seconds."""

    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Exists:
    """Say that the target already has a document under our key."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Say that nobody knows whether the call had, or will have, an effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftKept:
    """Say that a draft of ours exists and is the one to post."""

    draft_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Say that a lookup begun at `asked_at` found no document of ours."""

    asked_at: datetime


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Say that a lookup gave no usable answer; at best again after so many seconds."""

    seconds: int | None = None


Answer: TypeAlias = (
    Booked | Differs | Refused | Later | Exists | Lost | DraftKept | Absent | CannotTell
)


class Verdict(StrEnum):
    """Name what a person may decide on an intent the machine has given up."""

    RESUBMIT = "resubmit"
    ADOPT = "adopt"
    ABSENT = "declare absent"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Say that a worker takes the intent, its due time having come.

    `opens_at` is the next opening of the target's posting window, None while it is
    open: until then nothing may be sent.
    """

    at: datetime
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Say what the holder of an epoch learnt."""

    at: datetime
    epoch: int
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseExpired:
    """Say that the holder has not reported back within its lease."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """Say what a person has decided, and which document to adopt."""

    at: datetime
    verdict: Verdict
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """Say that drafts other than the posted one were deleted at the target."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """Say that every document of the group has its draft: this one may be posted."""

    at: datetime


Event: TypeAlias = Due | Answered | LeaseExpired | Ruled | Swept | Lifted


class Effect(StrEnum):
    """Name what the store and the worker do after a transition."""

    CALL = "call"
    LOOK_UP = "look_up"
    NEW_KEY = "new_key"
    FENCED = "fenced"
    REPORT_STUCK = "report_stuck"
    REPORT_CONFIRMED = "report_confirmed"
    REPORT_REFUSED = "report_refused"
    REPORT_MISMATCH = "report_mismatch"
    REPORT_QUARANTINED = "report_quarantined"


@dataclass(frozen=True, slots=True)
class Step:
    """Hold the intent after an event, and the effects in order."""

    intent: Intent
    effects: tuple[Effect, ...]
