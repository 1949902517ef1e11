"""Run the demonstration on a terminal and read what is on the screen at the end."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
from collections.abc import Sequence

from tests.demo.month_process import Office

_ROWS, _COLUMNS = 60, 140
_SECONDS_MAX = 240
_CONTROL = re.compile(r"\x1b\[(\??[0-9;]*)([A-Za-z])")


def on_a_terminal(office: Office) -> tuple[int, list[str]]:
    """Return the exit status, and the lines as a person would read them."""
    ours, theirs = pty.openpty()
    size = struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    environment = {**office.environment(), "TERM": "xterm-256color"}
    # These would let the size and kind of the terminal be another than this one's.
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        environment.pop(name, None)
    process = subprocess.Popen(
        office.command("demo", "--json", str(office.facts_file)),
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    giving_up = threading.Timer(_SECONDS_MAX, process.kill)
    giving_up.start()
    try:
        written = _read_all(ours)
        return process.wait(), _screen(written.decode("utf-8"))
    finally:
        giving_up.cancel()
        os.close(ours)


def _read_all(terminal: int) -> bytes:
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:
            # Linux says so when the last program has closed the terminal.
            return b"".join(parts)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _screen(written: str) -> list[str]:
    """Carry out the few control sequences that bars use, and return the lines."""
    lines, row = [""], 0
    position = 0
    while position < len(written):
        control = _CONTROL.match(written, position)
        if control:
            row = _carry_out(lines, row, control.groups())
            position = control.end()
            continue
        character = written[position]
        position += 1
        if character == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif character == "\r":
            # What follows is written over the line; bars always erase it first, and
            # a line's end is both characters.
            continue
        else:
            lines[row] += character
    return [line.rstrip() for line in lines if line.strip()]


def _carry_out(lines: list[str], row: int, control: Sequence[str]) -> int:
    count, letter = control
    if letter == "A":
        return max(row - int(count or 1), 0)
    if letter == "K":
        lines[row] = ""
    return row
