"""Kill workers, and let them sleep past their lease: the books still show one each."""

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from hourline.connectors.sdk.http import Exchanged, HttpRequest
from hourline.connectors.sdk.target import TargetPort
from hourline.posting.service import Timing, run_due
from tests.posting.desk import (
    ATLAS,
    BILLING,
    BOREALIS,
    TIMING,
    Desk,
    invoice,
    journal,
)

pytestmark = pytest.mark.integration

QUICK = Timing(
    lease_seconds=2,
    margin_seconds=1,
    lifetime_seconds=1,
    first_check_seconds=0,
    check_seconds=(0,) * 30,
    retry_seconds=(0,),
)


def plan_one(desk: Desk, connection_no: int) -> int:
    if connection_no == BILLING:
        return desk.plan(connection_no, 1, invoice())
    entity = "DE1" if connection_no == BOREALIS else "US1"
    return desk.plan(connection_no, 1, journal(entity=entity))


@pytest.mark.parametrize("moment", ["before_send", "after_send"])
@pytest.mark.parametrize("connection_no", [BILLING, ATLAS, BOREALIS])
def test_a_worker_killed_around_its_call_leaves_one_document(
    desk: Desk, database_url: str, ports_file: Path, connection_no: int, moment: str
) -> None:
    intent_no = plan_one(desk, connection_no)

    killed = subprocess.run(
        [
            *(sys.executable, "-m", "tests.posting.dying_worker"),
            *(database_url, str(desk.tenant), str(ports_file), moment),
        ],
        check=False,
    )
    state_after_kill = desk.states()
    desk.run_until_rested()

    assert killed.returncode == -signal.SIGKILL
    assert state_after_kill == {"CALLING": 1}
    assert desk.states() == {"CONFIRMED": 1}
    assert desk.booked(connection_no).total() == 1
    assert len({key for key, _ in desk.attempts(intent_no)}) == 1


@pytest.mark.parametrize("connection_no", [BILLING, ATLAS, BOREALIS])
def test_a_worker_that_sends_long_after_its_lease_is_shut_out(
    desk: Desk, connection_no: int
) -> None:
    intent_no = plan_one(desk, connection_no)
    asleep, wake = threading.Event(), threading.Event()

    def port(number: int) -> TargetPort:
        real = desk.port(number)

        def send(request: HttpRequest) -> Exchanged:
            # Beyond the send guard: the process stops just before the socket.
            if not asleep.is_set():
                asleep.set()
                wake.wait(timeout=30)
            return real.send(request)

        return replace(real, send=send)

    def sleepy_worker() -> None:
        run_due(desk.database, desk.tenant, port, timing=QUICK, threads_max=1)

    zombie = threading.Thread(target=sleepy_worker)
    zombie.start()
    assert asleep.wait(timeout=10)
    desk.run_until_rested(timing=QUICK)
    wake.set()
    zombie.join()

    assert desk.states() == {"CONFIRMED": 1}
    assert desk.booked(connection_no).total() == 1
    first, *others = desk.outcomes(intent_no)
    assert first[1] is True
    assert {fenced for _, fenced in others} == {False}


class SleepyClock:
    """Give a time that jumps by a minute between the claim and the call."""

    def __init__(self) -> None:
        self._now_ms = 0

    def monotonic_ms(self) -> int:
        self._now_ms += 60_000
        return self._now_ms


def test_a_worker_that_wakes_after_its_lease_sends_nothing(desk: Desk) -> None:
    intent_no = plan_one(desk, ATLAS)

    summary = run_due(
        desk.database,
        desk.tenant,
        desk.port,
        clock=SleepyClock(),
        timing=TIMING,
        limit=1,
    )

    assert summary.outcomes == {"not_sent": 1}
    assert desk.outcomes(intent_no) == [("not_sent", False)]
    assert desk.states() == {"READY": 1}
    assert desk.booked(ATLAS).total() == 0


def test_many_workers_at_once_book_each_document_once(desk: Desk) -> None:
    for number in range(1, 31):
        desk.plan(ATLAS, number, journal(number))

    workers = [threading.Thread(target=desk.run) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert desk.states() == {"CONFIRMED": 30}
    assert set(desk.booked(ATLAS).values()) == {1}
    assert {intent.attempts for intent in desk.intents()} == {1}
