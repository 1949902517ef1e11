"""Who employs, who provides and who has the contract are told apart."""

from dataclasses import replace

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Role
from hourline.kernel.problems import ProblemCode
from hourline.proof.trace import find_entries, tell_story
from tests.flow.house import House
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, PRICE, books_of
from tests.flow.test_bulk import approve, proposed
from tests.flow.test_explain import about, explained

pytestmark = pytest.mark.integration


def provided_by(entity: str) -> MasterChange:
    return replace(BOB, fields={**BOB.fields, "resourcing_entity": entity})


# GB1 employs bob at 50 GBP an hour; a dollar is worth 0.80 GBP.
OF_US1 = provided_by("US1")


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
    unknown = provided_by("XX9")

    (refused,) = house.change(unknown).refusals

    assert refused.problem.code is ProblemCode.MASTER_REFERENCE_MISSING
    assert refused.problem.sentence == (
        "person bob refers to legal_entity XX9, which is not known yet."
    )


def test_a_charge_between_departments_is_told_at_the_translated_cost(
    house: House,
) -> None:
    house.change(
        LENDER,
        *(MasterChange("cost_centre", id_, fields={"name": id_}) for id_ in "EW"),
        replace(OF_US1, fields={**OF_US1.fields, "cost_centre": "W"}),
        BOBS_COST,
        DOLLAR,
        MasterChange("project", "P1", fields={"cost_centre": "E"}),
        MasterChange("cross_charge", "own", fields={"entity": "US1"}),
    )
    house.approve(person="bob", seconds=7_200)

    told = explained(house)

    assert about(told, "cross-charge").sentences[1] == (
        "An hour is charged at what it costs, 62.5 USD."
    )
    assert told.broken == []


def test_another_provider_than_the_approver_saw_is_not_as_approved(
    house: House,
) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)
    for entity in ("GB2", "GB3"):
        house.change(
            replace(LENDER, source_id=entity),
            replace(PRICE, source_id=entity, fields={**PRICE.fields, "lender": entity}),
        )
    house.approve(person="bob", seconds=7_200)
    house.change(provided_by("GB2"))
    proposal = proposed(house)
    house.change(provided_by("GB3"))

    done = approve(house, proposal)

    assert (done.applied, done.refused) == (0, 1)
    assert house.codes() == ["not_as_approved"]
    assert books_of(house, "GB1")[Role.COST] == 10_000
    assert books_of(house, "GB3") == {}
