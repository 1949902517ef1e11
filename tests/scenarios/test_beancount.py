"""Beancount, which knows nothing of Hourline, adds the books of every scenario up."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data

from hourline.infra.database import Database
from hourline.kernel.codes import Role
from hourline.proof.books import export_books
from hourline.proof.rules.plain_text_books import KIND_OF, Layout
from hourline.scenarios.firm import Firm
from hourline.scenarios.format.expectations import Expect
from hourline.scenarios.format.reading import Scenario, read_file
from hourline.scenarios.steps import perform

pytestmark = pytest.mark.integration
HERE = Path(__file__).parent
SCENARIOS = [
    scenario
    for file in [*HERE.glob("public/*.yaml"), *HERE.glob("rules/*.yaml")]
    for scenario in read_file(file)
    if isinstance(scenario, Scenario)
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: str(one.name))
def test_beancount_finds_no_error_and_the_same_balances(
    database: Database, scenario: Scenario
) -> None:
    firm = Firm.founded(database, scenario.name, scenario.given)
    for step in scenario.steps:
        if not isinstance(step.content, Expect):
            perform(step.content, firm, step.number)

    with firm.books() as books:
        text = export_books(books.session, Layout.BEANCOUNT)
        ours = {
            f"{KIND_OF[role]}:{entity.id}:{role.name.replace('_', '').lower()}": amount
            for entity in scenario.given.entities
            for role, amount in books.balances(entity.id).items()
        }
    entries, errors, _ = loader.load_string(text)

    assert errors == []
    assert balances(entries) == {
        name: amount for name, amount in ours.items() if amount
    }


def balances(entries: data.Entries) -> dict[str, Decimal]:
    """Return what is left on each account, with the role in small letters."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, data.Transaction):
            for posting in entry.postings:
                kind, entity, role = posting.account.split(":")
                assert posting.units is not None
                assert posting.units.number is not None
                sums[f"{kind}:{entity}:{role.lower()}"] += posting.units.number
    return {name: amount for name, amount in sums.items() if amount}


def test_every_role_has_a_kind_of_account() -> None:
    assert set(KIND_OF) == set(Role)
