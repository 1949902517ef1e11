"""What a group stands at is reported at a terminal, each amount with its rate."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from hourline.cli.desk import CannotOpen
from hourline.cli.group import exact_rate
from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm
from tests.flow.house import HOUR

BALANCES = ("group", "balances", "--through", "2025-03-31")
GROUP = MasterChange("entity_group", "G", fields={"currency": "EUR"})
MEMBER = MasterChange("legal_entity", "US1", fields={"group": "G"})


def exchange(rate: str, starts: date) -> MasterChange:
    """Return how many dollars a euro is from a day on."""
    return MasterChange(
        "fx_rate",
        f"EUR-USD:{starts}",
        fields={"from_currency": "EUR", "to_currency": "USD", "rate": Decimal(rate)},
        effective_from=starts,
    )


@pytest.mark.integration
def test_a_group_is_reported_with_rate_day_and_type(firm: Firm) -> None:
    firm.house.approve(seconds=HOUR, date="2025-03-04")
    ungrouped = firm.run(*BALANCES)
    assert not firm.house.change(GROUP, MEMBER).refusals
    refused = firm.run(*BALANCES)
    firm.house.change(
        exchange("1.25", date(2025, 3, 1)), exchange("1.5", date(2025, 3, 31))
    )
    shown = firm.run(*BALANCES)
    asked = firm.ask(*BALANCES)

    assert isinstance(ungrouped.exception, CannotOpen)
    assert str(ungrouped.exception) == (
        "One group has to be named on 2025-03-31; there are: none"
    )
    assert refused.exit_code == 1
    assert "USD to EUR on 2025-03-04" in refused.stdout
    # 200 dollars are 160 euros of income and 133.33 of work in progress.
    row = next(one for one in shown.stdout.splitlines() if "wip" in one)
    assert "133.33 EUR" in row
    by_role = {line["role"]: line for line in asked["lines"]}
    assert by_role["accrued_revenue"] == {
        "entity": "US1",
        "role": "accrued_revenue",
        "against": None,
        "currency": "USD",
        "amount": "-200.00",
        "rate": "0.8",
        "rate_date": "2025-03-04",
        "rate_type": "transaction",
        "group_amount": "-160.00",
    }
    assert {
        name: by_role["wip"][name] for name in ("rate", "rate_date", "rate_type")
    } == {"rate": "2/3", "rate_date": "2025-03-31", "rate_type": "closing"}
    assert asked["translation_differences"] == {"US1": "26.67"}
    assert (asked["total"]["wip"], asked["total"]["translation_difference"]) == (
        "133.33",
        "26.67",
    )


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (Fraction(5, 4), "1.25"),
        (Fraction(150), "150"),
        (Fraction(1, 150), "1/150"),
        (Fraction(1, 1024), "0.0009765625"),
    ],
)
def test_a_rate_has_all_its_digits(rate: Fraction, said: str) -> None:
    assert exact_rate(rate) == said
