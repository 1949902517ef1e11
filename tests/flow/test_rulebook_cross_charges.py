"""What departments charge each other is a table that is tried on the past first."""

import pytest

from hourline.cli.rulebook.trials import tell_trial
from hourline.flow.rulebook.transfers import TransferMove
from hourline.kernel.codes import Role
from tests.flow.departments import DEPARTMENTS
from tests.flow.house import HOUR, House
from tests.flow.rules import files, publish
from tests.flow.test_rulebook_trial import tried

pytestmark = pytest.mark.integration
AT_COST = """
    id,entity,person_cost_centre,project_cost_centre,model,value
    all,US1,,,cost_rate,0
"""
ON_TOP = """
    id,entity,person_cost_centre,project_cost_centre,model,value
    all,US1,,,cost_rate,0
    ops,US1,,OPS,cost_plus_percent,25
"""


def move(decided: int, after: int) -> TransferMove:
    return TransferMove(
        lender="DEV",
        borrower="OPS",
        currency="USD",
        entries=1,
        amount_before=decided,
        amount_after=after,
    )


def test_a_dry_run_tells_what_departments_would_charge_and_publishing_lets_them(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.change(*DEPARTMENTS)
    house.approve(seconds=4 * HOUR)
    started = tried(house, files(cross_charges=AT_COST))
    publish(house, files(cross_charges=AT_COST))
    house.approve(id="t2", seconds=2 * HOUR)
    dearer = tried(house, files(cross_charges=ON_TOP))
    tell_trial(dearer, top=5, as_json=False)

    # What was approved before is not charged by publishing; a dry run compares the
    # tables in force, by which it would be.
    assert (started.changed, started.cross_charges) == (1, [move(0, 400_00)])
    assert house.balances()[Role.CROSS_CHARGE] == 200_00
    assert sum(one.amount_before for one in dearer.cross_charges) == 400_00 + 200_00
    assert sum(one.amount_after for one in dearer.cross_charges) == 500_00 + 250_00
    assert {one.cross_charge[1] for one in dearer.groups} == {"ops"}
    assert "cross-charge all -> ops" in capsys.readouterr().out
    assert house.unproven() == []
    assert dearer.drifted == 1
