"""The embedded server's life: start, share, crash, recover, stop."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from hourline.infra.postgres import (
    CannotStart,
    EmbeddedPostgres,
    database_address,
)
from hourline.infra.postgres.binaries import Binaries, examine, installed
from hourline.infra.postgres.waiting import one_at_a_time
from hourline.infra.settings import Settings
from tests.infra.postgres_state import (
    BINARIES,
    ask,
    open_directory,
    run_starter,
    said_pid,
    say_nothing,
    server_in,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def state_dir() -> Iterator[Path]:
    with open_directory() as folder:
        yield folder / "state"


@pytest.fixture
def server(state_dir: Path) -> Iterator[EmbeddedPostgres]:
    with server_in(state_dir) as server:
        yield server


def busy_backend(url: str, seconds: int) -> None:
    """Keep one backend too busy to notice that its postmaster died."""
    loop = (
        "DO $$ DECLARE until timestamptz := clock_timestamp() + "
        f"interval '{seconds} seconds'; "
        "BEGIN WHILE clock_timestamp() < until LOOP END LOOP; END $$"
    )
    with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        connection.execute(loop.encode())


def await_busy(url: str) -> None:
    """Return once the busy backend is at work, however slow this machine is."""
    found = "SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'"
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(found).fetchone() is None:
            time.sleep(0.05)


def delay_recovery(
    state_dir: Path, server: EmbeddedPostgres, *, seconds: float
) -> None:
    """Make the next start recover for a while before it accepts connections."""
    server.start(on_wait=say_nothing)
    server.stop()
    cluster = state_dir / "postgresql" / "data"
    owner = cluster.stat()
    (cluster / "recovery.signal").touch()
    os.chown(cluster / "recovery.signal", owner.st_uid, owner.st_gid)
    with (cluster / "postgresql.auto.conf").open("a") as file:
        file.write(f"restore_command = 'sleep {seconds}; false'\n")


def test_a_started_server_answers_until_it_is_stopped(server: EmbeddedPostgres) -> None:
    address = server.start(on_wait=say_nothing)
    answered = ask(address, "SELECT 40 + 2")
    alive_before = server.is_alive()
    server.stop()

    assert answered == 42
    assert alive_before
    assert not server.is_alive()
    assert server.pid is None


def test_a_stopped_server_has_ended_and_is_no_zombie(server: EmbeddedPostgres) -> None:
    server.start(on_wait=say_nothing)
    pid = server.pid
    assert pid is not None
    server.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_stopping_a_server_that_never_ran_creates_nothing(state_dir: Path) -> None:
    EmbeddedPostgres(state_dir, binaries=BINARIES).stop()

    assert not state_dir.exists()


def test_the_server_listens_on_a_private_socket_and_not_on_tcp(
    server: EmbeddedPostgres,
) -> None:
    address = server.start(on_wait=say_nothing)

    assert ask(address, "SHOW listen_addresses") == ""
    assert address.socket_dir.stat().st_mode & 0o777 == 0o700


def test_tcp_opens_on_loopback_when_asked_and_needs_the_password(
    state_dir: Path,
) -> None:
    with server_in(state_dir, listen_port=54329) as server:
        address = server.start(on_wait=say_nothing)
        where = "host=127.0.0.1 port=54329 user=postgres dbname=postgres"

        with psycopg.connect(where, password=address.password) as connection:
            assert connection.info.server_version >= 150_000
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(where, password="wrong")


def test_a_server_without_the_tcp_port_asked_for_is_not_taken_for_one_with_it(
    state_dir: Path, server: EmbeddedPostgres
) -> None:
    server.start(on_wait=say_nothing)
    asking = EmbeddedPostgres(state_dir, binaries=BINARIES, listen_port=54330)

    with pytest.raises(CannotStart, match=r"54330.*hourline down"):
        asking.start(on_wait=say_nothing)


def test_a_wrong_password_is_refused_on_the_socket(server: EmbeddedPostgres) -> None:
    address = server.start(on_wait=say_nothing)

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address.url(), password="wrong")


def test_the_server_outlives_the_program_that_started_it(
    state_dir: Path, server: EmbeddedPostgres
) -> None:
    with run_starter(state_dir, stay=False) as starter:
        pid = said_pid(starter)
    address = server.start(on_wait=say_nothing)

    assert starter.returncode == 0
    assert server.pid == pid
    assert ask(address, "SELECT 1") == 1


def test_a_killed_server_starts_again_with_its_data(server: EmbeddedPostgres) -> None:
    address = server.start(on_wait=say_nothing)
    ask(address, "CREATE TABLE kept AS SELECT 7 AS number")
    for _ in range(3):
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        address = server.start(on_wait=say_nothing)

    assert ask(address, "SELECT number FROM kept") == 7


def test_a_killed_server_that_nobody_reaps_starts_again(
    state_dir: Path, server: EmbeddedPostgres
) -> None:
    with run_starter(state_dir, stay=True) as starter:
        dead = said_pid(starter)
        os.kill(dead, signal.SIGKILL)
        time.sleep(0.2)
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(dead)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        address = server.start(on_wait=say_nothing)
        answered = ask(address, "SELECT 1")
        starter.kill()

    assert state.startswith("Z")
    assert answered == 1


def test_a_server_starts_once_the_backends_of_a_killed_one_are_gone(
    server: EmbeddedPostgres,
) -> None:
    address = server.start(on_wait=say_nothing)
    busy = threading.Thread(target=busy_backend, args=(address.url(), 12))
    busy.start()
    await_busy(address.url())
    words: list[str] = []
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)

    address = server.start(on_wait=words.append)
    busy.join()

    assert ask(address, "SELECT 1") == 1
    assert any("backends of a killed PostgreSQL" in word for word in words), words


def test_two_programs_starting_at_once_share_one_server(
    state_dir: Path, server: EmbeddedPostgres
) -> None:
    starters = [run_starter(state_dir, stay=False) for _ in range(3)]
    pids = {said_pid(starter) for starter in starters}
    for starter in starters:
        starter.communicate()

    assert len(pids) == 1
    assert {server.pid} == pids


@pytest.mark.parametrize("seconds", [0.15, 0.4, 0.7, 1.0])
def test_a_start_works_after_the_starting_program_was_killed(
    server: EmbeddedPostgres, state_dir: Path, seconds: float
) -> None:
    with run_starter(state_dir, stay=True) as starter:
        time.sleep(seconds)
        starter.kill()
    address = server.start(on_wait=say_nothing)

    assert ask(address, "SELECT 1") == 1


def test_a_long_recovery_is_waited_for_and_told(
    state_dir: Path, server: EmbeddedPostgres
) -> None:
    delay_recovery(state_dir, server, seconds=0.6)
    words: list[str] = []

    address = server.start(on_wait=words.append)

    assert ask(address, "SELECT pg_is_in_recovery()") is False
    assert "waiting for PostgreSQL to start or recover (1 s)" in words


def test_a_recovery_goes_on_when_the_starting_program_is_killed(
    state_dir: Path, server: EmbeddedPostgres
) -> None:
    delay_recovery(state_dir, server, seconds=0.6)
    with run_starter(state_dir, stay=False) as starter:
        while server.pid is None:
            time.sleep(0.05)
        recovering = server.pid
        starter.kill()

    server.start(on_wait=say_nothing)

    assert server.pid == recovering


def test_waiting_for_another_program_is_told(
    state_dir: Path, server: EmbeddedPostgres
) -> None:
    server.start(on_wait=say_nothing)
    server.stop()
    words: list[str] = []
    begun = threading.Event()

    def hold() -> None:
        turn_file = state_dir / "postgresql" / "turn"
        with one_at_a_time(turn_file, say_nothing):
            begun.set()
            time.sleep(1.5)

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait()
    server.start(on_wait=words.append)
    holder.join()

    assert words[0] == ("waiting for another program to start or stop PostgreSQL (1 s)")


def test_a_state_directory_too_deep_for_a_socket_works(state_dir: Path) -> None:
    deep = state_dir / ("d" * 120)
    with server_in(deep) as server:
        address = server.start(on_wait=say_nothing)
        answered = ask(address, "SELECT 1")
        mode = address.socket_dir.stat().st_mode & 0o777
    address.socket_dir.rmdir()

    assert answered == 1
    assert mode == 0o700
    assert not address.socket_dir.is_relative_to(deep)
    assert len(str(address.socket_dir)) < 80


def test_the_database_is_created_once_in_the_embedded_server(state_dir: Path) -> None:
    settings = Settings(state_dir=state_dir)
    with server_in(state_dir):
        url = database_address(settings, on_wait=say_nothing)
        again = database_address(settings, on_wait=say_nothing)
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_database()").fetchone()

    assert row == ("hourline",)
    assert again == url


def test_a_given_database_starts_nothing(state_dir: Path) -> None:
    settings = Settings(state_dir=state_dir, database_url="postgresql://elsewhere/x")

    url = database_address(settings, on_wait=say_nothing)

    assert url == "postgresql://elsewhere/x"
    assert not state_dir.exists()


def test_the_systems_postgresql_serves_as_well(state_dir: Path) -> None:
    found = [examine(one) for one in installed(os.defpath)]
    usable = [one for one in found if isinstance(one, Binaries)]
    if not usable:
        pytest.skip("no system PostgreSQL; apt-get install postgresql would do")
    server = EmbeddedPostgres(state_dir, binaries=usable[0], fsync=False)
    address = server.start(on_wait=say_nothing)
    answered = ask(address, "SHOW server_version_num")
    server.stop()

    assert str(answered).startswith(str(usable[0].major))
