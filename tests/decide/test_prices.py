"""Which bill rate prices an entry, and what a portion is worth."""

from datetime import date
from decimal import Decimal
from typing import Literal

import pytest

from hourline.decide.kernel import decide_columns
from hourline.decide.model import Decided
from tests.builders import (
    Firm,
    bill_rate,
    contract,
    contract_line,
    customer,
    firm,
    fx_rate,
    hour_type,
    legal_entity,
    person,
    project,
)
from tests.entries import Entry, entry_columns


def _decided(built: Firm, *entries: Entry) -> Decided:
    return decide_columns(entry_columns(entries), built.snapshot())


def _amounts(built: Firm, *entries: Entry) -> list[int]:
    decided = _decided(built, *entries)
    assert not decided.refusals
    amounts: list[int] = decided.portions.amount.tolist()
    return amounts


def test_an_hour_at_200_is_worth_200() -> None:
    assert _amounts(firm(), Entry()) == [20_000]


def test_the_narrower_scope_wins_in_the_order_of_the_format() -> None:
    built = firm(rate="1")
    rates = [
        ("entity", bill_rate(rate="2", entity="US1")),
        ("customer", bill_rate(rate="3", customer="ADATUM")),
        ("project", bill_rate(rate="4", project="P1")),
        ("contract", bill_rate(rate="5", contract="C1")),
        ("line", bill_rate(rate="6", contract_line="C1.1")),
    ]
    amounts = _amounts(built, Entry())
    for name, rate in rates:
        built.add(name, rate)
        amounts += _amounts(built, Entry())

    assert amounts == [100, 200, 300, 400, 500, 600]


def test_within_a_scope_person_comes_before_role_before_activity() -> None:
    built = firm(rate="1")
    entry = Entry(activity="dev")
    amounts = _amounts(built, entry)
    for name, rate in [
        ("activity", bill_rate(rate="2", activity="dev")),
        ("role", bill_rate(rate="3", role="consultant")),
        ("both", bill_rate(rate="4", role="consultant", activity="dev")),
        ("person", bill_rate(rate="5", person="ann")),
        ("more", bill_rate(rate="6", person="ann", activity="dev")),
        ("role too", bill_rate(rate="7", person="ann", role="consultant")),
    ]:
        built.add(name, rate)
        amounts += _amounts(built, entry)

    assert amounts == [100, 200, 300, 400, 500, 600, 700]


def test_overrides_of_a_contract_hold_by_work_date() -> None:
    built = firm(rate=None)
    days = {
        "card": (bill_rate(rate="100"), date(2025, 1, 1), date(2025, 7, 1)),
        "x1": (
            bill_rate(rate="110", contract="C1"),
            date(2025, 3, 15),
            date(2025, 4, 1),
        ),
        "x2": (
            bill_rate(rate="120", contract="C1"),
            date(2025, 4, 1),
            date(2025, 7, 1),
        ),
    }
    for name, (rate, start, end) in days.items():
        built.add(name, rate, effective_from=start, effective_until=end)
    entries = [
        Entry(entry_no=number, work_date=date(2025, month, day))
        for number, (month, day) in enumerate(
            [(3, 14), (3, 15), (3, 31), (4, 1), (6, 30), (7, 1)]
        )
    ]

    decided = _decided(built, *entries)

    assert decided.portions.amount.tolist() == [10_000, 11_000, 11_000, 12_000, 12_000]
    assert [str(r.problems[0].code) for r in decided.refusals] == ["price_not_found"]


def test_a_role_on_the_entry_prices_it_before_the_role_of_the_person() -> None:
    built = firm(rate=None)
    built.add("consultant", bill_rate(rate="100", role="consultant"))
    built.add("lead", bill_rate(rate="300", role="lead"))

    assert _amounts(built, Entry(), Entry(entry_no=2, role="lead")) == [10_000, 30_000]


def test_a_rate_in_another_currency_does_not_price() -> None:
    built = firm()
    built.add("C1", contract(currency="EUR"))

    decided = _decided(built, Entry())

    codes = [str(problem.code) for problem in decided.refusals[0].problems]
    assert codes == ["price_not_found", "fx_rate_not_found"]


def test_a_rate_for_a_record_that_is_not_known_matches_nothing() -> None:
    built = firm(rate="150")
    built.add("elsewhere", bill_rate(rate="1", project="P9"))

    assert _amounts(built, Entry()) == [15_000]


def test_a_day_rate_of_105_over_8_hours_is_105_and_not_105_04() -> None:
    built = firm(rate=None)
    built.add("day", bill_rate(rate="105", hours_per_day="8"))

    decided = _decided(built, Entry(seconds=28_800), Entry(entry_no=2, seconds=900))

    assert decided.portions.amount.tolist() == [10_500, 328]
    assert decided.portions.rate_amount.tolist() == [105_000_000] * 2
    assert decided.portions.rate_seconds.tolist() == [28_800] * 2


def test_a_bill_factor_multiplies_the_exact_price() -> None:
    built = firm(rate="100")
    built.add("overtime", hour_type(bill_factor="1.5"))

    decided = _decided(built, Entry(hour_type="overtime"))

    assert decided.portions.amount.tolist() == [15_000]
    assert decided.portions.rate_amount.tolist() == [150_000_000]
    assert decided.portions.rate_seconds.tolist() == [3_600]


def test_regular_hours_need_no_record() -> None:
    assert _amounts(firm(), Entry(hour_type="regular")) == [20_000]


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", 34), ("USD", 3_438), ("KWD", 34_375)]
)
def test_an_amount_has_the_decimals_of_its_currency(currency: str, amount: int) -> None:
    built = firm(rate=None)
    built.add("US1", legal_entity(currency=currency))
    built.add("rate", bill_rate(rate="137.50", currency=currency))

    assert _amounts(built, Entry(seconds=900)) == [amount]


@pytest.mark.parametrize(
    ("rounding", "amount"), [("half_up", 688), ("half_even", 688), ("half_down", 687)]
)
def test_half_a_cent_goes_where_the_entity_says(
    rounding: Literal["half_up", "half_even", "half_down"], amount: int
) -> None:
    built = firm(rate="27.50")
    built.add("US1", legal_entity(money_rounding=rounding))

    assert _amounts(built, Entry(seconds=900)) == [amount]


def test_each_connection_uses_ids_of_its_own() -> None:
    built = firm()
    built.add("bob", person(role="lead"))
    built.add("lead", bill_rate(rate="300", role="lead"))
    built.add("P2", project(contract_line="C1.1"))
    built.refer("person", "bob", "ann", connection=2)
    built.refer("project", "P1", "P1", connection=2)

    entries = [Entry(), Entry(entry_no=2, connection_no=2)]

    assert _amounts(built, *entries) == [20_000, 30_000]


def test_the_records_of_the_work_date_hold() -> None:
    built = firm(rate="100")
    built.add("C2", contract(customer="NEW"))
    built.add("NEW", customer(country="DE"))
    built.add("C2.1", contract_line(contract="C2", accrue=False))
    moved = date(2025, 3, 10)
    built.add("P1", project(contract_line="C2.1"), effective_from=moved)

    decided = _decided(
        built, Entry(), Entry(entry_no=2, work_date=moved), Entry(entry_no=3)
    )

    assert decided.portions.contract_line_no.tolist() == [
        built.numbers["contract_line", "C1.1"],
        built.numbers["contract_line", "C2.1"],
        built.numbers["contract_line", "C1.1"],
    ]
    assert decided.portions.accrued_amount.tolist() == [10_000, 0, 10_000]


def test_a_price_set_by_hand_is_above_every_row_and_takes_no_factor() -> None:
    built = firm(rate="200")
    built.add("person", bill_rate(rate="300", contract_line="C1.1", person="ann"))
    built.add("overtime", hour_type(bill_factor="1.5"))
    entry = Entry(hour_type="overtime", price=Decimal("180.0001"))

    decided = _decided(built, entry, Entry(entry_no=2, hour_type="overtime"))

    assert decided.portions.amount.tolist() == [18_000, 45_000]
    assert decided.portions.rate_amount.tolist()[0] == 180_000_100
    assert decided.portions.rate_seconds.tolist()[0] == 3_600
    assert decided.decisions.bill_rate_no.tolist()[0] == -1


def test_a_price_set_by_hand_needs_no_rate() -> None:
    built = firm(rate=None)

    decided = _decided(
        built, Entry(price=Decimal(0)), Entry(entry_no=2), Entry(entry_no=3, seconds=0)
    )

    assert decided.portions.amount.tolist() == [0, 0]
    assert [one.index for one in decided.refusals] == [1]


def test_a_price_set_by_hand_is_in_the_currency_of_the_contract() -> None:
    built = firm(rate="200")
    built.add("C1", contract(currency="KWD"))
    built.add("fx", fx_rate(from_currency="KWD", to_currency="USD", rate="3"))

    decided = _decided(built, Entry(seconds=1_800, price=Decimal("10.0015")))

    assert decided.portions.amount.tolist() == [5_001]
    assert decided.portions.rate_amount.tolist() == [100_015_000]
