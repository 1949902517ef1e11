"""What the supervisor promises: nothing stays down, nothing stays behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hourline.infra.supervisor import AlreadyRuns, Child, only_one
from hourline.infra.supervisor_child import argv_of_child
from tests.infra.jobs_state import is_alive, until

pytestmark = pytest.mark.integration
on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a program of its parent's death"
)

# A supervisor of the programs named in argv[2:] as NAME=CODE, which are Python texts.
SUPERVISOR = """
import sys
from pathlib import Path
from hourline.infra.supervisor import Child, Supervisor
children = []
for text in sys.argv[3:]:
    name, _, code = text.partition("=")
    argv = (sys.executable, "-c", code)
    children.append(Child(name, argv, {"CHILD": name, "NOTES": sys.argv[1]}))
Supervisor(
    children, log_dir=Path(sys.argv[1]) / "log", grace_seconds=float(sys.argv[2]),
    say=lambda words: print(words, flush=True),
).run()
"""
# Writes "NAME PID" at each start, and "NAME ended" when told to end.
OPENING = """
import os, signal, subprocess, sys, time
def note(words):
    with open(os.environ["NOTES"] + "/notes", "a") as file:
        file.write(os.environ["CHILD"] + " " + words + chr(10))
def ended(number, frame):
    note("ended")
    raise SystemExit
signal.signal(signal.SIGTERM, ended)
note(str(os.getpid()))
"""
STAYS = OPENING + "time.sleep(60)"
FAILS = OPENING + "print('out of order'); sys.exit(7)"
IS_DEAF = OPENING + "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
HAS_OFFSPRING = (
    OPENING
    + """
sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
note(f"offspring {subprocess.Popen(sleeper).pid}")
note(f"detached {subprocess.Popen(sleeper, start_new_session=True).pid}")
time.sleep(60)
"""
)

HOLDER = """
import sys, time
from pathlib import Path
from hourline.infra.supervisor import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@dataclass(frozen=True)
class Supervised:
    """Hold a running supervisor and the folder its programs write to."""

    process: "subprocess.Popen[str]"
    folder: Path

    def notes(self) -> list[str]:
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []

    def pids(self, name: str, what: str = "") -> list[int]:
        opening = f"{name} {what} " if what else f"{name} "
        found = [line.removeprefix(opening) for line in self.notes()]
        return [int(text) for text in found if text.isdigit()]

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@contextmanager
def supervised(
    folder: Path, *children: str, grace_seconds: float = 10.0
) -> Iterator[Supervised]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, folder, str(grace_seconds), *children],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Supervised(process, folder)
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)
        assert process.stdout is not None
        process.stdout.close()


def test_a_killed_program_is_started_again_and_said_so(folder: Path) -> None:
    with supervised(folder, f"api={STAYS}") as running:
        until(lambda: len(running.pids("api")) == 1)
        os.kill(running.pids("api")[0], signal.SIGKILL)
        until(lambda: len(running.pids("api")) == 2)
        first, second = running.pids("api")
        alive = (is_alive(first), is_alive(second))
        said = running.stop()

    assert alive == (False, True)
    assert not is_alive(second)
    assert "api was ended by SIGKILL; it starts again in 0.2 s" in said


def test_a_program_that_fails_at_once_is_started_ever_more_rarely(folder: Path) -> None:
    with supervised(folder, f"api={FAILS}") as running:
        until(lambda: len(running.pids("api")) == 4)
        said = running.stop()

    waits = [words.split(" s ")[0].split()[-1] for words in said.splitlines()]
    assert waits[:3] == ["0.2", "0.4", "0.8"]
    assert "ended with status 7" in said
    assert (folder / "log" / "api.log").read_text().startswith("out of order\nout of")


def test_programs_are_ended_in_the_reverse_order_of_their_start(folder: Path) -> None:
    programs = (f"database={STAYS}", f"api={STAYS}", f"worker={STAYS}")
    with supervised(folder, *programs) as running:
        until(lambda: len(running.notes()) == 3)
        running.stop()

    ended = [line for line in running.notes() if line.endswith("ended")]
    assert ended == ["worker ended", "api ended", "database ended"]
    assert running.process.returncode == 0


def test_a_program_that_does_not_end_is_killed_after_a_grace(folder: Path) -> None:
    with supervised(folder, f"api={IS_DEAF}", grace_seconds=0.5) as running:
        until(lambda: len(running.pids("api")) == 1)
        time.sleep(0.3)
        said = running.stop()

    assert "api did not stop in 0.5 s; it is killed" in said
    assert not is_alive(running.pids("api")[0])


@on_linux
def test_a_killed_supervisor_leaves_no_program_behind(folder: Path) -> None:
    with supervised(folder, f"api={STAYS}", f"worker={STAYS}") as running:
        until(lambda: len(running.notes()) == 2)
        pids = [*running.pids("api"), *running.pids("worker")]
        running.process.kill()

        until(lambda: not any(is_alive(pid) for pid in pids), seconds=10)


@on_linux
def test_what_a_killed_program_leaves_running_is_ended_unless_it_detached_itself(
    folder: Path,
) -> None:
    with supervised(folder, f"api={HAS_OFFSPRING}") as running:
        until(lambda: len(running.pids("api", "detached")) == 1)
        (left,) = running.pids("api", "offspring")
        (detached,) = running.pids("api", "detached")
        os.kill(running.pids("api")[0], signal.SIGKILL)
        until(lambda: len(running.pids("api", "detached")) == 2)
        alive = (is_alive(left), is_alive(detached))
        running.stop()
        after_the_end = (is_alive(left), is_alive(detached))
        for pid in running.pids("api", "detached"):
            os.kill(pid, signal.SIGKILL)

    assert alive == (False, True)
    assert after_the_end == (False, True)


@on_linux
def test_a_program_whose_supervisor_is_gone_already_does_not_begin() -> None:
    command = argv_of_child([sys.executable, "-c", "print('began')"])
    of_another_parent = [word if word != str(os.getpid()) else "1" for word in command]

    begun = subprocess.run(command, capture_output=True, text=True, check=False)
    refused = subprocess.run(
        of_another_parent, capture_output=True, text=True, check=False
    )

    assert (begun.returncode, begun.stdout) == (0, "began\n")
    assert (refused.returncode, refused.stdout) == (1, "")


def test_the_environment_of_a_program_is_not_shown_with_it() -> None:
    child = Child("api", ("api",), {"KEY": "secret"})

    assert "secret" not in repr(child)


def test_one_process_at_a_time_holds_a_file_until_it_ends(folder: Path) -> None:
    path = folder / "up.pid"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    with pytest.raises(AlreadyRuns, match=f"^{holder.pid}$"), only_one(path):
        pass
    holder.kill()
    holder.communicate()
    with only_one(path):
        held_by = path.read_text()

    assert held_by == str(os.getpid())
