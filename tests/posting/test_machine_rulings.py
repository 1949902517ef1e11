"""State what a person may decide on an intent, and when drafts are swept."""

import pytest

from hourline.kernel.capability import PostingClass
from hourline.kernel.codes import IntentState
from hourline.posting.rules.events import (
    Booked,
    Effect,
    Ruled,
    Swept,
    Verdict,
)
from hourline.posting.rules.machine import NEVER, NotAllowed, advance
from tests.posting.machine_builders import NOON, after, calling, policy, ready, told


def test_drafts_of_lost_calls_are_swept_at_once_and_when_settled() -> None:
    how = policy(PostingClass.DRAFT)
    posted = calling(settle_until=after(100), draft_id="BO-1")

    confirmed = told(posted, Booked(external_id="BO-1"), how).intent
    early = advance(confirmed, Swept(at=after(99)), how).intent
    late = advance(early, Swept(at=after(100)), how).intent

    assert (confirmed.due_at, confirmed.settle_until) == (NOON, after(100))
    assert (early.due_at, early.settle_until) == (after(100), after(100))
    assert (late.due_at, late.settle_until) == (NEVER, None)
    with pytest.raises(NotAllowed):
        advance(late, Swept(at=after(101)), how)


def test_a_rejected_document_is_resubmitted_under_its_key() -> None:
    rejected = ready(state=IntentState.REJECTED, probes=3, draft_id="BO-1")

    step = advance(rejected, Ruled(at=NOON, verdict=Verdict.RESUBMIT), policy())

    assert step.effects == ()
    assert step.intent == ready(draft_id="BO-1")


def test_a_resubmission_takes_a_new_key_where_refusals_are_stored() -> None:
    how = policy(PostingClass.KEY, new_key_after_absence=True)

    step = advance(
        ready(state=IntentState.REJECTED),
        Ruled(at=NOON, verdict=Verdict.RESUBMIT),
        how,
    )

    assert step.effects == (Effect.NEW_KEY,)


def test_a_person_may_declare_a_document_absent() -> None:
    doubtful = ready(
        state=IntentState.QUARANTINED,
        unresolved=2,
        probes=9,
        draft_id="BO-1",
        settle_until=NOON,
    )

    step = advance(doubtful, Ruled(at=NOON, verdict=Verdict.ABSENT), policy())

    assert step.intent == ready()


@pytest.mark.parametrize("state", [IntentState.QUARANTINED, IntentState.MISMATCH])
def test_a_person_may_adopt_a_document(state: IntentState) -> None:
    ruled = Ruled(at=NOON, verdict=Verdict.ADOPT, external_id="AT-9")

    step = advance(ready(state=state, unresolved=1), ruled, policy())

    assert step.effects == (Effect.REPORT_CONFIRMED,)
    assert step.intent.state is IntentState.CONFIRMED
    assert (step.intent.external_id, step.intent.unresolved) == ("AT-9", 0)


def test_a_person_may_cancel_what_is_surely_not_under_way() -> None:
    cancel = Ruled(at=NOON, verdict=Verdict.CANCEL)

    assert advance(ready(), cancel, policy()).intent.state is IntentState.CANCELLED
    with pytest.raises(NotAllowed):
        advance(ready(unresolved=1), cancel, policy())
    with pytest.raises(NotAllowed):
        advance(calling(), cancel, policy())
