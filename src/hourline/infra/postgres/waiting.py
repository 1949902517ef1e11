"""Wait in short steps and tell the caller once a second what is waited for."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STEP_SECONDS = 0.05
TELL_EVERY_SECONDS = 1.0

OnWait = Callable[[str], None]


class Waiting:
    """Measure one wait without a limit of its own."""

    def __init__(self, on_wait: OnWait) -> None:
        """Start the clock; the first word is said after one second."""
        self._on_wait = on_wait
        self._since = self._told = time.monotonic()

    @property
    def elapsed_seconds(self) -> float:
        """Give the time since the wait began."""
        return time.monotonic() - self._since

    def step(self, what: str) -> None:
        """Sleep one step and, once a second, say what is waited for."""
        time.sleep(STEP_SECONDS)
        if time.monotonic() - self._told >= TELL_EVERY_SECONDS:
            self._told = time.monotonic()
            self._on_wait(f"{what} ({self.elapsed_seconds:.0f} s)")


@contextmanager
def one_at_a_time(path: Path, on_wait: OnWait) -> Iterator[None]:
    """Let one program at a time start or stop the server of a state directory.

    The kernel releases the file when its holder dies, however it dies.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        waiting = Waiting(on_wait)
        while not _taken(descriptor):
            waiting.step("waiting for another program to start or stop PostgreSQL")
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
