"""Whatever is killed in the middle of the month, the month ends with every proof."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.demo.month_facts import assert_the_month
from tests.demo.month_process import Office, open_office

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Give a state directory in which one demonstration follows the other."""
    with open_office() as opened:
        yield opened


@pytest.mark.parametrize(
    "kills",
    [
        [
            ("Systems started", "sandbox"),
            ("Prices, taxes, accounts, routes", "api"),
            ("Time by batch", "postgres"),
            ("Time and expenses by file", "worker"),
            ("Late projects arrive", "up"),
        ],
        [
            ("Systems started", "postgres"),
            ("Prices, taxes, accounts, routes", "sandbox"),
            ("Time and expenses by file", "up"),
            ("Milestones reached", "postgres"),
            ("Billing", "worker"),
            ("Billing", "sandbox"),
        ],
    ],
    ids=["while time comes in", "while time is billed and booked"],
)
def test_a_run_outlives_its_programs(
    office: Office, kills: list[tuple[str, str]]
) -> None:
    run = office.start()

    for step, program in kills:
        run.wait_for(step)
        office.kill(program)
    status = run.wait()

    assert status == 0, run.output
    assert_the_month(office.facts())
    assert "done again" in run.output
    assert [line for line in run.output.splitlines() if "Traceback" in line] == []
    assert office.orphans(within_seconds=0) == []
    assert "did not stop" not in office.log("up")


@pytest.mark.parametrize(
    ("step", "at_once"),
    [("Time by webhook", True), ("Billing", False)],
    ids=["with its programs still ending", "when its programs have ended"],
)
def test_a_killed_run_is_finished_by_the_next(
    office: Office, step: str, *, at_once: bool
) -> None:
    killed = office.start()
    killed.wait_for(step)
    time.sleep(0.5)
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.wait()
    begun = office.run_kept()

    if not at_once:
        assert office.orphans(within_seconds=30) == []
        (database,) = office.processes("postgres")
        os.kill(database, 0)
    next_run = office.start()
    status = next_run.wait()

    assert status == 0, next_run.output
    assert (begun["finished"], office.run_kept()["finished"]) == (False, True)
    assert office.facts()["tenant"] == begun["slug"]
    assert f"this one finishes {begun['slug']}." in next_run.output
    assert_the_month(office.facts())
    assert office.orphans(within_seconds=0) == []
    assert "did not stop" not in office.log("up")
