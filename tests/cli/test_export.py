"""The books are handed out as plain text accounting."""

from pathlib import Path

import pytest
from beancount import loader

from tests.cli.firm import Firm

pytestmark = pytest.mark.integration


def test_the_books_are_written_for_beancount_with_what_caused_each_line(
    firm: Firm,
) -> None:
    firm.house.approve()

    told = firm.run("export", "books")

    assert told.exit_code == 0, told.output
    entries, errors, _ = loader.load_string(told.stdout)
    assert errors == []
    assert len(entries) > 0
    assert "  Assets:US1:Wip  200.00 USD" in told.stdout
    assert "  Income:US1:AccruedRevenue  -200.00 USD" in told.stdout


def test_the_books_are_written_for_hledger_into_a_file(
    firm: Firm, tmp_path: Path
) -> None:
    firm.house.approve()
    file = tmp_path / "books.journal"

    told = firm.run("export", "books", "--format", "hledger", "--out", str(file))

    assert told.stdout == f"The books are in {file}.\n"
    assert "    Assets:US1:Wip  200.00 USD" in file.read_text()


def test_days_and_entities_that_are_not_asked_for_are_left_out(firm: Firm) -> None:
    firm.house.approve()

    later = firm.run("export", "books", "--since", "2031-01-01")
    other = firm.run("export", "books", "--entity", "DE1")

    heading = "; Journal lines of Hourline, for beancount.\n"
    assert (later.stdout, other.stdout) == (heading, heading)
