"""Rows say who owns an exception, and which validation only warns."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions.store import waiting_entries
from tests.flow.house import PROJECT, RATE, House
from tests.flow.rules import files, publish

pytestmark = pytest.mark.integration


def owners(house: House) -> list[tuple[str, str, timedelta]]:
    return [
        (item.code, item.owner, item.due_at - item.opened_at) for item in house.items()
    ]


def test_the_most_specific_route_says_who_owns_an_exception(house: House) -> None:
    house.change(replace(RATE, effective_until=date(2025, 1, 1)))
    publish(
        house,
        files(
            exception_routes="""
                code,queue,entity,owner,due_hours
                ,,,controller,48
                ,pricing,,pricing desk,24
                price_not_found,,,rates,8
                price_not_found,,US1,rates of US1,4
            """
        ),
        on=date(2020, 1, 1),
    )

    house.approve()

    assert owners(house) == [("price_not_found", "rates of US1", timedelta(hours=4))]


def test_a_route_of_the_queue_holds_for_what_no_row_names(house: House) -> None:
    publish(house, files(exception_routes="queue,owner,due_hours\nconnectivity,ops,2"))

    house.deliver({"id": "t1"})
    house.approve(id="t2", person="nobody")

    assert {owner for _, owner, _ in owners(house)} == {"ops"}
    with house.database.tenant(house.tenant) as session:
        (waiting,) = waiting_entries(session)
    assert (waiting.owner, waiting.due_at - waiting.since) == (
        "master data steward",
        timedelta(hours=24),
    )


def test_what_waits_has_the_owner_of_its_queue(house: House) -> None:
    publish(
        house,
        files(exception_routes="queue,owner,due_hours\nmaster_data,steward of us,6"),
    )

    house.approve(person="nobody")

    with house.database.tenant(house.tenant) as session:
        (waiting,) = waiting_entries(session)
    assert (waiting.owner, waiting.due_at - waiting.since) == (
        "steward of us",
        timedelta(hours=6),
    )


def test_a_route_that_ended_holds_no_more(house: House) -> None:
    rows = "id,code,owner,due_hours,until\na,not_assigned,rates,8,2024-01-01"
    publish(house, files(exception_routes=rows))
    house.change(replace(PROJECT, fields={**PROJECT.fields, "assigned_only": True}))

    house.approve()

    assert owners(house) == [
        ("not_assigned", "master data steward", timedelta(hours=24))
    ]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"owner": "a", "due_hours": 1, "code": "price_not_found"}, "as specific as"),
        ({"owner": " ", "due_hours": 1}, "names no owner"),
        (
            {"owner": "a", "due_hours": 1, "code": "price_not_found", "queue": "tax"},
            "names a code and a queue",
        ),
        ({"owner": "a", "due_hours": 8_785}, "due_hours is not between 1 and 8784"),
    ],
)
def test_a_route_of_no_use_is_refused_from_any_system(
    house: House, fields: dict[str, object], wanted: str
) -> None:
    first = {"owner": "a", "due_hours": 1, "code": "price_not_found"}
    house.change(MasterChange("exception_route", "first", fields=first))

    applied = house.change(MasterChange("exception_route", "second", fields=fields))

    assert [wanted in one.problem.sentence for one in applied.refusals] == [True]


def only_assigned(house: House) -> None:
    house.change(replace(PROJECT, fields={**PROJECT.fields, "assigned_only": True}))


def test_a_warning_accepts_the_work_and_opens_an_item(house: House) -> None:
    only_assigned(house)
    publish(house, files(validation_severity="code,severity\nnot_assigned,warning"))

    house.approve()

    (item,) = house.items()
    assert (item.code, house.state()) == ("not_assigned", "open_to_bill")
    assert item.sentence.endswith("The rules let it pass: accepted.")
    assert house.bill().net == 20_000
    assert house.unproven() == []


def test_what_was_refused_goes_on_when_it_becomes_a_warning(house: House) -> None:
    only_assigned(house)
    house.approve()
    assert (house.codes(), house.state()) == (["not_assigned"], "exception")

    published = publish(
        house, files(validation_severity="code,severity\nnot_assigned,warning")
    )

    assert published.gone_on == 1
    assert (house.codes(), house.state()) == (["not_assigned"], "open_to_bill")
    assert house.items(state="resolved") == []


def test_one_entity_can_be_stricter_than_the_others(house: House) -> None:
    only_assigned(house)
    publish(
        house,
        files(
            validation_severity="""
                code,entity,severity
                not_assigned,,warning
                not_assigned,US1,error
            """
        ),
    )

    house.approve()

    assert house.state() == "exception"


def test_a_warning_holds_by_work_date(house: House) -> None:
    only_assigned(house)
    publish(
        house,
        files(
            validation_severity="code,severity,from\nnot_assigned,warning,2025-03-06"
        ),
    )

    house.approve(id="t1", date="2025-03-05")
    house.approve(id="t2", date="2025-03-06")

    assert (house.state("t1"), house.state("t2")) == ("exception", "open_to_bill")


def test_what_breaks_another_rule_too_is_refused_for_all(house: House) -> None:
    only_assigned(house)
    house.change(replace(RATE, effective_until=date(2025, 1, 1)))
    publish(house, files(validation_severity="code,severity\nnot_assigned,warning"))

    house.approve()

    assert house.codes() == ["not_assigned", "price_not_found"]
    assert house.state() == "exception"


def test_a_correction_closes_the_item_of_a_warning(house: House) -> None:
    only_assigned(house)
    publish(house, files(validation_severity="code,severity\nnot_assigned,warning"))
    house.approve()

    house.recall(revision=2)

    assert (house.codes(), house.state()) == ([], "recalled")
    assert house.unproven() == []


def test_a_price_that_is_missing_is_never_a_warning(house: House) -> None:
    applied = house.change(
        MasterChange(
            "validation_severity",
            "x",
            fields={"code": "price_not_found", "severity": "warning"},
        )
    )

    (refusal,) = applied.refusals
    assert "cannot be accepted" in refusal.problem.sentence


def test_two_severities_for_the_same_cases_are_refused(house: House) -> None:
    fields = {"code": "not_assigned", "severity": "warning"}

    applied = house.change(
        MasterChange("validation_severity", "x", fields=fields),
        MasterChange("validation_severity", "y", fields=fields),
    )

    assert "same cases on the same days as x" in applied.refusals[0].problem.sentence
