"""Transferred work is reversed and decided anew, and its source need not know."""

from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from hourline import flow
from hourline.billing.model import Because
from hourline.cli.render import show_story
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.audit import read_chain
from hourline.kernel.codes import Fate, Role
from hourline.kernel.problems import Problem, ProblemCode
from hourline.posting.assembling import write_back_document
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


def test_a_part_is_told_in_the_story_of_both_and_in_the_chain(house: House) -> None:
    house.change(*OTHER)
    house.approve()
    quarter = flow.PartWanted(project="P2", seconds=900)
    part = (house.database, house.tenant, flow.EntryName("t1"), WHY)

    tried = flow.transfer_part(*part, part=quarter, try_only=True)
    untouched = house.balances()[Role.WIP], len(house.status().story.versions)
    done = flow.transfer_part(*part, part=quarter)

    assert isinstance(tried, flow.Transferred)
    assert isinstance(done, flow.Transferred)
    assert untouched == (20_000, 1)
    assert tried.part is not None
    assert done.part is not None
    assert (tried.part.contract, tried.part.worth) == ("C2", 2_499)
    assert (done.part.entry, done.part.contract, done.part.worth) == (
        "t1~1",
        "C2",
        2_499,
    )
    told = StringIO()
    for entry in ("t1", "t1~1"):
        show_story(Console(file=told, soft_wrap=True), house.status(entry).story)
    assert told.getvalue().count("revision 1: accepted") == 2
    assert (
        told.getvalue().count(
            "t1~1 revision 1 on project P2: 0.25 h of t1, taken out by its revision 2"
        )
        == 2
    )
    assert "as revision 2 without a part that went to another" in told.getvalue()
    with house.database.tenant(house.tenant) as session:
        [link] = read_chain(session)
    assert link.action == "entry.divided"
    assert house.unproven() == []


def test_the_source_is_told_of_its_own_entry(house: House) -> None:
    house.change(*OTHER)
    house.approve()
    flow.transfer_part(
        house.database,
        house.tenant,
        flow.EntryName("t1"),
        WHY,
        part=flow.PartWanted(project="P2", seconds=900),
    )

    issued = house.bill(contract="C2")

    with house.database.tenant(house.tenant) as session:
        told = write_back_document(session, issued.document_no, house.psa)
    assert [(one.time_entry, one.seconds) for one in told.entries] == [("t1", 900)]


def test_an_entry_of_its_source_never_takes_the_place_of_a_part(house: House) -> None:
    house.change(*OTHER)
    house.approve()
    flow.transfer_part(
        house.database,
        house.tenant,
        flow.EntryName("t1"),
        WHY,
        part=flow.PartWanted(project="P2", seconds=900),
    )

    house.approve(id="t1~1", revision=2)

    assert house.codes() == ["conflicting_duplicate"]
    assert [one.project_ref for one in house.status("t1~1").story.versions] == ["P2"]
    assert house.unproven() == []


def test_a_new_part_keeps_away_from_an_entry_of_its_source(house: House) -> None:
    house.change(*OTHER)
    house.approve()
    house.approve(id="t1~1")

    done = flow.transfer_part(
        house.database,
        house.tenant,
        flow.EntryName("t1"),
        WHY,
        part=flow.PartWanted(project="P2", seconds=900),
    )

    assert isinstance(done, flow.Transferred)
    assert done.part is not None
    assert done.part.entry == "t1~2"


def test_a_part_is_so_much_time_or_so_much_money() -> None:
    with pytest.raises(ValueError, match="so much time, or so much of an expense"):
        flow.PartWanted(project="P2")


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

    def divide() -> None:
        known = [entry for entry in ("t1", "t2", "t3") if office.revisions[entry]]
        flow.transfer_part(
            house.database,
            house.tenant,
            flow.EntryName(office.random.choice(known)),
            WHY,
            part=flow.PartWanted(project="P2", seconds=900),
        )

    office.work(
        [
            *(office.deliver, office.deliver, office.recall, office.hold),
            *(office.release, office.write_off, office.bill, office.credit),
            *(office.close, move, move, divide, divide),
        ]
    )
