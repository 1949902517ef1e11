"""Plan documents to be booked, follow what people decide and carry out what is due."""

from hourline.connectors.sdk.documents import (
    Document,
    decode_document,
    encode_document,
    kind_of,
)
from hourline.connectors.sdk.registry import connectors
from hourline.infra.database import Session
from hourline.kernel.capability import Capability
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.posting.model import Planned, Settled
from hourline.posting.problems import name_of, problem_of
from hourline.posting.rules.capability import Timing, policy_of
from hourline.posting.rules.events import Ruled, Verdict
from hourline.posting.rules.machine import NotAllowed, advance
from hourline.posting.run import run_due
from hourline.posting.store import (
    hash_of,
    insert_intent,
    latest_intent,
    lock_intent,
    save,
    seconds_to_next,
    served_by,
    set_refusal,
    troubled,
)

__all__ = [
    "DocumentDiffers",
    "NotAllowed",
    "Timing",
    "Verdict",
    "capability_of",
    "due_soon",
    "needing_a_person",
    "plan_intent",
    "resubmit",
    "rule",
    "run_due",
]


class DocumentDiffers(Exception):
    """Say that a document already has an intent with other content: a bug upstream."""


def plan_intent(
    session: Session,
    *,
    connection_no: int,
    document_no: int,
    document: Document,
    identity: str | None = None,
    barrier: bool = False,
    change_no: int | None = None,
) -> Planned:
    """Plan that a document shall exist once at a connection; again is no change.

    Called in the business transaction, so intent and document are there both or not.
    The key is made of `identity` where the document's number is given here alone. With
    `barrier` its draft is created, and posted only when the barrier is lifted.
    `change_no` is the master data the document was made with.
    Raises DocumentDiffers where the document was planned with other content.
    """
    kind = kind_of(document)
    payload = encode_document(document)
    intent_no = insert_intent(
        session,
        connection_no=connection_no,
        kind=kind,
        document_no=document_no,
        payload=payload,
        identity=identity,
        barrier=barrier,
        change_no=change_no,
    )
    if intent_no is not None:
        return Planned(intent_no=intent_no, new=True)
    known = latest_intent(
        session, connection_no=connection_no, kind=kind, document_no=document_no
    )
    if known is None or known.payload_hash != hash_of(payload):
        raise DocumentDiffers(f"{name_of(document)} was planned with other content")
    return Planned(intent_no=known.intent_no, new=False)


def resubmit(session: Session, intent_no: int, *, actor: str, reason: str) -> None:
    """Try a rejected document again, now that what the target objected to is put right.

    The same key serves, unless the target repeats refusals it has stored under a key.
    Raises NotAllowed where the intent is not rejected, LookupError where there is none.
    """
    rule(session, intent_no, Verdict.RESUBMIT, actor=actor, reason=reason)


def rule(
    session: Session,
    intent_no: int,
    verdict: Verdict,
    *,
    actor: str,
    reason: str,
    external_id: str | None = None,
) -> None:
    """Follow a person's decision on an intent the machine has given up.

    Whether a second person must agree, and the audit record, are the caller's; call
    this in the same transaction. `external_id` names the document to adopt.
    Raises NotAllowed where the decision does not fit the state.
    """
    if verdict is Verdict.ADOPT and not external_id:
        raise NotAllowed("to adopt a document takes its id at the target")
    stored = lock_intent(session, intent_no)
    ruled = Ruled(at=stored.now, verdict=verdict, external_id=external_id)
    capability = capability_of(session, stored.connection_no, stored.document_kind)
    policy = policy_of(capability, Timing())
    save(session, stored, advance(stored.intent(), ruled, policy))
    note = {"reason": reason, "sentence": f"{verdict.value} by {actor}"}
    set_refusal(session, intent_no, note)


def capability_of(
    session: Session, connection_no: int, kind: DocumentKind
) -> Capability:
    """Return what a connection's target of a kind promises; unknown is the worst."""
    served = served_by(session, connection_no)
    declared = connectors().get(served.connector)
    target = declared.targets_in(served.mode).get(kind) if declared else None
    return target.capability if target else Capability()


def due_soon(session: Session) -> int | None:
    """Return in how many seconds something is due, None where nothing is planned."""
    return seconds_to_next(session)


def needing_a_person(session: Session) -> list[Settled]:
    """Return every rejected, mismatching or quarantined intent with its problem."""
    found = []
    for item in troubled(session):
        state = IntentState(item.state)
        name = name_of(decode_document(item.payload))
        refusal = item.refusal or {"reason": "unknown", "sentence": "not recorded."}
        found.append(
            Settled(
                intent_no=item.intent_no,
                connection_no=item.connection_no,
                kind=DocumentKind(item.kind),
                document_no=item.document_no,
                state=state,
                external_id=item.external_id,
                external_number=item.external_number,
                problem=problem_of(state, name=name, refusal=refusal),
            )
        )
    return found
