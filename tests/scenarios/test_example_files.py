"""Every example file of the folder passes."""

from pathlib import Path

import pytest

from hourline.infra.database import Database
from hourline.scenarios.format.reading import Scenario, Unusable, read_file
from hourline.scenarios.run import run_scenario

FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"
SCENARIOS = [
    scenario for file in sorted(FOLDER.glob("*.yaml")) for scenario in read_file(file)
]


def test_every_example_can_be_read_and_has_a_name_of_its_own() -> None:
    names = [one.name for one in SCENARIOS]

    assert [one for one in SCENARIOS if isinstance(one, Unusable)] == []
    assert len(names) == len(set(names)) > 0


@pytest.mark.integration
@pytest.mark.parametrize(
    "scenario",
    [one for one in SCENARIOS if isinstance(one, Scenario)],
    ids=lambda one: str(one.name),
)
def test_the_books_look_as_the_example_says(
    database: Database, scenario: Scenario
) -> None:
    assert run_scenario(database, scenario) == ()
