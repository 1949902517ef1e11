"""Transferred work is reversed and decided anew, and its source need not know."""

from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from hourline import flow
from hourline.billing.model import Because
from hourline.cli.render import show_story
from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Fate, Role
from hourline.kernel.problems import Problem, ProblemCode
from tests.flow.house import LINE, House
from tests.flow.office import Office

pytestmark = pytest.mark.integration

WHY = Because(actor="M. Ito", reason="booked on the wrong project")
OTHER = (
    MasterChange(
        "contract",
        "C2",
        fields={"customer": "ADATUM", "entity": "US1", "limit": Decimal(150)},
    ),
    MasterChange("contract_line", "C2.1", fields={**LINE.fields, "contract": "C2"}),
    MasterChange("project", "P2", fields={"contract_line": "C2.1"}),
    MasterChange(
        "bill_rate",
        "of-C2",
        fields={"currency": "USD", "rate": Decimal("99.97"), "contract": "C2"},
    ),
)


def transfer(
    house: House, entry: str = "t1", *, project: str = "P2", try_only: bool = False
) -> object:
    return flow.transfer_entry(
        house.database,
        house.tenant,
        flow.EntryName(entry),
        WHY,
        project=project,
        try_only=try_only,
    )


def test_a_trial_shows_both_sides_and_leaves_nothing(house: House) -> None:
    house.change(*OTHER)
    house.approve()

    tried = transfer(house, try_only=True)

    assert isinstance(tried, flow.Transferred)
    assert tried.before is not None
    assert tried.after is not None
    assert (tried.before.contract, tried.before.worth) == ("C1", 20_000)
    assert (tried.after.contract, tried.after.worth) == ("C2", 9_997)
    assert house.balances()[Role.WIP] == 20_000
    assert len(house.status().story.versions) == 1


def test_the_story_tells_both_numbers_and_who_wanted_it(house: House) -> None:
    house.change(*OTHER)
    house.approve()
    transfer(house)
    house.approve(revision=2, seconds=1_800)

    story = house.status().story

    told = StringIO()
    show_story(Console(file=told, soft_wrap=True), story)
    numbers = [(one.revision, one.source_revision) for one in story.versions]
    assert numbers == [(1, 1), (2, 1), (3, 2)]
    assert [one.project_ref for one in story.versions] == ["P1", "P2", "P2"]
    assert "revision 3 (the source's 2): ann on P2" in told.getvalue()
    assert "by M. Ito: as revision 2 on project P2, because: booked on the" in (
        told.getvalue()
    )
    # Half an hour at 99.97 is 49.985.
    assert [(one.fate, one.amount) for one in house.status().portions] == [
        (Fate.BILLABLE, 4_999)
    ]


def test_a_project_that_the_source_does_not_have_is_refused(house: House) -> None:
    house.approve()
    elsewhere = MasterChange("project", "P9", fields={"contract_line": "C1.1"})
    flow.change_master(house.database, house.tenant, [elsewhere], connection_no=None)

    refused = transfer(house, project="P9")

    assert isinstance(refused, Problem)
    assert refused.code == ProblemCode.PROJECT_NOT_KNOWN
    assert house.codes() == ["project_not_known"]
    assert house.unproven() == []
    with pytest.raises(flow.NotKnown, match="There is no project P8"):
        transfer(house, project="P8")


@pytest.mark.parametrize("seed", range(3))
def test_the_books_are_proven_wherever_work_is_transferred(
    house: House, seed: int
) -> None:
    house.change(*OTHER)
    office = Office(house, seed)
    office.deliver()

    def move() -> None:
        known = [entry for entry in ("t1", "t2", "t3") if office.revisions[entry]]
        place = office.random.choice(["P1", "P2", "P2"])
        transfer(house, office.random.choice(known), project=place)

    office.work(
        [
            *(office.deliver, office.deliver, office.recall, office.hold),
            *(office.release, office.write_off, office.bill, office.credit),
            *(office.close, move, move, move),
        ]
    )
