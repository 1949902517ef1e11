"""Stand between Hourline and the ERP and hurt the connection in ways of the world.

What matters most is the reply that is lost after the ERP has committed: the sender
then cannot know what happened. One connection carries one request here, since Tryton
closes each connection after its answer.
"""

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

_CHUNK = 65536
_HEAD_END = b"\r\n\r\n"
_WAIT_SECONDS_MAX = 120
_ACCEPT_SECONDS = 0.2


class Fault(StrEnum):
    """Name what can happen to a request."""

    NONE = "passed"
    DROPPED = "dropped"
    """The ERP answered, and the sender never hears of it."""
    DELAYED = "delayed"
    REFUSED = "refused"
    """The connection is closed before the ERP sees anything."""


@dataclass(frozen=True)
class Chances:
    """Say how many requests in a hundred meet each fault, and which may meet one."""

    drop_percent: int = 0
    delay_percent: int = 0
    refuse_percent: int = 0
    delay_seconds: float = 0.5
    marks: tuple[str, ...] = ("POST ",)
    """Words of which one must be in the request's first line."""


CALM = Chances()


class FaultProxy:
    """Forward connections to one port, with faults on demand, and count them."""

    def __init__(self, target_port: int, *, seed: int = 0) -> None:
        """Listen on a free port at once."""
        self._target = ("127.0.0.1", target_port)
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._chances = CALM
        self._due: list[tuple[Fault, str]] = []
        self._guard = threading.Condition()
        self._ends = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_ACCEPT_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self.counts: Counter[Fault] = Counter()
        self.bitten: list[tuple[Fault, str]] = []
        """Each fault with the first line of the request it met."""
        self.recorded: list[bytearray] | None = None
        """Each request as it came, in their order, once this is a list."""
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    @property
    def url(self) -> str:
        """Return where the ERP seems to be."""
        return f"http://127.0.0.1:{self.port}"

    def misbehave(self, chances: Chances) -> None:
        """Meet requests with faults from now on."""
        with self._guard:
            self._chances = chances

    def behave(self) -> None:
        """Forward everything from now on."""
        self.misbehave(CALM)

    def next_time(self, fault: Fault, mark: str) -> None:
        """Meet the next request with `mark` in its first line with a fault."""
        with self._guard:
            self._due.append((fault, mark))

    @property
    def seen(self) -> int:
        """Return how many requests came."""
        return self.counts.total()

    def await_requests(self, number: int, *, within_seconds: float) -> bool:
        """Wait for so many requests in all; tell whether they came in time."""
        with self._guard:
            return self._guard.wait_for(lambda: self.seen >= number, within_seconds)

    def close(self) -> None:
        """Stop listening and wait for the connections to end."""
        self._ends.set()
        self._acceptor.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self._ends.is_set():
            with suppress(TimeoutError):
                sender, _ = self._listener.accept()
                serving = threading.Thread(target=self._serve, args=(sender,))
                serving.start()
                self._threads = [one for one in self._threads if one.is_alive()]
                self._threads.append(serving)

    def _serve(self, sender: socket.socket) -> None:
        # Either side may be killed at any moment; that is what this is for.
        with sender, suppress(OSError):
            sender.settimeout(_WAIT_SECONDS_MAX)
            head = _read_head(sender)
            if not head:
                return
            fault = self._choose(head.split(b"\r\n")[0].decode(errors="replace"))
            if fault is Fault.REFUSED:
                return
            if fault is Fault.DELAYED:
                time.sleep(self._chances.delay_seconds)
            self._forward(sender, head, keep_reply=fault is Fault.DROPPED)

    def _choose(self, first_line: str) -> Fault:
        with self._guard:
            fault = self._due_for(first_line) or self._drawn(first_line)
            self.counts[fault] += 1
            self._guard.notify_all()
            if fault is not Fault.NONE:
                self.bitten.append((fault, first_line))
            return fault

    def _due_for(self, first_line: str) -> Fault | None:
        for place, (fault, mark) in enumerate(self._due):
            if mark in first_line:
                del self._due[place]
                return fault
        return None

    def _drawn(self, first_line: str) -> Fault:
        chances = self._chances
        if not any(mark in first_line for mark in chances.marks):
            return Fault.NONE
        drawn = self._random.randrange(100)
        for fault, percent in (
            (Fault.DROPPED, chances.drop_percent),
            (Fault.DELAYED, chances.delay_percent),
            (Fault.REFUSED, chances.refuse_percent),
        ):
            if drawn < percent:
                return fault
            drawn -= percent
        return Fault.NONE

    def _forward(self, sender: socket.socket, head: bytes, *, keep_reply: bool) -> None:
        kept = bytearray()
        if self.recorded is not None:
            self.recorded.append(kept)
        erp = socket.create_connection(self._target, _WAIT_SECONDS_MAX)
        with erp, _pumped(sender, erp, head, kept):
            while reply := erp.recv(_CHUNK):
                # The ERP answers after it committed, so its first byte is proof.
                if keep_reply:
                    return
                sender.sendall(reply)


@contextmanager
def _pumped(
    sender: socket.socket, erp: socket.socket, head: bytes, kept: bytearray
) -> Iterator[None]:
    """Carry the request to the ERP: what was read of it, and the rest meanwhile."""
    kept += head
    erp.sendall(head)

    def pump() -> None:
        with suppress(OSError):
            while sent := sender.recv(_CHUNK):
                kept.extend(sent)
                erp.sendall(sent)

    pumping = threading.Thread(target=pump)
    pumping.start()
    try:
        yield
    finally:
        # Wakes the thread that still waits for the sender.
        with suppress(OSError):
            sender.shutdown(socket.SHUT_RDWR)
        pumping.join()


def _read_head(sender: socket.socket) -> bytes:
    read = b""
    while _HEAD_END not in read:
        more = sender.recv(_CHUNK)
        if not more:
            return b""
        read += more
    return read
