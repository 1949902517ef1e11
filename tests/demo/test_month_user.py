"""The month runs for an ordinary user too, who may start no server as another one."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import hourline
from tests.demo.month_facts import assert_the_month
from tests.demo.month_process import User, open_office

pytestmark = [pytest.mark.integration, pytest.mark.slow]
NOBODY = "nobody"
# Root's own interpreter may lie in a folder that is closed to everybody else.
PYTHONS = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")


def test_an_ordinary_user_gets_every_proof() -> None:
    with open_office(_ordinary_user()) as office:
        run = office.start()

        status = run.wait()

        assert status == 0, run.output
        assert_the_month(office.facts())
        assert office.facts_file.owner() == NOBODY
        assert (office.state / "demo" / "postgresql" / "data").owner() == NOBODY
        assert office.orphans(within_seconds=0) == []


def _ordinary_user() -> User:
    if os.geteuid() != 0:
        pytest.skip("every other test of the month runs as an ordinary user already")
    source = Path(hourline.__path__[0]).parent
    paths = (str(source), sysconfig.get_path("purelib"))
    for python in PYTHONS:
        user = User(NOBODY, python, paths)
        if _can_run(user):
            return user
    pytest.skip(f"{' and '.join(PYTHONS)} cannot be run by {NOBODY}")


def _can_run(user: User) -> bool:
    try:
        tried = subprocess.run(
            (user.python, "-P", "-c", "import hourline.cli.main, numpy, psycopg"),
            env={"PYTHONPATH": os.pathsep.join(user.paths)},
            user=user.name,
            extra_groups=[],
            capture_output=True,
            check=False,
            cwd="/",
        )
    except OSError:
        return False
    return tried.returncode == 0
