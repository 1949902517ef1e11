"""Carry an intent from ready to confirmed, so that its document exists once at most.

A pure state machine: `advance(intent, event, policy)` gives the next state and what is
to be done. A call is allowed out only in state CALLING, and CALLING is entered only
where no earlier call can still have an effect of its own: because none is unresolved,
or because key, unique id or draft make a second call harmless.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from hourline.kernel.capability import PostingClass
from hourline.kernel.codes import IntentState as S
from hourline.posting.rules.capability import Policy
from hourline.posting.rules.events import (
    Absent,
    Answer,
    Answered,
    Booked,
    CannotTell,
    Differs,
    DraftKept,
    Due,
    Effect,
    Event,
    Exists,
    Intent,
    Later,
    LeaseExpired,
    Lifted,
    Lost,
    Refused,
    Ruled,
    Step,
    Swept,
    Verdict,
)

# The due time of what nobody has to look at again.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_COUNT_MAX = 30_000
_SENDING = frozenset({S.CALLING})
_LOOKING = frozenset({S.PROBING})
_CLAIMED = _SENDING | _LOOKING
# What a person may decide in which state.
_RULED_IN = {
    Verdict.RESUBMIT: frozenset({S.REJECTED}),
    Verdict.ADOPT: frozenset({S.QUARANTINED, S.MISMATCH}),
    Verdict.ABSENT: frozenset({S.QUARANTINED}),
    Verdict.CANCEL: frozenset(
        {S.READY, S.DRAFTED, S.REJECTED, S.QUARANTINED, S.MISMATCH}
    ),
}


class NotAllowed(Exception):
    """Say that an event does not fit the state: a bug of the caller."""


def advance(intent: Intent, event: Event, policy: Policy) -> Step:
    """Return the intent after an event and the effects that follow.

    Raises NotAllowed where the event does not fit the state.
    """
    match event:
        case Due(at=at, opens_at=opens_at):
            return _begin(intent, at, policy, opens_at=opens_at)
        case LeaseExpired(at=at):
            return _expire(intent, at, policy)
        case Answered(epoch=epoch) if epoch != intent.epoch:
            # A later epoch has taken over: what this one learnt is evidence, no more.
            return Step(intent, (Effect.FENCED,))
        case Answered(at=at, answer=answer):
            return _answer(intent, answer, at, policy)
        case Ruled():
            return _rule(intent, event, policy)
        case Swept(at=at) | Lifted(at=at):
            follow = _sweep if isinstance(event, Swept) else _lift
            return follow(intent, at)
        case _:
            assert_never(event)


def _begin(
    intent: Intent, at: datetime, policy: Policy, *, opens_at: datetime | None
) -> Step:
    if intent.state not in {S.READY, S.AMBIGUOUS}:
        raise NotAllowed(f"{intent.state.name} is not begun")
    looks_up = intent.state is S.AMBIGUOUS and policy.can_look_up
    if opens_at is not None and not looks_up:
        # A closed window is no failure: nothing is tried, so nothing is counted.
        return Step(replace(intent, due_at=max(intent.due_at, opens_at)), ())
    if intent.state is S.READY:
        return _call(intent, at, policy)
    checked = replace(intent, probes=min(intent.probes + 1, _COUNT_MAX))
    if opens_at is None and _may_resend(intent, at, policy):
        return _call(checked, at, policy)
    if policy.can_look_up:
        looking = replace(
            checked,
            state=S.PROBING,
            epoch=intent.epoch + 1,
            lease_until=at + timedelta(seconds=policy.timing.lease_seconds),
        )
        return Step(looking, (Effect.LOOK_UP,))
    return _quarantine(checked)


def _may_resend(intent: Intent, at: datetime, policy: Policy) -> bool:
    """Say whether the same request under the same key is the next check.

    Every second check looks the document up instead, where that is possible: a stored
    error, or a refusal, would be repeated for ever.
    """
    if policy.posting_class is not PostingClass.KEY:
        return False
    if policy.can_look_up and intent.probes % 2 == 1:
        return False
    since = intent.first_sent_at or at
    return at < since + timedelta(seconds=policy.resend_seconds)


def _call(intent: Intent, at: datetime, policy: Policy) -> Step:
    calling = replace(
        intent,
        state=S.CALLING,
        epoch=intent.epoch + 1,
        attempts=min(intent.attempts + 1, _COUNT_MAX),
        first_sent_at=intent.first_sent_at or at,
        lease_until=at + timedelta(seconds=policy.timing.lease_seconds),
    )
    return Step(calling, (Effect.CALL,))


def _expire(intent: Intent, at: datetime, policy: Policy) -> Step:
    if intent.state not in _CLAIMED or intent.lease_until is None:
        raise NotAllowed(f"{intent.state.name} holds no lease")
    if at < intent.lease_until:
        raise NotAllowed("the lease has not ended")
    # The next epoch shuts the holder out before anything else is tried.
    return _lost(replace(intent, epoch=intent.epoch + 1), at, policy)


def _answer(intent: Intent, answer: Answer, at: datetime, policy: Policy) -> Step:
    match answer:
        case Booked():
            return _confirm(_awaiting(intent, _CLAIMED), answer, at, policy)
        case Differs(external_id=external_id):
            differing = _released(_awaiting(intent, _CLAIMED), S.MISMATCH)
            kept = replace(differing, external_id=external_id)
            return Step(kept, (Effect.REPORT_MISMATCH,))
        case DraftKept(draft_id=draft_id):
            return _keep_draft(_awaiting(intent, _CLAIMED), draft_id, at)
        case Absent() | CannotTell():
            return _not_found(_awaiting(intent, _LOOKING), answer, at, policy)
        case Refused() | Later() | Exists() | Lost():
            return _not_booked(_awaiting(intent, _SENDING), answer, at, policy)
        case _:
            assert_never(answer)


def _awaiting(intent: Intent, states: frozenset[S]) -> Intent:
    if intent.state not in states:
        raise NotAllowed(f"{intent.state.name} does not await this answer")
    return intent


def _not_booked(
    intent: Intent,
    answer: Refused | Later | Exists | Lost,
    at: datetime,
    policy: Policy,
) -> Step:
    match answer:
        case Refused():
            return _refuse(intent, at, policy)
        case Later(seconds=seconds):
            return _postpone(intent, at, seconds, policy)
        case Exists():
            return _doubt(intent, at, at, policy)
        case Lost():
            return _lost(intent, at, policy)
        case _:
            assert_never(answer)


def _not_found(
    intent: Intent, answer: Absent | CannotTell, at: datetime, policy: Policy
) -> Step:
    if isinstance(answer, Absent):
        return _absent(intent, answer.asked_at, at, policy)
    delay = _check_delay(intent, policy)
    if answer.seconds is not None:
        delay = max(delay, timedelta(seconds=answer.seconds))
    return _doubt(intent, at, at + delay, policy)


def _confirm(intent: Intent, booked: Booked, at: datetime, policy: Policy) -> Step:
    confirmed = replace(
        _released(intent, S.CONFIRMED),
        unresolved=0,
        external_id=booked.external_id,
        external_number=booked.external_number,
    )
    if policy.posting_class is PostingClass.DRAFT and intent.settle_until:
        # Drafts of lost calls may be there, or still come; they are swept twice.
        confirmed = replace(confirmed, due_at=at)
    else:
        confirmed = replace(confirmed, settle_until=None)
    return Step(confirmed, (Effect.REPORT_CONFIRMED,))


def _refuse(intent: Intent, at: datetime, policy: Policy) -> Step:
    if intent.unresolved:
        # The refusal of a second call proves nothing while the first may still land.
        return _doubt(intent, at, at + _check_delay(intent, policy), policy)
    rejected = replace(_released(intent, S.REJECTED), first_sent_at=None)
    return Step(rejected, (Effect.REPORT_REFUSED,))


def _postpone(
    intent: Intent, at: datetime, seconds: int | None, policy: Policy
) -> Step:
    delays = policy.timing.retry_seconds
    usual = delays[min(max(intent.attempts - 1, 0), len(delays) - 1)]
    due = at + timedelta(seconds=usual if seconds is None else seconds)
    if seconds is None:
        due += _spread(at, usual)
    if intent.unresolved:
        # This call had no effect for sure; an earlier one is as open as before.
        return _doubt(intent, at, due, policy)
    ready = replace(_released(intent, S.READY), first_sent_at=None, due_at=due)
    # Told once, when the longest delay begins; the document is still tried.
    stuck = intent.attempts == len(delays)
    return Step(ready, (Effect.REPORT_STUCK,) if stuck else ())


def _spread(at: datetime, seconds: int) -> timedelta:
    """Return up to a quarter of a delay more, by the millisecond of the failure.

    What failed together would be tried again together, and fail together again.
    """
    return timedelta(milliseconds=seconds * 250 * (at.microsecond // 1_000) // 1_000)


def _lost(intent: Intent, at: datetime, policy: Policy) -> Step:
    """Take note that a call may have, or may yet have, an effect nobody saw."""
    if intent.state not in _SENDING:
        return _doubt(intent, at, at + _check_delay(intent, policy), policy)
    last_send = intent.lease_until or at
    settle = last_send + timedelta(seconds=policy.settle_seconds)
    open_call = replace(
        intent,
        unresolved=min(intent.unresolved + 1, _COUNT_MAX),
        settle_until=max(settle, intent.settle_until or settle),
    )
    return _doubt(open_call, at, at + _check_delay(intent, policy), policy)


def _doubt(intent: Intent, at: datetime, due: datetime, policy: Policy) -> Step:
    """Await the next check, or a person where the checks are used up."""
    if intent.probes > len(policy.timing.check_seconds):
        return _quarantine(intent)
    if intent.settle_until and _must_settle_first(intent, due, policy):
        due = max(due, intent.settle_until)
    return Step(replace(_released(intent, S.AMBIGUOUS), due_at=max(due, at)), ())


def _must_settle_first(intent: Intent, due: datetime, policy: Policy) -> bool:
    """Say whether a lookup is worth nothing before all calls have landed or died."""
    if policy.posting_class is PostingClass.NOTHING:
        return True
    by_key = policy.posting_class is PostingClass.KEY
    return by_key and not _may_resend(intent, due, policy)


def _check_delay(intent: Intent, policy: Policy) -> timedelta:
    if intent.probes == 0:
        return timedelta(seconds=policy.timing.first_check_seconds)
    delays = policy.timing.check_seconds
    return timedelta(seconds=delays[min(intent.probes, len(delays)) - 1])


def _absent(intent: Intent, asked_at: datetime, at: datetime, policy: Policy) -> Step:
    """Go on after a lookup, begun at `asked_at`, that found nothing of ours."""
    settled = intent.settle_until is None or asked_at >= intent.settle_until
    proven = not intent.unresolved or (settled and policy.settle_proven)
    if proven:
        ready = replace(_released(intent, S.READY), unresolved=0, first_sent_at=None)
        new_key = policy.new_key_after_absence and intent.unresolved > 0
        effects = (Effect.NEW_KEY,) if new_key else ()
        return Step(replace(ready, due_at=at), effects)
    if policy.posting_class in {PostingClass.UNIQUE_ID, PostingClass.DRAFT}:
        # Booking again is harmless there, but what is unresolved stays so.
        return Step(replace(_released(intent, S.READY), due_at=at), ())
    return _doubt(intent, at, at + _check_delay(intent, policy), policy)


def _keep_draft(intent: Intent, draft_id: str, at: datetime) -> Step:
    """Fix the one draft that will ever be posted; other creations are harmless now."""
    if intent.draft_id not in {None, draft_id}:
        raise NotAllowed("another draft was chosen before")
    kept = replace(intent, draft_id=draft_id)
    if intent.draft_id is None:
        kept = replace(kept, unresolved=0)
    if intent.barrier:
        return Step(_released(kept, S.DRAFTED), ())
    if intent.state is S.PROBING:
        return Step(replace(_released(kept, S.READY), due_at=at), ())
    return Step(kept, (Effect.CALL,))


def _rule(intent: Intent, ruled: Ruled, policy: Policy) -> Step:
    """Follow a person's decision on an intent the machine has given up."""
    unsure = intent.state is S.READY and intent.unresolved > 0
    if intent.state not in _RULED_IN[ruled.verdict] or unsure:
        raise NotAllowed(f"{ruled.verdict.value} does not fit {intent.state.name}")
    if ruled.verdict is Verdict.CANCEL:
        return Step(_cancelled(intent, ruled.at), ())
    if ruled.verdict is Verdict.ADOPT:
        adopted = replace(
            _released(intent, S.CONFIRMED),
            unresolved=0,
            settle_until=None,
            external_id=ruled.external_id,
        )
        return Step(adopted, (Effect.REPORT_CONFIRMED,))
    absent = ruled.verdict is Verdict.ABSENT
    ready = replace(
        _released(intent, S.READY),
        unresolved=0,
        probes=0,
        first_sent_at=None,
        settle_until=None,
        draft_id=None if absent else intent.draft_id,
        due_at=ruled.at,
    )
    return Step(ready, (Effect.NEW_KEY,) if policy.new_key_after_absence else ())


def _cancelled(intent: Intent, at: datetime) -> Intent:
    cancelled = _released(intent, S.CANCELLED)
    if intent.draft_id is None or intent.state in {S.QUARANTINED, S.MISMATCH}:
        return cancelled
    # Nothing of it was posted: its drafts are swept, also those that still come.
    return replace(cancelled, due_at=at, settle_until=intent.settle_until or at)


def _lift(intent: Intent, at: datetime) -> Step:
    free = replace(intent, barrier=False)
    if intent.state is not S.DRAFTED:
        return Step(free, ())
    return Step(replace(_released(free, S.READY), due_at=at), ())


def _sweep(intent: Intent, at: datetime) -> Step:
    ended = intent.state in {S.CONFIRMED, S.CANCELLED}
    if not ended or intent.settle_until is None:
        raise NotAllowed(f"{intent.state.name} has no drafts to sweep")
    if at < intent.settle_until:
        return Step(replace(intent, due_at=intent.settle_until), ())
    return Step(replace(intent, settle_until=None, due_at=NEVER), ())


def _quarantine(intent: Intent) -> Step:
    return Step(_released(intent, S.QUARANTINED), (Effect.REPORT_QUARANTINED,))


def _released(intent: Intent, state: S) -> Intent:
    waits = state in {S.READY, S.AMBIGUOUS}
    due_at = intent.due_at if waits else NEVER
    return replace(intent, state=state, lease_until=None, due_at=due_at)
