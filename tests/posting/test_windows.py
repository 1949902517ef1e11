"""Outside its posting window a target is sent nothing, and that counts for nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.json import Jsonb

from hourline.connectors.sandbox.admin import set_fault
from hourline.infra.queries import Query
from hourline.kernel.codes import IntentState
from hourline.posting.model import Settled
from hourline.posting.rules.events import Answered, Due, Effect, Intent, Lost
from hourline.posting.rules.machine import advance
from hourline.posting.store import wake
from hourline.posting.windows import waiting_for_window
from tests.posting.desk import ATLAS, BILLING, TIMING, Desk, invoice, journal
from tests.posting.machine_builders import NOON, after, policy

pytestmark = pytest.mark.integration

_SETTINGS = Query(
    "settings",
    "What a connection's settings say of its window.",
    "UPDATE hourline.connection SET settings = %(settings)s"
    " WHERE connection_no = %(connection_no)s",
)
AN_HOUR = timedelta(hours=1)


def shut(desk: Desk, connection_no: int) -> None:
    """Let the window of a connection open in two hours, and every day."""
    opens = datetime.now(UTC) + 2 * AN_HOUR
    when = f"mon-sun {opens:%H:%M}-{opens + AN_HOUR:%H:%M} UTC"
    state(desk, connection_no, {"posting_window": {"when": when}})


def state(desk: Desk, connection_no: int, settings: dict[str, object]) -> None:
    with desk.database.tenant(desk.tenant) as session:
        session.run(_SETTINGS, connection_no=connection_no, settings=Jsonb(settings))
        wake(session, connection_no)


def test_documents_wait_for_the_window_and_are_sent_when_it_opens(desk: Desk) -> None:
    shut(desk, ATLAS)
    first = desk.plan(ATLAS, 1, journal(801))
    desk.plan(BILLING, 2, invoice(802))

    while_closed = desk.run()
    seconds = desk.due_soon()
    with desk.database.tenant(desk.tenant) as session:
        [(waiting, opens)] = waiting_for_window(session)
    state(desk, ATLAS, {})
    opened = desk.run()

    assert (while_closed.calls, while_closed.lookups) == (1, 0)
    assert while_closed.problems == ()
    assert seconds is not None
    assert 6_000 < seconds <= 7_200
    assert (waiting.intent_no, waiting.connection_no) == (first, ATLAS)
    assert opens.opens_at > datetime.now(UTC) + AN_HOUR
    assert (opened.calls, opened.confirmed) == (1, 1)
    assert desk.booked(ATLAS).total() == 1


def test_a_window_closed_for_long_counts_as_no_attempt(desk: Desk) -> None:
    shut(desk, ATLAS)
    intent_no = desk.plan(ATLAS, 1, journal(811))

    problems: list[Settled] = []
    for _ in range(5):
        with desk.database.tenant(desk.tenant) as session:
            wake(session, ATLAS)
        summary = desk.run(timing=replace(TIMING, retry_seconds=(0, 0)))
        problems += summary.problems

    [intent] = desk.intents()
    assert problems == []
    assert (intent.state_name, intent.attempts) == ("READY", 0)
    assert desk.attempts(intent_no) == []


def test_a_lost_reply_is_looked_up_outside_the_window_but_not_sent_again(
    desk: Desk,
) -> None:
    desk.plan(ATLAS, 1, journal(821))
    desk.plan(ATLAS, 2, journal(822))
    vendor = desk.sandbox.servers["atlas"]
    set_fault(vendor, "create_document", "error_500_after", times=1)
    desk.run(limit=1)
    shut(desk, ATLAS)

    while_closed = desk.run()

    assert while_closed.calls == 0
    assert while_closed.lookups >= 1
    assert desk.states() == {"CONFIRMED": 1, "READY": 1}


def test_what_is_due_waits_without_a_try_until_the_window_opens() -> None:
    ready = Intent(state=IntentState.READY, due_at=NOON)

    step = advance(ready, Due(at=NOON, opens_at=after(900)), policy())

    assert step.intent == replace(ready, due_at=after(900))
    assert step.effects == ()


def test_what_cannot_be_looked_up_is_not_sent_again_outside_the_window() -> None:
    how = policy(can_look_up=False)
    called = advance(Intent(state=IntentState.READY, due_at=NOON), Due(at=NOON), how)
    lost = advance(called.intent, Answered(at=after(1), epoch=1, answer=Lost()), how)

    step = advance(lost.intent, Due(at=after(200), opens_at=after(900)), how)

    assert step.intent == replace(lost.intent, due_at=after(900))


def test_a_lookup_goes_on_outside_the_window() -> None:
    called = advance(
        Intent(state=IntentState.READY, due_at=NOON), Due(at=NOON), policy()
    )
    lost = advance(
        called.intent, Answered(at=after(1), epoch=1, answer=Lost()), policy()
    )

    step = advance(lost.intent, Due(at=after(200), opens_at=after(900)), policy())

    assert step.effects == (Effect.LOOK_UP,)
