"""The simulated month holds its proofs, on a clean run and on the next one."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from hourline.cli.desk import CannotOpen
from hourline.cli.main import main
from tests.demo.month_facts import assert_the_month
from tests.demo.month_process import Office, open_office
from tests.demo.month_terminal import on_a_terminal

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Give a state directory in which one demonstration follows the other."""
    with open_office() as opened:
        yield opened


def test_a_clean_run_holds_every_proof_and_finds_all_dirt(office: Office) -> None:
    run = office.start()

    status = run.wait()

    assert status == 0, run.output
    facts = office.facts()
    assert facts["tenant"] == "demo-1"
    assert_the_month(facts)
    assert set(facts["faults"]) == {
        "error_500_after",
        "rate_limit_429",
        "timeout_after_effect",
        "truncated_body",
    }
    assert sum(facts["faults"].values()) > 5
    assert office.orphans(within_seconds=0) == []


def test_a_log_has_a_line_for_each_step_and_no_control_characters(
    office: Office,
) -> None:
    (written,) = office.state.glob("output-*.txt")

    lines = written.read_text(encoding="utf-8").splitlines()

    steps = [line[:34].rstrip() for line in lines if line.endswith(" s")]
    assert steps == [
        "Systems started",
        "Master data from its owners",
        "Prices, taxes, accounts, routes",
        "Advances billed",
        "Time by webhook",
        "Time and expenses by poll",
        "Time by batch",
        "Time and expenses by file",
        "Time by event",
        "Late projects arrive",
        "Corrections before billing",
        "Recalls",
        "Receipts and changes of expenses",
        "Bills of subcontractors",
        "Milestones reached",
        "Billing",
        "Invoices between entities",
        "Revenue recognised",
        "Posting and write-back",
        "The books compared",
    ]
    assert [line for line in lines if "\x1b" in line or "Traceback" in line] == []
    assert max(map(len, lines)) <= 130


def test_the_next_run_is_a_new_firm_and_draws_its_bars_on_a_terminal(
    office: Office,
) -> None:
    status, screen = on_a_terminal(office)

    assert status == 0, "\n".join(screen)
    facts = office.facts()
    assert facts["tenant"] == "demo-2"
    assert_the_month(facts)
    bars = [line for line in screen if "━━━" in line and "/" in line]
    assert len(bars) == 20, "\n".join(screen)
    assert [line for line in bars if "╸" in line or "╺" in line] == []
    assert "Posting and write-back" in bars[-2]
    assert "387/387" in bars[-2]
    assert screen[-1].startswith("Every proof holds after ")
    assert [line for line in screen if "Traceback" in line] == []


def test_a_database_with_other_firms_is_refused_at_once() -> None:
    refused = CliRunner().invoke(
        main, ["demo"], env={"DATABASE_URL": "postgresql://nowhere.invalid/books"}
    )

    assert isinstance(refused.exception, CannotOpen)
    assert "DATABASE_URL may name one with others" in str(refused.exception)
