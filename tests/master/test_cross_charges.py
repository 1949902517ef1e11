"""Rows of what departments charge each other are refused where they say nothing."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from hourline.kernel.columns import ints
from hourline.master.model import CostCentre, CrossCharge
from hourline.master.snapshot import UnusableRecord
from tests.builders import Firm, legal_entity


def charge(**terms: object) -> CrossCharge:
    return msgspec.convert({"entity": "E1", **terms}, CrossCharge)


def with_departments() -> Firm:
    made = Firm()
    made.add("E1", legal_entity())
    made.add("DEV", CostCentre())
    made.add("OPS", CostCentre())
    return made


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (charge(value=1), "at the cost rate its value of 1 says nothing"),
        (
            charge(model="unit_price", value=-1),
            "a value of -1 is not between 0 and 1000000000",
        ),
        (
            charge(model="cost_plus_percent", value=1001),
            "a value of 1001 is not between -100 and 1000",
        ),
        (
            charge(model="unit_price", value=Decimal("0.00000001")),
            "has more than 7 decimals",
        ),
        (
            charge(person_cost_centre="DEV", project_cost_centre="DEV"),
            "DEV charges itself",
        ),
    ],
)
def test_a_row_nobody_can_be_charged_with_is_refused(
    row: CrossCharge, why: str
) -> None:
    made = with_departments()
    made.add("bad", row)

    with pytest.raises(UnusableRecord, match="cross_charge bad") as refused:
        made.snapshot()

    assert why in str(refused.value)
    assert refused.value.remedy == "Correct the row of the table."


def test_two_rows_of_the_same_departments_must_not_hold_at_once() -> None:
    made = with_departments()
    made.add("one", charge(project_cost_centre="OPS"))
    made.add("two", charge(project_cost_centre="OPS"), effective_from=date(2025, 1, 1))

    with pytest.raises(UnusableRecord, match="same departments and days as one"):
        made.snapshot()


def test_a_row_of_a_department_that_is_not_known_matches_nothing() -> None:
    made = with_departments()
    made.add("one", charge(project_cost_centre="LAB"))
    made.add("two", charge(person_cost_centre="LAB", project_cost_centre="OPS"))
    columns = ("entity", "person_cost_centre", "project_cost_centre")

    rows = made.snapshot().columns.cross_charges.at(
        dict.fromkeys(columns, ints([0])), ints([20_000])
    )

    assert rows.tolist() == [-1]
