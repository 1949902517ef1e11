"""Say what a receiving system promises about booking a document once, as values.

A connector declares these per kind of document. What is not declared counts as the
worst a system could do, so leaving something out is always safe.
"""

from dataclasses import dataclass
from enum import StrEnum


class PostingClass(StrEnum):
    """Name how an unknown outcome can be cleared up without booking twice."""

    KEY = "A"
    UNIQUE_ID = "B"
    DRAFT = "D"
    NOTHING = "C"


class Replayed(StrEnum):
    """Name which replies a system stores under an idempotency key."""

    SUCCESSES = "successes"
    ALL = "all"


class Undo(StrEnum):
    """Name how a document is taken back at the receiving system."""

    VOID = "void"
    CREDIT = "credit"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """Declare a key under which the same request has one effect.

    `retention_seconds` is how long the key is remembered, None where not published.
    """

    length_max: int
    retention_seconds: int | None = None
    compares_body: bool = False
    replays: Replayed = Replayed.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalId:
    """Declare a field for our id; unique means a second document is refused."""

    length_max: int
    unique_enforced: bool = False
    strong_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Declare a search by our key; a document is found `lag_seconds` after its effect.

    0 means at once, None that nothing is promised.
    """

    lag_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Declare drafts without effect on the ledger, which are posted by their id."""

    posts_by_id: bool = False
    deletes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """Declare what a receiving system promises for one kind of document.

    `request_lifetime_seconds` is how long after its sending a request can still take
    effect, None where nobody says. `unavailable_is_unprocessed` says that the vendor
    documents its status 503 as "not processed". `parallel_max` is how many calls at
    once it bears.
    """

    idempotency: IdempotencyKey | None = None
    external_id: ExternalId | None = None
    probe: Probe | None = None
    draft: Draft | None = None
    request_lifetime_seconds: int | None = None
    unavailable_is_unprocessed: bool = False
    parallel_max: int = 1
    undo: Undo | None = None
