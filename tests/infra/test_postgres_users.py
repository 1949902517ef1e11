"""Who owns and runs the embedded server, and what stays as it was."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hourline.infra.postgres import CannotStart, EmbeddedPostgres
from tests.infra.postgres_state import (
    BINARIES,
    ask,
    modes_above,
    open_directory,
    own_files,
    say_nothing,
    server_in,
    server_uid,
)

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can change to another user"
)
pytestmark = pytest.mark.integration

# Runs as nobody from the third line on. Everything is loaded before, since that user
# may be unable to read the interpreter's or the project's files.
AS_NOBODY = """
import json, os, pwd, sys
from pathlib import Path
import psycopg
from hourline.infra.postgres import CannotStart, EmbeddedPostgres
from hourline.infra.postgres.binaries import Candidate, examine
nobody = pwd.getpwnam("nobody")
os.chdir("/")
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
binaries = examine(Candidate(Path(sys.argv[2]), "test"))
server = EmbeddedPostgres(Path(sys.argv[1]), binaries=binaries, fsync=False)
try:
    address = server.start(on_wait=lambda word: None)
except CannotStart as reason:
    print(json.dumps({"refused": str(reason)}))
    raise SystemExit
with psycopg.connect(address.url()) as connection:
    answer = connection.execute("SELECT 42").fetchone()[0]
pid = server.pid
uid = Path(f"/proc/{pid}").stat().st_uid
mode = (server._layout.root / "password").stat().st_mode & 0o777
server.stop()
print(json.dumps({"answer": answer, "uid": uid, "mode": mode}))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_directory() as folder:
        yield folder


def copied_package(folder: Path) -> Path:
    """Copy the packaged programs to where every user may run them."""
    assert BINARIES.copy_from is not None
    for part in BINARIES.copy_parts:
        shutil.copytree(BINARIES.copy_from / part, folder / part)
    return folder / BINARIES.bin_dir.relative_to(BINARIES.copy_from)


def run_as_nobody(state_dir: Path, bin_dir: Path) -> str:
    outcome = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(state_dir), str(bin_dir)],
        capture_output=True,
        text=True,
        check=True,
    )
    return outcome.stdout.strip()


@needs_root
def test_root_runs_the_server_as_nobody(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    with server_in(folder / "state") as server:
        address = server.start(on_wait=say_nothing)
        assert server.pid is not None
        runs_as = server_uid(server.pid)

        assert runs_as == nobody
        assert address.socket_dir.stat().st_uid == nobody
        assert ask(address, "SELECT 1") == 1


@needs_root
def test_an_ordinary_user_runs_the_server_directly(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    home = folder / "home"
    home.mkdir(0o700)
    own_files(home, nobody.pw_uid, nobody.pw_gid)
    bin_dir = copied_package(folder / "package")

    said = run_as_nobody(home / "state", bin_dir)

    assert said == f'{{"answer": 42, "uid": {nobody.pw_uid}, "mode": {0o600}}}'


@needs_root
def test_an_ordinary_user_is_told_of_a_state_directory_it_may_not_create(
    folder: Path,
) -> None:
    closed = folder / "closed"
    closed.mkdir(0o755)

    said = run_as_nobody(closed / "state", BINARIES.bin_dir)

    assert "Cannot use the state directory" in said
    assert "Set HOURLINE_STATE to another directory" in said


@needs_root
def test_an_ordinary_user_is_refused_a_directory_it_closed_and_that_is_left_alone(
    folder: Path,
) -> None:
    nobody = pwd.getpwnam("nobody")
    closed = folder / "closed"
    closed.mkdir()
    closed.chmod(0o600)
    own_files(closed, nobody.pw_uid, nobody.pw_gid)

    said = run_as_nobody(closed / "state", BINARIES.bin_dir)

    assert f"Cannot use the state directory {closed}/state" in said
    assert "HOURLINE_STATE" in said
    assert list(closed.iterdir()) == []


@pytest.fixture
def system_state(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the place of databases that cannot lie in their state directory."""
    place = folder / "system" / "hourline"
    place.parent.mkdir(0o755)
    monkeypatch.setattr("hourline.infra.postgres.layout.SYSTEM_STATE", place)
    return place


@needs_root
def test_root_in_a_closed_directory_keeps_the_database_apart_and_finds_it_again(
    folder: Path, system_state: Path
) -> None:
    closed = folder / "closed"
    closed.mkdir(0o700)
    before = modes_above(closed / "state")
    said: list[str] = []

    with server_in(closed / "state") as server:
        first = server.start(on_wait=said.append)
        ask(first, "CREATE TABLE kept AS SELECT 42 AS answer")
        sentences = [words for words in said if "is closed to nobody" in words]
        server.stop()
        said.clear()
    closed.chmod(0o755)
    with server_in(closed / "state") as server:
        answer = ask(server.start(on_wait=said.append), "SELECT answer FROM kept")
    closed.chmod(0o700)

    (apart,) = system_state.iterdir()
    assert answer == 42
    assert len(sentences) == 1
    assert sentences[0].endswith(f"its database is kept in {apart}")
    assert [words for words in said if "closed" in words] == []
    assert (closed / "state" / "postgresql").readlink() == apart
    assert modes_above(closed / "state") == before
    assert (apart.stat().st_uid, apart.stat().st_mode & 0o777) == (0, 0o710)


@needs_root
def test_a_database_kept_apart_is_taken_up_again_after_its_link_was_removed(
    folder: Path, system_state: Path
) -> None:
    closed = folder / "closed"
    closed.mkdir(0o700)
    said: list[str] = []
    with server_in(closed / "state") as server:
        ask(server.start(on_wait=say_nothing), "CREATE TABLE kept AS SELECT 42 AS it")
    shutil.rmtree(closed / "state")

    with server_in(closed / "state") as server:
        answer = ask(server.start(on_wait=said.append), "SELECT it FROM kept")

    assert answer == 42
    assert len(list(system_state.iterdir())) == 1
    assert any("its database is kept again in" in words for words in said)


@needs_root
def test_root_is_refused_where_neither_place_serves_and_all_is_left_alone(
    folder: Path, system_state: Path
) -> None:
    closed = folder / "closed"
    closed.mkdir(0o700)
    system_state.parent.chmod(0o700)
    server = EmbeddedPostgres(closed / "state", binaries=BINARIES)

    with pytest.raises(CannotStart) as refusal:
        server.start(on_wait=say_nothing)

    assert f"{closed / 'state'} is closed to nobody" in refusal.value.wrong
    assert f"may not enter {system_state.parent}" in refusal.value.wrong
    assert "HOURLINE_STATE" in refusal.value.remedy
    assert list(closed.iterdir()) == []
    assert list(system_state.parent.iterdir()) == []


@needs_root
def test_an_existing_database_whose_directory_was_closed_is_not_replaced(
    folder: Path, system_state: Path
) -> None:
    state_dir = folder / "open" / "state"
    with server_in(state_dir) as server:
        server.start(on_wait=say_nothing)
    (folder / "open").chmod(0o700)

    with pytest.raises(CannotStart, match=r"may not enter .*/open.*HOURLINE_STATE"):
        server.start(on_wait=say_nothing)

    assert not system_state.exists()


def test_no_permission_outside_the_state_directory_changes(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir(0o751)
    before = modes_above(inner / "state")
    package_before = modes_above(BINARIES.bin_dir / "postgres")

    with server_in(inner / "state") as server:
        server.start(on_wait=say_nothing)

    assert modes_above(inner / "state") == before
    assert modes_above(BINARIES.bin_dir / "postgres") == package_before


def test_only_the_owner_reads_the_password_and_the_messages(folder: Path) -> None:
    with server_in(folder / "state") as server:
        server.start(on_wait=say_nothing)

    root = folder / "state" / "postgresql"
    for name in ("password", "server.log", "turn"):
        seen = (root / name).stat()
        assert (name, seen.st_mode & 0o777) == (name, 0o600)
        assert (name, seen.st_uid) == (name, os.geteuid())
    assert (root / "data").stat().st_mode & 0o777 == 0o700


@needs_root
def test_programs_out_of_reach_are_copied_once_and_the_originals_left_alone(
    folder: Path,
) -> None:
    closed = folder / "closed"
    bin_dir = copied_package(closed)
    closed.chmod(0o700)
    binaries = replace(BINARIES, bin_dir=bin_dir, copy_from=closed)
    state_dir = folder / "state"
    copies = state_dir / "postgresql" / "programs"

    server = EmbeddedPostgres(state_dir, binaries=binaries, fsync=False)
    answered = ask(server.start(on_wait=say_nothing), "SELECT 1")
    first = [(path.name, path.stat().st_ino) for path in copies.iterdir()]
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    ask(server.start(on_wait=say_nothing), "SELECT 1")
    server.stop()

    assert answered == 1
    assert len(first) == 1
    assert [(path.name, path.stat().st_ino) for path in copies.iterdir()] == first
    assert closed.stat().st_mode & 0o777 == 0o700


@needs_root
def test_named_programs_out_of_reach_are_refused_with_the_remedy(folder: Path) -> None:
    closed = folder / "closed"
    bin_dir = copied_package(closed)
    closed.chmod(0o700)
    named = replace(BINARIES, bin_dir=bin_dir, copy_from=None, copy_parts=())
    server = EmbeddedPostgres(folder / "state", binaries=named, fsync=False)

    with pytest.raises(CannotStart, match=r"nobody.*HOURLINE_PG_BIN"):
        server.start(on_wait=say_nothing)
