"""What a killed program left running is ended by the next one, and nothing else is."""

import subprocess
from pathlib import Path

import pytest

from tools.tryton.leftovers import PID_FILE, end_leftovers
from tools.tryton.place import run_folder

pytestmark = pytest.mark.integration
_WAIT = "import sys, time; time.sleep(60)"


def start(*words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["python", "-c", _WAIT, *words], start_new_session=True)


def test_a_server_left_behind_is_killed_and_its_folder_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOURLINE_TRYTON", str(tmp_path))
    left = run_folder() / "erp_run_left"
    left.mkdir()
    process = start(str(left))
    (left / PID_FILE).write_text(str(process.pid), encoding="utf-8")

    end_leftovers()

    assert process.wait(10) == -9
    assert list(run_folder().iterdir()) == []


def test_a_process_that_only_has_the_same_number_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOURLINE_TRYTON", str(tmp_path))
    left = run_folder() / "erp_run_left"
    left.mkdir()
    process = start("something else")
    (left / PID_FILE).write_text(str(process.pid), encoding="utf-8")

    end_leftovers()

    assert process.poll() is None
    assert list(run_folder().iterdir()) == []
    process.kill()
    process.wait(10)
