"""The commands `up` and `down`, as a person gives them."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from hourline.infra.settings import load_settings
from tests.infra.jobs_state import is_alive, until
from tests.infra.postgres_state import open_directory

pytestmark = [pytest.mark.integration, pytest.mark.slow]
HOURLINE = (sys.executable, "-c", "from hourline.cli.main import run; run()")


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """Give an environment with a state directory of its own and no database."""
    with open_directory() as folder:
        kept = {
            name: text for name, text in os.environ.items() if name != "DATABASE_URL"
        }
        yield kept | {"HOURLINE_STATE": str(folder / "state")}


def say(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*HOURLINE, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def up(
    environment: dict[str, str], port: int
) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    """Run `hourline up` and give what it printed; end it at the end."""
    process = subprocess.Popen(
        [*HOURLINE, "up", "--json", "--sandbox", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=60)


def answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/health/live", timeout=5) as reply:  # noqa: S310 - http
            return bool(reply.status == 200)
    except OSError:
        return False


def children_of(pid: int) -> dict[int, str]:
    """Give the running programs of a supervisor, by process number."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    rows = [line.split(maxsplit=1) for line in listed.splitlines()]
    return {int(row[0]): row[1] for row in rows if is_alive(int(row[0]))}


def test_down_has_nothing_to_stop_where_nothing_was_started(
    environment: dict[str, str],
) -> None:
    answer = say(environment, "down", "--json")

    assert json.loads(answer.stdout)["stopped"] is False
    assert not Path(environment["HOURLINE_STATE"]).exists()


def test_up_runs_everything_and_down_stops_the_database_afterwards(
    environment: dict[str, str],
) -> None:
    state_dir = load_settings(environment).state_dir
    with up(environment, free_port()) as (process, addresses):
        until(lambda: answers(addresses["api"]))
        until(Path(addresses["sandbox"]).exists)
        programs = children_of(process.pid)
        (api,) = [pid for pid, words in programs.items() if " api " in words]

        second = say(environment, "up")
        too_early = say(environment, "down")
        os.kill(api, signal.SIGKILL)
        until(lambda: not is_alive(api))
        until(lambda: answers(addresses["api"]))
    left = [
        pid for pid in programs if is_alive(pid) and "postgres" not in programs[pid]
    ]
    first = say(environment, "down")
    again = say(environment, "down")

    assert process.returncode == 0
    assert left == []
    assert (second.returncode, too_early.returncode) == (2, 2)
    assert f"`hourline up` runs already for {state_dir}" in second.stderr
    assert f"by ending process {process.pid}" in too_early.stderr
    assert {path.name for path in Path(addresses["log"]).iterdir()} == {
        "api.log",
        "sandbox.log",
        "worker-1.log",
    }
    assert first.stdout == f"Stopped the database in {state_dir}.\n"
    assert again.stdout == f"No database runs in {state_dir}.\n"


def test_a_worker_that_cannot_reach_its_database_ends_with_status_3(
    environment: dict[str, str],
) -> None:
    nowhere = f"postgresql://127.0.0.1:{free_port()}/hourline"

    answer = say(environment | {"DATABASE_URL": nowhere}, "worker")

    assert answer.returncode == 3
    assert answer.stderr.startswith("The database is lost: ")


@pytest.mark.parametrize("command", ["up", "worker"])
def test_the_demo_does_no_work_for_other_firms_of_a_given_database(
    environment: dict[str, str], command: str
) -> None:
    nowhere = f"postgresql://127.0.0.1:{free_port()}/hourline"

    answer = say(environment | {"DATABASE_URL": nowhere}, command, "--demo")

    assert answer.returncode == 2
    assert answer.stderr.startswith("Workers serve every firm of a database")
