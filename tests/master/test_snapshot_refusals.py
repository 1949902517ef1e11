"""Master data that could not be decided with is refused by name, with a remedy."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.master.model import BillRate, Record
from hourline.master.snapshot import UnusableRecord
from tests.builders import (
    bill_rate,
    contract,
    cost_rate,
    firm,
    fx_rate,
    hour_type,
    legal_entity,
    posting_period,
)

_REFUSED = [
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
    (bill_rate(hours_per_day="0", role="x"), "how many hours a day has"),
    (BillRate(currency="USD", rate=Decimal(9), per="day"), "Give hours_per_day"),
    (cost_rate(rate="-1"), "cost_rate bad: a rate of -1 is below zero"),
    (cost_rate(rate="0.00000001"), "too fine"),
    (cost_rate(rate="1e12"), "too large"),
    (hour_type(bill_factor="-1"), "hour_type bad: factor -1 is not between"),
    (hour_type(cost_factor="101"), "hour_type bad: factor 101 is not between"),
    (hour_type(bill_factor="1.33333"), "at most 4 decimals"),
    (fx_rate(rate="0"), "fx_rate bad: a rate of 0 is not above zero"),
    (fx_rate(rate="1e19"), "too large to be exact with the bill rates"),
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
