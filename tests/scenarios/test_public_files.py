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
# Whoever builds one of these takes its line away; the test above then runs it.
NOT_YET = {
    "intercompany-unit-price": "transfer prices (intercompany), intercompany invoices"
    " (intercompany_invoice)",
    "several-customers": "several customers (customers)",
    "fixed-price-percent-of-cost": "recognition percent_cost, revenue recognition"
    " (recognise), estimates at completion (estimate)",
    "fixed-price-straight-line": "recognition straight_line, revenue recognition"
    " (recognise)",
    "recurring-monthly-fee": "contract lines of method recurring, revenue recognition"
    " (recognise)",
    "limit-cuts-the-entry": "limits (limit)",
    "prepaid-blocks": "prepaid hours (prepaid)",
    "retainer-drawdown": "contract lines of method retainer",
}


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


def test_what_is_not_supported_yet_is_known_and_named() -> None:
    refused = {
        one.name: str(one.reason) for one in SCENARIOS if isinstance(one, Unusable)
    }

    assert refused == {
        name: f"not supported yet: {what}" for name, what in NOT_YET.items()
    }


def test_every_scenario_has_a_name_of_its_own() -> None:
    names = [one.name for one in SCENARIOS]

    assert len(names) == len(set(names))
