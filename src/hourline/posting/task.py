"""Write the request of a claimed intent and make the one call it is allowed."""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from hourline.connectors.sdk.documents import Document, decode_document
from hourline.connectors.sdk.http import HttpRequest
from hourline.connectors.sdk.target import Ask, Drafting, Findable, Target, TargetPort
from hourline.posting.clock import Clock
from hourline.posting.model import CallStep, StoredIntent
from hourline.posting.replies import (
    Learnt,
    learnt_from_call,
    learnt_from_lookup,
    not_sent,
)
from hourline.posting.rules.capability import Timing
from hourline.posting.rules.events import Effect, Intent, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Hold a claimed intent and the request its attempt row is written for.

    `send_before_ms` is the moment on the worker's clock after which nothing may leave.
    """

    stored: StoredIntent
    document: Document
    target: Target
    step: CallStep
    request: HttpRequest
    send_before_ms: int

    @property
    def request_hash(self) -> bytes:
        """Return the hash of what will leave, without credentials and deadline."""
        request = self.request
        head = f"{request.method} {request.url}\n"
        return sha256(head.encode() + request.body).digest()


class NotWritable(Exception):
    """Say that no request can be written for an intent."""


def write_task(
    port: TargetPort,
    stored: StoredIntent,
    step: Step,
    *,
    timing: Timing,
    send_before_ms: int,
) -> Task:
    """Return the task that follows from a transition.

    Raises NotWritable where the connector cannot write it, whatever the reason: one
    document nobody can write must not stop those behind it.
    """
    target = port.targets.get(stored.document_kind)
    if target is None:
        raise NotWritable("the connection books no documents of this kind")
    number = _step_of(step)
    try:
        document = decode_document(stored.payload)
        ask = _ask(target, document, key=stored.key, step=number, intent=step.intent)
        deadline = timedelta(seconds=timing.call_seconds_max)
        request = port.request(ask, deadline=deadline)
    except Exception as fault:
        raise NotWritable(f"its request cannot be written: {fault}") from fault
    return Task(
        stored=stored,
        document=document,
        target=target,
        step=number,
        request=request,
        send_before_ms=send_before_ms,
    )


def carry_out(task: Task, port: TargetPort, clock: Clock) -> Learnt:
    """Make the task's call, unless its lease is nearly over, and judge the answer."""
    left_ms = task.send_before_ms - clock.monotonic_ms()
    if left_ms <= 0:
        return not_sent("the lease was nearly over before the call could leave")
    deadline = min(task.request.deadline, timedelta(milliseconds=left_ms))
    told = port.send(replace(task.request, deadline=deadline))
    content = task.target.content(task.document)
    stored = task.stored
    if task.step is CallStep.LOOK_UP:
        return learnt_from_lookup(
            told,
            _findable(task.target),
            content,
            draft_id=stored.draft_id,
            asked_at=stored.now,
        )
    return learnt_from_call(told, task.target, content, draft_id=stored.draft_id)


def _step_of(step: Step) -> CallStep:
    if Effect.LOOK_UP in step.effects:
        return CallStep.LOOK_UP
    return CallStep.BOOK if step.intent.draft_id is None else CallStep.POST


def _ask(
    target: Target, document: Document, *, key: str, step: CallStep, intent: Intent
) -> Ask:
    match step:
        case CallStep.BOOK:
            return target.book(document, key)
        case CallStep.LOOK_UP:
            return _findable(target).find(document, key)
        case CallStep.POST:
            return _posting(target, document, intent.draft_id)


def _posting(target: Target, document: Document, draft_id: str | None) -> Ask:
    if draft_id is None or not isinstance(target, Drafting):
        raise NotWritable("the connector keeps no drafts")
    return target.post(document, draft_id)


def _findable(target: Target) -> Findable:
    if not isinstance(target, Findable):
        raise NotWritable("the connector has no lookup")
    return target
