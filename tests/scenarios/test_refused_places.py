"""What is wrong in a scenario is named with its place and what was expected there."""

import pytest

from tests.scenarios.texts import given, refusal, step


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
            "rates: [{currency: USD, rate: 1, contract: C, role: a, blended: true}]",
            (
                "given.rates[0]: expected contract_line or contract in a blended rate,"
                " and no person, role or activity"
            ),
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
            (
                "fx: [{from_currency: GBP, to_currency: USD, date: 2025-01-01,"
                " rate: 1},"
                " {from_currency: GBP, to_currency: USD, date: 2025-01-01,"
                " rate: 2}]"
            ),
            "given: expected fx of which one wins, found a tie between fx[0] and fx[1]",
        ),
        (
            (
                "periods: [{entity: U, period: 2025-04, status: closed},"
                " {entity: U, period: 2025-04, status: open}]"
            ),
            (
                "given: expected periods of which one wins, found a tie between"
                " periods[0] and periods[1]"
            ),
        ),
        (
            "rates: [{currency: USD, rate: 1, from: 2025-02-01, until: 2025-02-01}]",
            "given.rates[0]: expected until after from, found 2025-02-01",
        ),
        (
            (
                "entities: [{id: U, country: US, currency: USD,"
                " required_dimensions: [colour]}]"
            ),
            (
                "given.entities[0].required_dimensions[0]: expected cost_centre |"
                " service_line, found 'colour'"
            ),
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
            (
                "contracts: [{id: C, entity: E, customer: A, lines: [{id: L, method:"
                " fixed_price, price: 1, recognition: percent_hours}]}]"
            ),
            (
                "given.contracts[0].lines[0]: expected the field estimate_hours for"
                " percent_hours"
            ),
        ),
        (
            (
                "contracts: [{id: C, entity: E, customer: A, lines: [{id: L, method:"
                " fixed_price, price: 1, recognition: straight_line, start:"
                " 2025-01-01}]}]"
            ),
            "given.contracts[0].lines[0]: expected the field end for straight_line",
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
                "steps[0].set_master.kind: expected entity | customer | vendor |"
                " person | contract |"
                " project | hour_types | tax | fx | intercompany |"
                " cross_charge | prepaid |"
                " period | entry_lock | right | group, found 'planet'"
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
            "expect: {balances_by: {US1: {service_line: {tax: {kost: 1}}}}}",
            "steps[0].expect: expected an account role, found 'kost'",
        ),
        (
            (
                "expect: {group_balances: {G: {2025-01-31:"
                " {eliminated: {US1: {translation_difference: 1}}}}}}"
            ),
            (
                "steps[0].expect.group_balances.G.2025-01-31: expected an account role,"
                " found 'translation_difference'"
            ),
        ),
        (
            "expect: {entries: {t1: {billable: [1]}}}",
            (
                "steps[0].expect.entries.t1.billable: expected two figures: [hours,"
                " amount], found a list"
            ),
        ),
        (
            "estimate: {contract_line: L}",
            (
                "steps[0].estimate: expected one of estimate_hours, estimate_cost and"
                " price"
            ),
        ),
        (
            "estimate: {contract_line: L, estimate_hours: 1, treatment: prospective}",
            "steps[0].estimate: expected the field price for a prospective treatment",
        ),
        ("expect: {}", "steps[0].expect: expected at least one thing to compare"),
    ],
)
def test_what_is_wrong_in_a_step_is_named_with_its_place(
    action: str, said: str
) -> None:
    assert refusal(step(action)) == said
