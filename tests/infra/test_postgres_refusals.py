"""What the embedded server refuses, and that each refusal names the remedy."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hourline.infra.postgres import CannotStart, EmbeddedPostgres, find_binaries
from hourline.infra.postgres.layout import create_private
from hourline.infra.postgres.os_user import OsUser
from tests.infra.postgres_state import (
    BINARIES,
    ask,
    open_directory,
    say_nothing,
    server_in,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def stopped() -> Iterator[tuple[EmbeddedPostgres, Path]]:
    """Give a server that ran once, and its part of the state directory."""
    with open_directory() as folder, server_in(folder / "state") as server:
        server.start(on_wait=say_nothing)
        server.stop()
        yield server, folder / "state" / "postgresql"


def test_data_of_another_major_version_is_refused_and_left_alone(
    stopped: tuple[EmbeddedPostgres, Path],
) -> None:
    server, root = stopped
    version_file = root / "data" / "PG_VERSION"
    version_file.write_text("14\n")

    with pytest.raises(CannotStart) as refusal:
        server.start(on_wait=say_nothing)

    assert "written by PostgreSQL 14" in refusal.value.wrong
    assert "programs found are 18." in refusal.value.wrong
    assert "pg_dumpall" in refusal.value.remedy
    assert version_file.read_text() == "14\n"
    version_file.write_text("18\n")
    assert ask(server.start(on_wait=say_nothing), "SELECT 1") == 1


def test_data_without_its_password_is_refused(
    stopped: tuple[EmbeddedPostgres, Path],
) -> None:
    server, root = stopped
    (root / "password").unlink()

    with pytest.raises(CannotStart, match=r"password.*backup"):
        server.start(on_wait=say_nothing)


def test_a_server_that_cannot_run_is_quoted(
    stopped: tuple[EmbeddedPostgres, Path],
) -> None:
    server, root = stopped
    with (root / "data" / "postgresql.auto.conf").open("a") as file:
        file.write("no_such_setting = 1\n")

    with pytest.raises(CannotStart, match=r'unrecognized.*"no_such_setting"'):
        server.start(on_wait=say_nothing)


def test_a_pid_file_naming_another_program_does_not_prevent_the_start(
    stopped: tuple[EmbeddedPostgres, Path],
) -> None:
    server, root = stopped
    lines = [str(os.getpid()), str(root / "data"), "1", "5432", str(root / "socket")]
    pid_file = root / "data" / "postmaster.pid"
    pid_file.write_text("\n".join([*lines, "", "1 1", "ready"]))

    alive_before = server.is_alive()
    address = server.start(on_wait=say_nothing)

    assert not alive_before
    assert ask(address, "SELECT 1") == 1


def test_a_half_created_database_is_not_taken_for_a_whole_one() -> None:
    with open_directory() as folder, server_in(folder / "state") as server:
        leftover = folder / "state" / "postgresql" / "data.0123.unfinished"
        leftover.mkdir(parents=True)
        for path in (folder / "state", folder / "state" / "postgresql"):
            path.chmod(0o711)
        (leftover / "PG_VERSION").write_text("18\n")

        address = server.start(on_wait=say_nothing)

        assert ask(address, "SELECT 1") == 1
        assert not leftover.exists()


def test_a_planted_socket_directory_is_refused() -> None:
    user = OsUser("me", os.geteuid(), os.getegid(), differs=False)
    with open_directory() as folder:
        (folder / "link").symlink_to(folder)
        (folder / "open").mkdir()
        (folder / "open").chmod(0o755)

        for name in ("link", "open"):
            with pytest.raises(CannotStart, match="not a directory of me alone"):
                create_private(folder / name, user)


def test_a_state_directory_that_is_a_file_is_refused() -> None:
    with open_directory() as folder:
        (folder / "state").write_text("")
        server = EmbeddedPostgres(folder / "state", binaries=BINARIES)

        with pytest.raises(CannotStart, match="Cannot use the state directory"):
            server.start(on_wait=say_nothing)


def test_named_programs_that_do_not_exist_are_not_replaced_by_others() -> None:
    with pytest.raises(CannotStart, match="holds no postgres") as refusal:
        find_binaries(Path("/nonexistent"))

    assert "HOURLINE_PG_BIN" in refusal.value.remedy
    assert "DATABASE_URL" in refusal.value.remedy
