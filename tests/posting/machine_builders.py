"""Build intents and policies for the tests of the posting machine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hourline.kernel.capability import PostingClass
from hourline.kernel.codes import IntentState
from hourline.posting.rules.capability import Policy, Timing
from hourline.posting.rules.events import (
    Answer,
    Answered,
    Due,
    Intent,
    Step,
)
from hourline.posting.rules.machine import advance

NOON = datetime(2026, 10, 31, 12, tzinfo=UTC)
TIMING = Timing(
    lease_seconds=60,
    margin_seconds=5,
    first_check_seconds=10,
    check_seconds=(300, 3600),
    retry_seconds=(5, 30),
)


def after(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def policy(
    posting_class: PostingClass = PostingClass.UNIQUE_ID, **changes: object
) -> Policy:
    given: dict[str, object] = {
        "posting_class": posting_class,
        "timing": TIMING,
        "can_look_up": True,
        "resend_seconds": 1000,
        "settle_seconds": 100,
        "settle_proven": True,
        "new_key_after_absence": False,
        **changes,
    }
    return Policy(**given)  # type: ignore[arg-type]  # the names above are Policy's


def ready(**changes: object) -> Intent:
    return replace(Intent(state=IntentState.READY, due_at=NOON), **changes)  # type: ignore[arg-type]  # fields of Intent


def calling(**changes: object) -> Intent:
    begun = advance(ready(), Due(at=NOON), policy()).intent
    return replace(begun, **changes)  # type: ignore[arg-type]  # fields of Intent


def probing(**changes: object) -> Intent:
    given: dict[str, object] = {"state": IntentState.PROBING, "probes": 1, **changes}
    return calling(**given)


def told(
    intent: Intent, answer: Answer, how: Policy | None = None, *, at: datetime = NOON
) -> Step:
    event = Answered(at=at, epoch=intent.epoch, answer=answer)
    return advance(intent, event, how or policy())
