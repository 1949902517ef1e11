"""Scenario files are read exactly, and what is wrong in one is named with its place."""

from pathlib import Path

import pytest

from hourline.scenarios.format.reading import (
    Scenario,
    Unusable,
    read_file,
    read_scenario,
)
from hourline.scenarios.format.refusal import InvalidScenario
from hourline.scenarios.format.steps import Approve, SetMaster
from hourline.scenarios.format.yaml_text import documents

EXPECT = "  - expect: {invoices: 0}\n"


def read(text: str) -> Scenario | Unusable:
    (document,) = documents(text)
    return read_scenario(document)


def refusal(text: str) -> str:
    unusable = read(text)
    assert isinstance(unusable, Unusable)
    return str(unusable.reason)


def given(rows: str) -> str:
    return f"scenario: s\ngiven:\n  {rows}\nsteps:\n{EXPECT}"


def step(action: str) -> str:
    return f"scenario: s\nsteps:\n  - {action}\n{EXPECT}"


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
            "PersonRow(id='ann', entity='US1', role='dev', cost_rate=Decimal('7'),"
            " cost_rates=())"
        ),
        (
            "PersonRow(id='ann', entity='US1', role='lead', cost_rate=Decimal('7'),"
            " cost_rates=())"
        ),
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "rates: [{currency: USD, rate: 1}, {currency: USD, rate: x}]",
            "given.rates[1].rate: expected a decimal number, found 'x'",
        ),
        (
            "rates: [{currency: USD, rate: NaN}]",
            "given.rates[0].rate: expected a decimal number, found 'NaN'",
        ),
        (
            "rates: [{currency: usd, rate: 1}]",
            "given.rates[0].currency: expected a currency such as USD, found 'usd'",
        ),
        (
            "rates: [{currency: USD, rate: 1, per: week}]",
            "given.rates[0].per: expected day | hour, found 'week'",
        ),
        (
            "rates: [{currency: USD, rate: 1, per: day}]",
            "given.rates[0]: expected hours_per_day with per: day, and only there",
        ),
        (
            "rates: [{currency: USD, rate: 1, project: P, contract: C}]",
            "given.rates[0]: expected at most one scope, found contract, project",
        ),
        (
            (
                "rates: [{currency: USD, rate: 1, role: a}, {currency: USD, rate: 2,"
                " role:"
                " a, from: 2025-01-01}]"
            ),
            (
                "given: expected rates of which one wins, found a tie between"
                " rates[0] and"
                " rates[1]"
            ),
        ),
        (
            "rates: [{currency: USD, rate: 1, from: 2025-02-01, until: 2025-02-01}]",
            "given.rates[0]: expected until after from, found 2025-02-01",
        ),
        (
            "customers: [{id: A, country: US, colour: red}]",
            "given.customers[0]: the field colour is not part of the format",
        ),
        (
            "customers: [{id: A}]",
            "given.customers[0]: expected the field country, which is missing",
        ),
        (
            "customers: [{id: A, country: US}, {id: A, country: FR}]",
            "given: expected different ids in customers, found A twice",
        ),
        (
            "customers: {id: A}",
            "given.customers: expected a list, found a mapping",
        ),
        (
            "people: [{id: a, entity: E, cost_rate: 1, cost_rates: [{rate: 2}]}]",
            "given.people[0]: expected cost_rate or cost_rates, found both",
        ),
        (
            "people: [{id: a, entity: E, cost_rates: [{rate: 1}, {rate: 2}]}]",
            (
                "given.people[0]: expected cost_rates that do not overlap, found two"
                " that"
                " do"
            ),
        ),
        (
            "periods: [{entity: E, period: 2025-13, status: open}]",
            (
                "given.periods[0].period: expected a month such as 2025-04, found"
                " '2025-13'"
            ),
        ),
        (
            (
                "contracts: [{id: C, entity: E, customer: A, lines: [{id: L, method:"
                " fixed_price}]}]"
            ),
            "given.contracts[0].lines[0]: expected the field price for fixed_price",
        ),
        (
            "contracts: [{id: C, entity: E}]",
            "given.contracts[0]: expected one of customer and customers",
        ),
        (
            "contracts: [{id: C, entity: E, customers: [{id: A, share: 60}]}]",
            "given.contracts[0]: expected shares of customers that total 100",
        ),
    ],
)
def test_what_is_wrong_in_given_is_named_with_its_place(rows: str, said: str) -> None:
    assert refusal(given(rows)) == said


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("fly: {to: the moon}", "steps[0].fly: there is no action 'fly'"),
        (
            "{bill: {}, issue: {}}",
            "steps[0]: expected one action, found bill, issue",
        ),
        (
            "approve: {entry: t, person: a, project: P, date: 2025-02-30, hours: 1}",
            (
                "steps[0].approve.date: expected a day such as 2025-04-30, found"
                " '2025-02-30'"
            ),
        ),
        (
            "approve: {entry: t, person: a, project: P, date: 2025-02-03}",
            "steps[0].approve: expected one of hours, minutes and seconds",
        ),
        (
            (
                "approve: {entry: t, person: a, project: P, date: 2025-02-03, hours:"
                " 0.0001}"
            ),
            "steps[0].approve: expected whole seconds from 0 on, found 0.0001 units",
        ),
        (
            (
                "approve: {entry: t, person: a, project: P, date: 2025-02-03, hours: 1,"
                " revision: 0}"
            ),
            "steps[0].approve: expected a revision from 1 on, found 0",
        ),
        (
            (
                "approve: {entry: t, person: a, project: P, date: 2025-02-03, hours: 1,"
                " received: noon}"
            ),
            (
                "steps[0].approve.received: expected a day or an instant such as"
                " 2025-05-05T09:00:00Z, found 'noon'"
            ),
        ),
        (
            (
                "deliver: {entry: t, person: a, project: P, date: 2025-02-03, hours: 1,"
                " by: [pigeon]}"
            ),
            (
                "steps[0].deliver.by[0]: expected batch | event | file | poll |"
                " webhook,"
                " found 'pigeon'"
            ),
        ),
        (
            "credit: {invoice: first}",
            "steps[0].credit.invoice: expected last | a whole number, found 'first'",
        ),
        (
            "credit: {invoice: 1, lines: [{entry: t, milestone: m}]}",
            "steps[0].credit.lines[0]: expected one of entry and milestone",
        ),
        (
            "set_master: {kind: planet, id: P1}",
            (
                "steps[0].set_master.kind: expected entity | customer | person |"
                " contract |"
                " project | hour_types | tax | fx | intercompany | prepaid, found"
                " 'planet'"
            ),
        ),
        (
            "set_master: {kind: project, id: P1}",
            "steps[0].set_master: expected the field contract_line, which is missing",
        ),
        (
            "expect: {balances: {US1: {cost: much}}}",
            (
                "steps[0].expect.balances.US1.cost: expected a decimal number, found"
                " 'much'"
            ),
        ),
        (
            "expect: {balances: {US1: {kost: 1}}}",
            "steps[0].expect: expected an account role, found 'kost'",
        ),
        (
            "expect: {entries: {t1: {billable: [1]}}}",
            (
                "steps[0].expect.entries.t1.billable: expected two figures: [hours,"
                " amount], found a list"
            ),
        ),
        ("expect: {}", "steps[0].expect: expected at least one thing to compare"),
    ],
)
def test_what_is_wrong_in_a_step_is_named_with_its_place(
    action: str, said: str
) -> None:
    assert refusal(step(action)) == said


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


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (given("time_rounding: [{increment: 15}]"), "time rounding (time_rounding)"),
        (
            given(
                "prepaid: [{id: B, contract_line: L, hours: 1, purchased: 2025-01-01,"
                " expires: 2025-01-31}]"
            ),
            "prepaid hours (prepaid)",
        ),
        (
            given(
                "contracts: [{id: C, entity: E, customer: A, limit: 5, lines: [{id: L,"
                " method: retainer, amount: 1}]}]"
            ),
            "limits (limit), contract lines of method retainer",
        ),
        (
            given(
                "contracts: [{id: C, entity: E, customer: A, lines: [{id: L, method:"
                " fixed_price, price: 1, recognition: completed}]}]"
            ),
            "recognition completed",
        ),
        (
            step(
                "approve: {entry: t, person: a, project: P, date: 2025-02-03, hours: 1,"
                " price: 9}"
            ),
            "a price set by hand (price)",
        ),
        (
            step(
                "bill: {contract: C, through: 2025-01-31, date: 2025-01-31, adjust:"
                " [{entry: t, hours: 1}]}"
            ),
            "adjusted lines (bill with adjust)",
        ),
        (step("hold: {entry: t}"), "held work (hold)"),
        (
            step(
                "set_master: {kind: contract, id: C, entity: E, customer: A, limit: 9}"
            ),
            "limits (limit)",
        ),
        (
            step(
                "set_master: {kind: intercompany, lender: A, borrower: B, model:"
                " unit_price, value: 1}"
            ),
            "transfer prices (intercompany)",
        ),
    ],
)
def test_what_hourline_cannot_do_yet_is_said_by_name(text: str, what: str) -> None:
    assert refusal(text) == f"not supported yet: {what}"
