"""Keep intents, attempts and outcomes: each transition by compare-and-set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from psycopg.types.json import Jsonb

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import IntentState
from hourline.posting.model import CallStep, StoredIntent
from hourline.posting.replies import Learnt
from hourline.posting.rules.events import Effect, Step
from hourline.posting.rules.key import intent_key
from hourline.posting.rules.machine import NEVER

QUERIES = load_queries("hourline.posting")
_READY = IntentState.READY
_CLAIMED = [IntentState.CALLING, IntentState.PROBING]
# An intent that has ended may still have drafts to sweep.
_ENDED = [IntentState.CONFIRMED, IntentState.CANCELLED]
_WAITING = [IntentState.READY, IntentState.AMBIGUOUS, *_ENDED]
_TROUBLED = [IntentState.REJECTED, IntentState.MISMATCH, IntentState.QUARANTINED]


class MovedMeanwhile(Exception):
    """Say that a locked row was not as read: a bug, as locks exclude it."""


@dataclass(frozen=True, slots=True)
class ServedBy:
    """Name the connector of a connection, and its mode; the ordinary one is empty."""

    connector: str
    mode: str


@dataclass(frozen=True, slots=True)
class LatestIntent:
    """Hold which intent a document has, and the hash of what it says."""

    intent_no: int
    payload_hash: bytes


@dataclass(frozen=True, slots=True)
class TroubledIntent:
    """Hold an intent that needs a person."""

    intent_no: int
    connection_no: int
    kind: int
    document_no: int
    state: int
    payload: str
    external_id: str | None
    external_number: str | None
    refusal: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class ShownIntent:
    """Hold an intent as it is shown; `change_no` is the master data it is made with."""

    intent_no: int
    connection: str
    kind: int
    document_no: int
    state: int
    payload: str
    attempts: int
    external_id: str | None
    external_number: str | None
    change_no: int | None


@dataclass(frozen=True, slots=True)
class WaitingIntent:
    """Hold an intent that waits to be sent."""

    intent_no: int
    connection_no: int
    kind: int
    document_no: int


def key_of(tenant: int, connection_no: int, document: str, *, generation: int) -> str:
    """Return the key of a document's intent at a connection."""
    return intent_key(
        tenant=tenant,
        connection_no=connection_no,
        document=document,
        generation=generation,
    )


def document_of(kind: int, document_no: int, identity: str | None) -> str:
    """Return by what a document is known in its key: its identity, else its number."""
    return f"{int(kind)}:{document_no if identity is None else identity}"


def insert_intent(
    session: Session,
    *,
    connection_no: int,
    kind: int,
    document_no: int,
    payload: str,
    identity: str | None = None,
    barrier: bool = False,
    change_no: int | None = None,
) -> int | None:
    """Add a ready intent; return its number, None where the document has one."""
    document = document_of(kind, document_no, identity)
    return session.value(
        QUERIES["plan"],
        int,
        connection_no=connection_no,
        kind=int(kind),
        document_no=document_no,
        identity=identity,
        key=key_of(session.tenant, connection_no, document, generation=0),
        payload=payload,
        payload_hash=hash_of(payload),
        state=int(_READY),
        barrier=barrier,
        change_no=change_no,
    )


def hash_of(payload: str) -> bytes:
    """Return the hash under which a payload is compared."""
    return sha256(payload.encode()).digest()


def latest_intent(
    session: Session, *, connection_no: int, kind: int, document_no: int
) -> LatestIntent | None:
    """Return the last intent planned for a document at a connection."""
    return session.first(
        QUERIES["latest_of_document"],
        LatestIntent,
        connection_no=connection_no,
        kind=int(kind),
        document_no=document_no,
    )


def take_due(
    session: Session, connection_no: int, state: IntentState
) -> StoredIntent | None:
    """Lock the longest due intent of a connection that no other worker has locked."""
    return session.first(
        QUERIES["take_due"],
        StoredIntent,
        connection_no=connection_no,
        state=int(state),
    )


def take_expired(session: Session, connection_no: int) -> StoredIntent | None:
    """Lock an intent whose holder has let its lease run out."""
    return session.first(
        QUERIES["take_expired"],
        StoredIntent,
        connection_no=connection_no,
        claimed=_numbers(_CLAIMED),
    )


def take_sweep(
    session: Session, connection_no: int, *, seconds: int
) -> StoredIntent | None:
    """Return an intent that has ended, with drafts to sweep, put off for a while."""
    intent_no = session.value(
        QUERIES["take_sweep"],
        int,
        connection_no=connection_no,
        ended=_numbers(_ENDED),
        again_seconds=seconds,
    )
    return None if intent_no is None else lock_intent(session, intent_no)


def lock_intent(session: Session, intent_no: int) -> StoredIntent:
    """Lock one intent; raises LookupError where there is none."""
    return session.one(QUERIES["lock_intent"], StoredIntent, intent_no=intent_no)


def save(
    session: Session, stored: StoredIntent, step: Step, *, owner: str | None = None
) -> StoredIntent:
    """Persist a transition of a locked intent and return the row as it then is."""
    moved = _with_new_key(session, stored) if Effect.NEW_KEY in step.effects else stored
    intent = step.intent
    after = replace(
        moved,
        state=int(intent.state),
        epoch=intent.epoch,
        unresolved=intent.unresolved,
        attempts=intent.attempts,
        probes=intent.probes,
        first_sent_at=intent.first_sent_at,
        due_at=intent.due_at,
        settle_until=intent.settle_until,
        lease_until=intent.lease_until,
        external_id=intent.external_id,
        external_number=intent.external_number,
        draft_id=intent.draft_id,
        barrier=intent.barrier,
    )
    touched = session.run(
        QUERIES["save"],
        **_saved(after),
        lease_owner=owner if after.lease_until else None,
        epoch_before=stored.epoch,
        state_before=stored.state,
    )
    if touched != 1:
        raise MovedMeanwhile(f"intent {stored.intent_no} was not as it was read")
    return after


def _with_new_key(session: Session, stored: StoredIntent) -> StoredIntent:
    generation = session.value(
        QUERIES["next_generation"],
        int,
        connection_no=stored.connection_no,
        kind=stored.kind,
        document_no=stored.document_no,
    )
    assert generation is not None  # noqa: S101 - the row itself is counted
    document = document_of(stored.kind, stored.document_no, stored.identity)
    key = key_of(session.tenant, stored.connection_no, document, generation=generation)
    return replace(stored, generation=generation, key=key)


def _saved(after: StoredIntent) -> dict[str, object]:
    return {
        "intent_no": after.intent_no,
        "generation": after.generation,
        "key": after.key,
        "state": after.state,
        "epoch": after.epoch,
        "unresolved": after.unresolved,
        "attempts": after.attempts,
        "probes": after.probes,
        "first_sent_at": after.first_sent_at,
        "due_at": after.due_at,
        "settle_until": after.settle_until,
        "lease_until": after.lease_until,
        "external_id": after.external_id,
        "external_number": after.external_number,
        "draft_id": after.draft_id,
        "barrier": after.barrier,
    }


def served_by(session: Session, connection_no: int) -> ServedBy:
    """Return which connector serves a connection, and in which mode."""
    return session.one(QUERIES["served_by"], ServedBy, connection_no=connection_no)


def set_refusal(session: Session, intent_no: int, refusal: Mapping[str, str]) -> None:
    """Keep why an intent needs a person, or what a person decided."""
    session.run(
        QUERIES["set_refusal"], intent_no=intent_no, refusal=Jsonb(dict(refusal))
    )


def add_attempt(
    session: Session,
    stored: StoredIntent,
    step: CallStep,
    *,
    request_hash: bytes,
    deadline: datetime,
) -> None:
    """Record a call about to be made."""
    session.run(
        QUERIES["add_attempt"],
        intent_no=stored.intent_no,
        epoch=stored.epoch,
        step=int(step),
        key=stored.key,
        request_hash=request_hash,
        deadline=deadline,
    )


def add_outcome(
    session: Session,
    intent_no: int,
    *,
    epoch: int,
    step: CallStep,
    learnt: Learnt,
    fenced: bool,
) -> None:
    """Record what came back of a call."""
    session.run(
        QUERIES["add_outcome"],
        intent_no=intent_no,
        epoch=epoch,
        step=int(step),
        outcome=learnt.outcome,
        http_status=learnt.status,
        evidence=Jsonb(learnt.evidence),
        fenced=fenced,
    )


def due_connections(session: Session) -> list[int]:
    """Return the connections with something to do now."""
    rows = session.tuples(
        QUERIES["due_connections"],
        waiting=_numbers(_WAITING),
        claimed=_numbers(_CLAIMED),
    )
    return sorted(row[0] for row in rows)


def seconds_to_next(session: Session) -> int | None:
    """Return in how many seconds something is due next, None where nothing is."""
    return session.value(
        QUERIES["seconds_to_next"],
        int,
        waiting=_numbers(_WAITING),
        claimed=_numbers(_CLAIMED),
        never=NEVER,
    )


def troubled(session: Session) -> list[TroubledIntent]:
    """Return the intents that need a person."""
    return session.all(
        QUERIES["troubled"], TroubledIntent, troubled=_numbers(_TROUBLED)
    )


def shown_intent(session: Session, intent_no: int) -> ShownIntent:
    """Return an intent with its document; raise LookupError where there is none."""
    return session.one(QUERIES["shown_intent"], ShownIntent, intent_no=intent_no)


def waiting_intents(
    session: Session, connection_nos: Sequence[int]
) -> list[WaitingIntent]:
    """Return the intents of some connections that wait to be sent."""
    return session.all(
        QUERIES["waiting_intents"],
        WaitingIntent,
        connection_nos=list(connection_nos),
        ready=int(_READY),
    )


def wake(session: Session, connection_no: int) -> None:
    """Let what waits to be sent to a connection be looked at now."""
    session.run(QUERIES["wake"], connection_no=connection_no, ready=int(_READY))


def _numbers(states: Sequence[IntentState]) -> list[int]:
    return [int(state) for state in states]
