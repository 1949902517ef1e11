"""Settings come from the environment, and a bad one is named."""

import os
from pathlib import Path

import pytest

from hourline.infra.settings import InvalidSetting, Settings, load_settings


def test_without_variables_the_state_is_below_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load_settings({})

    assert settings == Settings(state_dir=tmp_path / ".hourline")


def test_the_demo_keeps_its_state_apart() -> None:
    settings = load_settings({"HOURLINE_STATE": "/var/lib/hourline"}, demo=True)

    assert settings.state_dir == Path("/var/lib/hourline/demo")


def test_every_variable_is_read() -> None:
    settings = load_settings(
        {
            "DATABASE_URL": "postgresql://db/hourline",
            "HOURLINE_STATE": "/var/lib/hourline",
            "HOURLINE_PG_BIN": "/usr/lib/postgresql/17/bin",
            "HOURLINE_PG_PORT": "5499",
        }
    )

    assert settings.database_url == "postgresql://db/hourline"
    assert settings.state_dir == Path("/var/lib/hourline")
    assert settings.pg_bin == Path("/usr/lib/postgresql/17/bin")
    assert settings.pg_port == 5499


def test_an_empty_variable_counts_as_unset() -> None:
    names = ("DATABASE_URL", "HOURLINE_STATE", "HOURLINE_PG_BIN", "HOURLINE_PG_PORT")

    assert load_settings(dict.fromkeys(names, " ")) == load_settings({})


def test_a_relative_state_directory_is_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert load_settings({"HOURLINE_STATE": "here"}).state_dir == tmp_path / "here"


def test_a_home_directory_is_expanded() -> None:
    settings = load_settings({"HOURLINE_STATE": "~/hourline"})

    assert settings.state_dir == Path(os.path.expanduser("~")) / "hourline"  # noqa: PTH111 - an independent answer


def test_the_home_of_an_unknown_user_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="HOURLINE_STATE"):
        load_settings({"HOURLINE_STATE": "~no-such-user/hourline"})


@pytest.mark.parametrize("text", ["80", "65536", "-1", "54a", "٥٤٣٢", "5432.0"])
def test_a_port_that_cannot_be_opened_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting, match=r"HOURLINE_PG_PORT is .*from 1024 to"):
        load_settings({"HOURLINE_PG_PORT": text})


def test_the_settings_do_not_show_the_database_password() -> None:
    settings = load_settings({"DATABASE_URL": "postgresql://me:secret@db/hourline"})

    assert "secret" not in repr(settings)
