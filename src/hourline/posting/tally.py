"""Count what the threads of one run do, and tell them when to stop."""

from collections import Counter
from threading import Lock

from hourline.posting.model import CallStep, Settled, Summary
from hourline.posting.replies import Learnt


class Tally:
    """Share the counts and the limit of one run between its threads."""

    def __init__(self, *, limit: int) -> None:
        self._lock = Lock()
        self._left = limit
        self._steps: Counter[CallStep] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._settled: list[Settled] = []
        self._fenced = 0
        self._pauses: dict[int, int] = {}

    def may_begin(self) -> bool:
        """Take one of the intents this run may still begin."""
        with self._lock:
            self._left -= 1
            return self._left >= 0

    def note(
        self, connection_no: int, step: CallStep, learnt: Learnt, *, fenced: bool
    ) -> None:
        """Count a call and what came of it."""
        with self._lock:
            self._steps[step] += 1
            self._outcomes[learnt.outcome] += 1
            self._fenced += fenced
            if learnt.pause_seconds:
                longest = max(learnt.pause_seconds, self._pauses.get(connection_no, 0))
                self._pauses[connection_no] = longest

    def note_settled(self, settled: Settled) -> None:
        """Keep an intent that has come to rest."""
        with self._lock:
            self._settled.append(settled)

    def is_paused(self, connection_no: int) -> bool:
        """Say whether a target has asked to be left alone for a while."""
        with self._lock:
            return connection_no in self._pauses

    def summary(self) -> Summary:
        """Return the counts so far."""
        with self._lock:
            return Summary(
                calls=self._steps[CallStep.BOOK] + self._steps[CallStep.POST],
                lookups=self._steps[CallStep.LOOK_UP],
                settled=tuple(self._settled),
                fenced=self._fenced,
                pause_seconds=max(self._pauses.values(), default=0),
                outcomes=dict(self._outcomes),
            )
