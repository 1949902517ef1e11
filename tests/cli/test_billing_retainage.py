"""Release what customers withhold of invoices, by commands alone."""

from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
ON = ("--date", "2025-04-30", "--reason", "accepted", "--actor", "M. Ito")


def test_what_is_withheld_is_released_in_part_and_whole_and_never_beyond(
    firm: Firm,
) -> None:
    tenth = {"retainage_percent": Decimal(10)}
    firm.house.change(MasterChange("contract", "C1", fields=tenth))
    firm.house.approve()
    firm.run("billing", "run", *MARCH)

    withheld = firm.run("billing", "show", "US1-000001")
    part = firm.run("billing", "release-retainage", "C1", "--amount", "5", *ON)
    beyond = firm.ask(
        "billing", "release-retainage", "C1", "--amount", "15.01", *ON, status=1
    )
    rest = firm.ask("billing", "release-retainage", "C1", *ON)
    nothing = firm.run("billing", "release-retainage", "C1", *ON)

    assert "retained 20.00 USD" in withheld.stdout
    assert part.stdout == (
        "5.00 USD of invoice US1-000001 is no longer withheld.\n"
        "5.00 USD of contract C1 is released.\n"
    )
    assert beyond["problem"]["code"] == "release_exceeds_retainage"
    assert rest == {
        "contract": "C1",
        "currency": "USD",
        "released": "15.00",
        "invoices": [{"number": "US1-000001", "released": "15.00"}],
        "problem": None,
    }
    assert nothing.exit_code == 1
    assert "does not have anything of its invoices withheld" in nothing.stdout
    shown = firm.ask("billing", "show", "US1-000001")
    assert (shown["retained"], shown["due"]) == ("0.00", "200.00")
