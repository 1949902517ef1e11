"""The invented firm shares teams across entities and has contracts of every kind."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from hourline.connectors.sandbox.firm import Firm, build_firm
from hourline.connectors.sandbox.model import Contract, ContractLine
from tests.connectors.sandbox.firms import firm_of

LENT = {
    ("GB1", "US1"): 105,
    ("GB1", "DE1"): 116,
    ("DE1", "US1"): 49,
    ("DE1", "GB1"): 55,
}


@pytest.fixture(scope="module")
def firm() -> Firm:
    return build_firm()


def contract_of_projects(firm: Firm) -> dict[str, Contract]:
    contracts = {line.line: c for c in firm.contracts for line in c.lines}
    projects = (*firm.projects, *firm.late_projects)
    return {p.project: contracts[p.contract_line] for p in projects}


def lines_of(firm: Firm, method: str) -> list[ContractLine]:
    return [x for c in firm.contracts for x in c.lines if x.method == method]


def test_some_people_work_for_contracts_of_other_entities(firm: Firm) -> None:
    entity_of = {person.psa_id: person.provider for person in firm.people}
    contracts = contract_of_projects(firm)

    worked = Counter(
        (entity_of[entry.person], contracts[entry.project].entity)
        for entry in firm.approved_entries()
        if entry.project in contracts
    )

    assert {pair: n for pair, n in worked.items() if pair[0] != pair[1]} == LENT


@pytest.mark.parametrize("seed", range(20))
def test_whoever_is_lent_is_assigned_and_meets_a_transfer_price(seed: int) -> None:
    firm = firm_of(seed)
    entity_of = {person.psa_id: person.provider for person in firm.people}
    contracts = contract_of_projects(firm)
    assigned = {
        (a.person, a.project) for a in (*firm.assignments, *firm.late_assignments)
    }
    priced = {(row.lender, row.borrower) for row in firm.transfer_prices}

    lent = {
        (entry.person, entry.project)
        for entry in firm.approved_entries()
        if entry.project in contracts
        and contracts[entry.project].entity != entity_of[entry.person]
    }

    assert lent <= assigned
    pairs = {(entity_of[person], contracts[p].entity) for person, p in lent}
    assert pairs == priced == set(LENT)


@pytest.mark.parametrize("seed", range(20))
def test_every_seed_has_every_method_and_term(seed: int) -> None:
    firm = firm_of(seed)

    fixed = Counter(line.recognition for line in lines_of(firm, "fixed_price"))
    capped = [c for c in firm.contracts if c.limit_minor is not None]
    foreign = [c for c in firm.contracts if (c.entity, c.currency) == ("US1", "EUR")]
    discounts = [x.discount_percent for c in firm.contracts for x in c.lines]
    assert fixed == {
        None: 1,
        "percent_hours": 1,
        "straight_line": 1,
        "completed": 1,
        "percent_cost": 1,
        "milestone": 1,
    }
    assert len(lines_of(firm, "retainer")) == len(lines_of(firm, "recurring")) == 2
    assert (len(capped), len(foreign), discounts.count(10)) == (1, 1, 1)


@pytest.mark.parametrize("seed", range(20))
def test_every_seed_has_the_rarer_terms(seed: int) -> None:
    firm = firm_of(seed)
    (blended,) = (rate for rate in firm.bill_rates if rate.blended)
    (withholding,) = (c for c in firm.contracts if c.retainage_percent)
    (monthly,) = (c for c in firm.contracts if c.month_limit_minor)
    (daily,) = (c for c in firm.contracts if c.person_day_limit_hours)
    (by_cost,) = (c for c in firm.contracts if c.lines[0].cost_plus_percent)
    departments = {p.cost_centre for p in firm.projects if p.entity == "US1"}

    sold = next(c for c in firm.contracts if c.contract == blended.contract)
    assert (sold.entity, sold.lines[0].method) == ("DE1", "time_and_materials")
    assert withholding.lines[0].method == "fixed_price"
    assert (monthly.entity, daily.entity) == ("US1", "DE1")
    assert (by_cost.entity, by_cost.currency) == ("US1", "EUR")
    assert departments == {"CC-US1-10", "CC-US1-20"}
    assert {p.cost_centre for p in firm.projects if p.entity != "US1"} == {None}


@pytest.mark.parametrize("seed", range(20))
def test_shares_of_a_contract_total_a_hundred(seed: int) -> None:
    firm = firm_of(seed)
    countries = {c.customer: c.country for c in firm.customers}

    totals: dict[str, Decimal] = defaultdict(Decimal)
    sharing: dict[str, list[str]] = {}
    for share in firm.shares:
        totals[share.contract] += Decimal(share.percent)
        sharing.setdefault(share.contract, []).append(share.customer)

    assert set(totals.values()) == {100}
    assert sorted(map(len, sharing.values())) == [2, 3]
    for contract, customers in sharing.items():
        own = next(c for c in firm.contracts if c.contract == contract)
        assert customers[0] == own.customer
        assert len({countries[customer] for customer in customers}) == 1


def test_prepaid_hours_are_bought_before_the_month(firm: Firm) -> None:
    elsewhere, here = firm.prepaid_hours

    assert (elsewhere.hours, elsewhere.price_minor) == (40, None)
    assert (here.hours, here.price_minor) == (200, 2_700_000)
    assert {block.purchased_on.month for block in firm.prepaid_hours} == {9}
    lines = {line.line for line in lines_of(firm, "time_and_materials")}
    assert {elsewhere.contract_line, here.contract_line} <= lines


def test_there_is_a_rate_for_every_pair_that_lends_or_travels(firm: Firm) -> None:
    pairs = {(rate.from_currency, rate.to_currency) for rate in firm.fx_rates}

    lending = {("GBP", "USD"), ("EUR", "USD"), ("GBP", "EUR")}
    assert pairs == lending | {("CHF", "EUR"), ("JPY", "USD"), ("JPY", "EUR")}
