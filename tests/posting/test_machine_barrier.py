"""A draft behind a barrier is kept, then posted or withdrawn, but never both."""

from dataclasses import replace

import pytest

from hourline.kernel.capability import PostingClass
from hourline.kernel.codes import IntentState
from hourline.posting.rules.events import (
    Answered,
    Booked,
    DraftKept,
    Due,
    Effect,
    Intent,
    Lifted,
    Ruled,
    Swept,
    Verdict,
)
from hourline.posting.rules.machine import NEVER, NotAllowed, advance
from tests.posting.machine_builders import NOON, after, policy

HOW = policy(PostingClass.DRAFT)
DRAFTED = Intent(
    state=IntentState.DRAFTED,
    due_at=NEVER,
    epoch=1,
    attempts=1,
    first_sent_at=NOON,
    draft_id="D1",
    barrier=True,
)


def test_behind_the_barrier_a_draft_is_kept_and_not_posted() -> None:
    ready = Intent(state=IntentState.READY, due_at=NOON, barrier=True)
    called = advance(ready, Due(at=NOON), HOW)
    kept = Answered(at=after(1), epoch=1, answer=DraftKept(draft_id="D1"))

    step = advance(called.intent, kept, HOW)

    assert step.intent == DRAFTED
    assert step.effects == ()


def test_when_the_barrier_is_lifted_the_kept_draft_is_posted() -> None:
    lifted = advance(DRAFTED, Lifted(at=after(5)), HOW)
    called = advance(lifted.intent, Due(at=after(6)), HOW)
    booked = Answered(at=after(7), epoch=2, answer=Booked(external_id="D1"))
    step = advance(called.intent, booked, HOW)

    assert (lifted.intent.state, lifted.intent.due_at) == (
        IntentState.READY,
        after(5),
    )
    assert called.effects == (Effect.CALL,)
    assert step.intent.state is IntentState.CONFIRMED


def test_lifting_the_barrier_of_what_is_not_drafted_only_lifts_it() -> None:
    adopted = replace(DRAFTED, state=IntentState.CONFIRMED)

    step = advance(adopted, Lifted(at=after(5)), HOW)

    assert step.intent == replace(adopted, barrier=False)


def test_a_withdrawn_draft_is_swept_and_nothing_of_it_is_posted() -> None:
    cancelled = advance(DRAFTED, Ruled(at=after(5), verdict=Verdict.CANCEL), HOW)
    swept = advance(cancelled.intent, Swept(at=after(5)), HOW)

    assert (cancelled.intent.state, cancelled.intent.due_at) == (
        IntentState.CANCELLED,
        after(5),
    )
    assert swept.intent.due_at == NEVER
    with pytest.raises(NotAllowed, match="CANCELLED is not begun"):
        advance(swept.intent, Due(at=after(6)), HOW)
