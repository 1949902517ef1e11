"""Whatever people and sources do in whatever order, the books are proven after it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Fate, Role
from tests.flow.house import House
from tests.flow.office import ENTRIES, Office

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("seed", range(12))
def test_time_value_and_accrual_are_conserved_whatever_happens(
    house: House, seed: int
) -> None:
    house.change(
        MasterChange(
            "bill_rate",
            "standard",
            fields={"currency": "USD", "rate": Decimal("99.97")},
        )
    )
    office = Office(house, seed)
    office.deliver()
    acts = [
        *(office.deliver, office.recall, office.hold, office.release),
        *(office.write_off, office.bill, office.bill, office.draft_and_issue),
        *(office.credit, office.credit, office.close),
    ]

    office.work(acts)

    # Each revision in force keeps its own half cent, nothing more.
    exact = Fraction(unsettled(house, office) * 9_997, 3_600)
    assert abs(house.balances().get(Role.WIP, 0) - exact) <= len(ENTRIES)


def unsettled(house: House, office: Office) -> int:
    """Give the seconds that are open or held, from the parts of the entries."""
    return sum(
        one.seconds - one.seconds_billed
        for entry in ENTRIES
        if office.revisions[entry]
        for one in house.status(entry).portions
        if one.fate in (Fate.BILLABLE, Fate.HELD)
    )
