"""State directories and other programs for the tests of the embedded PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from hourline.infra.postgres import EmbeddedPostgres, ServerAddress, find_binaries

BINARIES = find_binaries(None)

# Another program: starts the server of argv[1], says its process number, and stays
# if told so.
STARTER = """
import sys, time
from pathlib import Path
from hourline.infra.postgres import EmbeddedPostgres, find_binaries
server = EmbeddedPostgres(Path(sys.argv[1]), binaries=find_binaries(None), fsync=False)
server.start(on_wait=lambda word: None)
print(server.pid, flush=True)
if sys.argv[2] == "stay":
    time.sleep(60)
"""


@contextmanager
def open_directory() -> Iterator[Path]:
    """Give a directory that every user may enter, unlike pytest's `tmp_path`."""
    folder = Path(tempfile.mkdtemp(prefix="hourline-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def server_in(
    state_dir: Path, *, listen_port: int | None = None
) -> Iterator[EmbeddedPostgres]:
    """Give a server that is not started yet and is stopped at the end."""
    server = EmbeddedPostgres(
        state_dir, binaries=BINARIES, listen_port=listen_port, fsync=False
    )
    try:
        yield server
    finally:
        server.stop()


def run_starter(state_dir: Path, *, stay: bool) -> "subprocess.Popen[str]":
    """Start the server from another program."""
    then = "stay" if stay else "leave"
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(state_dir), then],
        stdout=subprocess.PIPE,
        text=True,
    )


def said_pid(starter: "subprocess.Popen[str]") -> int:
    """Wait for the process number of the server that `starter` started."""
    assert starter.stdout is not None
    return int(starter.stdout.readline())


def ask(address: ServerAddress, statement: str) -> object:
    """Give the first value of a statement's answer, if it has one, committed."""
    with psycopg.connect(address.url()) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def say_nothing(_: str) -> None:
    """Ignore a word about a wait."""


def modes_above(path: Path) -> dict[str, int]:
    """Give the permissions of every directory above `path`."""
    return {str(parent): parent.stat().st_mode for parent in path.parents}


def server_uid(pid: int) -> int:
    """Give the user that runs a process."""
    answer = subprocess.run(
        ["ps", "-o", "uid=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(answer.stdout)


def own_files(folder: Path, uid: int, gid: int) -> None:
    """Hand a folder and all in it to a user."""
    for path in [folder, *folder.rglob("*")]:
        os.lchown(path, uid, gid)
