"""What departments charged each other is reported at a terminal."""

import pytest

from tests.cli.firm import Firm
from tests.flow.departments import AT_COST, DEPARTMENTS
from tests.flow.house import HOUR

pytestmark = pytest.mark.integration


def test_departments_are_reported_by_pair_and_by_net(firm: Firm) -> None:
    nothing = firm.run("cross-charges")
    assert not firm.house.change(*DEPARTMENTS, AT_COST).refusals
    firm.house.approve(seconds=4 * HOUR)
    shown = firm.run("cross-charges")
    asked = firm.ask("cross-charges", "--entity", "US1", "--from", "2025-03-01")
    earlier = firm.ask("cross-charges", "--until", "2025-02-28")

    assert nothing.stdout == "No department charged another.\n"
    assert "DEV" in shown.stdout
    assert "-400.00 USD" in shown.stdout
    assert asked["pairs"] == [
        {
            "entity": "US1",
            "person_department": "DEV",
            "project_department": "OPS",
            "currency": "USD",
            "seconds": 14_400,
            "amount": "400.00",
        }
    ]
    assert [(one["department"], one["net"]) for one in asked["departments"]] == [
        ("DEV", "-400.00"),
        ("OPS", "400.00"),
    ]
    assert earlier == {"pairs": [], "departments": []}
