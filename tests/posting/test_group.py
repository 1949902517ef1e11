"""A group goes on when all of it can, and is withdrawn only behind its barrier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.kernel.codes import IntentState as S
from hourline.posting.rules.group import WITHDRAWN_FROM, GroupStep, next_step


@pytest.mark.parametrize(
    ("states", "barrier", "step"),
    [
        ([S.DRAFTED, S.READY], True, GroupStep.WAIT),
        ([S.DRAFTED, S.REJECTED], True, GroupStep.WAIT),
        ([S.DRAFTED, S.DRAFTED], True, GroupStep.LIFT),
        ([S.DRAFTED, S.CONFIRMED], True, GroupStep.LIFT),
        ([S.DRAFTED, S.CANCELLED], True, GroupStep.WITHDRAW),
        ([S.READY, S.CANCELLED], True, GroupStep.WAIT),
        ([S.CANCELLED, S.CANCELLED], True, GroupStep.CANCELLED),
        ([S.READY, S.CONFIRMED], False, GroupStep.WAIT),
        ([S.REJECTED, S.CANCELLED], False, GroupStep.WAIT),
        ([S.CONFIRMED, S.CANCELLED], False, GroupStep.SHORT),
        ([S.CONFIRMED, S.CONFIRMED], False, GroupStep.CONFIRMED),
    ],
)
def test_what_follows_is_decided_by_all_documents(
    states: list[S], step: GroupStep, *, barrier: bool
) -> None:
    assert next_step(states, barrier=barrier) is step


@given(st.lists(st.sampled_from(list(S)), min_size=1), st.booleans())
def test_the_barrier_falls_only_when_nothing_is_left_without_a_draft(
    states: list[S],
    barrier: bool,  # noqa: FBT001 - hypothesis passes it by position
) -> None:
    step = next_step(states, barrier=barrier)

    if step is GroupStep.LIFT:
        assert barrier
        assert set(states) <= {S.DRAFTED, S.CONFIRMED}
    if step is GroupStep.WITHDRAW:
        assert barrier
        assert S.CANCELLED in states
        assert WITHDRAWN_FROM.intersection(states)
