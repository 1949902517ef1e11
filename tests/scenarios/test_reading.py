"""Scenario files are read exactly, each scenario for itself."""

from pathlib import Path

import pytest

from hourline.scenarios.format.reading import (
    Scenario,
    Unusable,
    read_file,
)
from hourline.scenarios.format.refusal import InvalidScenario
from hourline.scenarios.format.steps import Approve, SetMaster
from hourline.scenarios.format.yaml_text import documents
from tests.scenarios.texts import EXPECT, given, read, refusal, step


def test_figures_keep_their_digits_and_norway_is_no_boolean() -> None:
    scenario = read(
        given(
            "entities: [{id: 1, country: NO, currency: NOK}]\n"
            "  rates: [{currency: NOK, rate: 1234567890123.1000}]"
        )
    )

    assert isinstance(scenario, Scenario)
    assert scenario.given.entities[0].country == "NO"
    assert scenario.given.entities[0].id == "1"
    assert str(scenario.given.rates[0].rate) == "1234567890123.1000"


def test_quoted_figures_and_words_for_yes_are_read_as_fields_ask() -> None:
    scenario = read(
        given(
            "rates: [{currency: USD, rate: '7.10'}]\n"
            "  tax: [{rate: 0, code: E, customer_has_tax_id: true, reason: null}]"
        )
    )

    assert isinstance(scenario, Scenario)
    assert str(scenario.given.rates[0].rate) == "7.10"
    assert scenario.given.tax[0].customer_has_tax_id is True
    assert scenario.given.tax[0].reason is None


def test_merged_and_repeated_parts_of_yaml_are_followed() -> None:
    scenario = read(
        "scenario: s\n"
        "given:\n"
        "  customers:\n"
        "    - &first {id: A, country: US}\n"
        "    - {<<: *first, id: B}\n"
        f"steps:\n{EXPECT}"
    )

    assert isinstance(scenario, Scenario)
    assert [one.id for one in scenario.given.customers] == ["A", "B"]
    assert scenario.given.customers[1].country == "US"


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("hours: 7.5", 27_000), ("minutes: 450", 27_000), ("seconds: 1", 1)],
)
def test_durations_are_exact_seconds(duration: str, seconds: int) -> None:
    scenario = read(
        step(
            "approve: {entry: t, person: a, project: P, date: 2025-01-31,"
            f" {duration}}}"
        )
    )

    assert isinstance(scenario, Scenario)
    approve = scenario.steps[0].content
    assert isinstance(approve, Approve)
    assert approve.worked_seconds == seconds
    assert approve.approved.isoformat() == "2025-01-31T00:00:00+00:00"
    assert approve.arrived.isoformat() == "2025-01-31T00:00:00+00:00"


def test_a_stated_instant_is_read_in_utc() -> None:
    scenario = read(
        step(
            "approve: {entry: t, person: a, project: P, date: 2025-01-31, hours: 1,"
            " approved_at: 2025-02-01T09:00:00+02:00, received: 2025-02-02}"
        )
    )

    assert isinstance(scenario, Scenario)
    approve = scenario.steps[0].content
    assert isinstance(approve, Approve)
    assert approve.approved.isoformat() == "2025-02-01T07:00:00+00:00"
    assert approve.arrived.isoformat() == "2025-02-02T00:00:00+00:00"


def test_a_change_of_a_record_keeps_the_fields_it_does_not_name() -> None:
    scenario = read(
        "scenario: s\n"
        "given:\n"
        "  people: [{id: ann, entity: US1, role: dev, cost_rates: [{rate: 5}]}]\n"
        "steps:\n"
        "  - set_master: {kind: person, id: ann, cost_rate: 7}\n"
        "  - set_master: {kind: person, id: ann, role: lead}\n"
        f"{EXPECT}"
    )

    assert isinstance(scenario, Scenario)
    changed = [step.content for step in scenario.steps[:2]]
    assert all(isinstance(one, SetMaster) for one in changed)
    rows = [str(one.row) for one in changed if isinstance(one, SetMaster)]
    assert rows == [
        (
            "PersonRow(id='ann', entity='US1', resourcing_entity=None, role='dev',"
            " vendor=None, department=None, cost_rate=Decimal('7'), cost_rates=())"
        ),
        (
            "PersonRow(id='ann', entity='US1', resourcing_entity=None, role='lead',"
            " vendor=None, department=None, cost_rate=Decimal('7'), cost_rates=())"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("just words", "expected a mapping of fields, found 'just words'"),
        ("scenario: s", "expected the field steps, which is missing"),
        (
            "scenario: s\nsteps: []",
            "steps: expected at least one step expect",
        ),
    ],
)
def test_a_document_that_is_no_scenario_is_named(text: str, said: str) -> None:
    assert refusal(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2", "line 2: this is not YAML: in a mapping, the field a is there"),
        ("a: !!float 1", "line 1: this is not YAML: could not determine a constructor"),
        ("a: [1", "line 1: this is not YAML: while parsing a flow sequence"),
        ("a: \x00", "this is not YAML: unacceptable character"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InvalidScenario) as refused:
        list(documents(text))

    assert str(refused.value).startswith(said)


def test_one_wrong_document_does_not_hide_the_others(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(f"scenario: a\nsteps: 1\n---\nscenario: b\nsteps:\n{EXPECT}")

    first, second = read_file(file)

    assert isinstance(first, Unusable)
    assert first.name == "a"
    assert str(first.reason) == "steps: expected a list, found '1'"
    assert isinstance(second, Scenario)
    assert second.name == "b"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidScenario, match="the file cannot be read"):
        list(read_file(tmp_path / "missing.yaml"))
