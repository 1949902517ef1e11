"""Judge what a call or a lookup told us: booked, refused, later, or nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hourline.connectors.sdk.documents import Content
from hourline.connectors.sdk.http import Exchanged, HttpReply, Unknown, Unreached
from hourline.connectors.sdk.target import (
    AlreadyThere,
    Findable,
    Receipt,
    Refusal,
    Target,
)
from hourline.posting.rules.events import (
    Absent,
    Answer,
    Booked,
    CannotTell,
    Differs,
    DraftKept,
    Exists,
    Later,
    Lost,
    Refused,
)

_OK = 200
_UNAUTHORISED = 401
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408
_TOO_MANY = 429
_UNAVAILABLE = 503
# What reading a reply raises when the vendor changed it; never taken as a refusal.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Hold an answer for the machine, and the evidence it rests on.

    `pause_seconds` is how long the target should be left alone, 0 if it is well.
    """

    answer: Answer
    outcome: str
    status: int | None = None
    evidence: dict[str, str] = field(default_factory=dict)
    pause_seconds: int = 0


def learnt_from_call(
    told: Exchanged, target: Target, content: Content, *, draft_id: str | None
) -> Learnt:
    """Return what a booking, or the posting of draft `draft_id`, has led to."""
    if isinstance(told, Unreached):
        evidence = _evidence("unreached", told.reason.value)
        return Learnt(
            answer=Later(), outcome="unreached", evidence=evidence, pause_seconds=1
        )
    if isinstance(told, Unknown):
        return _lost(told.status, told.reason.value)
    if told.status in {_UNAUTHORISED, _TOO_MANY} or (
        told.status == _UNAVAILABLE and target.capability.unavailable_is_unprocessed
    ):
        return _later(told)
    if not _tells(told):
        return _lost(told.status, "status")
    try:
        reading = target.read(told)
    except _UNREADABLE as fault:
        return _lost(told.status, f"unreadable: {fault!r}"[:300])
    return _judged(reading, told.status, content, draft_id=draft_id)


def learnt_from_lookup(
    told: Exchanged,
    target: Findable,
    content: Content,
    *,
    draft_id: str | None,
    asked_at: datetime,
) -> Learnt:
    """Return what a lookup begun at `asked_at` shows."""
    found = _searched(told, target)
    if isinstance(found, Learnt):
        return found
    live = [receipt for receipt in found if not receipt.draft]
    if live:
        return _found(live, _OK, content, draft_id=draft_id)
    drafts = {receipt.external_id: receipt for receipt in found}
    if drafts and draft_id is None:
        return _draft(min(drafts.values(), key=_age), _OK, content)
    if draft_id is not None and draft_id not in drafts:
        return _cannot_tell(_OK, f"the chosen draft {draft_id} is gone")
    return Learnt(
        answer=Absent(asked_at=asked_at),
        outcome="absent",
        status=_OK,
        evidence={"drafts": str(len(drafts))},
    )


def _searched(told: Exchanged, target: Findable) -> Sequence[Receipt] | Learnt:
    if not isinstance(told, HttpReply):
        return _cannot_tell(None, told.reason.value)
    if told.status not in {_OK, _NOT_FOUND}:
        return _cannot_tell(told.status, "status", told.retry_after_seconds)
    try:
        return target.found(told)
    except _UNREADABLE as fault:
        return _cannot_tell(told.status, f"unreadable: {fault!r}"[:300])


def not_sent(reason: str) -> Learnt:
    """Return that the send guard dropped a call before anything left."""
    evidence = _evidence("not_sent", reason)
    return Learnt(answer=Later(0), outcome="not_sent", evidence=evidence)


def cannot_write(sentence: str, *, looking: bool) -> Learnt:
    """Return that no request can be written for an intent; nothing was sent."""
    evidence = _evidence("not_supported", sentence)
    if looking:
        return Learnt(answer=CannotTell(), outcome="cannot_tell", evidence=evidence)
    return Learnt(answer=Refused(), outcome="refused", evidence=evidence)


def _tells(told: HttpReply) -> bool:
    if told.status == _REQUEST_TIMEOUT:
        return False
    return told.status // 100 in {2, 4}


def _judged(
    reading: Receipt | Refusal | AlreadyThere,
    status: int,
    content: Content,
    *,
    draft_id: str | None,
) -> Learnt:
    match reading:
        case Refusal(reason=reason, sentence=sentence):
            evidence = _evidence(reason, sentence)
            return Learnt(
                answer=Refused(), outcome="refused", status=status, evidence=evidence
            )
        case AlreadyThere():
            return Learnt(answer=Exists(), outcome="exists", status=status)
        case Receipt(draft=True) if draft_id is None:
            return _draft(reading, status, content)
        case Receipt(draft=True):
            return _lost(status, "posting a draft left it a draft")
        case Receipt():
            return _found([reading], status, content, draft_id=draft_id)


def _found(
    live: Sequence[Receipt], status: int, content: Content, *, draft_id: str | None
) -> Learnt:
    first = live[0]
    differences = content.differences(first.content)
    if len(live) > 1:
        ids = ", ".join(sorted(receipt.external_id for receipt in live))
        differences.append(f"it is there {len(live)} times: {ids}")
    if draft_id is not None and first.external_id != draft_id:
        differences.append(f"draft {first.external_id} was posted, not {draft_id}")
    if differences:
        return _differing(first, status, differences)
    return Learnt(
        answer=Booked(external_id=first.external_id, external_number=first.number),
        outcome="booked",
        status=status,
        evidence={"external_id": first.external_id},
    )


def _draft(draft: Receipt, status: int, content: Content) -> Learnt:
    differences = content.differences(draft.content)
    if differences:
        return _differing(draft, status, differences)
    return Learnt(
        answer=DraftKept(draft_id=draft.external_id),
        outcome="draft",
        status=status,
        evidence={"draft_id": draft.external_id},
    )


def _age(draft: Receipt) -> tuple[int, str]:
    """Order drafts so that every worker chooses the same one."""
    return len(draft.external_id), draft.external_id


def _differing(receipt: Receipt, status: int, differences: Sequence[str]) -> Learnt:
    evidence = _evidence("differs", "; ".join(differences))
    return Learnt(
        answer=Differs(external_id=receipt.external_id),
        outcome="differs",
        status=status,
        evidence={**evidence, "external_id": receipt.external_id},
    )


def _later(told: HttpReply) -> Learnt:
    return Learnt(
        answer=Later(told.retry_after_seconds),
        outcome="later",
        status=told.status,
        evidence=_evidence("later", f"status {told.status}"),
        pause_seconds=told.retry_after_seconds or 1,
    )


def _lost(status: int | None, reason: str) -> Learnt:
    return Learnt(
        answer=Lost(),
        outcome="unknown",
        status=status,
        evidence=_evidence("unknown", reason),
    )


def _cannot_tell(status: int | None, reason: str, seconds: int | None = None) -> Learnt:
    return Learnt(
        answer=CannotTell(seconds),
        outcome="cannot_tell",
        status=status,
        evidence=_evidence("cannot_tell", reason),
        pause_seconds=seconds or 0,
    )


def _evidence(reason: str, sentence: str) -> dict[str, str]:
    return {"reason": reason, "sentence": sentence}
