"""End the ERPs whose starting program was killed and could not end them."""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from tools.tryton.place import run_folder

PID_FILE = "pid"


def end_leftovers() -> None:
    """Kill each server that still runs from a folder, and remove the folder."""
    for folder in run_folder().iterdir():
        pid = _pid(folder)
        if pid and str(folder) in _command_line(pid):
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _pid(folder: Path) -> int | None:
    try:
        return int((folder / PID_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _command_line(pid: int) -> str:
    """Return the words of a process, so that a number used again kills nobody."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return words.decode(errors="replace")
