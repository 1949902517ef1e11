"""Master data that could not be decided with is refused by name, with a remedy."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec
import pytest

from hourline.master.model import BillRate, ContractLine, Record, TaxRule
from hourline.master.snapshot import UnusableRecord
from tests.builders import (
    bill_rate,
    contract,
    contract_line,
    cost_rate,
    firm,
    fx_rate,
    hour_type,
    legal_entity,
    person,
    posting_period,
    tax_rule,
    transfer_price,
)
from tests.rounding_rows import time_rounding


def line(
    *,
    discount_percent: str = "0",
    fee_percent: str = "0",
    cost_plus_percent: str | None = None,
    method: Literal["time_and_materials", "fixed_price"] = "time_and_materials",
) -> ContractLine:
    return ContractLine(
        contract="C1",
        method=method,
        discount_percent=Decimal(discount_percent),
        fee_percent=Decimal(fee_percent),
        cost_plus_percent=(
            None if cost_plus_percent is None else Decimal(cost_plus_percent)
        ),
    )


def withholding(percent: str, **terms: object) -> ContractLine:
    """Return a line of which so many percent are withheld."""
    said = {"method": "time_and_materials", "retainage_percent": percent, **terms}
    return msgspec.convert({"contract": "C1", **said}, ContractLine, strict=False)


def recovering(percent: str, service: str | None = "intercompany") -> TaxRule:
    """Return a row of which so many percent of its tax are recovered."""
    said = {"order": 1, "rate": 19, "code": "S", "service": service}
    return msgspec.convert(
        {**said, "recoverable_percent": percent}, TaxRule, strict=False
    )


_DAYS = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}


def fixed(**terms: object) -> ContractLine:
    """Return a fixed price of 100 USD with terms of its revenue."""
    said = {"method": "fixed_price", "price": 100, **terms}
    return msgspec.convert({"contract": "C1", **said}, ContractLine)


def fee(**terms: object) -> ContractLine:
    """Return a fee of 10 USD a month with other terms."""
    said = {"amount": 10, "every": "month", **_DAYS, **terms}
    return msgspec.convert(
        {"contract": "C1", "method": "recurring", **said}, ContractLine
    )


def blended(**scope: str) -> BillRate:
    """Return a rate for everybody."""
    return msgspec.structs.replace(bill_rate(**scope), blended=True)


_REFUSED = [
    (fixed(recognition="percent_hours"), "contract_line bad: its revenue is a perc"),
    (fixed(recognition="percent_hours", estimate_hours=0), "hours is 0, not above"),
    (fixed(recognition="percent_cost"), "a percentage of estimate_cost, which"),
    (fixed(recognition="percent_cost", estimate_cost=-1), "cost is -1, not above"),
    (fixed(recognition="straight_line"), "needs a start and an end"),
    (
        fixed(recognition="straight_line", start=_DAYS["end"], end=_DAYS["start"]),
        "its end 2025-01-01 is before its start 2025-12-31",
    ),
    (fixed(recognition="milestone", price=None), "recognition milestone needs a pri"),
    (fixed(recognition="milestone", price=-1), "recognition milestone needs a price"),
    (fixed(recognition="milestone", price=Decimal("0.001")), "more decimals than USD"),
    (fixed(recognition="completed"), "without a milestone it is never completed"),
    (
        fixed(recognition="straight_line", **_DAYS, recognise_at="approval"),
        "recognise_at approval does not go with recognition straight_line",
    ),
    (fixed(recognise_at="approval"), "does not go with recognition as_invoiced"),
    (fee(amount=None), "a recurring fee needs an amount above 0"),
    (fee(amount=0), "a recurring fee needs an amount above 0"),
    (fee(amount=Decimal("0.001")), "more decimals than USD"),
    (fee(every=None), "needs to say every what"),
    (fee(end=None), "needs a start and an end"),
    (fee(recognition="completed"), "by the days of its months and nothing else"),
    (legal_entity(currency="EURO"), "legal_entity bad: currency 'EURO' is no currency"),
    (legal_entity(receipts_above="0.001"), "legal_entity bad: receipts above 0.001 is"),
    (legal_entity(receipts_above="-1"), "receipts above -1 is no amount of USD"),
    (legal_entity(receipts_above="1e20"), r"receipts above 1E\+20 is no amount"),
    (legal_entity(vendor_hours_tolerance="-1"), "vendor_hours_tolerance of -1 is not"),
    (legal_entity(vendor_percent_tolerance="101"), "of 101 is not between 0 and 100"),
    (contract(currency="XAU"), "contract bad: currency 'XAU' is no currency"),
    (bill_rate(currency="usd"), "bill_rate bad: currency 'usd' is no currency"),
    (fx_rate(to_currency="???"), r"fx_rate bad: currency '\?\?\?'"),
    (bill_rate(rate="-1", role="x"), "bill_rate bad: the rate is below zero"),
    (bill_rate(rate="0.0000001", role="x"), "finer than a ten-thousandth"),
    (bill_rate(rate="1e13", role="x"), "too large to be exact"),
    (bill_rate(rate="123456789.123457", role="x"), "too large to be exact"),
    (bill_rate(contract="C1", project="P1"), "it names contract and project"),
    (blended(), "it is blended, but names no contract line and no contract"),
    (blended(project="P1"), "it is blended, but names no contract line"),
    (blended(contract="C1", role="x", activity="y"), "names role and activity"),
    (bill_rate(hours_per_day="0", role="x"), "how many hours a day has"),
    (BillRate(currency="USD", rate=Decimal(9), per="day"), "Give hours_per_day"),
    (cost_rate(rate="-1"), "cost_rate bad: a rate of -1 is below zero"),
    (cost_rate(rate="0.00000001"), "too fine"),
    (cost_rate(rate="1e12"), "too large"),
    (hour_type(bill_factor="-1"), "hour_type bad: bill_factor -1 is not between"),
    (hour_type(cost_factor="101"), "hour_type bad: cost_factor 101 is not between"),
    (hour_type(bill_factor="1.33333"), "at most 4 decimals"),
    (fx_rate(rate="0"), "fx_rate bad: a rate of 0 is not above zero"),
    (fx_rate(rate="1e19"), "too large to be exact with the bill and cost"),
    (contract_line(method="retainer"), "contract_line bad: a retainer line needs an"),
    (contract_line(method="retainer", amount=Decimal(0)), "an amount above 0"),
    (contract_line(method="recurring"), "contract_line bad: a recurring fee needs"),
    (transfer_price(currency="???"), r"transfer_price bad: currency '\?\?\?'"),
    (transfer_price(value="-1"), "a value of -1 is not between 0 and 1000000000"),
    (transfer_price(value="1e10"), "a value of 1E.10 is not between 0 and"),
    (
        transfer_price(model="percent_of_bill_rate", value="10001"),
        "a value of 10001 is not between 0 and 10000",
    ),
    (
        transfer_price(model="cost_plus_percent", value="-10001"),
        "a value of -10001 is not between -10000 and 10000",
    ),
    (
        transfer_price(value="0.00000001"),
        "a value of 1E-8 has more than 7 decimals",
    ),
    (transfer_price(lender="US1"), "transfer_price bad: US1 lends to itself"),
    (time_rounding(factor="-0.5"), "time_rounding bad: factor -0.5 is not from 0 to 3"),
    (time_rounding(factor="3.1"), "time_rounding bad: factor 3.1 is not from 0 to 3"),
    (time_rounding(factor="0.33333"), "with at most 4 decimals"),
    (time_rounding(increment="-15"), "increment_minutes -15 is not from 0 to a day"),
    (time_rounding(increment="0.01"), "increment_minutes 0.01 .* in whole seconds"),
    (time_rounding(minimum="1441"), "minimum_minutes 1441 is not from 0 to a day"),
    (line(discount_percent="-1"), "contract_line bad: -1 percent is not from 0 to 100"),
    (line(discount_percent="101"), "101 percent is not from 0 to 100"),
    (line(fee_percent="0.125"), "0.125 percent is not .* at most 2 decimals"),
    (line(cost_plus_percent="-101"), "cost plus -101 percent is not from -100"),
    (line(cost_plus_percent="0.00001"), "cost plus 0.00001 percent .* 4 decimals"),
    (
        line(cost_plus_percent="5", method="fixed_price"),
        "a price by cost is on a line that is not billed by time",
    ),
    (line(fee_percent="5", method="fixed_price"), "on a line that is not billed by"),
    (withholding("100.5"), "100.5 percent withheld is not from 0 to 100"),
    (withholding("-1"), "contract_line bad: -1 percent withheld is not"),
    (
        msgspec.structs.replace(contract(), retainage_percent=Decimal("0.125")),
        "contract bad: 0.125 percent .* 2 decimals",
    ),
    (
        withholding("5", method="retainer", amount=100),
        "nothing is withheld of a retainer",
    ),
    (recovering("100.01"), "tax_rule bad: 100.01 percent of tax recovered is not"),
    (recovering("0.125"), "0.125 percent of tax recovered .* at most 2 decimals"),
    (recovering("101", service=None), "101 percent of tax recovered is not from 0"),
    (
        contract_line(tax_service="intercompany"),
        "contract_line bad: its tax service is intercompany, which is kept for",
    ),
    (
        contract_line(tax_service=""),
        "contract_line bad: its tax service '' is blank or has blanks around it",
    ),
    (tax_rule(service="training "), "tax_rule bad: its tax service 'training ' is"),
    (
        msgspec.structs.replace(
            legal_entity(), intercompany_tax_recoverable_percent=Decimal(-1)
        ),
        "legal_entity bad: -1 percent of tax recovered is not from 0 to 100",
    ),
    (posting_period(period="2025-13"), "posting_period bad: '2025-13' is no month"),
]


@pytest.mark.parametrize(("record", "why"), _REFUSED)
def test_a_record_no_decision_can_be_made_with_is_refused(
    record: Record, why: str
) -> None:
    built = firm()
    built.add("bad", record)

    with pytest.raises(UnusableRecord, match=why) as refused:
        built.snapshot()

    assert refused.value.record_id == "bad"
    assert refused.value.remedy in str(refused.value)


def test_large_currencies_still_have_room() -> None:
    built = firm()
    built.add("dong", bill_rate(rate="9000000", currency="VND"))
    built.add("rupiah", bill_rate(rate="5000000", currency="IDR"))
    built.add("overtime", hour_type(bill_factor="1.3333", cost_factor="1.3333"))
    built.add("cost", cost_rate(rate="1234.5678"))
    built.add("fx", fx_rate(from_currency="IDR", rate="0.000061"))

    assert built.snapshot().number("bill_rate", "dong") is not None


def test_a_factor_that_makes_time_too_long_for_the_rates_is_refused() -> None:
    built = firm()
    built.add("fine", bill_rate(rate="2345678.123459", role="x"))
    assert built.snapshot().number("bill_rate", "fine") is not None
    built.add("thrice", time_rounding(factor="3"))

    with pytest.raises(UnusableRecord, match="time_rounding thrice: factor 3 makes"):
        built.snapshot()


def test_a_fee_that_makes_a_price_too_large_to_be_exact_is_refused() -> None:
    built = firm()
    built.add("fine", bill_rate(rate="2345678.123459", role="x"))
    assert built.snapshot().number("bill_rate", "fine") is not None
    built.add("C1.1", line(discount_percent="0.01", fee_percent="0.01"))

    with pytest.raises(UnusableRecord, match=r"contract_line C1.1: its discount and"):
        built.snapshot()


def test_two_rates_that_match_equally_are_a_tie() -> None:
    built = firm()
    built.add("second", bill_rate(rate="210"), effective_from=date(2025, 4, 1))

    with pytest.raises(UnusableRecord, match=r"bill_rate second: .* as standard"):
        built.snapshot()


def test_rates_that_follow_each_other_do_not_tie() -> None:
    built = firm(rate=None)
    built.add("a", bill_rate(rate="200"), effective_until=date(2025, 4, 1))
    built.add("b", bill_rate(rate="210"), effective_from=date(2025, 4, 1))
    built.add("in euros", bill_rate(currency="EUR"))
    built.add("for a role", bill_rate(role="consultant"))

    assert built.snapshot().number("bill_rate", "b") is not None


def test_a_line_of_parties_that_are_not_known_is_not_measured_in_their_currency() -> (
    None
):
    built = firm()
    built.add("C9", contract(entity="nobody"))
    built.add("L1", msgspec.structs.replace(fee(amount=Decimal("0.1")), contract="C9"))
    built.add("L2", msgspec.structs.replace(fee(amount=Decimal("0.1")), contract="C8"))

    assert built.snapshot().number("contract_line", "L2") is not None


def test_the_currency_of_a_contract_is_refused_for_the_contract_itself() -> None:
    built = firm()
    built.add("C9", contract(currency="EURO"))
    built.add("L1", msgspec.structs.replace(fee(), contract="C9"))

    with pytest.raises(UnusableRecord, match="contract C9: currency 'EURO'"):
        built.snapshot()


def test_two_transfer_prices_that_match_equally_are_a_tie() -> None:
    built = firm()
    built.add("GB1", legal_entity(country="GB", currency="GBP"))
    built.add("first", transfer_price(), effective_until=date(2025, 4, 1))
    built.add("lead", transfer_price(role="lead"))
    built.add("later", transfer_price(), effective_from=date(2025, 4, 1))
    assert built.snapshot().number("transfer_price", "later") is not None

    built.add("second", transfer_price(), effective_from=date(2025, 3, 31))

    with pytest.raises(UnusableRecord, match="matches the same work on the same days"):
        built.snapshot()


def test_a_discount_on_cost_and_a_row_of_an_unknown_person_are_accepted() -> None:
    built = firm()
    built.add("GB1", legal_entity(country="GB", currency="GBP"))
    built.add("markdown", transfer_price(model="cost_plus_percent", value="-5"))
    built.add("stranger", transfer_price(person="nobody"))

    assert built.snapshot().number("transfer_price", "markdown") is not None


def test_a_rate_that_a_cost_cannot_be_translated_at_exactly_is_refused() -> None:
    built = firm()
    built.add("GB1", legal_entity(country="GB", currency="GBP"))
    built.add("ann", person(entity="GB1", resourcing_entity="US1"))
    built.add("ann's cost", cost_rate(rate="10000000"))
    built.add(
        "GBP-USD",
        fx_rate(from_currency="GBP", to_currency="USD", rate="1200000.123457"),
    )

    with pytest.raises(UnusableRecord, match="exact with the bill and cost rates"):
        built.snapshot()


def test_nobody_else_bounds_the_rates_of_exchange() -> None:
    built = firm()
    built.add("GB1", legal_entity(country="GB", currency="GBP"))
    built.add("ann", person(entity="GB1"))
    built.add("ann's cost", cost_rate(rate="10000000"))
    built.add(
        "GBP-USD",
        fx_rate(from_currency="GBP", to_currency="USD", rate="1200000.123457"),
    )

    assert built.snapshot().columns.fx.numerator[0] == 1_200_000_123_457
