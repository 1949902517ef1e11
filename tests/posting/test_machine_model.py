"""Prove the posting machine on every interleaving, and the proof on planted faults."""

from dataclasses import replace

import pytest

from hourline.kernel.capability import PostingClass
from hourline.posting.rules.capability import Policy
from hourline.posting.rules.events import (
    Answered,
    Due,
    Event,
    Intent,
    Later,
    Lost,
    Refused,
    Step,
)
from hourline.posting.rules.machine import advance
from tests.posting.machine_model import Rules, explore, policy

KEY, UNIQUE_ID = PostingClass.KEY, PostingClass.UNIQUE_ID
DRAFT, NOTHING = PostingClass.DRAFT, PostingClass.NOTHING


@pytest.mark.parametrize(
    ("posting_class", "ticks", "attempts"),
    [(KEY, 7, 3), (UNIQUE_ID, 5, 2), (DRAFT, 4, 2), (NOTHING, 7, 3)],
)
def test_no_interleaving_books_a_document_twice(
    posting_class: PostingClass, ticks: int, attempts: int
) -> None:
    rules = Rules(policy(posting_class), ticks_max=ticks, attempts_max=attempts)

    assert explore(rules) == []


@pytest.mark.parametrize(
    ("posting_class", "ticks", "attempts"),
    [(KEY, 5, 2), (UNIQUE_ID, 4, 2), (DRAFT, 3, 2), (NOTHING, 5, 2)],
)
def test_a_window_that_closes_at_any_moment_sends_nothing_and_doubles_nothing(
    posting_class: PostingClass, ticks: int, attempts: int
) -> None:
    rules = Rules(
        policy(posting_class), windows=True, ticks_max=ticks, attempts_max=attempts
    )

    assert explore(rules) == []


def test_no_interleaving_posts_a_draft_before_the_barrier_is_lifted() -> None:
    rules = Rules(policy(DRAFT), barrier=True, ticks_max=4, attempts_max=2)

    assert explore(rules) == []


def test_a_new_key_after_proven_absence_books_nothing_twice() -> None:
    how = replace(policy(KEY), can_look_up=True, new_key_after_absence=True)

    assert explore(Rules(how, ticks_max=6, attempts_max=2)) == []


def retry_blindly(intent: Intent, event: Event, how: Policy) -> Step:
    """Plant: a lost reply is taken as a call that had no effect."""
    if isinstance(event, Answered) and isinstance(event.answer, Lost):
        event = replace(event, answer=Later(0))
    return advance(intent, event, how)


def believe_every_refusal(intent: Intent, event: Event, how: Policy) -> Step:
    """Plant: a refusal of a second call is proof, though the first may still land."""
    if isinstance(event, Answered) and isinstance(event.answer, Refused):
        intent = replace(intent, unresolved=0)
    return advance(intent, event, how)


def believe_every_epoch(intent: Intent, event: Event, how: Policy) -> Step:
    """Plant: whoever reports last is believed, lease or no lease."""
    if isinstance(event, Answered):
        event = replace(event, epoch=intent.epoch)
    return advance(intent, event, how)


def forget_the_window(intent: Intent, event: Event, how: Policy) -> Step:
    """Plant: what is due is sent, window or no window."""
    if isinstance(event, Due):
        event = replace(event, opens_at=None)
    return advance(intent, event, how)


def forget_the_barrier(intent: Intent, event: Event, how: Policy) -> Step:
    """Plant: a draft is posted at once, though another document has none yet."""
    step = advance(replace(intent, barrier=False), event, how)
    return replace(step, intent=replace(step.intent, barrier=intent.barrier))


PLANTED = {
    "a barrier is forgotten": Rules(
        policy(DRAFT), forget_the_barrier, barrier=True, ticks_max=4
    ),
    "a closed window is forgotten": Rules(policy(KEY), forget_the_window, windows=True),
    "a lost reply is retried blindly": Rules(policy(NOTHING), retry_blindly),
    "an error 500 counts as not done": Rules(policy(UNIQUE_ID), retry_blindly),
    "a key is new for each attempt": Rules(policy(KEY), new_key_each_attempt=True),
    "a result is written without fence": Rules(policy(NOTHING), believe_every_epoch),
    "a refused resend counts as proof": Rules(policy(KEY), believe_every_refusal),
    "a lookup does not await settling": Rules(
        replace(policy(NOTHING), settle_seconds=-2)
    ),
    "a worker sends after its lease": Rules(policy(NOTHING), send_guard=False),
    "a call leaves before its checkpoint": Rules(policy(NOTHING), checkpoint=False),
    "a key is used beyond its retention": Rules(
        replace(policy(KEY), resend_seconds=99), ticks_max=9
    ),
}


@pytest.mark.parametrize("fault", list(PLANTED))
def test_a_planted_fault_is_found(fault: str) -> None:
    assert explore(PLANTED[fault]) != []
