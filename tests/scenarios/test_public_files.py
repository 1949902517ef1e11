"""Every scenario passes, its books are proven, and beancount finds their balances."""

from pathlib import Path

import pytest

from hourline.infra.database import Database
from hourline.proof.differences import differences
from hourline.proof.statement import state_books
from hourline.scenarios.firm import Firm
from hourline.scenarios.format.expectations import Expect
from hourline.scenarios.format.reading import Scenario, Unusable, read_file
from hourline.scenarios.run import run_steps
from tests.scenarios.beancount_books import both_balances
from tests.scenarios.explained import documents_not_found, not_as_stored

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples" / "scenarios"
FILES = [
    *sorted(HERE.glob("public/*.yaml")),
    *sorted(HERE.glob("rules/*.yaml")),
    *sorted(EXAMPLES.glob("*.yaml")),
]
# To explain takes as long as to run, so the public ones stand for all.
PUBLIC = {one.name for file in HERE.glob("public/*.yaml") for one in read_file(file)}
SCENARIOS = [scenario for file in FILES for scenario in read_file(file)]


def says_itself_that_nothing_differs(scenario: Scenario) -> bool:
    last = scenario.steps[-1].content
    return isinstance(last, Expect) and last.unreconciled == 0


@pytest.mark.integration
@pytest.mark.parametrize(
    "scenario",
    [one for one in SCENARIOS if isinstance(one, Scenario)],
    ids=lambda one: str(one.name),
)
def test_the_books_look_as_the_scenario_says(
    database: Database, scenario: Scenario
) -> None:
    firm = Firm.founded(database, scenario.name, scenario.given)

    assert run_steps(firm, scenario.steps) == ()
    with database.tenant(firm.tenant) as session:
        assert state_books(session).holds
        if not says_itself_that_nothing_differs(scenario):
            assert differences(session) == []
    if scenario.name in PUBLIC:
        assert (not_as_stored(firm), documents_not_found(firm)) == ([], [])
    theirs, ours = both_balances(firm, [one.id for one in scenario.given.entities])
    assert theirs == ours


def test_every_file_can_be_read() -> None:
    unusable = [one for one in SCENARIOS if isinstance(one, Unusable)]

    assert unusable == []


def test_every_scenario_has_a_name_of_its_own() -> None:
    names = [one.name for one in SCENARIOS]

    assert len(names) == len(set(names))
