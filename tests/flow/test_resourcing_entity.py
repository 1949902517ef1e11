"""Who employs, who provides and who has the contract are told apart."""

from dataclasses import replace

import pytest

from hourline.kernel.codes import Role
from hourline.kernel.problems import ProblemCode
from hourline.proof.trace import find_entries, tell_story
from tests.flow.house import House
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, books_of
from tests.flow.test_explain import about, explained

pytestmark = pytest.mark.integration

# GB1 employs bob at 50 GBP an hour; a dollar is worth 0.80 GBP.
OF_US1 = replace(BOB, fields={**BOB.fields, "resourcing_entity": "US1"})


def test_the_cost_is_told_with_the_rate_it_was_translated_at(house: House) -> None:
    house.change(LENDER, OF_US1, BOBS_COST, DOLLAR)
    house.approve(person="bob", seconds=7_200)

    told = explained(house)

    assert about(told, "cost").sentences == [
        (
            "The cost rate bob-cost is 50 GBP an hour of bob; 2 h with the hour type's"
            " factor cost 125.00 USD, rounded once."
        ),
        (
            "GB1 employs the person, and US1 provides them and bears the cost; one GBP"
            " is 1.25 USD on 2025-03-05."
        ),
    ]
    assert [step.about for step in told.steps if "transfer" in step.about] == []
    assert told.broken == []


def test_the_story_of_an_entry_names_the_three_entities(house: House) -> None:
    house.change(LENDER, OF_US1, BOBS_COST, DOLLAR)
    house.approve(person="bob", seconds=7_200)

    with house.database.tenant(house.tenant) as session:
        (entry_no,) = find_entries(session, "t1")
        (version,) = tell_story(session, entry_no).versions

    assert (
        version.entity,
        version.resourcing_entity,
        version.employing_entity,
        version.cost_amount,
    ) == ("US1", "US1", "GB1", 12_500)
    assert books_of(house, "GB1") == {}
    assert books_of(house, "US1")[Role.COST] == 12_500


def test_a_provider_that_is_no_legal_entity_is_not_taken_over(house: House) -> None:
    house.change(LENDER, BOBS_COST, DOLLAR)
    unknown = replace(BOB, fields={**BOB.fields, "resourcing_entity": "XX9"})

    (refused,) = house.change(unknown).refusals

    assert refused.problem.code is ProblemCode.MASTER_REFERENCE_MISSING
    assert refused.problem.sentence == (
        "person bob refers to legal_entity XX9, which is not known yet."
    )
