"""Work of one entity's people for another is priced, dated and refused as stated."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.decide.kernel import decide_columns
from hourline.decide.model import Decided
from hourline.kernel.codes import Effect, Role
from tests.builders import (
    Firm,
    bill_rate,
    contract,
    contract_line,
    cost_rate,
    firm,
    fx_rate,
    legal_entity,
    person,
    posting_period,
    transfer_price,
)
from tests.entries import Entry, entry_columns, expense

USD, GBP, JPY = 840, 826, 392


def lending(*, rate: str | None = "200") -> Firm:
    """Return a firm of which `ann` is employed by GB1, at 50 GBP an hour."""
    built = firm(rate=rate)
    built.add("GB1", legal_entity(country="GB", currency="GBP"))
    built.add("ann", person(entity="GB1"))
    built.add("cost", cost_rate(rate="50"))
    built.add("fx", fx_rate(from_currency="USD", to_currency="GBP", rate="0.8"))
    return built


def decided(built: Firm, *entries: Entry) -> Decided:
    return decide_columns(entry_columns(entries or [Entry()]), built.snapshot())


def said(built: Firm, entry: Entry | None = None) -> dict[str, str]:
    refused = decided(built, entry or Entry()).refusals
    return {
        str(problem.code): problem.sentence
        for refusal in refused
        for problem in refusal.problems
    }


def test_a_transfer_says_row_price_and_both_books() -> None:
    built = lending()
    row = built.add("row", transfer_price())

    found = decided(built).transfers

    assert found.rule_no.tolist() == [row]
    assert (found.currency.tolist(), found.amount.tolist()) == ([USD], [12_000])
    assert found.lender_currency.tolist() == [GBP]
    assert found.lender_amount.tolist() == [9_600]
    assert (found.borrower_currency.tolist(), found.borrower_amount) == (
        [USD],
        [12_000],
    )
    assert found.seconds.tolist() == [3_600]


def test_each_entity_books_by_its_own_open_months() -> None:
    built = lending()
    built.add("row", transfer_price())
    built.add("shut", posting_period(entity="GB1", period="2025-03"))
    built.add(
        "april",
        fx_rate(from_currency="USD", to_currency="GBP", rate="0.75"),
        effective_from=date(2025, 4, 1),
    )

    journal = decided(built).journal

    booked = {
        Effect(effect).name: (str(day), amount)
        for effect, day, amount in zip(
            journal.effect.tolist(),
            journal.accounting_date.tolist(),
            journal.entity_amount.tolist(),
            strict=True,
        )
    }
    assert booked == {
        "COST": ("2025-04-01", 5_000),
        "IC_ACCRUAL": ("2025-04-01", 9_000),
        "ACCRUAL": ("2025-03-05", 20_000),
    }


def test_cost_of_an_own_person_is_dated_by_the_one_entity() -> None:
    built = firm()
    built.add("cost", cost_rate(rate="50"))
    built.add("shut", posting_period(period="2025-03"))

    journal = decided(built).journal

    assert set(journal.accounting_date.tolist()) == {date(2025, 4, 1)}


def test_an_expense_of_a_lent_person_has_no_transfer_price() -> None:
    built = lending()
    built.add("row", transfer_price())

    found = decided(built, expense(cost=500, currency="USD"))

    assert found.transfers.amount.tolist() == []
    assert found.refusals == []


def test_a_row_that_does_not_accrue_prices_and_books_nothing() -> None:
    built = lending()
    built.add("row", transfer_price(accrue=False))

    found = decided(built)

    assert found.transfers.amount.tolist() == [12_000]
    assert found.transfers.lender_amount.tolist() == [0]
    assert int(Role.IC_WIP) not in found.journal.debit.tolist()


def test_without_a_rate_into_the_borrowers_books_its_amount_is_not_known() -> None:
    built = lending()
    built.add("JP1", legal_entity(country="JP", currency="JPY"))
    built.add("C1", contract(entity="JP1", currency="JPY"))
    built.add("C1.1", contract_line(method="non_billable"))
    built.add("row", transfer_price(borrower="JP1", currency="GBP"))

    found = decided(built).transfers

    assert found.amount.tolist() == [12_000]
    assert found.borrower_currency.tolist() == [JPY]
    assert found.borrower_amount == [None]


def test_a_borrowers_amount_beyond_all_measure_is_not_kept() -> None:
    built = lending(rate="1e8")
    built.add("JP1", legal_entity(country="JP", currency="JPY"))
    built.add("C1", contract(entity="JP1", currency="USD"))
    built.add("C1.1", contract_line(method="non_billable"))
    row = transfer_price(
        model="percent_of_bill_rate", value="10000", borrower="JP1", accrue=False
    )
    built.add("row", row)
    built.add("yen", fx_rate(from_currency="USD", to_currency="JPY", rate="1e6"))

    found = decided(built, Entry(seconds=2_678_400)).transfers

    assert found.amount.tolist() == [744_000_000_000_000]
    assert found.borrower_amount == [None]


@pytest.mark.parametrize("currency", [None, "GBP"])
def test_money_without_a_currency_is_the_lenders(currency: str | None) -> None:
    built = lending()
    built.add("row", transfer_price(currency=currency))

    found = decided(built).transfers

    assert (found.currency.tolist(), found.amount.tolist()) == ([GBP], [12_000])


def test_money_off_a_bill_rate_without_a_currency_is_the_contracts() -> None:
    built = lending()
    row = transfer_price(model="bill_rate_less_amount", value="30", currency=None)
    built.add("row", row)

    found = decided(built).transfers

    assert (found.currency.tolist(), found.amount.tolist()) == ([USD], [17_000])


def test_a_bill_rate_model_without_a_rate_lacks_a_price() -> None:
    built = lending(rate=None)
    built.add("C1.1", contract_line(method="fixed_price", price=Decimal(900)))
    row = transfer_price(model="contribution_ratio", value="25", currency=None)
    built.add("row", row)

    assert list(said(built)) == ["price_not_found"]
    built.add("rate", bill_rate(rate="100"))
    # 100 USD are 80 GBP: 50 + 25 % of 30
    assert decided(built).transfers.amount.tolist() == [5_750]


def test_a_missing_rate_of_exchange_is_named_with_its_day() -> None:
    built = lending()
    built.add("row", transfer_price(model="cost_plus_amount", currency="JPY"))

    assert said(built) == {
        "fx_rate_not_found": "1 h of ann on project P1 on 2025-03-05 cannot be booked:"
        " there is no usable rate of exchange between JPY and GBP on 2025-03-05."
    }


def test_a_price_below_zero_names_its_row() -> None:
    built = lending()
    built.add("row", transfer_price(model="bill_rate_less_amount", value="200.01"))

    assert said(built) == {
        "transfer_price_not_found": "1 h of ann on project P1 on 2025-03-05 has no"
        " usable transfer price: row row gives less than nothing, or more than can be"
        " booked."
    }


def test_a_price_beyond_all_measure_is_refused() -> None:
    built = lending(rate="9e10")
    built.add("row", transfer_price(model="percent_of_bill_rate", value="10000"))
    built.add("fx", fx_rate(from_currency="USD", to_currency="GBP", rate="1000"))
    month = Entry(seconds=2_678_400)

    # a hundredfold of 9e10 USD for 744 hours, at 1000 GBP
    assert list(said(built, month)) == ["transfer_price_not_found"]
    built.add("row", transfer_price(model="percent_of_bill_rate", value="1"))
    assert decided(built, month).transfers.amount.tolist() == [66_960_000_000_000]


def test_a_lender_without_an_open_month_is_named() -> None:
    built = lending()
    built.add("row", transfer_price())
    for number in range(40):
        period = f"{2025 + number // 12}-{number % 12 + 1:02}"
        built.add(f"shut{number}", posting_period(entity="GB1", period=period))

    assert said(built) == {
        "period_closed": "1 h of ann on project P1 on 2025-03-05 is refused: no month"
        " of GB1 is open on that day or in the two years after it."
    }


def test_without_open_months_at_either_side_both_are_named() -> None:
    built = lending()
    built.add("row", transfer_price())
    for number in range(40):
        period = f"{2025 + number // 12}-{number % 12 + 1:02}"
        built.add(f"gb{number}", posting_period(entity="GB1", period=period))
        built.add(f"us{number}", posting_period(entity="US1", period=period))

    assert "no month of US1 and GB1 is open" in said(built)["period_closed"]
