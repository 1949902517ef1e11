"""Carry the due intents of one connection one phase further at a time.

Each phase is its own transaction, and none is open while a call is out: claim and
record the attempt, commit; call; record what came back, commit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hourline.connectors.sdk.documents import decode_document
from hourline.connectors.sdk.target import TargetPort
from hourline.infra.database import Database, Session
from hourline.kernel.capability import Capability
from hourline.kernel.codes import IntentState
from hourline.posting.clock import Clock
from hourline.posting.model import Settled, StoredIntent
from hourline.posting.problems import name_of, problem_of
from hourline.posting.replies import Learnt, cannot_write
from hourline.posting.rules.capability import Policy, Timing, policy_of
from hourline.posting.rules.events import Answered, Due, Effect, LeaseExpired, Step
from hourline.posting.rules.machine import advance
from hourline.posting.rules.window import Window, opening
from hourline.posting.store import (
    add_attempt,
    add_outcome,
    lock_intent,
    save,
    set_refusal,
    take_due,
    take_expired,
)
from hourline.posting.tally import Tally
from hourline.posting.task import NotWritable, Task, carry_out, write_task

OnSettled = Callable[[Session, Settled], None]
_SETTLING = frozenset(
    {
        Effect.REPORT_STUCK,
        Effect.REPORT_CONFIRMED,
        Effect.REPORT_REFUSED,
        Effect.REPORT_MISMATCH,
        Effect.REPORT_QUARANTINED,
    }
)
_GIVEN_UP = {"reason": "unknown", "sentence": "every check has failed to find out."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Work on one connection of one tenant; several may do so at the same time."""

    database: Database
    tenant: int
    connection_no: int
    port: TargetPort
    clock: Clock
    timing: Timing
    owner: str
    on_settled: OnSettled
    tally: Tally
    window: Window | None = None

    def run(self) -> None:
        """Work until nothing is due, the limit is reached or the target is busy."""
        while self._release_one():
            pass
        while not self.tally.is_paused(self.connection_no) and self.tally.may_begin():
            # Read before the lease begins at the database, so it ends here no later.
            claimed_ms = self.clock.monotonic_ms()
            with self.database.tenant(self.tenant) as session:
                stored = self._next_due(session)
                task = self._begin(session, stored, claimed_ms) if stored else None
            if stored is None:
                return
            while task is not None:
                learnt = carry_out(task, self.port, self.clock)
                with self.database.tenant(self.tenant) as session:
                    task = self._record(session, task, learnt)

    def policy(self, stored: StoredIntent) -> Policy:
        """Return how an intent's target may be asked again; unknown is the worst."""
        target = self.port.targets.get(stored.document_kind)
        return policy_of(target.capability if target else Capability(), self.timing)

    def _release_one(self) -> bool:
        """Put an intent whose holder has vanished up for a check; False if none has."""
        with self.database.tenant(self.tenant) as session:
            stored = take_expired(session, self.connection_no)
            if stored is None:
                return False
            expired = LeaseExpired(at=stored.now)
            step = advance(stored.intent(), expired, self.policy(stored))
            self._settle(session, save(session, stored, step), step, _GIVEN_UP)
            return True

    def _next_due(self, session: Session) -> StoredIntent | None:
        """Lock what is due, checks first: they tell whether the target is well."""
        return take_due(session, self.connection_no, IntentState.AMBIGUOUS) or take_due(
            session, self.connection_no, IntentState.READY
        )

    def _next_opening(self, stored: StoredIntent) -> datetime | None:
        """Return when the window opens next, None while documents may be sent."""
        if self.window is None:
            return None
        opens_at = opening(self.window, stored.now)
        return opens_at if opens_at > stored.now else None

    def _begin(
        self, session: Session, stored: StoredIntent, claimed_ms: int
    ) -> Task | None:
        """Claim a due intent and record its attempt, or give it up for a person."""
        lease_seconds = self.timing.lease_seconds - self.timing.margin_seconds
        send_before_ms = claimed_ms + 1000 * lease_seconds
        due = Due(at=stored.now, opens_at=self._next_opening(stored))
        step = advance(stored.intent(), due, self.policy(stored))
        after = save(session, stored, step, owner=self.owner)
        if not after.lease_until:
            self._settle(session, after, step, _GIVEN_UP)
            return None
        return self._attempt(session, after, step, send_before_ms)

    def _attempt(
        self, session: Session, stored: StoredIntent, step: Step, send_before_ms: int
    ) -> Task | None:
        try:
            task = write_task(
                self.port,
                stored,
                step,
                timing=self.timing,
                send_before_ms=send_before_ms,
            )
        except NotWritable as fault:
            looking = Effect.LOOK_UP in step.effects
            learnt = cannot_write(str(fault), looking=looking)
            self._conclude(session, stored, learnt)
            return None
        assert stored.lease_until is not None  # noqa: S101 - a claim has a lease
        add_attempt(
            session,
            stored,
            task.step,
            request_hash=task.request_hash,
            deadline=stored.lease_until,
        )
        return task

    def _record(self, session: Session, task: Task, learnt: Learnt) -> Task | None:
        """Write down what a call has told; return the task that follows at once."""
        current = lock_intent(session, task.stored.intent_no)
        fenced = current.epoch != task.stored.epoch
        add_outcome(
            session,
            current.intent_no,
            epoch=task.stored.epoch,
            step=task.step,
            learnt=learnt,
            fenced=fenced,
        )
        self.tally.note(self.connection_no, task.step, learnt, fenced=fenced)
        if fenced:
            return None
        after, step = self._conclude(session, current, learnt)
        if Effect.CALL not in step.effects:
            return None
        return self._attempt(session, after, step, task.send_before_ms)

    def _conclude(
        self, session: Session, stored: StoredIntent, learnt: Learnt
    ) -> tuple[StoredIntent, Step]:
        answered = Answered(at=stored.now, epoch=stored.epoch, answer=learnt.answer)
        step = advance(stored.intent(), answered, self.policy(stored))
        after = save(session, stored, step, owner=self.owner)
        self._settle(session, after, step, learnt.evidence)
        return after, step

    def _settle(
        self,
        session: Session,
        stored: StoredIntent,
        step: Step,
        why: dict[str, str],
    ) -> None:
        """Report an intent at rest, or stuck, in the transaction that says so."""
        if not _SETTLING.intersection(step.effects):
            return
        state = IntentState(stored.state)
        target = self.port.targets.get(stored.document_kind)
        problem = problem_of(
            state,
            name=_readable_name(stored),
            refusal=why,
            undo=target.capability.undo if target else None,
        )
        if problem and state is not IntentState.READY:
            set_refusal(session, stored.intent_no, problem.detail)
        settled = Settled(
            intent_no=stored.intent_no,
            connection_no=stored.connection_no,
            kind=stored.document_kind,
            document_no=stored.document_no,
            state=state,
            external_id=stored.external_id,
            external_number=stored.external_number,
            problem=problem,
        )
        self.on_settled(session, settled)
        self.tally.note_settled(settled)


def _readable_name(stored: StoredIntent) -> str:
    try:
        return name_of(decode_document(stored.payload))
    except ValueError:
        return f"document {stored.document_no}"
