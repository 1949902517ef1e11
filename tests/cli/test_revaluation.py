"""A person values what is due at a month's end and sees what was booked for it."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
RUN = ("revaluation", "run", "US1", "--through", "2025-03-31")


def exchange(rate: str, starts: date, until: date = date.max) -> MasterChange:
    return MasterChange(
        "fx_rate",
        f"EUR-USD:{starts}",
        fields={"from_currency": "EUR", "to_currency": "USD", "rate": Decimal(rate)},
        effective_from=starts,
        effective_until=until,
    )


@pytest.fixture
def invoiced(firm: Firm) -> Firm:
    """Give a firm that is owed 200.00 EUR, invoiced on 1 March at 1.10."""
    firm.house.change(
        MasterChange("contract", "C1", fields={"currency": "EUR"}),
        MasterChange("bill_rate", "eur", fields={"currency": "EUR", "rate": 200}),
        exchange("1.10", date(2025, 1, 1)),
        exchange("1.25", date(2025, 3, 31), date(2025, 4, 10)),
    )
    firm.house.approve(date="2025-03-01")
    ran = firm.run("billing", "run", "--through", "2025-03-31", "--date", "2025-03-01")
    assert ran.exit_code == 0, ran.output
    return firm


def test_a_run_tells_each_invoice_and_when_it_is_reversed(invoiced: Firm) -> None:
    told = invoiced.run(*RUN)

    assert told.exit_code == 0, told.output
    row = next(line for line in told.stdout.splitlines() if "US1-000001" in line)
    for figure in ("200.00 EUR", "220.00 USD", "250.00 USD", "30.00 USD"):
        assert figure in row
    assert "Booked on 2025-03-31, reversed on 2025-04-01." in told.stdout


def test_a_second_run_books_nothing_and_says_so(invoiced: Firm) -> None:
    invoiced.run(*RUN)

    told = invoiced.run(*RUN)
    listed = invoiced.ask("revaluation", "list")

    assert "nothing was booked now" in told.stdout
    assert len(listed) == 1
    assert listed[0]["booked"] == "30.00"
    assert (listed[0]["due"], listed[0]["currency"]) == ("200.00", "EUR")
    assert invoiced.house.unproven() == []


def test_without_a_rate_the_run_waits_and_books_nothing(invoiced: Firm) -> None:
    invoiced.house.change(exchange("1.10", date(2025, 1, 1), date(2025, 3, 2)))
    late = ("revaluation", "run", "US1", "--through", "2025-04-30")

    told = invoiced.ask(*late, status=1)

    assert told["problem"]["code"] == "fx_rate_not_found"
    assert invoiced.house.codes() == ["fx_rate_not_found"]
    assert invoiced.ask("revaluation", "list") == []

    invoiced.house.change(exchange("1.30", date(2025, 4, 30)))
    told = invoiced.ask(*late)

    assert [one["booked_now"] for one in told["invoices"]] == ["40.00"]
    assert invoiced.house.codes() == []


def test_an_unknown_entity_is_refused(invoiced: Firm) -> None:
    told = invoiced.run("revaluation", "run", "XX1", "--through", "2025-03-31")

    assert told.exit_code != 0
    assert "There is no legal entity XX1." in str(told.exception)


def test_lists_name_the_entity_asked_for(invoiced: Firm) -> None:
    invoiced.run(*RUN)

    shown = invoiced.run("revaluation", "list", "--entity", "US1")
    other = invoiced.run("revaluation", "list", "--entity", "GB1")

    assert "US1-000001" in shown.stdout
    assert "No revaluation booked anything yet." in other.stdout
