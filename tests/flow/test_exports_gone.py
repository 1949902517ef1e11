"""What a later export does not hold any more is reported or recalled, never guessed."""

import pytest

from hourline.infra.database import Database
from hourline.kernel.codes import Outcome
from tests.flow.exporting import EVERYTHING, Tool, house_of, march, tool_of
from tests.flow.house import House
from tests.intake.exports import harvest

pytestmark = pytest.mark.integration
ACCEPTED = Outcome.ACCEPTED
DUPLICATE = Outcome.DUPLICATE


@pytest.fixture
def house(database: Database, tenant: int) -> House:
    return house_of(database, tenant)


@pytest.fixture
def tool(house: House) -> Tool:
    return tool_of(house)


def test_a_gone_row_is_reported_by_name_and_stays_in_force(tool: Tool) -> None:
    tool.bring(march(harvest(), harvest(task="Build", hours="2")))

    became = tool.became(march(harvest()))

    (item,) = tool.house.items()
    assert became == [DUPLICATE]
    assert item.code == "rows_gone"
    assert item.sentence == (
        "The export of 2025-03-05 to 2025-03-05 lacks 1 entry in force, 2:00 h: Ann"
        " Lee, Website, 2025-03-05, 2:00 h."
    )
    assert tool.in_force() == [(1, 5_400), (1, 7_200)]


def test_a_report_closes_when_a_later_export_holds_the_row_again(tool: Tool) -> None:
    both = march(harvest(), harvest(task="Build", hours="2"))
    tool.bring(both)
    tool.bring(march(harvest()))

    tool.bring(march(harvest(date="2025-04-01")))
    still = tool.house.codes()
    tool.bring(both, exported_at="2025-04-02T08:00:00Z")

    assert still == ["rows_gone"]
    assert tool.house.codes() == []


def test_a_gone_row_is_recalled_by_the_setting_in_the_same_commit(
    house: House,
) -> None:
    tool = tool_of(house, gone="recall", **EVERYTHING)
    tool.bring(march(harvest(), harvest(first_name="Bob", last_name="Ray")))

    became = tool.became(march(harvest()))

    assert became == [DUPLICATE]
    assert [one.recalled for one in tool.gone] == [False, True]
    assert tool.in_force() == [(1, 5_400)]
    assert house.codes() == []
    assert house.unproven() == []


def test_a_recalled_row_that_comes_back_counts_again(house: House) -> None:
    tool = tool_of(house, gone="recall", **EVERYTHING)
    both = march(harvest(), harvest(task="Build"))
    tool.bring(both)
    tool.bring(march(harvest()))

    known = tool.became(both)
    after_known = tool.in_force()
    again = tool.became(both, exported_at="2025-04-02T08:00:00Z")

    assert known == [ACCEPTED, ACCEPTED]
    assert after_known == [(1, 5_400)]
    assert again == [DUPLICATE, ACCEPTED]
    assert tool.in_force() == [(1, 5_400), (1, 5_400)]


def test_a_person_lets_one_file_recall_what_it_lacks(tool: Tool) -> None:
    tool.bring(march(harvest(), harvest(task="Build")))
    less = march(harvest())
    tool.bring(less)

    unsaid = tool.became(less, gone="recall")
    kept = tool.gone[-1]
    tool.became(less, gone="recall", **EVERYTHING)

    assert unsaid == [DUPLICATE]
    assert (kept.recalled, kept.kept_because) == (
        False,
        "Nobody said what the export leaves out, so they may only be filtered away.",
    )
    assert tool.in_force() == [(1, 5_400)]
    assert tool.house.codes() == []


def test_a_filtered_export_leaves_the_rest_alone(house: House) -> None:
    tool = tool_of(house, gone="recall", covers="people_and_projects")
    others = [
        harvest(first_name="Bob", last_name="Ray"),
        harvest(project="App"),
    ]
    tool.bring(march(harvest(), harvest(task="Build"), *others))

    tool.bring(march(harvest()))

    assert [len(one.entries) for one in tool.gone] == [0, 1]
    assert tool.in_force() == [(1, 5_400)] * 3
    assert house.codes() == []


def test_only_the_days_of_the_file_are_looked_at(house: House) -> None:
    tool = tool_of(house, gone="recall", **EVERYTHING)
    days = [harvest(date=f"2025-03-{day:02d}") for day in (3, 4, 5, 6)]
    tool.bring(march(*days))

    tool.bring(march(days[1], days[2]))
    between = tool.in_force()
    tool.bring(march(days[1]), first_day="2025-03-01", last_day="2025-03-05")

    assert between == [(1, 5_400)] * 4
    assert tool.in_force() == [(1, 5_400)] * 2
    assert tool.coverages() == [
        ("2025-03-03", "2025-03-06", False, "everything"),
        ("2025-03-04", "2025-03-05", False, "everything"),
        ("2025-03-01", "2025-03-05", True, "everything"),
    ]


def test_an_empty_export_of_stated_days_says_that_all_of_them_are_gone(
    house: House,
) -> None:
    tool = tool_of(house, gone="recall", **EVERYTHING)
    tool.bring(march(harvest(), harvest(date="2025-04-01")))

    tool.bring(march())
    unstated = tool.in_force()
    tool.bring(march(), first_day="2025-03-01", last_day="2025-03-31")

    assert unstated == [(1, 5_400)] * 2
    assert tool.in_force() == [(1, 5_400)]


def test_nothing_is_recalled_while_a_row_cannot_be_read(house: House) -> None:
    tool = tool_of(house, gone="recall", **EVERYTHING)
    tool.bring(march(harvest(), harvest(task="Build"), harvest(task="Care")))

    tool.bring(march(harvest(), harvest(task="Build", hours="two")))

    (gone,) = tool.gone[1:]
    assert [one.source_id for one in gone.entries] == [
        "harvest|ann lee|2025-03-05|website|care||1"
    ]
    assert gone.kept_because == (
        "1 row of the file could not be read, and may be what is missing."
    )
    assert tool.in_force() == [(1, 5_400)] * 3


def test_a_try_says_what_would_change_and_changes_nothing(house: House) -> None:
    tool = tool_of(house, gone="recall", **EVERYTHING)
    tool.bring(march(harvest(), harvest(task="Build", hours="2")))

    tried = tool.tried(march(harvest(hours="3.25"), harvest(task="Care")))

    assert [
        (one.source_id, one.from_seconds, one.to_seconds) for one in tried.revised
    ] == [("harvest|ann lee|2025-03-05|website|design||1", 5_400, 11_700)]
    assert tried.gone is not None
    assert tried.gone.recalled
    assert [one.seconds for one in tried.gone.entries] == [7_200]
    assert tool.in_force() == [(1, 5_400), (1, 7_200)]
    assert house.codes() == []


def test_a_file_that_is_read_anew_recalls_again_what_came_back(house: House) -> None:
    tool = tool_of(house, gone="recall", **EVERYTHING)
    both, less = march(harvest(), harvest(task="Build")), march(harvest())
    tool.bring(both)
    tool.bring(less)
    tool.bring(both, exported_at="2025-04-02T08:00:00Z")
    back = tool.in_force()

    tool_of(house, gone="recall", words={"stimmt": True}, **EVERYTHING)
    tool.bring(less)

    assert back == [(1, 5_400), (1, 5_400)]
    assert tool.in_force() == [(1, 5_400)]


def test_a_row_moved_to_another_day_is_gone_and_new(house: House) -> None:
    tool = tool_of(house, gone="recall", **EVERYTHING)
    last = harvest(date="2025-03-31")
    tool.bring(march(harvest(), last))

    became = tool.became(march(harvest(date="2025-03-04"), last))

    assert became == [ACCEPTED, DUPLICATE]
    assert [one.entries[0].worked_on.day for one in tool.gone[1:]] == [5]
    assert tool.in_force() == [(1, 5_400), (1, 5_400)]
