"""Let documents of a group follow one another: all drafted, all posted, or none.

Only where every target keeps drafts is there a barrier, and only before it is lifted
can a group still be cancelled as a whole. What was confirmed is not taken back.
"""

from collections.abc import Collection
from enum import StrEnum

from hourline.kernel.codes import IntentState as S

_ENDED = frozenset({S.CONFIRMED, S.CANCELLED})
_DRAFTED = frozenset({S.CONFIRMED, S.DRAFTED})
# Nothing of these can have an effect yet, so a group can be withdrawn from them.
WITHDRAWN_FROM = frozenset({S.DRAFTED, S.REJECTED})


class GroupStep(StrEnum):
    """Name what follows for a group from the states of its documents."""

    WAIT = "wait"
    LIFT = "lift"
    WITHDRAW = "withdraw"
    CONFIRMED = "confirmed"
    SHORT = "short"
    CANCELLED = "cancelled"


def next_step(states: Collection[S], *, barrier: bool) -> GroupStep:
    """Return what follows; `barrier` says that drafts are held back until all exist."""
    if _ENDED.issuperset(states):
        return _end(states)
    if barrier and S.CANCELLED in states:
        gone = WITHDRAWN_FROM.intersection(states)
        return GroupStep.WITHDRAW if gone else GroupStep.WAIT
    if barrier and _DRAFTED.issuperset(states):
        return GroupStep.LIFT
    return GroupStep.WAIT


def _end(states: Collection[S]) -> GroupStep:
    if S.CANCELLED not in states:
        return GroupStep.CONFIRMED
    return GroupStep.SHORT if S.CONFIRMED in states else GroupStep.CANCELLED
