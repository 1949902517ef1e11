"""Tie a supervised program's life to its supervisor's, by what the system offers."""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_LINUX = sys.platform == "linux"
# From linux/prctl.h.
_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36
_UNUSED = (ctypes.c_ulong(0),) * 3


def argv_of_child(argv: Sequence[str]) -> list[str]:
    """Give the command that runs `argv` so that it ends when the caller's thread does.

    It runs in between for a moment and then becomes the program, under one process
    number. Done so because code between fork and exec may dead-lock where there are
    threads.
    """
    if not _LINUX:
        return list(argv)
    return [sys.executable, "-P", "-m", __name__, str(os.getpid()), *argv]


def adopt_orphans() -> None:
    """Become the parent of what the caller's children leave behind; Linux only."""
    if _LINUX:
        _prctl(_SET_CHILD_SUBREAPER, 1)


def end_orphans(known: set[int]) -> None:
    """Kill the caller's children that are not `known` and are in its own session.

    What has a session of its own meant to stay. Linux only.
    """
    for pid in children() - known:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            if os.getsid(pid) == os.getsid(0):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            else:
                # Should it have ended, it must not stay as a zombie.
                os.waitpid(pid, os.WNOHANG)


def children() -> set[int]:
    """Give the process numbers of the caller's children; none but on Linux."""
    found: set[int] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        # A thread may end between being listed and being read.
        with contextlib.suppress(OSError):
            found.update(map(int, listing.read_text().split()))
    return found


def _prctl(option: int, argument: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(argument), *_UNUSED) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _become(supervisor: int, argv: list[str]) -> None:
    # SIGTERM, because a program told so also ends the processes it has started itself.
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != supervisor:
        # It died before it could be watched.
        sys.exit(1)
    os.execvp(argv[0], argv)  # noqa: S606 - no shell is meant; the caller gave the program


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])
