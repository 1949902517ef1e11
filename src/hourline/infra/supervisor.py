"""Keep the programs of one installation running, and end them together."""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from hourline.infra.supervisor_child import (
    adopt_orphans,
    argv_of_child,
    children,
    end_orphans,
)

AGAIN_SECONDS_MIN, AGAIN_SECONDS_MAX = 0.2, 5.0
# A program that ran this long is not in a loop of failures any more.
SETTLED_SECONDS = 10.0
GRACE_SECONDS = 15.0
_STEP_SECONDS = 0.1
_LOG_BYTES_MAX = 10_000_000

Say = Callable[[str], None]


@dataclass(frozen=True)
class Child:
    """Name a program to keep running; `env` is added to the supervisor's own."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass
class _Run:
    """Hold one child's present run and when it may be started again."""

    child: Child
    running: "subprocess.Popen[bytes] | None" = None
    began_at: float = 0.0
    again_at: float = 0.0
    again_seconds: float = AGAIN_SECONDS_MIN


class Supervisor:
    """Start programs in order, start again those that end, stop in reverse order.

    A program's output goes to `NAME.log` in the log directory. What a dead program
    leaves running in this session is killed, so that it holds no port or lock of its
    successor; what went into a session of its own, as a database does, is left alone.
    On Linux the programs are told to end when the supervisor is killed; elsewhere they
    outlive a supervisor that is killed outright.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        log_dir: Path,
        say: Say,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """Name the programs; nothing is started yet. `say` is told what happens."""
        self._runs = [_Run(child) for child in children]
        self._log_dir = log_dir
        self._say = say
        self._grace_seconds = grace_seconds
        self._stopping = False
        self._not_ours: set[int] = set()

    def run(self) -> None:
        """Keep the programs running until SIGTERM or SIGINT; then stop them all.

        To be called in the main thread, which has to live as long as the programs.
        """
        with _told_to_stop(self._note_stop):
            self._log_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._not_ours = children()
            adopt_orphans()
            try:
                while not self._stopping:
                    self._start_missing()
                    time.sleep(_STEP_SECONDS)
                    self._note_ends()
            finally:
                self._stop_all()

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start_missing(self) -> None:
        for run in self._runs:
            due = run.running is None and time.monotonic() >= run.again_at
            if due and not self._stopping:
                self._start(run)

    def _start(self, run: _Run) -> None:
        run.began_at = time.monotonic()
        try:
            run.running = self._launch(run.child)
        except OSError as reason:
            self._put_off(run, f"cannot be started ({reason})")

    def _launch(self, child: Child) -> "subprocess.Popen[bytes]":
        path = self._log_of(child)
        if path.exists() and path.stat().st_size > _LOG_BYTES_MAX:
            path.replace(path.with_suffix(".previous"))
        with path.open("ab") as log:
            return subprocess.Popen(
                argv_of_child(child.argv),
                env={**os.environ, **child.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _note_ends(self) -> None:
        for run in self._runs:
            if run.running is None or run.running.poll() is None or self._stopping:
                continue
            status = run.running.returncode
            run.running = None
            self._put_off(run, _ending(status))
        ours = {run.running.pid for run in self._runs if run.running is not None}
        end_orphans(self._not_ours | ours)

    def _put_off(self, run: _Run, what: str) -> None:
        now = time.monotonic()
        if now - run.began_at > SETTLED_SECONDS:
            run.again_seconds = AGAIN_SECONDS_MIN
        self._say(
            f"{run.child.name} {what}; it starts again in {run.again_seconds:g} s"
            f" (see {self._log_of(run.child)})"
        )
        run.again_at = now + run.again_seconds
        run.again_seconds = min(run.again_seconds * 2, AGAIN_SECONDS_MAX)

    def _log_of(self, child: Child) -> Path:
        return self._log_dir / f"{child.name}.log"

    def _stop_all(self) -> None:
        for run in reversed(self._runs):
            if run.running is not None:
                self._stop(run.child.name, run.running)
        end_orphans(self._not_ours)

    def _stop(self, name: str, running: "subprocess.Popen[bytes]") -> None:
        running.terminate()
        try:
            running.wait(self._grace_seconds)
        except subprocess.TimeoutExpired:
            self._say(f"{name} did not stop in {self._grace_seconds:g} s; it is killed")
            running.kill()
            running.wait()


def _ending(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    names = {each.value: each.name for each in signal.Signals}
    return f"was ended by {names.get(-status, f'signal {-status}')}"


@contextlib.contextmanager
def _told_to_stop(note: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, note) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


class AlreadyRuns(Exception):
    """Say which process holds what only one may hold."""


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold a file while the block runs; the system frees it when the process dies.

    Raises:
        AlreadyRuns: another process holds it.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as reason:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace")
            raise AlreadyRuns(holder or "unknown") from reason
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(descriptor)
