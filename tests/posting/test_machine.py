"""State, event by event, what becomes of an intent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hourline.kernel.capability import PostingClass
from hourline.kernel.codes import IntentState
from hourline.posting.rules.events import (
    Absent,
    Answered,
    Booked,
    CannotTell,
    Differs,
    DraftKept,
    Due,
    Effect,
    Exists,
    Intent,
    Later,
    LeaseExpired,
    Lost,
    Refused,
    Ruled,
    Verdict,
)
from hourline.posting.rules.machine import NEVER, NotAllowed, advance
from tests.posting.machine_builders import (
    NOON,
    TIMING,
    after,
    calling,
    policy,
    probing,
    ready,
    told,
)


def test_a_ready_intent_is_called_under_a_new_epoch_and_a_lease() -> None:
    step = advance(ready(epoch=3), Due(at=NOON), policy())

    assert step.effects == (Effect.CALL,)
    assert step.intent == Intent(
        state=IntentState.CALLING,
        due_at=NOON,
        epoch=4,
        attempts=1,
        first_sent_at=NOON,
        lease_until=after(60),
    )


def test_a_receipt_confirms() -> None:
    step = told(calling(), Booked(external_id="AT-7", external_number="INV-7"))

    assert step.effects == (Effect.REPORT_CONFIRMED,)
    assert step.intent.state is IntentState.CONFIRMED
    assert (step.intent.external_id, step.intent.external_number) == ("AT-7", "INV-7")
    assert (step.intent.lease_until, step.intent.due_at) == (None, NEVER)


def test_other_content_is_a_mismatch_for_a_person() -> None:
    step = told(calling(), Differs(external_id="AT-7"))

    assert step.effects == (Effect.REPORT_MISMATCH,)
    assert step.intent.state is IntentState.MISMATCH
    assert step.intent.external_id == "AT-7"


def test_a_definite_refusal_of_the_only_call_rejects() -> None:
    step = told(calling(), Refused())

    assert step.effects == (Effect.REPORT_REFUSED,)
    assert step.intent.state is IntentState.REJECTED
    assert step.intent.due_at == NEVER


def test_a_refusal_proves_nothing_while_another_call_is_unresolved() -> None:
    step = told(calling(unresolved=1, settle_until=after(160)), Refused())

    assert step.effects == ()
    assert step.intent.state is IntentState.AMBIGUOUS
    assert step.intent.unresolved == 1
    assert step.intent.due_at == after(10)


def test_a_lost_reply_is_looked_into_and_settles_after_lease_and_lifetime() -> None:
    step = told(calling(), Lost(), at=after(20))

    assert step.effects == ()
    assert step.intent.state is IntentState.AMBIGUOUS
    assert step.intent.unresolved == 1
    assert step.intent.due_at == after(30)
    assert step.intent.settle_until == after(160)


def test_a_later_settle_time_is_never_cut_short() -> None:
    step = told(calling(settle_until=after(900)), Lost())

    assert step.intent.settle_until == after(900)


@pytest.mark.parametrize(
    ("attempts", "stated", "due"), [(1, None, 5), (9, None, 30), (1, 77, 77)]
)
def test_a_call_without_effect_is_made_again_later(
    attempts: int, stated: int | None, due: int
) -> None:
    step = told(calling(attempts=attempts), Later(stated))

    assert step.effects == ()
    assert step.intent.state is IntentState.READY
    assert step.intent.due_at == after(due)
    assert step.intent.first_sent_at is None


def test_what_failed_together_is_not_tried_again_together() -> None:
    failed = [NOON + timedelta(milliseconds=part) for part in (0, 100, 999)]

    steps = [told(calling(), Later(None), at=at) for at in failed]
    stated = told(calling(), Later(77), at=failed[1])

    delays = [step.intent.due_at - at for step, at in zip(steps, failed, strict=True)]
    assert delays == [
        timedelta(seconds=5),
        timedelta(seconds=5, milliseconds=125),
        timedelta(seconds=6, milliseconds=248),
    ]
    assert stated.intent.due_at == failed[1] + timedelta(seconds=77)


def test_a_target_that_takes_nothing_for_long_is_reported_once() -> None:
    second = told(calling(attempts=2), Later())
    third = told(calling(attempts=3), Later())

    assert second.effects == (Effect.REPORT_STUCK,)
    assert second.intent.state is IntentState.READY
    assert third.effects == ()


def test_a_busy_target_leaves_an_unresolved_call_unresolved() -> None:
    step = told(calling(unresolved=1), Later(40))

    assert step.intent.state is IntentState.AMBIGUOUS
    assert step.intent.due_at == after(40)


def test_a_document_that_exists_already_is_looked_up_at_once() -> None:
    step = told(calling(), Exists())

    assert step.intent.state is IntentState.AMBIGUOUS
    assert (step.intent.due_at, step.intent.unresolved) == (NOON, 0)


def test_an_expired_lease_shuts_its_holder_out_and_counts_the_call_as_lost() -> None:
    holder = calling()

    step = advance(holder, LeaseExpired(at=after(60)), policy())
    late = told(holder, Booked(external_id="AT-7"))
    fenced = advance(
        step.intent,
        Answered(at=after(61), epoch=holder.epoch, answer=Booked(external_id="AT-7")),
        policy(),
    )

    assert late.intent.state is IntentState.CONFIRMED
    assert step.intent.state is IntentState.AMBIGUOUS
    assert (step.intent.epoch, step.intent.unresolved) == (holder.epoch + 1, 1)
    assert fenced.effects == (Effect.FENCED,)
    assert fenced.intent == step.intent


def test_an_expired_lookup_is_no_lost_call() -> None:
    step = advance(probing(), LeaseExpired(at=after(60)), policy())

    assert step.intent.state is IntentState.AMBIGUOUS
    assert step.intent.unresolved == 0


def test_what_is_ambiguous_is_looked_up() -> None:
    doubtful = ready(state=IntentState.AMBIGUOUS, epoch=1, unresolved=1)

    step = advance(doubtful, Due(at=NOON), policy())

    assert step.effects == (Effect.LOOK_UP,)
    assert step.intent.state is IntentState.PROBING
    assert (step.intent.epoch, step.intent.probes) == (2, 1)
    assert step.intent.lease_until == after(60)


@pytest.mark.parametrize(
    ("probes", "seconds", "effect"),
    [
        (0, 0, Effect.CALL),
        (1, 0, Effect.LOOK_UP),
        (2, 999, Effect.CALL),
        (2, 1000, Effect.LOOK_UP),
    ],
)
def test_a_key_is_resent_and_looked_up_in_turn_within_its_retention(
    probes: int, seconds: int, effect: Effect
) -> None:
    doubtful = ready(
        state=IntentState.AMBIGUOUS, unresolved=1, probes=probes, first_sent_at=NOON
    )

    step = advance(doubtful, Due(at=after(seconds)), policy(PostingClass.KEY))

    assert step.effects == (effect,)
    assert step.intent.first_sent_at == NOON


def test_a_key_beyond_its_retention_without_lookup_is_for_a_person() -> None:
    doubtful = ready(state=IntentState.AMBIGUOUS, unresolved=1, first_sent_at=NOON)
    how = policy(PostingClass.KEY, can_look_up=False)

    step = advance(doubtful, Due(at=after(1000)), how)

    assert step.effects == (Effect.REPORT_QUARANTINED,)
    assert step.intent.state is IntentState.QUARANTINED


def test_a_document_proven_absent_is_booked_anew() -> None:
    looking = probing(unresolved=2, settle_until=after(100))

    step = told(looking, Absent(asked_at=after(100)), at=after(101))

    assert step.effects == ()
    assert step.intent.state is IntentState.READY
    assert (step.intent.unresolved, step.intent.first_sent_at) == (0, None)
    assert step.intent.due_at == after(101)


def test_a_key_whose_errors_are_stored_is_replaced_after_proven_absence() -> None:
    how = policy(PostingClass.KEY, new_key_after_absence=True)
    looking = probing(unresolved=1, settle_until=after(100))

    proven = told(looking, Absent(asked_at=after(100)), how)
    never_sent = told(probing(), Absent(asked_at=after(100)), how)

    assert proven.effects == (Effect.NEW_KEY,)
    assert never_sent.effects == ()


@pytest.mark.parametrize("posting_class", [PostingClass.UNIQUE_ID, PostingClass.DRAFT])
def test_absence_before_settling_allows_what_is_harmless_and_proves_nothing(
    posting_class: PostingClass,
) -> None:
    looking = probing(unresolved=1, settle_until=after(100))

    step = told(looking, Absent(asked_at=after(99)), policy(posting_class))

    assert step.intent.state is IntentState.READY
    assert step.intent.unresolved == 1


def test_absence_before_settling_makes_a_target_without_safeguards_wait() -> None:
    looking = probing(unresolved=1, settle_until=after(100))

    step = told(looking, Absent(asked_at=after(99)), policy(PostingClass.NOTHING))

    assert step.intent.state is IntentState.AMBIGUOUS
    assert step.intent.due_at == after(300)


def test_a_key_beyond_its_retention_awaits_settling() -> None:
    looking = probing(unresolved=1, settle_until=after(5000), first_sent_at=NOON)

    step = told(
        looking,
        Absent(asked_at=after(1000)),
        policy(PostingClass.KEY),
        at=after(1000),
    )

    assert step.intent.state is IntentState.AMBIGUOUS
    assert step.intent.due_at == after(5000)


def test_an_undeclared_lifetime_is_no_proof_of_absence() -> None:
    how = policy(PostingClass.NOTHING, settle_proven=False)
    looking = probing(unresolved=1, settle_until=after(100))

    step = told(looking, Absent(asked_at=after(5000)), how, at=after(5000))

    assert step.intent.state is IntentState.AMBIGUOUS
    assert step.intent.unresolved == 1


def test_a_lost_resend_is_looked_up_when_all_has_settled() -> None:
    first = told(calling(), Lost(), policy(PostingClass.KEY))
    second = told(calling(probes=1, unresolved=1), Lost(), policy(PostingClass.KEY))
    settled_late = replace(TIMING, check_seconds=(7, 7))
    third = told(
        calling(probes=1, unresolved=1),
        Lost(),
        policy(PostingClass.KEY, timing=settled_late),
    )

    assert first.intent.due_at == after(10)
    assert second.intent.due_at == after(300)
    assert third.intent.due_at == after(160)


def test_a_target_without_safeguards_is_first_asked_when_all_has_settled() -> None:
    step = told(calling(), Lost(), policy(PostingClass.NOTHING))

    assert step.intent.due_at == after(160)


@pytest.mark.parametrize(
    ("probes", "stated", "due"), [(1, None, 300), (2, None, 3600), (1, 400, 400)]
)
def test_a_lookup_without_answer_is_repeated_ever_later(
    probes: int, stated: int | None, due: int
) -> None:
    step = told(probing(probes=probes), CannotTell(stated))

    assert step.intent.state is IntentState.AMBIGUOUS
    assert step.intent.due_at == after(due)


def test_checks_are_finite_and_end_with_a_person() -> None:
    step = told(probing(probes=3), CannotTell())

    assert step.effects == (Effect.REPORT_QUARANTINED,)
    assert step.intent.state is IntentState.QUARANTINED


def test_a_lookup_that_finds_the_document_confirms() -> None:
    step = told(probing(unresolved=2), Booked(external_id="AT-7"))

    assert step.intent.state is IntentState.CONFIRMED
    assert step.intent.unresolved == 0


def test_a_draft_is_posted_under_the_same_claim() -> None:
    step = told(calling(), DraftKept(draft_id="BO-1"), policy(PostingClass.DRAFT))

    assert step.effects == (Effect.CALL,)
    assert step.intent.state is IntentState.CALLING
    assert step.intent.draft_id == "BO-1"


def test_a_found_draft_is_chosen_once_and_makes_lost_creations_harmless() -> None:
    looking = probing(unresolved=2, settle_until=after(100))

    step = told(looking, DraftKept(draft_id="BO-1"), policy(PostingClass.DRAFT))

    assert step.effects == ()
    assert step.intent.state is IntentState.READY
    assert (step.intent.draft_id, step.intent.unresolved) == ("BO-1", 0)
    with pytest.raises(NotAllowed):
        told(calling(draft_id="BO-1"), DraftKept(draft_id="BO-2"))


def test_the_chosen_draft_found_again_keeps_its_lost_posting_unresolved() -> None:
    looking = probing(unresolved=1, draft_id="BO-1")

    step = told(looking, DraftKept(draft_id="BO-1"), policy(PostingClass.DRAFT))

    assert step.intent.unresolved == 1


@pytest.mark.parametrize(
    ("intent", "event"),
    [
        (calling(), Due(at=NOON)),
        (calling(), LeaseExpired(at=after(59))),
        (ready(), LeaseExpired(at=after(60))),
        (ready(), Answered(at=NOON, epoch=0, answer=Booked(external_id="AT-7"))),
        (calling(), Answered(at=NOON, epoch=1, answer=Absent(asked_at=NOON))),
        (probing(), Answered(at=NOON, epoch=1, answer=Refused())),
        (ready(), Ruled(at=NOON, verdict=Verdict.RESUBMIT)),
    ],
)
def test_an_event_that_does_not_fit_is_a_bug(
    intent: Intent, event: Due | LeaseExpired | Answered | Ruled
) -> None:
    with pytest.raises(NotAllowed):
        advance(intent, event, policy())
