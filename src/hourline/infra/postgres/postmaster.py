"""Read what a server left in its pid files, and clear them when they are stale."""

import os
import re
import subprocess
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

PID_FILE = "postmaster.pid"
PID_FILE_LINES_MIN = 5
PROGRAM_NAMES = ("postgres", "postmaster")


class PidState(Enum):
    """Say what the system knows of a process number."""

    ABSENT = auto()
    ZOMBIE = auto()
    FOREIGN = auto()
    OURS = auto()


@dataclass(frozen=True)
class Postmaster:
    """Hold what a server wrote about itself into its data directory."""

    pid: int
    port: int
    socket_dir: Path
    listen_addresses: str
    is_ready: bool


def read_postmaster(cluster: Path) -> Postmaster | None:
    """Give the server's own words, or nothing if there are none or only a part."""
    try:
        lines = (cluster / PID_FILE).read_text(errors="replace").splitlines()
    except OSError:
        return None
    if len(lines) < PID_FILE_LINES_MIN:
        return None
    pid, _, _, port, socket_dir, *rest = (text.strip() for text in lines)
    if not pid.isdigit() or not port.isdigit() or not socket_dir:
        return None
    return Postmaster(
        pid=int(pid),
        port=int(port),
        socket_dir=Path(socket_dir),
        listen_addresses=rest[0] if rest else "",
        is_ready=bool(rest) and rest[-1] == "ready",
    )


def pid_state(pid: int, cluster: Path) -> PidState:
    """Tell whether `pid` is the server of `cluster`."""
    if Path("/proc/self/stat").exists():
        return _state_from_proc(pid, cluster)
    return state_from_ps(pid, cluster)


def state_from_ps(pid: int, cluster: Path) -> PidState:
    """Do the same by the `ps` program, for systems without /proc."""
    answer = subprocess.run(
        ["/bin/ps", "-ww", "-o", "stat=", "-o", "args=", "-p", str(pid)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    state, _, arguments = answer.stdout.strip().partition(" ")
    if not state:
        return PidState.ABSENT
    if state.startswith("Z"):
        return PidState.ZOMBIE
    is_ours = f" -D {cluster} " in f"{arguments} "
    return PidState.OURS if is_ours else PidState.FOREIGN


def clear_stale(pid_file: Path, cluster: Path) -> None:
    """Remove a pid file whose process is no longer the server of `cluster`.

    PostgreSQL takes any living process number, and a zombie's too, for a server.
    Its shared memory still keeps a second one off the data of a forgotten backend.
    """
    try:
        text = pid_file.read_text(errors="replace")
    except FileNotFoundError:
        return
    found = re.match(r"\d+", text)
    if not found or pid_state(int(found[0]), cluster) is not PidState.OURS:
        pid_file.unlink(missing_ok=True)


def _state_from_proc(pid: int, cluster: Path) -> PidState:
    folder = Path("/proc") / str(pid)
    try:
        # The name in parentheses may itself hold blanks and parentheses.
        status = (folder / "stat").read_text(errors="replace").rpartition(")")[2]
        words = (folder / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return PidState.ABSENT
    if status.split()[0] in {"Z", "X"}:
        return PidState.ZOMBIE
    is_postgres = Path(os.fsdecode(words[0])).name in PROGRAM_NAMES
    if is_postgres and (os.fsencode(cluster) in words or _works_in(folder, cluster)):
        return PidState.OURS
    return PidState.FOREIGN


def _works_in(folder: Path, cluster: Path) -> bool:
    """Recognise a server started under another path of the same directory."""
    try:
        return (folder / "cwd").samefile(cluster)
    except OSError:
        return False
