"""Post a month while programs are killed and replies are lost, at seeded moments.

A moment is counted in requests that the ERP has seen, not in seconds, so that every
blow falls while documents are booked, on a fast machine as on a slow one.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from tools.tryton.erp import Erp
from tools.tryton.proxy import Chances, FaultProxy

FINISH_SECONDS_MAX = 900.0
_REQUESTS_BETWEEN_MAX = 8
_SECONDS_BETWEEN_MAX = 30.0
_PAUSE_SECONDS = 0.2
_ERP_DOWN_SECONDS = 1.0


class Poster(Protocol):
    """Do what is due at the ERP, as a process that can be killed."""

    def start_posting(self) -> "subprocess.Popen[bytes]":
        """Start a process, in a group of its own, that books what is due and ends."""
        ...

    def is_finished(self) -> bool:
        """Tell whether every document is booked or waits for a person."""
        ...


@dataclass(frozen=True)
class Scene:
    """Hold who posts, where to, and what stands between."""

    poster: Poster
    erp: Erp
    proxy: FaultProxy
    seed: int


class NeverFinished(Exception):
    """Say that documents are still open long after they should be booked."""


Hurt = Callable[[Scene], int]
"""Post a month badly; return how often something was hurt."""


def in_peace(scene: Scene) -> int:
    """Post without any fault."""
    finish(scene)
    return 0


def killing_the_poster(scene: Scene, *, times: int = 20) -> int:
    """Kill the posting process without warning, again and again."""
    chance = random.Random(scene.seed)  # noqa: S311 - repeatable, not secret
    kills = 0
    while kills < times and not scene.poster.is_finished():
        process = scene.poster.start_posting()
        _await_traffic(scene, chance)
        # Between a request and the next there is time too.
        time.sleep(chance.uniform(0, _PAUSE_SECONDS))
        if process.poll() is None:
            kills += 1
        _kill(process)
    finish(scene)
    return kills


def killing_the_erp(scene: Scene, *, times: int = 4) -> int:
    """Kill Tryton without warning while it is posted to, and start it again."""
    chance = random.Random(scene.seed)  # noqa: S311 - repeatable, not secret
    kills = 0
    while kills < times and not scene.poster.is_finished():
        process = scene.poster.start_posting()
        while kills < times and _await_traffic(scene, chance):
            scene.erp.server.kill()
            kills += 1
            time.sleep(_ERP_DOWN_SECONDS)
            scene.erp.server.restart()
        _await_end(process)
    finish(scene)
    return kills


def losing_replies(scene: Scene, *, kills: int = 0) -> int:
    """Lose replies after the ERP has committed, refuse and delay connections.

    So many times the posting process is killed besides.
    """
    before = len(scene.proxy.bitten)
    scene.proxy.misbehave(
        Chances(drop_percent=20, refuse_percent=5, delay_percent=5, delay_seconds=0.2)
    )
    try:
        killed = killing_the_poster(scene, times=kills)
    finally:
        scene.proxy.behave()
    return len(scene.proxy.bitten) - before + killed


def finish(scene: Scene) -> None:
    """Post until nothing is open any more.

    Raises:
        NeverFinished: something is still open after a long time.
    """
    deadline = time.monotonic() + FINISH_SECONDS_MAX
    while not scene.poster.is_finished():
        if time.monotonic() > deadline:
            raise NeverFinished(f"still open after {FINISH_SECONDS_MAX:.0f} s")
        _await_end(scene.poster.start_posting())
        time.sleep(_PAUSE_SECONDS)


def _await_traffic(scene: Scene, chance: random.Random) -> bool:
    more = chance.randint(1, _REQUESTS_BETWEEN_MAX)
    return scene.proxy.await_requests(
        scene.proxy.seen + more, within_seconds=_SECONDS_BETWEEN_MAX
    )


def _await_end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(FINISH_SECONDS_MAX)
    except subprocess.TimeoutExpired as late:
        _kill(process)
        raise NeverFinished("the posting process does not end") from late


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
