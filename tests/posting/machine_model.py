"""Explore every interleaving of two workers, a lossy network and one vendor.

The model drives the real state machine. Time moves in ticks of a second; a request in
flight lands at any moment up to the declared lifetime after its sending, or never; a
reply may be lost; a worker may crash, or sleep and go on after its lease has ended.
With `windows`, the target's posting window may be closed whenever a worker looks; with
`barrier`, drafts are not posted before it is lifted, or the document is cancelled.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hourline.kernel.capability import PostingClass
from hourline.kernel.codes import IntentState
from hourline.posting.rules.capability import Policy, Timing
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
    Verdict,
)
from hourline.posting.rules.machine import NotAllowed, advance

START = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = 2
GUARD = 1
LIFETIME = 1
RETENTION = 6
WORKERS = 2
Advance = Callable[[Intent, Event, Policy], Step]


def policy(posting_class: PostingClass) -> Policy:
    """Return the policy of a target whose requests live for one tick."""
    timing = Timing(
        lease_seconds=LEASE,
        margin_seconds=LEASE - GUARD,
        first_check_seconds=0,
        check_seconds=(1, 1),
        retry_seconds=(1,),
    )
    return Policy(
        posting_class=posting_class,
        timing=timing,
        can_look_up=posting_class is not PostingClass.KEY,
        resend_seconds=RETENTION - LIFETIME - LEASE,
        settle_seconds=LIFETIME + 1,
        settle_proven=True,
        new_key_after_absence=False,
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold what is explored, and which safeguards a mutant leaves out."""

    policy: Policy
    advance: Advance = advance
    new_key_each_attempt: bool = False
    send_guard: bool = True
    checkpoint: bool = True
    windows: bool = False
    barrier: bool = False
    ticks_max: int = 7
    attempts_max: int = 3


@dataclass(frozen=True, slots=True)
class Request:
    """A call on its way: of which claim, when it left, under which key."""

    epoch: int
    sent_at: int
    key: int
    draft: int | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A worker with a claim; `told` is what it knows but has not written down."""

    epoch: int
    looking: bool
    claimed_at: int
    key: int
    draft: int | None
    sent: bool = False
    told: Answer | None = None


@dataclass(frozen=True, slots=True)
class World:
    """One state of everything: our row, two workers, the network, the vendor."""

    now: int
    intent: Intent
    workers: tuple[Holder, ...]  # the latest claim first
    network: frozenset[Request]
    live: tuple[tuple[int, int], ...]  # (key or draft, booked at)
    drafts: int
    has_refused: bool
    generation: int = 0
    sent_while_closed: bool = False


def at(tick: int) -> datetime:
    """Return the instant of a tick."""
    return START + timedelta(seconds=tick)


def explore(rules: Rules, *, states_max: int = 400_000) -> list[str]:
    """Return what goes wrong in any reachable world; empty where nothing does."""
    ready = Intent(state=IntentState.READY, due_at=START, barrier=rules.barrier)
    first = World(0, ready, (), frozenset(), (), 0, has_refused=False)
    seen = {first}
    frontier = [first]
    while frontier:
        world = frontier.pop()
        for reached in _successors(world, rules):
            if reached in seen:
                continue
            wrong = _wrong(reached)
            if wrong:
                return [wrong]
            seen.add(reached)
            frontier.append(reached)
        if len(seen) > states_max:
            raise AssertionError(f"more than {states_max} states")
    return []


def _wrong(world: World) -> str | None:
    state = world.intent.state
    if world.sent_while_closed:
        return f"sent outside the window: {world}"
    if world.live and (world.intent.barrier or state is IntentState.CANCELLED):
        return f"posted behind the barrier, or though cancelled: {world}"
    if len(world.live) > 1:
        return f"{len(world.live)} live documents: {world}"
    if state is IntentState.CONFIRMED and len(world.live) != 1:
        return f"confirmed without a document: {world}"
    if state is IntentState.REJECTED and world.live:
        return f"rejected, yet booked: {world}"
    return None


def _successors(world: World, rules: Rules) -> Iterator[World]:
    yield from _time(world, rules)
    yield from _janitor(world, rules)
    yield from _landings(world, rules)
    yield from _claim(world, rules)
    yield from _grouped(world, rules)
    for holder in world.workers:
        yield from _go_on(world, rules, holder)


def _grouped(world: World, rules: Rules) -> Iterator[World]:
    """Lift the barrier, or withdraw the document, once it has its draft."""
    if world.intent.state is not IntentState.DRAFTED:
        return
    cancel = Ruled(at=at(world.now), verdict=Verdict.CANCEL)
    for event in (Lifted(at=at(world.now)), cancel):
        step = rules.advance(world.intent, event, rules.policy)
        yield replace(world, intent=step.intent)


def _time(world: World, rules: Rules) -> Iterator[World]:
    if world.now < rules.ticks_max:
        later = world.now + 1
        alive = frozenset(r for r in world.network if r.sent_at + LIFETIME >= later)
        yield replace(world, now=later, network=alive)


def _janitor(world: World, rules: Rules) -> Iterator[World]:
    intent = world.intent
    if intent.lease_until and intent.lease_until <= at(world.now):
        step = rules.advance(intent, LeaseExpired(at=at(world.now)), rules.policy)
        yield replace(world, intent=step.intent)


def _claim(world: World, rules: Rules) -> Iterator[World]:
    intent = world.intent
    waits = intent.state in {IntentState.READY, IntentState.AMBIGUOUS}
    if not waits or intent.due_at > at(world.now):
        return
    if intent.attempts >= rules.attempts_max:
        return
    yield from _begun(world, rules, Due(at=at(world.now)))
    if rules.windows:
        yield from _begun(
            world, rules, Due(at=at(world.now), opens_at=at(world.now + 1))
        )


def _begun(world: World, rules: Rules, due: Due) -> Iterator[World]:
    step = rules.advance(world.intent, due, rules.policy)
    if due.opens_at and Effect.CALL in step.effects:
        yield replace(world, sent_while_closed=True)
    if not step.effects or step.effects[0] is Effect.REPORT_QUARANTINED:
        yield replace(world, intent=step.intent)
        return
    holder = Holder(
        epoch=step.intent.epoch,
        looking=step.effects[0] is Effect.LOOK_UP,
        claimed_at=world.now,
        key=step.intent.attempts if rules.new_key_each_attempt else world.generation,
        draft=None if step.intent.draft_id is None else int(step.intent.draft_id),
    )
    if not rules.checkpoint and not holder.looking:
        # The call leaves before the claim is committed, and the worker dies.
        yield replace(world, network=world.network | {_request(world, holder)})
    for others in _survivors(world.workers):
        yield replace(world, intent=step.intent, workers=(holder, *others))


def _survivors(workers: tuple[Holder, ...]) -> Iterator[tuple[Holder, ...]]:
    """Yield who is left when a claim needs one of the two workers.

    A worker that has crashed is one that never goes on, so a crash needs no step of its
    own, except to free a worker for the next claim.
    """
    if len(workers) < WORKERS:
        yield workers
        return
    for crashed in workers:
        yield tuple(holder for holder in workers if holder is not crashed)


def _go_on(world: World, rules: Rules, holder: Holder) -> Iterator[World]:
    if holder.told is not None:
        yield _written_down(world, rules, holder)
    elif holder.looking:
        told = _looked_up(world, holder)
        yield _moved(world, holder, replace(holder, told=told))
        yield _moved(world, holder, replace(holder, told=CannotTell()))
    elif not holder.sent:
        in_time = world.now < holder.claimed_at + GUARD
        if in_time or not rules.send_guard:
            sent = replace(world, network=world.network | {_request(world, holder)})
            yield _moved(sent, holder, replace(holder, sent=True))
        if not in_time:
            yield _moved(world, holder, replace(holder, told=Later(0)))
    else:
        yield _moved(world, holder, replace(holder, told=Lost()))


def _request(world: World, holder: Holder) -> Request:
    return Request(holder.epoch, world.now, holder.key, holder.draft)


def _written_down(world: World, rules: Rules, holder: Holder) -> World:
    assert holder.told is not None
    answered = Answered(at=at(world.now), epoch=holder.epoch, answer=holder.told)
    try:
        step = rules.advance(world.intent, answered, rules.policy)
    except NotAllowed:
        # Only a machine without a fence gets here; its store would fail.
        return _moved(world, holder, None)
    following = None
    if Effect.CALL in step.effects and step.intent.draft_id is not None:
        draft = int(step.intent.draft_id)
        following = replace(holder, told=None, sent=False, draft=draft)
    generation = world.generation + (Effect.NEW_KEY in step.effects)
    written = replace(world, intent=step.intent, generation=generation)
    return _moved(written, holder, following)


def _landings(world: World, rules: Rules) -> Iterator[World]:
    for request in world.network:
        landed = replace(world, network=world.network - {request})
        after, answer = _effect(landed, rules, request)
        yield after  # the reply is lost
        yield from _replied(after, request, answer)
        if answer == Booked(external_id="1") and not world.has_refused:
            # Once, at any moment, the vendor finds fault with what it is sent.
            yield from _replied(replace(landed, has_refused=True), request, Refused())


def _replied(world: World, request: Request, answer: Answer) -> Iterator[World]:
    for holder in world.workers:
        mine = (holder.epoch, holder.draft) == (request.epoch, request.draft)
        if mine and holder.sent and holder.told is None:
            yield _moved(world, holder, replace(holder, told=answer))


def _effect(world: World, rules: Rules, request: Request) -> tuple[World, Answer]:
    """Return the vendor after a request, and what it answers."""
    posting_class = rules.policy.posting_class
    mark = request.draft or request.key
    known = any(key == mark for key, _ in world.live)
    if known and _answers_again(world, posting_class, request):
        return world, Booked(external_id="1")
    if known and posting_class is PostingClass.UNIQUE_ID:
        return world, Exists()
    if posting_class is PostingClass.DRAFT and request.draft is None:
        made = world.drafts + 1
        return replace(world, drafts=made), DraftKept(draft_id=str(made))
    booked = replace(world, live=(*world.live, (mark, world.now)))
    return booked, Booked(external_id="1")


def _answers_again(world: World, posting_class: PostingClass, request: Request) -> bool:
    if posting_class is PostingClass.DRAFT:
        return request.draft is not None
    remembered = world.now < world.live[0][1] + RETENTION
    return posting_class is PostingClass.KEY and remembered


def _looked_up(world: World, holder: Holder) -> Answer:
    if len(world.live) > 1:
        return Differs()
    if world.live:
        return Booked(external_id="1")
    if world.drafts and holder.draft is None:
        return DraftKept(draft_id="1")
    return Absent(asked_at=at(holder.claimed_at))


def _moved(world: World, holder: Holder, after: Holder | None) -> World:
    workers = tuple(after if one is holder else one for one in world.workers)
    return replace(world, workers=tuple(one for one in workers if one))
