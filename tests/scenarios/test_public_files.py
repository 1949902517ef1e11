"""Public files and examples pass; those that need what is not there yet say so."""

from pathlib import Path

import pytest

from hourline.infra.database import Database
from hourline.scenarios.format.reading import Scenario, Unusable, read_file
from hourline.scenarios.run import run_scenario

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples" / "scenarios"
FILES = [
    *sorted(HERE.glob("public/*.yaml")),
    *sorted(HERE.glob("rules/*.yaml")),
    *sorted(EXAMPLES.glob("*.yaml")),
]
SCENARIOS = [scenario for file in FILES for scenario in read_file(file)]


@pytest.mark.integration
@pytest.mark.parametrize(
    "scenario",
    [one for one in SCENARIOS if isinstance(one, Scenario)],
    ids=lambda one: str(one.name),
)
def test_the_books_look_as_the_scenario_says(
    database: Database, scenario: Scenario
) -> None:
    assert run_scenario(database, scenario) == ()


def test_every_file_can_be_read() -> None:
    unusable = [one for one in SCENARIOS if isinstance(one, Unusable)]

    assert unusable == []


def test_every_scenario_has_a_name_of_its_own() -> None:
    names = [one.name for one in SCENARIOS]

    assert len(names) == len(set(names))
