"""Workers as programs of their own, and what they wrote, for the tests of jobs."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# A worker of stage argv[2] in the database argv[1]. Its work writes to the file argv[3]
# when it begins and ends, and takes argv[4] seconds; for tenant argv[6] it raises.
WORKER = """
import os, sys, time
from hourline.infra import jobs_worker
url, stage, path, seconds, sweep, broken = sys.argv[1:]
jobs_worker.STALE_SECONDS = 2.0
def say(what, tenant):
    with open(path, "a") as file:
        file.write(f"{what} {tenant} {os.getpid()} {time.monotonic()}\\n")
def look(tenant):
    say("begin", tenant)
    if tenant == int(broken):
        raise RuntimeError("invoice of 4711.00 for Mary Miller")
    time.sleep(float(seconds))
    say("end", tenant)
try:
    jobs_worker.run_worker(url, {stage: look}, sweep_seconds=float(sweep))
except jobs_worker.DatabaseLost as lost:
    print("lost:", lost, flush=True)
    os._exit(3)
"""
NO_SWEEP = 1000.0


@dataclass(frozen=True)
class Note:
    """Hold one line that a worker wrote."""

    what: str
    tenant: int
    pid: int
    at: float


@dataclass(frozen=True)
class Notes:
    """Read what workers wrote."""

    path: Path

    def all(self) -> list[Note]:
        """Give every complete line."""
        text = self.path.read_text() if self.path.exists() else ""
        rows = [line.split() for line in text.splitlines() if line.count(" ") == 3]
        return [Note(row[0], int(row[1]), int(row[2]), float(row[3])) for row in rows]

    def count(self, what: str, tenant: int) -> int:
        """Give how often something was written of a tenant."""
        wanted = (what, tenant)
        return sum((note.what, note.tenant) == wanted for note in self.all())

    @property
    def said(self) -> Path:
        """Give the file of what workers print."""
        return self.path.with_suffix(".said")


@contextmanager
def worker(
    url: str,
    stage: str,
    notes: Notes,
    *,
    seconds: float = 0.0,
    sweep: float = NO_SWEEP,
    broken: int = 0,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker; kill it at the end if it still runs."""
    arguments = (url, stage, notes.path, seconds, sweep, broken)
    with notes.said.open("ab") as said:
        started = subprocess.Popen(
            [sys.executable, "-c", WORKER, *map(str, arguments)],
            stdout=said,
            stderr=said,
        )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds; fail after a while."""
    ends_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends_at, "it did not come to hold"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return False
        return subprocess.run(["ps", "-p", str(pid)], check=False).returncode == 0
    return status not in {"Z", "X"}
