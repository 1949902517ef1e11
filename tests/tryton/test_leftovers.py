"""What a killed program left running is ended by the next one, and nothing else is."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.tryton.leftovers import PID_FILE, end_leftovers
from tools.tryton.place import run_folder

pytestmark = pytest.mark.integration
_WAIT = "import time; print('up', flush=True); time.sleep(60)"


def start(*words: str) -> "subprocess.Popen[bytes]":
    """Start a program that runs; until then it has no words by which to know it."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WAIT, *words],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout as told:
        assert told.readline() == b"up\n"
    return process


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
