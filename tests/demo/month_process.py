"""Run the demonstration as a process of its own, and find and kill its programs."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

_RUN = "from hourline.cli.main import run; run()"
# The words in the command line of each program by which it is known.
PROGRAMS = {
    "up": ("up", "--sandbox"),
    "api": ("api", "--port"),
    "worker": ("worker", "--stage"),
    "sandbox": ("hourline.connectors.sandbox",),
}
_SECONDS_MAX = 240
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class User:
    """Name who runs the programs, where that is not the tests' own user.

    `python` is an interpreter that this user may run, and `paths` are the folders
    where it finds what is installed.
    """

    name: str
    python: str
    paths: tuple[str, ...]


class Office:
    """Hold the state directory of demonstrations, one after the other."""

    def __init__(self, state: Path, user: User | None = None) -> None:
        self.state = state
        self.facts_file = state / "facts.json"
        self._user = user

    def environment(self) -> dict[str, str]:
        """Return the environment in which its commands run."""
        unset = {"DATABASE_URL", "HOURLINE_PG_PORT", "HOURLINE_KEY_FILE"}
        found = {k: v for k, v in os.environ.items() if k not in unset}
        found["HOURLINE_STATE"] = str(self.state)
        if self._user is not None:
            found["HOME"] = str(self.state)
            found["PYTHONPATH"] = os.pathsep.join(self._user.paths)
        return found

    def command(self, *arguments: str) -> tuple[str, ...]:
        """Return the command line of one of Hourline's commands."""
        python = sys.executable if self._user is None else self._user.python
        return (python, "-P", "-c", _RUN, *arguments)

    def popen(self, *arguments: str, output: IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start one of Hourline's commands; all that it says goes to one file."""
        user = None if self._user is None else pwd.getpwnam(self._user.name)
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=None if user is None else self.state,
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )

    def start(self) -> "Demonstration":
        """Start the demonstration; its output is written as a log's is."""
        return Demonstration(self)

    def log(self, program: str) -> str:
        """Return the log of a program."""
        path = self.state / "demo" / "log" / f"{program}.log"
        return path.read_text(encoding="utf-8")

    def facts(self) -> Mapping[str, Any]:
        """Return what the last demonstration that ended has stated."""
        facts: dict[str, Any] = json.loads(self.facts_file.read_bytes())
        return facts

    def run_kept(self) -> Mapping[str, Any]:
        """Return what is remembered of the last run, so that it can be finished."""
        kept = (self.state / "demo" / "demo.json").read_text(encoding="utf-8")
        run: dict[str, Any] = json.loads(kept)
        return run

    def processes(self, name: str) -> set[int]:
        """Return the numbers of the processes of a program."""
        if name == "postgres":
            lines = self._postmaster_file().read_text(encoding="utf-8").splitlines()
            return {int(lines[0])}
        return {
            pid for pid, words in self.running() if set(PROGRAMS[name]) <= set(words)
        }

    def running(self) -> Iterator[tuple[int, list[str]]]:
        """Yield number and command line of everything started for this directory."""
        mark = f"HOURLINE_STATE={self.state}".encode()
        for entry in Path("/proc").iterdir():
            # Processes end while they are looked at.
            with contextlib.suppress(OSError):
                if (
                    entry.name.isdigit()
                    and mark in (entry / "environ").read_bytes().split(b"\0")
                    and b"postgres" not in (entry / "comm").read_bytes()
                ):
                    words = (entry / "cmdline").read_bytes().decode().split("\0")
                    yield int(entry.name), words

    def kill(self, name: str) -> None:
        """Kill a program without warning, waiting for it where it just restarts."""
        deadline = time.monotonic() + _SECONDS_MAX
        while not (found := self.processes(name)):
            assert time.monotonic() < deadline, f"{name} does not run"
            time.sleep(_PAUSE_SECONDS)
        for pid in found:
            os.kill(pid, signal.SIGKILL)

    def orphans(self, *, within_seconds: float) -> list[list[str]]:
        """Return what runs beside the database, once some time was given to end."""
        deadline = time.monotonic() + within_seconds
        while (left := [words for _, words in self.running()]) and (
            time.monotonic() < deadline
        ):
            time.sleep(_PAUSE_SECONDS)
        return left

    def _postmaster_file(self) -> Path:
        return self.state / "demo" / "postgresql" / "data" / "postmaster.pid"


class Demonstration:
    """Watch one run of the demonstration."""

    def __init__(self, office: Office) -> None:
        self._output = Path(office.state / f"output-{uuid4().hex[:8]}.txt")
        facts = str(office.facts_file)
        with self._output.open("wb") as written:
            self.process = office.popen("demo", "--json", facts, output=written)

    @property
    def output(self) -> str:
        """Return what was printed until now."""
        return self._output.read_text(encoding="utf-8")

    def wait_for(self, title: str) -> None:
        """Wait until a step is done."""
        deadline = time.monotonic() + _SECONDS_MAX
        while f"\n{title} " not in f"\n{self.output}":
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(_PAUSE_SECONDS)

    def wait(self) -> int:
        """Wait for the end and return the exit status."""
        try:
            return self.process.wait(_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextlib.contextmanager
def open_office(user: User | None = None) -> Iterator[Office]:
    """Give a fresh state directory and leave nothing of it behind.

    It lies directly below the system's folder for such things, because root's server
    runs as another user, who could not pass a private folder in between.
    """
    state = Path(tempfile.gettempdir()) / f"hourline-demo-{uuid4().hex[:8]}"
    state.mkdir(mode=0o711)
    if user is not None:
        shutil.chown(state, user.name)
    office = Office(state, user)
    try:
        yield office
    finally:
        _close(office)


def _close(office: Office) -> None:
    for pid, _ in office.running():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    try:
        with (office.state / "down.txt").open("wb") as written:
            status = office.popen("down", "--demo", output=written).wait(60)
        said = (office.state / "down.txt").read_text(encoding="utf-8")
        assert status == 0, said
    finally:
        shutil.rmtree(office.state)
